"""What goes astray in a rehearsal is told, and nobody drops out otherwise than in a simulation."""

import dataclasses
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import pytest
from tests.unit.simulation.simulated_studies import study

from pilotage.rules.events import QUERIES as ASKED
from pilotage.simulation.rehearsal import Rehearsal, document, rehearse, told
from pilotage.simulation.rehearsal.burden import MATTERS, QUERIES, burden_of

CALM = {
    "subject.true_entry_error": 0,
    "subject.true_missed_visit": 0,
    "subject.true_late_days.sd": 0,
    "subject.true_dropout_per_week": 0,
}


def held(made: Rehearsal) -> dict[str, list[str]]:
    """The days of each subject's contacts."""
    found: dict[str, list[str]] = {}
    for line in (each.line for each in made.lines if each.line.act == "open contact"):
        contact = line.said["contact"]
        assert isinstance(contact, dict)
        found.setdefault(line.subject, []).append(contact["held_on"])
    return found


# -- late beyond the end ---------------------------------------------------------------------------


def test_a_contact_that_lateness_puts_past_the_end_is_told_as_missed() -> None:
    own = study("template")
    calm = rehearse(own, seed=2, subjects=12, settings=CALM)
    late = {**CALM, "subject.true_late_days.sd": 7}
    made = rehearse(own, seed=2, subjects=12, settings=late)
    missed = [each for each in made.astray if each.what == "missed contact"]
    assert missed
    assert made.contacts + len(missed) == calm.contacts
    for each in missed:
        assert each.label
        assert each.day <= made.until
    assert document(told(made))["astray"]["missed contact"] == len(missed)


def test_after_a_contact_past_the_end_the_next_ones_are_held() -> None:
    """Every visit is years late; tests that have a day of their own are not."""
    settings = {**CALM, "subject.true_late_days.mean": 3000}
    made = rehearse(study("lenalidomide_cle"), seed=1, subjects=1, settings=settings)
    (days,) = held(made).values()
    missed = [each.day.isoformat() for each in made.astray if each.what == "missed contact"]
    assert len(missed) > 5
    assert len([day for day in days if day > missed[0]]) > 5
    assert not {*missed} & {*days}


# -- dropping out ----------------------------------------------------------------------------------


def test_who_would_have_a_stopping_event_later_drops_out_before_it() -> None:
    """All drop out after the first week; the event comes on one of the days 5 to 9."""
    settings = {
        **CALM, "subject.true_dropout_per_week": 1, "events.Vomiting.true_probability": 1,
    }  # fmt: skip
    made = rehearse(study("lenalidomide_cle"), seed=1, subjects=6, settings=settings)
    gone = {each.subject: each.day for each in made.astray if each.what == "dropped out"}
    assert len(gone) == 6
    tables = made.record.snapshot.tables
    events = tables["ae"].filter(AETERM="Vomiting")
    begun = dict(events.select("USUBJID", "AESTDTC").rows())
    assert 0 < len(begun) < 6
    for subject, day in begun.items():
        assert date.fromisoformat(day) <= gone[subject]
    stopped = tables["ds"].filter(DSDECOD="ADVERSE EVENT")
    assert set(stopped["USUBJID"]) == set(begun)
    assert {each.line.subject for each in made.lines if each.line.act == "withdraw"} == {*gone}


# -- queries of the review -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "matter"),
    [
        ("LB", "laboratory value without an event"),
        ("AE", "query about an event"),
        ("DS", "other query of the review"),
        ("EX", "other query of the review"),
    ],
)
def test_a_query_of_the_review_is_named_by_what_it_is_about(domain: str, matter: str) -> None:
    found = of_queries([("A", date(2024, 3, 12), domain, 1, "Why?", "Y")])
    assert found == [("A", 2, matter, 1)]


def test_a_query_without_a_day_counts_in_the_week_of_its_event_else_in_the_last() -> None:
    undated = [
        ("A", None, domain, number, "Why?", "Y") for domain, number in (("AE", 7), ("EX", 7))
    ]
    assert of_queries(undated) == [
        ("A", 3, "query about an event", 1), ("A", 10, "other query of the review", 1),
    ]  # fmt: skip
    of_partial_onset = [("A", None, "AE", 8, "Why?", "Y")]
    assert of_queries(of_partial_onset) == [("A", 10, "query about an event", 1)]


def test_queries_are_matters_and_the_review_asks_as_many_as_are_counted() -> None:
    made = rehearse(study("lenalidomide_cle"), seed=1, subjects=2,
                    settings={**CALM, "subject.true_dropout_per_week": 0.2})  # fmt: skip
    burden = told(made).burden
    asked = made.record.review.queries.height
    assert asked
    assert {*QUERIES} <= {*MATTERS}
    assert sum(burden.of(matter) for matter in QUERIES) == asked


def of_queries(rows: Sequence[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The burden of queries alone, of a subject seen from 2024-03-04 on; the last week is the
    tenth. Its event 7 began on 2024-03-20, and of event 8 only the month is known."""
    review = rehearse(study("template"), seed=1, subjects=1, settings=CALM).record.review
    bare = {
        field.name: getattr(review, field.name).clear()
        for field in dataclasses.fields(review)
        if isinstance(getattr(review, field.name), pl.DataFrame)
    }
    first = date(2024, 3, 4)
    bare |= {"queries": pl.DataFrame(rows, schema=ASKED, orient="row")}
    last = dataclasses.replace(review, at=first + timedelta(days=69), **bare)
    events = pl.DataFrame(
        {"USUBJID": ["A", "A"], "AESEQ": [7, 8], "AESTDTC": ["2024-03-20T09:30", "2024-03"]}
    )
    return burden_of(last, (), {"A": first}, events).table.rows()
