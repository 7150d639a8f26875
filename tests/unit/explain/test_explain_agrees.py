"""What is told of a day is what the protocol says of that moment, and rests on nothing later."""

import functools
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from explain_examples import built_in

from pilotage.datasets import derive
from pilotage.explain import Entry, Life, explain
from pilotage.rules import Advice, Record, advise, record
from pilotage.rules.departures import Review, review
from pilotage.snapshot import Snapshot, read_snapshot

pytestmark = pytest.mark.slow
SUBJECTS = ("SYN-01", "SYN-03", "SYN-08", "SYN-15")
STOPPED = ("SYN-03", "SYN-15")
"""Subjects with a reason to stop: the one ended treatment, the other went on."""


@functools.cache
def cohort() -> Snapshot:
    return read_snapshot(built_in().folder / "cohort")


@functools.cache
def everyone() -> Record:
    return record(built_in(), cohort(), derive(built_in(), cohort()))


@functools.cache
def reviewed() -> Review:
    return review(built_in(), cohort(), derive(built_in(), cohort()), cohort().data_cut)


@functools.cache
def lived(subject: str, at: date | None = None) -> Life:
    return explain(built_in(), cohort(), subject, at)


def entries(of: Life) -> list[tuple[Advice, Entry]]:
    """Every entry with what the protocol says of its day, asked of the whole snapshot."""
    return [
        (advise(everyone(), of.subject, day.on), entry)
        for day in of.days
        if day.on is not None
        for entry in day.entries
    ]


def after(stops: pl.DataFrame) -> str:
    """What is said of drug after the first reason to stop."""
    return "".join(f"no drug after the reason to stop of {day}: " for day in stops["DATE"][:1])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_decision_is_that_of_its_moment(subject: str) -> None:
    told = 0
    for advice, entry in entries(lived(subject)):
        told += 1
        match entry.kind:
            case "eligibility":
                mark = {True: "", False: "against", None: "unknown"}[advice.eligible]
                assert entry.mark == mark
            case "stopping" | "dispensing":
                answers = advice.stopping if entry.kind == "stopping" else advice.dispensing
                known = [each.reason for each in answers if each.known]
                unknown = [each.reason for each in answers if not each.known]
                assert (entry.mark == "unknown") == bool(unknown and not known)
                assert all(reason in str(entry) for reason in [*known, *unknown])
                assert (entry.mark == "") == (not answers)
            case "dose" if entry.mark != "unknown" and entry.sources:
                rulings = [*advice.stopping, advice.dosing, *advice.dispensing]
                stops = reviewed().stops.filter(USUBJID=subject)
                reasons = {each.reason for each in rulings if each.known} | {*stops["REASON"], ""}
                assert entry.why.removeprefix(after(stops)) in reasons
    assert told > 50


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_dose_is_judged_as_the_review_of_the_data_judges_it(subject: str) -> None:
    judged = reviewed().doses.filter(USUBJID=subject)
    assert judged["STOPPED"].is_not_null().any() == (subject in STOPPED)
    verdicts = {"": "conforms", "against": "deviates", "unknown": "CANNOT ADVISE"}
    told = {
        day.on: verdicts[entry.mark]
        for day in lived(subject).days
        for entry in day.entries
        if entry.kind == "dose"
    }
    expected = dict(judged.select("DATE", "VERDICT").iter_rows())
    assert {day: verdict for day, verdict in told.items() if day in expected} == expected


@pytest.mark.parametrize("share", [0.15, 0.4, 0.75])
def test_what_is_dated_later_changes_nothing_that_is_told(share: float) -> None:
    """The snapshot without its later rows, and with the later rows made worse, tell the same."""
    days = [day.on for day in lived("SYN-01").days if day.on]
    at = days[int(share * len(days))]
    tables = dict(cohort().tables)
    later = {"qs": "QSDTC", "lb": "LBDTC", "fa": "FADTC", "sv": "SVSTDTC"}
    cut = {n: t.filter(pl.col(later[n]) <= str(at)) for n, t in tables.items() if n in later}
    worse = {
        n: tables[n].with_columns(
            pl.when(pl.col(later[n]) > str(at)).then(pl.lit(value)).otherwise(column).alias(column)
        )
        for n, column, value in (("fa", "FAORRES", "Y"), ("lb", "LBORRES", "0.01"))
    }
    told = lived("SYN-01", at)
    assert len(told.days) > 1
    for changed in (cut, worse):
        other = replace(cohort(), tables={**tables, **changed})
        assert explain(built_in(), other, "SYN-01", at) == told


def test_what_was_told_of_a_day_is_told_of_it_later_too() -> None:
    """But for the last day, on which the next morning was not known yet."""
    late = lived("SYN-01")
    days = [day.on for day in late.days if day.on]
    early = lived("SYN-01", days[len(days) // 2])
    after = {day.written: day for day in late.days}
    kept = ("consent", "visit", "eligibility", "response", "relapse", "stopping", "dose")
    before = [day for day in early.days if day.on and day.on < early.at]
    assert len(before) > 5
    for day in before:
        same = [e for e in after[day.written].entries if e.kind in kept]
        assert [e for e in day.entries if e.kind in kept] == same


def test_another_subject_changes_nothing() -> None:
    keys = {name: pl.col("USUBJID") == "SYN-03" for name in cohort().tables}
    alone = {name: table.filter(keys[name]) for name, table in cohort().tables.items()}
    assert explain(built_in(), replace(cohort(), tables=alone), "SYN-03") == lived("SYN-03")
