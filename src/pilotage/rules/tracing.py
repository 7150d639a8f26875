"""Where a value comes from: its day, age and rows, and what is said where it cannot be used."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pilotage.conditions import Value
from pilotage.plural import counted
from pilotage.rules.inputs import Input, Problem
from pilotage.rules.moments import ALWAYS, NEVER
from pilotage.rules.record import Record

Rows = tuple[tuple[str, int], ...]

OF_DOSES = ("treatment phase", "relapses in taper")
EPOCH = date(1970, 1, 1).toordinal()


def as_input(
    name: str,
    value: Value,
    problem: Problem | None,
    row: Mapping[str, Any] | None,
    *,
    unit: str | None,
    limit: int | None,
    on: date,
    rows: Rows,
) -> Input:
    """The input with the day and the age of the record that says it."""
    day = None if row is None or "WRITTEN" not in row else _day(row)
    age = None if day is None else (on - day).days
    return Input(
        name=name,
        value=None if problem else value,
        unit=unit,
        on=day,
        age_days=age,
        max_age_days=limit,
        rows=rows,
        problem=problem,
        recorded=_recorded(row, day, age) if problem and row is not None else None,
    )


def rows_of(record: Record, name: str, on: date, row: Mapping[str, Any] | None) -> Rows:
    """The rows of the snapshot behind the value of a name. A phase rests on every dose begun before
    the day, and relapses in taper on the assessments at which they began."""
    state = record.protocol.state.get(name)
    number = on.toordinal() - EPOCH
    found: list[tuple[str, int]] = []
    if state is not None and state.derivation in OF_DOSES:
        begun = record.doses.changes.rows.filter(pl.col("FIRST") < number)
        found += [source for each in begun.iter_rows(named=True) for source in source_rows(each)]
    if state is not None and state.derivation == "relapses in taper" and record.assessments:
        events = record.assessments.judged.rows.filter(
            pl.col("EVENT") & (pl.col("FIRST") <= number)
        )
        found += [source for each in events.iter_rows(named=True) for source in source_rows(each)]
    if not found and row is not None:
        found = list(source_rows(row))
    return tuple(dict.fromkeys(found))


def source_rows(row: Mapping[str, Any]) -> Rows:
    """The rows of the snapshot that a record names: of a total, every item."""
    domain = str(row["SRCDOM"])
    if row.get("SRCITEMS"):
        return tuple((domain, int(number)) for number in str(row["SRCITEMS"]).split())
    return () if row["SRCSEQ"] is None else ((domain, int(row["SRCSEQ"])),)


def _day(row: Mapping[str, Any]) -> date | None:
    """The day of a record with a complete date."""
    first, last = int(row["FIRST"]), int(row["LAST"])
    if first != last or not NEVER < first < ALWAYS:
        return None
    return date.fromordinal(EPOCH + first)


def _recorded(row: Mapping[str, Any], day: date | None, age: int | None) -> str | None:
    """What the record says although it cannot be used: "0.9 10*9/L of 2010-01-02, 45 days old"."""
    written = row.get("WRITTEN")
    if written is None:
        return None
    said = f"{written} {row['UNIT']}" if row.get("UNIT") else str(written)
    if day is None:
        return f"{said} of {row['DTC']}" if row.get("DTC") else said
    old = f", {counted(age, 'day')} old" if age else ""
    return f"{said} of {day}{old}"
