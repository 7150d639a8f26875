"""A subject's record as the rules see it, as it stands now: the forms that were filled in go the
way of any data, through tables and datasets, without a file.

A value that the datasets refuse (a score outside its range, a unit that cannot be converted) is
left out, as missing; `left_out` tells it. So what rests on it is unknown, and everything else is
still known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import polars as pl

from pilotage.capture.models import AuditEvent, Subject
from pilotage.capture.planned import planned
from pilotage.capture.recorded import recorded
from pilotage.capture.today import today
from pilotage.datasets import derive
from pilotage.findings import Finding, InputErrors
from pilotage.forms import snapshot_of, tables_of
from pilotage.rules import Record
from pilotage.rules import record as record_from
from pilotage.snapshot import Snapshot
from pilotage.snapshot.tables import LINE
from pilotage.study import Study

KEPT = 200
"""Records of so many subjects are kept."""


@dataclass(frozen=True, slots=True)
class Present:
    """What is known, and the findings about values that had to be left out."""

    record: Record
    left_out: tuple[Finding, ...] = ()


def record_of(subject: Subject) -> Record | None:
    """The record of a subject as it stands; None for one of whom nothing was entered yet. Kept
    until something of the subject changes."""
    present = present_of(subject)
    return None if present is None else present.record


def left_out(subject: Subject) -> tuple[Finding, ...]:
    """What the datasets refuse of a subject's values, in words."""
    present = present_of(subject)
    return () if present is None else present.left_out


def present_of(subject: Subject) -> Present | None:
    last = AuditEvent.objects.filter(subject=subject.usubjid).order_by("-seq")
    mark = last.values_list("hash", flat=True).first()
    return None if mark is None else _kept(subject.pk, mark, today())


def records_of(subjects: Iterable[Subject]) -> Record | None:
    """One record of several subjects; None where nothing was entered of any of them."""
    present = _present(list(subjects), today())
    return None if present is None else present.record


def study_record() -> Record | None:
    """The record of all subjects; None while there is none."""
    present = _present(None, today())
    return None if present is None else present.record


@lru_cache(maxsize=KEPT)
def _kept(subject: int, mark: str, day: date) -> Present | None:
    """`mark` is the hash of the subject's last event: after another one this is asked anew."""
    return _present([Subject.objects.get(pk=subject)], day)


def _present(subjects: Iterable[Subject] | None, day: date) -> Present | None:
    found = recorded(subjects)
    if not found.forms:
        return None
    study = planned()
    tables = tables_of(study, found.subjects, found.forms)
    return known_of(study, snapshot_of(tables, cut=day))


def known_of(study: Study, snapshot: Snapshot) -> Present:
    """The record of a snapshot, without the rows that the datasets refuse."""
    refused: tuple[Finding, ...] = ()
    while True:
        try:
            return Present(record_from(study, snapshot, derive(study, snapshot)), refused)
        except InputErrors as wrong:
            rest = _without(snapshot, _rows(wrong.findings))
            if _height(rest) == _height(snapshot):
                raise
            snapshot = rest
            refused += tuple(wrong.findings)


def _rows(findings: Iterable[Finding]) -> dict[str, set[int]]:
    """The lines of each table that are refused: `lb.csv:12`."""
    found: dict[str, set[int]] = {}
    for finding in findings:
        file, _, line = finding.where.rpartition(":")
        if finding.severity == "error" and line.isdecimal():
            found.setdefault(file.removesuffix(".csv"), set()).add(int(line))
    return found


def _without(snapshot: Snapshot, rows: Mapping[str, set[int]]) -> Snapshot:
    tables = dict(snapshot.tables)
    for name, lines in rows.items():
        if name in tables:
            tables[name] = tables[name].filter(~pl.col(LINE).is_in(list(lines)))
    return replace(snapshot, tables=tables)


def _height(snapshot: Snapshot) -> int:
    return sum(table.height for table in snapshot.tables.values())
