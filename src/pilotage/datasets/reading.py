"""Read a snapshot for a study: what is wrong with its files and what the study refuses in their
values, in one list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from pilotage.datasets.derive import refuse_values
from pilotage.findings import Finding, InputErrors, warning
from pilotage.snapshot import Snapshot, SnapshotErrors, read_snapshot
from pilotage.snapshot.dates import LAST_YEAR, survey
from pilotage.snapshot.empty import empty_table
from pilotage.snapshot.manifest import MANIFEST
from pilotage.snapshot.order import in_file_order
from pilotage.snapshot.tables import REQUIRED_COLUMNS, REQUIRED_TABLES, is_date, sequence_of
from pilotage.study import Study

ANY_DAY = date(LAST_YEAR, 12, 31)
"""A data cut where there is none: no value is refused because of it."""


def read_for(study: Study, folder: Path | str) -> Snapshot:
    """Read a folder as a snapshot of a study; among its findings, that it is one of another study.

    Raises InputErrors with every error of the files. Where there is one, the values that can be
    read are looked at too, so that all errors come in one list.
    """
    try:
        snapshot = read_snapshot(folder)
    except SnapshotErrors as unread:
        refused = value_errors(study, unread)
        raise InputErrors(in_file_order([*unread.findings, *refused])) from None
    return replace(snapshot, findings=(*_of_another_study(study, snapshot), *snapshot.findings))


def value_errors(study: Study, unread: SnapshotErrors) -> tuple[Finding, ...]:
    """The values that the study refuses in the tables of a folder that is no snapshot."""
    tables = _with_keys(unread)
    if tables["dm"].is_empty():
        return ()
    snapshot = Snapshot(
        folder=Path(),
        tables=tables,
        files=unread.files,
        records={},
        manifest=None,
        findings=(),
        synthetic=False,
        data_cut=ANY_DAY,
    )
    try:
        refuse_values(study, snapshot)
    except InputErrors as refused:
        return refused.findings
    return ()


def _with_keys(unread: SnapshotErrors) -> dict[str, pl.DataFrame]:
    """The tables with every required column and with keys in order: rows are numbered anew, and dm
    has each subject of any table once. What a value may be does not depend on either."""
    known = [table for table in REQUIRED_COLUMNS if table in unread.tables]
    tables = {
        table: _numbered(table, unread.tables.get(table, empty_table(table)))
        for table in dict.fromkeys((*REQUIRED_TABLES, *known))
    }
    subjects = pl.concat([table.select("USUBJID") for table in tables.values()]).unique()
    dm = tables["dm"].unique("USUBJID", keep="first", maintain_order=True)
    tables["dm"] = pl.concat([dm, subjects.join(dm, on="USUBJID", how="anti")], how="diagonal")
    return tables


def _numbered(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    expected = empty_table(table)
    absent = [pl.lit(None, kind).alias(c) for c, kind in expected.schema.items() if c not in rows]
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(sequence_of(table))
    return (
        rows.with_columns(absent)
        .with_columns(_without_impossible_dates(rows))
        .with_columns(pl.col("USUBJID").fill_null(""), *([] if table == "dm" else [number]))
    )


def _without_impossible_dates(rows: pl.DataFrame) -> list[pl.Expr]:
    """The columns that hold texts which are no dates, without these: their errors are told."""
    found = []
    for column in filter(is_date, rows.columns):
        wrong = list(survey(rows[column].drop_nulls().unique()).wrong)
        if wrong:
            text = pl.col(column)
            found.append(pl.when(~text.is_in(wrong)).then(text).alias(column))
    return found


def _of_another_study(study: Study, snapshot: Snapshot) -> Iterator[Finding]:
    """A warning where the manifest names another study, or a version that the study has not."""
    manifest, identity = snapshot.manifest, study.protocol.study
    if manifest is None:
        return
    if manifest.study != identity.id:
        words = f"the snapshot is one of the study {manifest.study!r}"
        yield warning(MANIFEST, f"{words}, but is read as one of {identity.id!r}")
        return
    versions = {(version.id, version.date) for version in study.protocol.versions}
    for version in manifest.protocol_versions:
        if (version.id, version.date) not in versions:
            words = f"the snapshot names version {version.id!r} of {version.date} of the protocol"
            yield warning(MANIFEST, f"{words}, which {identity.id!r} does not have")
