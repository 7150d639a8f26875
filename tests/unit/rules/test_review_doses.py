"""Doses, stops and supplies beside the protocol."""

from datetime import date

import polars as pl
import pytest
from calendar_examples import Cells, built_in, count, on, pregnancy_test, snapshot, visit

from pilotage.datasets import derive
from pilotage.instruments import instruments
from pilotage.rules.departures import Review, review

SEEN = [visit(0, -21), visit(1, 1)]


def reviewed(at: int | date, **tables: object) -> Review:
    cut = snapshot(**tables)  # type: ignore[arg-type]
    day = on(at) if isinstance(at, int) else at
    return review(built_in(), cut, derive(built_in(), cut), day)


def skin(**totals: int) -> list[Cells]:
    """Stated totals of the activity score: day written D29 for 29, B for the day before the first
    dose."""
    days = {"B": -1} | {f"D{day}": day for day in range(1, 400)}
    return [
        {"QSTESTCD": "CLASIACT", "QSORRES": value, "QSSTRESN": value, "QSDTC": on(days[when])}
        for when, value in totals.items()
    ]


def no_reason_to_stop(*days: int) -> list[Cells]:
    codes = ("CONSWD", "LIFETHR", "FLAREALT", "PHYSSTOP")
    return [{"FATESTCD": c, "FAORRES": "N", "FADTC": on(day)} for day in days for c in codes]


def counts(*days: int, **cells: object) -> list[Cells]:
    """Full counts without harm."""
    values = {"NEUT": 3.5, "WBC": 6, "PLAT": 250, "HGB": 130} | cells
    units = {"HGB": "g/L"}
    limits = {"NEUT": (1.8, 7.5), "WBC": (4, 11), "PLAT": (150, 400), "HGB": (120, 160)}
    return [
        count(
            day,
            LBTESTCD=code,
            LBORRES=value,
            LBORRESU=units.get(code, "10*9/L"),
            LBORNRLO=limits[code][0],
            LBORNRHI=limits[code][1],
        )
        for day in days
        for code, value in values.items()
    ]


def systemic(*days: int) -> list[Cells]:
    """SLEDAI of 0, as its items."""
    scale = instruments["sledai_2k"]
    return [
        {"QSCAT": scale.category, "QSTESTCD": item.code, "QSORRES": 0, "QSSTRESN": 0,
         "QSDTC": on(day)}
        for day in days
        for item in scale.items
    ]  # fmt: skip


def verdict_at(found: Review, day: int) -> tuple[str, str, str]:
    (row,) = found.doses.filter(pl.col("DATE") == on(day)).to_dicts()
    return row["AT"], row["ENTERED"], row["VERDICT"]


# -- doses -----------------------------------------------------------------------------------------


@pytest.mark.requirement("P-30", "P-31", "P-32", "P-33")
@pytest.mark.parametrize(
    "score, dose, verdict",
    [
        (20, 10, "conforms"),  # no improvement: raised
        (20, 5, "deviates"),
        (10, 5, "conforms"),  # one half: kept
        (10, 10, "deviates"),
        (15, 5, "conforms"),  # below one half: kept
        (0, 5, "deviates"),  # complete: lowered
    ],
)
def test_a_dose_at_week_4_is_held_against_the_response(score: int, dose: int, verdict: str) -> None:
    later = [{"EXENDTC": on(29)}, {"EXSTDTC": on(30), "EXDOSE": dose}] if dose != 5 else [{}]
    found = reviewed(
        40, sv=[*SEEN, visit(3, 29)], ex=later, qs=[*skin(B=20, D29=score), *systemic(-1, 29)],
        lb=counts(-1, 29), fa=no_reason_to_stop(1, 29),
    )  # fmt: skip
    step = {5: "5 mg QD", 10: "10 mg QD"}[dose]
    assert verdict_at(found, 29) == ("visit", step, verdict)
    off = found.dv.filter(pl.col("DVDECOD") == "DOSE NOT AS PLANNED")
    assert off.filter(pl.col("DVSTDTC") == str(on(29))).height == (verdict == "deviates")


