"""What is recorded after death, or after the end of participation."""

import polars as pl
import pytest
from calendar_examples import Cells, on, visit
from review_examples import counts, no_reason_to_stop, reviewed, skin, systemic

from pilotage.rules.departures import Review

SEEN = [visit(0, -21), visit(1, 1)]


def course(at: int, **tables: object) -> Review:
    given = {
        "sv": [*SEEN, visit(3, 29), visit(4, 43)], "lb": counts(-1, 29, 43),
        "qs": [*skin(B=20, D29=10, D43=10), *systemic(-1, 29, 43)],
        "fa": no_reason_to_stop(1, 29, 43),
    }  # fmt: skip
    return reviewed(at, **(given | tables))


def died(day: int) -> list[Cells]:
    return [{"DTHDTC": on(day)}]


def asked(found: Review) -> list[tuple[str, str]]:
    rows = found.queries.filter(~pl.col("DOMAIN").is_in(["LB", "AE"]))
    return rows.select("DOMAIN", "QUERY").rows()


@pytest.mark.parametrize("death, judged", [(43, True), (42, False)])
def test_no_dose_is_judged_after_death(death: int, judged: bool) -> None:
    found = course(60, dm=died(death), ex=[{"EXENDTC": on(40)}])
    days = found.doses["DATE"].to_list()
    assert (on(43) in days) is judged
    assert on(41) in days  # the change after the last dose


def test_the_last_day_of_the_last_dose_is_no_change_of_dose_of_the_dead() -> None:
    found = course(60, dm=died(40), ex=[{"EXENDTC": on(40)}], sv=[*SEEN, visit(3, 29)])
    assert found.doses["DATE"].max() == on(29)
    assert asked(found) == []


@pytest.mark.parametrize(
    "doses, query",
    [
        ([{"EXENDTC": on(40)}], None),
        ([{"EXENDTC": on(41)}],
         f"the dose of {on(1)} is recorded up to {on(41)}, after the death of {on(40)}"),
        ([{"EXENDTC": on(30)}, {"EXSTDTC": on(40), "EXENDTC": on(40)}], None),
        ([{"EXENDTC": on(30)}, {"EXSTDTC": on(41), "EXENDTC": on(41)}],
         f"a dose of {on(41)} is recorded after the death of {on(40)}"),
        ([{}], f"the dose of {on(1)} has no last day, but goes on after the death of {on(40)}"),
        # the month of the death: it may have been before it
        ([{"EXENDTC": "2020-03"}], None),
        ([{"EXENDTC": "2020-04"}],
         f"the dose of {on(1)} is recorded up to 2020-04, after the death of {on(40)}"),
    ],
)  # fmt: skip
def test_a_dose_after_death_is_asked_about(doses: list[Cells], query: str | None) -> None:
    found = course(100, dm=died(40), ex=doses, sv=[*SEEN, visit(3, 29)])
    assert asked(found) == ([] if query is None else [("EX", query)])
    assert found.dv.filter(pl.col("DVSTDTC") > str(on(40))).is_empty()


@pytest.mark.parametrize("written", ["2020-03", "2020-03-01"])
def test_a_date_of_death_is_quoted_as_it_was_recorded(written: str) -> None:
    found = course(100, dm=[{"DTHDTC": written}], ex=[{"EXENDTC": on(100)}], sv=SEEN)
    assert asked(found) == [
        ("EX", f"the dose of {on(1)} is recorded up to {on(100)}, after the death of {written}")
    ]


def test_a_dose_of_which_the_day_is_not_reached_is_not_asked_about() -> None:
    doses = [{"EXENDTC": on(30)}, {"EXSTDTC": on(50), "EXENDTC": on(51)}]
    for at, number in [(49, 0), (50, 1)]:
        found = course(at, dm=died(40), ex=doses, sv=[*SEEN, visit(3, 29)])
        assert len(asked(found)) == number


def test_a_visit_and_a_supply_after_death_are_asked_about_and_no_deviation() -> None:
    found = course(
        60, dm=died(40), ex=[{"EXENDTC": on(40)}], sv=[*SEEN, visit(3, 29), visit(4, 50)],
        da=[{"DADTC": on(29)}, {"DADTC": on(41)}],
    )  # fmt: skip
    assert asked(found) == [
        ("DA", f"drug was handed out on {on(41)}, after the death of {on(40)}"),
        ("SV", f"a visit of {on(50)} is recorded after the death of {on(40)}"),
    ]
    assert found.supplies["DATE"].to_list() == [on(29)]
    assert found.dv.filter(pl.col("DVTERM").str.contains("window")).is_empty()


def test_nothing_is_due_after_death() -> None:
    found = course(60, dm=died(42), ex=[{"EXENDTC": on(40)}], sv=[*SEEN, visit(3, 29)])
    waiting = found.contacts.filter(pl.col("STATUS").is_in(["due", "overdue", "upcoming"]))
    assert waiting.is_empty()


def test_after_the_end_of_participation_a_dose_is_asked_about_and_a_visit_is_none() -> None:
    left = [{"DSDECOD": "LOST TO FOLLOW-UP", "DSSCAT": "STUDY", "DSSTDTC": on(40)}]
    doses = [{"EXENDTC": on(41)}]
    found = course(60, ds=left, ex=doses)  # seen on day 43 all the same
    assert asked(found) == [
        ("EX", f"the dose of {on(1)} is recorded up to {on(41)}, "
               f"after the end of participation on {on(40)}"),
    ]  # fmt: skip
    assert found.doses["DATE"].max() == on(29)


def test_a_reason_to_stop_after_the_end_is_none() -> None:
    harm = {"lb": [*counts(-1, 29), *counts(43, NEUT=0.9)]}
    assert course(60, ex=[{}], **harm).stops.height == 1
    assert course(60, ex=[{}], dm=died(42), **harm).stops.is_empty()
