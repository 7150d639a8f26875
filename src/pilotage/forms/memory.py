"""Tables as a snapshot that was never written: what the functions after it read."""

from datetime import date
from pathlib import Path

import polars as pl

from pilotage.forms.tables import Tables
from pilotage.snapshot import Snapshot
from pilotage.snapshot.numbers import number, sequence, wrong_numbers
from pilotage.snapshot.tables import LINE, NUMBERS, sequence_of


def snapshot_of(tables: Tables, *, cut: date, synthetic: bool = False) -> Snapshot:
    """The tables with the types and the order of a snapshot that was read. A number that cannot be
    read is missing: an entry in the making is never refused."""
    return Snapshot(
        folder=Path(),
        tables={name: _typed(name, frame) for name, frame in tables.frames.items()},
        files={},
        records={},
        manifest=None,
        findings=(),
        synthetic=synthetic,
        data_cut=cut,
    )


def _typed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    key = sequence_of(table)
    columns = [_number(frame, name) for name in frame.columns if name in NUMBERS]
    if key in frame.columns:
        columns.append(sequence(pl.col(key)))
    rows = frame.with_columns(*columns, pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE))
    # the rows come by subject and --SEQ already, as a snapshot has them, but for supplements
    if key in frame.columns or table == "dm":
        return rows
    return rows.sort("USUBJID", *(c for c in frame.columns if c != "USUBJID"), LINE)


def _number(frame: pl.DataFrame, name: str) -> pl.Expr:
    wrong = list(wrong_numbers(frame[name].drop_nulls().unique()))
    text = pl.when(~pl.col(name).is_in(wrong)).then(pl.col(name)) if wrong else pl.col(name)
    return number(text).alias(name)
