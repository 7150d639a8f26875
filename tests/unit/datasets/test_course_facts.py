"""Facts of a subject's course: doses in force, relapses counted, response to what came after."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from pilotage.datasets.course_facts import COURSE_FACTS
from pilotage.datasets.dose_in_force import NO_DRUG, steps_on
from pilotage.study.columns import COURSE
from pilotage.study.protocol import Relapse

RELAPSE = Relapse(
    classification="OVRL", after="CR", when="SCORE >= 4", cleared="SCORE == 0", source="P-1"
)
ADEX = {
    "USUBJID": pl.String, "ASEQ": pl.Int64, "EXDOSE": pl.Float64, "EXDOSU": pl.String,
    "EXDOSFRQ": pl.String, "DOSESTEP": pl.String, "AVAL": pl.Float64, "ASTDT": pl.Date,
    "AENDT": pl.Date, "ONGOFL": pl.String, "CYCLE": pl.Int64,
}  # fmt: skip
ADRS = {
    "USUBJID": pl.String, "ASEQ": pl.Int64, "PARAMCD": pl.String, "AVALC": pl.String,
    "AVAL": pl.Float64, "ADT": pl.Date, "DOSEBEF": pl.String,
}  # fmt: skip


def day(number: int) -> date:
    return date(2024, 1, 1) + timedelta(days=number - 1)


def dose(first: int | None, last: int | None, mean: float | None, **more: Any) -> dict[str, Any]:
    step = {None: None, 0: "stop", 2.5: "5 mg QOD", 5: "5 mg QD", 10: "10 mg QD"}.get(mean)
    row = dict.fromkeys(ADEX) | {"USUBJID": "S1", "EXDOSU": "mg", "EXDOSFRQ": "QD", "CYCLE": 1}
    row |= {"ASTDT": first and day(first), "AENDT": last and day(last), "AVAL": mean}
    return row | {"EXDOSE": mean, "DOSESTEP": step, "ONGOFL": "N"} | more


def seen(number: int, category: str | None, *, parameter: str = "OVRL", rank: float = 9) -> dict:
    if parameter == "OVRL" and category is not None:
        rank = {"CR": 1.0, "PR": 2.0, "NR": 3.0}[category]
    return {"USUBJID": "S1", "PARAMCD": parameter, "AVALC": category, "AVAL": rank,
            "ADT": day(number)}  # fmt: skip


def relapse(number: int, which: int = 1) -> dict[str, Any]:
    return seen(number, "RELAPSE", parameter="RELAPSE", rank=which)


def found(name: str, doses: list[dict[str, Any]], responses: list[dict[str, Any]]) -> object:
    """The value of the fact of S1, None where there is none."""
    data: Any = SimpleNamespace(adex=frame(doses, ADEX), adrs=frame(responses, ADRS))
    fact = COURSE_FACTS[name].find(data, RELAPSE).get("S1")
    return None if fact is None else fact.value


def frame(rows: list[dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    numbered = [{**row, "ASEQ": place} for place, row in enumerate(rows, 1)]
    return pl.DataFrame(numbered, schema=schema)


def test_the_plan_may_name_exactly_the_facts_that_are_computed():
    assert set(COURSE) == set(COURSE_FACTS)


# -- the dose in force -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "step"),
    [
        (0, None),  # before the first dose nothing is known to have been taken
        (1, "5 mg QD"),
        (28, "5 mg QD"),
        (29, "5 mg QOD"),
        (56, "5 mg QOD"),
        (57, NO_DRUG),
        (99, NO_DRUG),
        (100, "10 mg QD"),
    ],
)
def test_a_dose_is_in_force_from_its_first_to_its_last_day(on, step):
    adex = frame([dose(1, 28, 5), dose(29, 56, 2.5), dose(100, 110, 10)], ADEX)
    asked = pl.DataFrame({"USUBJID": ["S1"], "ROW": [0], "DAY": [day(on)]})
    assert steps_on(adex, asked)["STEP"].to_list() == ([] if step is None else [step])


def test_of_two_doses_on_one_day_the_one_begun_last_counts():
    adex = frame([dose(1, 28, 5), dose(28, 56, 2.5)], ADEX)
    asked = pl.DataFrame({"USUBJID": ["S1"], "ROW": [0], "DAY": [day(28)]})
    assert steps_on(adex, asked).select("STEP", "ASEQ").rows() == [("5 mg QOD", 2)]


def test_a_pause_that_is_recorded_is_a_day_without_drug():
    adex = frame([dose(1, 28, 5), dose(29, 35, 0)], ADEX)
    asked = pl.DataFrame({"USUBJID": ["S1"], "ROW": [0], "DAY": [day(30)]})
    assert steps_on(adex, asked)["STEP"].to_list() == [NO_DRUG]


@pytest.mark.parametrize("gap", [{"AENDT": None}, {"ASTDT": None}, {"EXDOSE": None}])
def test_a_dose_that_is_not_complete_leaves_every_day_open(gap):
    adex = frame([dose(1, 28, 5), dose(29, 56, 2.5, **gap)], ADEX)
    asked = pl.DataFrame({"USUBJID": ["S1"], "ROW": [0], "DAY": [day(10)]})
    assert steps_on(adex, asked).is_empty()


def test_a_dose_off_the_ladder_is_written_out():
    adex = frame([dose(1, 28, 7.5)], ADEX)
    asked = pl.DataFrame({"USUBJID": ["S1"], "ROW": [0], "DAY": [day(2)]})
    assert steps_on(adex, asked)["STEP"].to_list() == ["7.5 mg QD"]


# -- doses of the course ---------------------------------------------------------------------------


def test_the_dose_at_relapse_is_that_of_the_first_relapse():
    rows = [relapse(20) | {"DOSEBEF": "5 mg QD"}, relapse(60, 2) | {"DOSEBEF": "5 mg QOD"}]
    assert found("DOSEREL", [], rows) == "5 mg QD"
    assert found("DOSEREL", [], [seen(20, "CR")]) is None
    assert found("DOSEREL", [], [relapse(20)]) is None


def test_the_dose_at_response_is_that_of_the_first_response():
    doses = {10: "5 mg QD", 40: "10 mg QD", 60: "5 mg QOD"}
    rows = [seen(n, "PR" if n == 10 else "CR") | {"DOSEBEF": doses[n]} for n in doses]
    assert found("DOSERESP", [], rows) == "10 mg QD"
    assert found("DOSERESP", [], rows[:1]) is None


def test_the_highest_dose_goes_by_the_mean_daily_dose():
    assert found("DOSEMAX", [dose(1, 28, 5), dose(29, 56, 2.5)], []) == "5 mg QD"
    assert found("DOSEMAX", [dose(1, 28, 5), dose(29, 56, 10, AVAL=None)], []) is None
    assert found("DOSEMAX", [dose(1, 28, 0)], []) is None


def test_the_dose_at_the_data_cut_is_the_one_that_goes_on():
    assert found("DOSECUT", [dose(1, 28, 5), dose(29, 90, 2.5, ONGOFL="Y")], []) == "5 mg QOD"
    assert found("DOSECUT", [dose(1, 28, 5)], []) is None


# -- response and relapse --------------------------------------------------------------------------


def test_relapses_are_counted_from_zero_once_there_is_a_response():
    assert found("NRELAPSE", [], [seen(10, "PR")]) is None
    assert found("NRELAPSE", [], [seen(10, "CR")]) == 0
    assert found("NRELAPSE", [], [seen(10, "CR"), relapse(20), relapse(60, 2)]) == 2


def test_the_response_after_relapse_is_the_best_of_later_days():
    rows = [seen(10, "CR"), seen(20, "NR"), relapse(20), seen(40, "PR"), seen(60, "NR")]
    assert found("RESPREL", [], rows) == "PR"
    assert found("RESPREL", [], rows[:3]) is None


def test_the_first_day_of_a_second_cycle_is_not_a_response_to_it():
    doses = [dose(1, 28, 5), dose(60, 90, 5, CYCLE=2)]
    rows = [seen(10, "CR"), seen(60, "PR"), seen(80, "NR")]
    assert found("RESPCYC2", doses, rows) == "NR"
    assert found("RESPCYC2", doses, rows[:2]) is None
    assert found("RESPCYC2", doses[:1], rows) is None


def test_a_study_without_relapse_has_no_such_facts():
    data: Any = SimpleNamespace(adex=frame([dose(1, 28, 5)], ADEX), adrs=frame([], ADRS))
    for name in ("DOSERESP", "DOSEREL", "NRELAPSE", "RESPREL", "RESPCYC2"):
        assert COURSE_FACTS[name].find(data, None) == {}
