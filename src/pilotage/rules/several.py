"""What one value of a name does not say at many moments: each value of the latest day, and whether
anything is recorded at all."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from pilotage.conditions import Condition, names_in
from pilotage.rules.derived import Column
from pilotage.rules.doubts import RECORDED, asked_whether_missing, nth, perhaps
from pilotage.rules.inputs import AgeLimit, maximum_age
from pilotage.rules.moments import (
    DIFFER,
    NO_VALUE,
    NOT_COMPUTED,
    UNDATED,
    Found,
    Moments,
    Records,
    Whole,
)
from pilotage.rules.record import Record
from pilotage.rules.values import read, records_of
from pilotage.study.protocol import DosingTable, StoppingTable


def doubtful(record: Record, found: Mapping[str, Column], at: Moments) -> list[pl.Series]:
    """What one value of a name does not say, for the names of a table that are all asked: each
    value of the latest day, for reasons to stop; whether anything is recorded, for doses."""
    columns: list[pl.Series] = []
    stops, doses = (_names(table) for table in (record.protocol.stopping, record.protocol.dosing))
    if stops <= found.keys():
        for name in sorted(stops):
            each = every_value(record, name, found[name], at)
            columns += [values.alias(nth(name, n)) for n, values in enumerate(each, 1)]
    return columns + (recorded_or_not(record, found) if doses <= found.keys() else [])


def _names(table: StoppingTable | DosingTable) -> set[str]:
    rows = (row.when for row in table.rows if isinstance(row.when, Condition))
    return {name for when in rows for name in names_in(when)}


def recorded_or_not(record: Record, found: Mapping[str, Column]) -> list[pl.Series]:
    """For each name of which the dosing table asks whether it is missing a mark at the moments at
    which an incomplete date leaves that open, or at which it is recorded and nobody knows what;
    nothing where there are none."""
    rows = (row.when for row in record.protocol.dosing.rows if isinstance(row.when, Condition))
    names = dict.fromkeys(name for when in rows for name in asked_whether_missing(when))
    marks = []
    for name in names:
        problem = found[name].problem if name in found else np.zeros(0, dtype=np.int64)
        open_ = np.isin(problem, (UNDATED, DIFFER, NO_VALUE))
        if open_.any():
            each = [RECORDED if mark else None for mark in open_.tolist()]
            marks.append(pl.Series(perhaps(name), each, dtype=pl.Date))
    return marks


def every_value(record: Record, name: str, found: Column, at: Moments) -> list[pl.Series]:
    """The first value of the latest day at each moment, the second, and so on; nothing where no
    day has several that differ. A value that cannot be used, and after which there is another of a
    later time, is left out."""
    kept, part = records_of(record, name)
    days = days_of(kept, found, at, maximum_age(name, record.protocol))
    if kept is None or not days:
        return []

    def of(row: Whole) -> pl.Series:
        return read(record, kept, part, at, Found(row, np.zeros_like(found.problem)))

    each: list[pl.Series] = []
    for number in range(max(len(rows) for rows in days.values())):
        row = found.row.copy()
        for place, rows in days.items():
            row[place] = rows[number % len(rows)]
        left_out = [
            place for place in days
            if row[place] not in kept.rivals.get(int(found.row[place]), ())
        ]  # fmt: skip
        values, last = of(row), of(found.row)
        superseded = np.isin(np.arange(len(row)), left_out) & values.is_null().to_numpy()
        values = values.zip_with(pl.Series(~superseded), last)
        own = np.isin(np.arange(len(row)), list(days))
        each.append(values.zip_with(pl.Series(own), found.values))
    return each if any(not values.equals(found.values) for values in each) else []


def days_of(
    kept: Records | None, found: Column, at: Moments, limit: AgeLimit
) -> dict[int, Sequence[int]]:
    """By the number of the moment, the rows of the latest day where there are several that a
    decision may use."""
    if kept is None or not kept.of_one_day or limit == "not stated":
        return {}
    usable = np.isin(found.problem, (0, DIFFER, NO_VALUE, NOT_COMPUTED))
    usable &= np.isin(found.row, list(kept.of_one_day))
    if isinstance(limit, int):
        usable &= at.day - kept.last[found.row] <= limit
    return {int(n): kept.of_one_day[int(found.row[n])] for n in np.flatnonzero(usable)}
