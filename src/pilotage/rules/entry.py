"""Eligibility where the day of the first dose is not known: what is the same on every day that it
can have been."""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from pilotage.rules.consent import consented
from pilotage.rules.eligibility import CriterionAnswer, check_eligibility, in_common
from pilotage.rules.moments import ALWAYS, NEVER
from pilotage.rules.record import Record
from pilotage.rules.states import states

EPOCH = date(1970, 1, 1)


def first_dose_between(record: Record, subject: str, at: date) -> tuple[date, date] | None:
    """The first and the last day on which the first dose may have been taken, of those up to a day;
    None where no dose may have been, and where not even the year is known."""
    alone = record.of(subject).doses
    first, last = int(alone.begun[0]), int(alone.started[0])
    if first == NEVER or first >= ALWAYS:
        return None
    begun = EPOCH + timedelta(days=first)
    ended = at if last >= ALWAYS else min(EPOCH + timedelta(days=last), at)
    return (begun, ended) if begun <= at else None


def eligibility_between(
    record: Record, subject: str, first: date, last: date
) -> tuple[CriterionAnswer, ...]:
    """The answer of every criterion on each day from `first` to `last`: passed or not where that is
    so on all of them, else not known, for want of what the days say otherwise. Nothing where the
    version of the protocol of a day is not kept, or another one came into force between them."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rulings = [record.under_version_on(day) for day in days]
    ruling = rulings[0]
    if ruling is None or any(each is not ruling for each in rulings):
        return ()
    return in_common(list(_answers(ruling.of(subject), subject, days)))


def _answers(
    record: Record, subject: str, days: list[date]
) -> Iterator[tuple[CriterionAnswer, ...]]:
    moments = pl.DataFrame({"USUBJID": [subject] * len(days), "DATE": days})
    for state in states(record, moments).iter_rows(named=True):
        found = check_eligibility(record.protocol.eligibility, state)
        yield consented(found, record, subject, state["DATE"])
