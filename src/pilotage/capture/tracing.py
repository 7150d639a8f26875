"""From a cell of a data cut to the answer that somebody typed: item version and audit event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pilotage.capture.models import DataCut, ItemVersion, Subject
from pilotage.capture.planned import planned
from pilotage.capture.recorded import recorded
from pilotage.capture.result_rows import SnapshotRow
from pilotage.forms import tables_of

RowKey = tuple[str, str, int | None]
"""A row of a snapshot: subject, table and --SEQ."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer as it was written down, and the event by which it was.

    `column` is the cell that it fills, `item` its form.item, `number` counts the versions of the
    item: those before this one were corrected.
    """

    column: str
    item: str
    place: str
    value: str
    number: int
    version: int
    event: int
    at: datetime
    by: str
    role: str
    reason: str
    hash: str


def typed(
    cut: DataCut, rows: Iterable[SnapshotRow]
) -> dict[tuple[str, str, int | None], list[Typed]]:
    """The answers behind rows of the snapshot of a cut, by subject, table and --SEQ.

    The record is read as it stood when the cut was made. A row that follows from the record, such
    as a deviation, has none.
    """
    wanted = {(row.subject, row.domain, row.number) for row in rows}
    sources = _sources(cut, {subject for subject, _, _ in wanted})
    by_row: dict[RowKey, list[tuple[str, int]]] = {}
    for row in sources.iter_rows(named=True):
        key = (row["USUBJID"], row["DOMAIN"], row["SEQ"])
        if key in wanted and row["VERSION"] is not None:
            by_row.setdefault(key, []).append((row["VARIABLE"], row["VERSION"]))
    numbers = {version for cells in by_row.values() for _, version in cells}
    versions = ItemVersion.objects.select_related("event", "entry__contact").in_bulk(list(numbers))
    return {
        key: [_typed(column, versions[number]) for column, number in cells]
        for key, cells in by_row.items()
    }


def _sources(cut: DataCut, subjects: set[str]) -> pl.DataFrame:
    """The item version of each cell of some subjects; --SEQ is counted subject by subject."""
    found = recorded(Subject.objects.filter(usubjid__in=subjects), until=cut.head)
    return tables_of(planned(), found.subjects, found.forms).sources


def _typed(column: str, version: ItemVersion) -> Typed:
    entry, event = version.entry, version.event
    page = entry.form if entry.repeat == 1 else f"{entry.form} {entry.repeat}"
    return Typed(
        column=column,
        item=f"{entry.form}.{version.item}",
        place=f"{entry.contact.label}: {page}" if entry.contact else page,
        value=_said(version),
        number=version.number,
        version=version.pk,
        event=event.seq,
        at=event.at,
        by=event.user_name,
        role=event.role,
        reason=event.reason,
        hash=event.hash,
    )


def _said(version: ItemVersion) -> str:
    if version.missing:
        return f"{version.missing}: {version.why}" if version.why else version.missing
    return f"{version.value} {version.unit}".strip()
