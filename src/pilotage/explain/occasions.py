"""The days on which something was decided about the dose."""

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from pilotage.explain.case import ONE_DAY, Case
from pilotage.explain.contacts import visit_days
from pilotage.explain.doses import Change, given_on, is_no_drug
from pilotage.rules import decide_columns, states


def decided_days(case: Case, changes: Sequence[Change]) -> tuple[date, ...]:
    """The days on which the protocol is asked: visits, assessments, changes of the dose that belong
    to none of them, days on which a reason to stop was first known, and days of a test on which
    one is."""
    asked = set(visit_days(case)) | {stop.day for stop in case.stops}
    if case.record.assessments is not None:
        judged = case.record.assessments.judged.rows.filter(pl.col("FIRST") == pl.col("LAST"))
        asked |= {date.fromisoformat(text[:10]) for text in judged["DTC"]}
    asked = {day for day in asked if day <= case.at}
    for change in changes:
        before = change.on - ONE_DAY
        if change.on not in asked and (before not in asked or change.on == case.first_dose):
            asked.add(change.on)
    tests = {row["DONE"] for row in case.contacts if row["KIND"] == "test" and row["DONE"]}
    for day in _with_a_reason_to_stop(case, sorted(tests - asked)):
        if not is_no_drug(case, given_on(case, day, changes, asked).before):
            asked.add(day)
    return tuple(sorted(asked))


def _with_a_reason_to_stop(case: Case, days: Sequence[date]) -> Iterator[date]:
    by_version: dict[int, list[date]] = {}
    records = {day: case.record.under_version_on(day) for day in days}
    for day, ruling in records.items():
        by_version.setdefault(id(ruling), []).append(day)
    for some in by_version.values():
        ruling = records[some[0]]
        if ruling is None:
            continue
        moments = pl.DataFrame({"USUBJID": [case.subject] * len(some), "DATE": some})
        known = states(ruling, moments)
        answers = known.with_columns(decide_columns(ruling.protocol.stopping, known.schema))
        yield from answers.filter(pl.col("ROWS").list.len() > 0)["DATE"]
