"""What one value of a name does not say at many moments: each value of the latest day, and whether
anything is recorded at all."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from pilotage.conditions import Condition, names_in
from pilotage.rules.derived import Column
from pilotage.rules.doubts import (
    DIFFERING,
    RECORDED,
    UNREADABLE,
    asked_whether_missing,
    nth,
    perhaps,
    surely,
)
from pilotage.rules.inputs import AgeLimit, maximum_age
from pilotage.rules.moments import (
    DIFFER,
    NO_VALUE,
    NOT_COMPUTED,
    UNDATED,
    Found,
    Moments,
    Records,
    Truth,
    Whole,
)
from pilotage.rules.record import Record
from pilotage.rules.values import read, records_of
from pilotage.study.protocol import (
    DeviationTable,
    DispensingTable,
    DosingTable,
    StoppingTable,
)

Table = StoppingTable | DosingTable | DispensingTable | DeviationTable

MARKS = {UNDATED: RECORDED, DIFFER: DIFFERING, NO_VALUE: UNREADABLE}
"""The mark of each problem that leaves open whether a value is missing."""


def doubtful(record: Record, found: Mapping[str, Column], at: Moments) -> list[pl.Series]:
    """What one value of a name does not say, for the names of a table that are all asked: each
    value of the latest day, for reasons to stop; whether anything is recorded, for every table but
    that of activities, where the calendar asks by itself."""
    protocol = record.protocol
    asked = [
        table
        for table in (protocol.stopping, protocol.dosing, protocol.dispensing, protocol.deviations)
        if table is not None and _names(table) <= found.keys()
    ]
    columns: list[pl.Series] = []
    if protocol.stopping in asked:
        for name in sorted(_names(protocol.stopping)):
            each = every_value(record, name, found[name], at)
            columns += [values.alias(nth(name, n)) for n, values in enumerate(each, 1)]
    return columns + recorded_or_not(found, at, *asked) + surely_recorded(found, at, *asked)


def _conditions(*tables: Table) -> list[Condition]:
    rows = (row.when for table in tables for row in table.rows)
    return [when for when in rows if isinstance(when, Condition)]


def _names(table: Table) -> set[str]:
    return {name for when in _conditions(table) for name in names_in(when)}


def recorded_or_not(found: Mapping[str, Column], at: Moments, *tables: Table) -> list[pl.Series]:
    """For each name of which one of the tables asks whether it is missing a mark at the moments at
    which that cannot be said; nothing where there are none."""
    marks = []
    for name, known in _asked_whether_missing(found, *tables):
        problem = np.where(_is_there(known, at), 0, known.problem)
        if np.isin(problem, list(MARKS)).any():
            each = [MARKS.get(number) for number in problem.tolist()]
            marks.append(pl.Series(perhaps(name), each, dtype=pl.Date))
    return marks


def surely_recorded(found: Mapping[str, Column], at: Moments, *tables: Table) -> list[pl.Series]:
    """Each date of which one of the tables asks whether it is missing, with a mark at the moments
    at which it is surely recorded and not complete; nothing where there are none."""
    marks = []
    for name, known in _asked_whether_missing(found, *tables):
        incomplete = pl.Series(_is_there(known, at))
        if incomplete.any():
            marks.append(known.values.set(incomplete, RECORDED).alias(surely(name)))
    return marks


def _asked_whether_missing(
    found: Mapping[str, Column], *tables: Table
) -> Iterator[tuple[str, Column]]:
    conditions = _conditions(*tables)
    names = dict.fromkeys(name for when in conditions for name in asked_whether_missing(when))
    return ((name, found[name]) for name in names if name in found)


def _is_there(known: Column, at: Moments) -> Truth:
    """Is the value a date, not known as a whole, of a record that is surely there?"""
    if known.values.dtype != pl.Date or known.source is None:
        return np.zeros(len(at), dtype=np.bool_)
    there: Truth = known.problem == NO_VALUE
    subject, last = (known.source[column].to_numpy() for column in ("SUBJECT", "LAST"))
    for place in np.flatnonzero(known.problem == UNDATED):
        there[place] = ((subject == at.subject[place]) & (last <= at.day[place])).any()
    return there


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