def test_a_change_of_dose_apart_from_visits_is_judged_on_its_day() -> None:
    doses = [{"EXENDTC": on(14)}, {"EXSTDTC": on(15), "EXDOSE": 10}]
    found = reviewed(20, sv=SEEN, ex=doses, qs=[*skin(B=20), *systemic(-1)], lb=counts(-1, 14),
                     fa=no_reason_to_stop(1))  # fmt: skip
    assert verdict_at(found, 15)[:2] == ("change of dose", "10 mg QD")
    assert [row["DATE"] for row in found.doses.to_dicts()].count(on(14)) == 0


@pytest.mark.parametrize(
    "qs, expected",
    [
        (
            skin(B=20),
            "RESPONSE: too old (20 points of 2020-01-21, 29 days old)",
        ),  # the only score is 30 days old
        ([], "RESPONSE: missing"),
    ],
)
def test_without_a_score_of_the_visit_there_is_no_advice_and_it_says_what_is_missing(
    qs: list[Cells], expected: str
) -> None:
    found = reviewed(40, sv=[*SEEN, visit(3, 29)], qs=[*qs, *systemic(-1)], lb=counts(-1, 29),
                     fa=no_reason_to_stop(29))  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert row["VERDICT"] == "CANNOT ADVISE"
    assert expected in row["MISSING"]
    assert row["EXPECTED"] is None
    assert found.dv.filter(pl.col("DVDECOD") == "DOSE NOT AS PLANNED").is_empty()


def test_what_a_visit_on_the_day_of_the_question_decided_is_not_known_yet() -> None:
    made = {"sv": [*SEEN, visit(3, 29)], "qs": [*skin(B=20, D29=20), *systemic(-1, 29)],
            "lb": counts(-1, 29), "fa": no_reason_to_stop(29)}  # fmt: skip
    assert reviewed(29, **made).doses.filter(pl.col("DATE") == on(29)).is_empty()
    assert verdict_at(reviewed(30, **made), 29)[2] == "deviates"


def test_a_dose_without_a_unit_is_not_judged() -> None:
    found = reviewed(40, sv=[*SEEN, visit(3, 29)], ex=[{"EXDOSU": ""}], qs=[*skin(B=20, D29=10)])
    assert found.doses.select("VERDICT", "REASON").unique().rows() == [
        ("CANNOT ADVISE", f"the unit of the dose of {on(1)} is missing")
    ]
    later = [{"EXENDTC": on(29)}, {"EXSTDTC": on(30), "EXDOSU": "", "EXDOSFRQ": "QOD"}]
    two = reviewed(40, sv=[*SEEN, visit(3, 29)], ex=later, qs=[*skin(B=20, D29=10)])
    (row,) = two.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert row["REASON"] == f"the unit of the dose of {on(30)} is missing"


def test_a_subject_without_drug_needs_no_answer_about_stopping() -> None:
    """Withdrawn after a complete response: the reasons to stop are not asked any more."""
    doses = [{"EXENDTC": on(57)}]
    scores = skin(B=20, D29=0, D57=0, D169=0)
    found = reviewed(180, sv=[*SEEN, visit(5, 57), visit(9, 169)], ex=doses, qs=scores)
    assert verdict_at(found, 169) == ("visit", "stop", "conforms")


def test_no_word_of_a_review_proposes_a_dose() -> None:
    found = reviewed(
        40, sv=[*SEEN, visit(3, 29)], qs=[*skin(B=20, D29=20), *systemic(-1, 29)],
        lb=counts(-1, 29), fa=no_reason_to_stop(29),
    )  # fmt: skip
    (row,) = found.doses.filter(pl.col("DATE") == on(29)).to_dicts()
    assert (row["VERDICT"], row["EXPECTED"]) == ("deviates", None)
    assert "10 mg" not in row["REASON"]


