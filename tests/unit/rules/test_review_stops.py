"""Doses after a reason to stop."""

from datetime import date

import polars as pl
import pytest
from calendar_examples import Cells, count, on, visit
from review_examples import counts, no_reason_to_stop, reviewed, skin, systemic

from pilotage.rules.departures import Review

SEEN = [visit(0, -21), visit(1, 1)]
GRADE_3 = "Grade 3 myelosuppression: neutrophils"


def course(at: int, ex: list[Cells], *, harm: int = 36, seen: tuple[int, ...] = (29, 43)) -> Review:
    """Half of the score at every visit, full counts without harm, and one count of grade 3."""
    visits = [visit(3, 29), visit(4, 43), visit(5, 57), visit(6, 85)]
    made = [each for each in visits if each["SVSTDTC"] in [on(day) for day in seen]]
    low = [] if harm in seen else [count(harm, LBORRES="0.9")]
    safe = counts(-1, *(day for day in seen if day != harm))
    if harm in seen:
        safe += counts(harm, NEUT=0.9)
    scores = skin(B=20, **{f"D{day}": 10 for day in seen})
    return reviewed(
        at, sv=[*SEEN, *made], ex=ex, lb=[*safe, *low],
        qs=[*scores, *systemic(-1, *seen)], fa=no_reason_to_stop(1, *seen),
    )  # fmt: skip


def told(found: Review) -> list[tuple[date, str, str, str]]:
    rows = found.doses.filter(pl.col("DATE") >= on(29)).sort("DATE")
    return rows.select("DATE", "AT", "ENTERED", "VERDICT").rows()


@pytest.mark.requirement("P-36")
def test_a_dose_after_a_reason_to_stop_deviates_with_its_day_whatever_came_later() -> None:
    """The count of day 43 is normal again; the treatment was to be stopped all the same."""
    found = course(50, [{}])
    assert told(found) == [
        (on(29), "visit", "5 mg QD", "conforms"),
        (on(36), "reason to stop", "5 mg QD", "deviates"),
        (on(43), "visit", "5 mg QD", "deviates"),
    ]
    rows = {row["DATE"]: row for row in found.doses.to_dicts()}
    assert rows[on(36)]["REASON"] == GRADE_3
    assert rows[on(43)]["REASON"] == f"no drug after the reason to stop of {on(36)}: {GRADE_3}"
    assert [rows[on(day)]["STOPPED"] for day in (29, 36, 43)] == [None, on(36), on(36)]
    assert rows[on(43)]["SOURCE"] == "P-36"
    assert rows[on(43)]["EXPECTED"] is None  # the study proposes no dose


@pytest.mark.requirement("P-36")
@pytest.mark.parametrize(
    "last, expected",
    [
        # the last dose on the day of the reason: no drug was decided there
        (36, [(on(36), "reason to stop", "stop", "conforms")]),
        # before it: nothing to stop any more, and no reason to stop under treatment
        (34, [(on(35), "change of dose", "stop")]),
        # one day longer than that
        (37, [(on(36), "reason to stop", "5 mg QD", "deviates"),
              (on(38), "change of dose", "stop", "conforms")]),
    ],
)  # fmt: skip
def test_the_last_dose_is_that_of_the_day_of_the_reason(
    last: int, expected: list[tuple[object, ...]]
) -> None:
    found = course(40, [{"EXENDTC": on(last)}], seen=(29,))
    later = [row for row in told(found) if row[0] > on(29)]
    assert [row[: len(want)] for row, want in zip(later, expected, strict=True)] == expected


def test_without_drug_after_a_reason_to_stop_is_as_the_protocol_asks() -> None:
    """A partial response, off treatment: the dosing table says nothing, the reason to stop does."""
    found = course(60, [{"EXENDTC": on(36)}], seen=(29, 43, 57))
    rows = found.doses.filter(pl.col("DATE") > on(36))
    assert rows.select("ENTERED", "VERDICT", "REASON", "STOPPED").unique().rows() == [
        ("stop", "conforms", GRADE_3, on(36))
    ]


@pytest.mark.requirement("P-35", "P-36")
@pytest.mark.parametrize(
    "relapse, begins, verdicts",
    [
        (8, 57, ["conforms", "conforms"]),  # the dosing table reintroduces
        (3, 57, ["deviates", "deviates"]),  # no relapse: nothing is permitted
        (8, 50, ["deviates", "deviates"]),  # before the relapse is seen
    ],
)
def test_drug_is_taken_again_only_as_the_dosing_table_asks(
    relapse: int, begins: int, verdicts: list[str]
) -> None:
    scores = skin(B=20, D29=0, D57=relapse, D85=relapse)
    doses = [{"EXENDTC": on(36)}, {"EXSTDTC": on(begins)}]
    safe = counts(-1, 29, 50, 57, 85)
    found = reviewed(
        86, sv=[*SEEN, visit(3, 29), visit(5, 57), visit(6, 85)], ex=doses, qs=[
            *scores, *systemic(-1, 29, 57, 85)],
        lb=[*safe, count(36, LBORRES="0.9")], fa=no_reason_to_stop(1, 29, 57, 85),
        rp=[{"RPTESTCD": c, "RPORRES": "N", "RPDTC": on(28)} for c in ("CHILDPOT", "LACTAT")],
    )  # fmt: skip
    rows = found.doses.filter((pl.col("DATE") >= on(begins)) & (pl.col("ENTERED") != "stop"))
    assert rows.sort("DATE")["VERDICT"].to_list()[:2] == verdicts
    still = rows.sort("DATE")["STOPPED"].to_list()[:2]
    assert still == [None if verdict == "conforms" else on(36) for verdict in verdicts]


def test_a_dose_that_cannot_be_judged_deviates_after_a_reason_to_stop_all_the_same() -> None:
    found = course(50, [{"EXENDTC": on(42)}, {"EXSTDTC": on(43), "EXDOSU": ""}])
    rows = {row["DATE"]: row["VERDICT"] for row in found.doses.to_dicts()}
    assert rows[on(43)] == "deviates"


def test_a_reason_to_stop_at_a_visit_has_one_row() -> None:
    found = course(50, [{}], harm=43)
    assert told(found)[-1] == (on(43), "visit", "5 mg QD", "deviates")
    assert found.doses.filter(pl.col("DATE") == on(43)).height == 1


def test_a_dose_after_the_reason_is_told_once_with_the_treatment_that_went_on() -> None:
    found = course(90, [{}], seen=(29, 43, 57, 85))
    terms = found.dv.filter(pl.col("DVCAT") == "TREATMENT")
    went_on = f"Treatment went on after a reason to stop: {GRADE_3} (dose 5 mg QD on {on(36)})"
    assert terms.select("DVSTDTC", "DVTERM").rows() == [(str(on(36)), went_on)]
