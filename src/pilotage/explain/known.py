"""What was known of one subject on a day: the snapshot as it would have been cut on it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from pilotage.rules.answers import HAPPENED
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import first_day
from pilotage.snapshot.tables import is_date, sequence_of

TOLD_AT_THE_END = {"AEENDTC": ("AEOUT",)}
"""Columns that say how something ended, by the column with the day of its end."""


def known_on(snapshot: Snapshot, subject: str, day: date) -> Snapshot:
    """The rows of a subject that are dated on or before a day; an incomplete date that may lie on
    or before it counts, and so does a row without a date. Dates after the day are empty: the end of
    a dose or an event was not known yet. The date of consent stays: it tells that nothing asked for
    before it was asked with consent.

    A snapshot does not say when a value was written down: a row counts from the day that it is
    about. What ended later keeps everything but its end.
    """
    own = {name: _of(table, subject) for name, table in snapshot.tables.items()}
    kept = {name: _up_to(name, table, day) for name, table in own.items()}
    supplements = {name for name in kept if name.startswith("supp")}
    for name in supplements:
        kept[name] = _with_parent(kept[name], name.removeprefix("supp"), own, kept)
    return replace(snapshot, tables=kept, data_cut=day)


def _of(table: pl.DataFrame, subject: str) -> pl.DataFrame:
    if "USUBJID" not in table.columns:
        return table
    return table.filter(pl.col("USUBJID").cast(pl.String) == subject)


def _up_to(name: str, table: pl.DataFrame, day: date) -> pl.DataFrame:
    when = _recorded(name, table)
    rows = table if when is None else table.filter(~_after(when, day))
    for column in (c for c in rows.columns if is_date(c) and c != "RFICDTC"):
        later = _after(pl.col(column), day)
        told = [c for c in TOLD_AT_THE_END.get(column, ()) if c in rows.columns]
        empty = [pl.when(~later).then(pl.col(c)).alias(c) for c in (*told, column)]
        rows = rows.with_columns(empty)
    return rows


def _recorded(name: str, table: pl.DataFrame) -> pl.Expr | None:
    """The day that a row is about: when it was collected, else when it happened. A row of DM is
    always there: it says only who the subject is."""
    if name == "dm":
        return None
    prefix = name.upper()
    wanted = [f"{prefix}DTC", *([f"{prefix}STDTC"] if name in (*HAPPENED, "dv") else [])]
    found = [pl.col(column) for column in wanted if column in table.columns]
    return pl.coalesce(found) if found else None


def _after(text: pl.Expr, day: date) -> pl.Expr:
    """Is the day certainly a later one?"""
    return (first_day(text) > day).fill_null(False)


def _with_parent(
    rows: pl.DataFrame,
    parent: str,
    before: Mapping[str, pl.DataFrame],
    after: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """The rows of a supplement whose own row is still there."""
    number = sequence_of(parent)
    every, kept = before.get(parent), after.get(parent)
    keyed = (
        every is not None and number in every.columns and {"IDVAR", "IDVARVAL"} <= {*rows.columns}
    )
    if not keyed or every is None or kept is None:
        return rows
    gone = set(every[number].to_list()) - set(kept[number].to_list())
    own = (pl.col("IDVAR") == number) & pl.col("IDVARVAL").cast(pl.Int64, strict=False).is_in(
        list(gone)
    )
    return rows.filter(~own.fill_null(False))