# -- reasons to stop -------------------------------------------------------------------------------


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "last, went_on",
    [("", "Y"), (on(60), "Y"), (on(30), "Y"), (on(29), "N"), (on(28), "N")],
)
def test_a_reason_to_stop_says_whether_treatment_went_on(last: object, went_on: str | None) -> None:
    found = reviewed(90, sv=SEEN, ex=[{"EXENDTC": last}], lb=[count(29, LBORRES="0.9")])
    rows = found.stops.to_dicts()
    assert [row["WENTON"] for row in rows] == [went_on]
    assert rows[0]["REASON"] == "Grade 3 myelosuppression: neutrophils"
    off = found.dv.filter(pl.col("DVDECOD") == "TREATMENT NOT STOPPED")
    assert off.height == (went_on == "Y")


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize("value, stops", [("1.0", 0), ("0.99", 1)])
def test_grade_3_begins_below_one(value: str, stops: int) -> None:
    found = reviewed(90, sv=SEEN, ex=[{"EXENDTC": on(60)}], lb=[count(29, LBORRES=value)])
    assert found.stops.height == stops


def test_what_happened_after_the_day_of_the_reason_is_not_known_on_that_day() -> None:
    found = reviewed(29, sv=SEEN, lb=[count(29, LBORRES="0.9")])
    assert found.stops["WENTON"].to_list() == [None]


# -- supplies --------------------------------------------------------------------------------------

CAN_BEAR = [
    {"RPTESTCD": code, "RPORRES": value, "RPDTC": on(-21)}
    for code, value in (("CHILDPOT", "Y"), ("LACTAT", "N"), ("CONTRADQ", "Y"))
]


@pytest.mark.requirement("P-20")
@pytest.mark.parametrize(
    "tests, verdict",
    [
        ([pregnancy_test(57)], "conforms"),
        ([pregnancy_test(29)], "conforms"),  # 28 days old
        ([pregnancy_test(28)], "deviates"),  # 29 days old
        ([], "deviates"),
        ([{**pregnancy_test(57), "LBORRES": "POSITIVE"}], "deviates"),
        ([{**pregnancy_test(57), "LBORRES": "INVALID"}], "deviates"),
    ],
)
def test_a_supply_needs_a_valid_pregnancy_test(tests: list[Cells], verdict: str) -> None:
    found = reviewed(60, sv=SEEN, rp=CAN_BEAR, lb=tests, da=[{"DADTC": on(57)}])
    assert found.supplies["VERDICT"].to_list() == [verdict]
    off = found.dv.filter(pl.col("DVDECOD") == "SUPPLY NOT AS PLANNED")
    assert off.height == (verdict == "deviates")


def test_returned_capsules_are_no_supply() -> None:
    found = reviewed(60, sv=SEEN, da=[{"DADTC": on(57), "DATESTCD": "RETAMT"}])
    assert found.supplies.is_empty()


@pytest.mark.requirement("P-20", "P-35")
def test_a_relapse_without_drug_waits_until_a_supply_is_allowed() -> None:
    """The dosing table reintroduces; without a valid pregnancy test nothing may be handed out."""
    scores = skin(B=20, D29=0, D85=8)
    made = {"sv": [*SEEN, visit(3, 29), visit(6, 85)], "ex": [{"EXENDTC": on(30)}], "qs": scores}
    lasting = [{**row, "RPDTC": on(84)} for row in CAN_BEAR]
    blocked = reviewed(90, rp=lasting, **made)
    assert verdict_at(blocked, 85) == ("visit", "stop", "conforms")
    free = reviewed(90, rp=[{"RPTESTCD": c, "RPORRES": "N", "RPDTC": on(84)}
                            for c in ("CHILDPOT", "LACTAT")], **made)  # fmt: skip
    assert verdict_at(free, 85)[2] != "conforms"
