"""What decisions may ask of subjects on days: one row per moment, a column per name.

A moment is a subject on a day, before anything is prescribed on that day: doses begun before the
day count, and everything measured or answered on or before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pilotage.conditions import Value
from pilotage.rules.decide import State
from pilotage.rules.derived import Column
from pilotage.rules.inputs import Input, codes_of, maximum_age
from pilotage.rules.moments import DIFFER, PROBLEMS, Found, Moments
from pilotage.rules.record import Record
from pilotage.rules.several import days_of, doubtful
from pilotage.rules.tracing import as_input, rows_of
from pilotage.rules.values import column as column
from pilotage.rules.values import read, records_of


def states(
    record: Record, moments: pl.DataFrame, names: Iterable[str] | None = None, *, aged: bool = True
) -> pl.DataFrame:
    """The rows of `moments` (USUBJID, DATE) in their order, with a column for each name; null is
    unknown.

    `names` are names of the namespace; those that the decision tables use where none are named.
    What is too old, and what has no maximum age, is unknown; with `aged=False`, as edit checks and
    the conditions of questions need it, the last record counts however old it is. Where all names
    of the tables of stops, or of doses, are asked, so are their doubts.
    """
    at = record.moments(moments)
    wanted = record.names if names is None else tuple(dict.fromkeys(names))
    found = {name: column(record, name, at, aged=aged) for name in wanted}
    values = [known.values.alias(name) for name, known in found.items()]
    return moments.select("USUBJID", "DATE").with_columns(values + doubtful(record, found, at))


# -- one subject -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one subject on one day: the input of each name, what the tables are asked
    about (values and doubts), and every value of the latest day where there are several."""

    inputs: Mapping[str, Input]
    state: State
    of_the_day: Mapping[str, Sequence[Input]]


def known_of(record: Record, subject: str, on: date) -> Known:
    """Everything that the tables ask. Raises KeyError for a subject that the snapshot does not
    have."""
    alone = record.of(subject)
    at = alone.moments(pl.DataFrame({"USUBJID": [subject], "DATE": [on]}))
    found = {name: column(alone, name, at) for name in alone.names}
    told = {name: _input(alone, name, known, on) for name, known in found.items()}
    marks = {each.name: each[0] for each in doubtful(alone, found, at)}
    of_the_day = {name: _of_the_day(alone, name, known, at, on) for name, known in found.items()}
    return Known(
        told,
        {name: each.value for name, each in told.items()} | marks,
        {name: several for name, several in of_the_day.items() if several},
    )


def inputs(
    record: Record, subject: str, on: date, names: Iterable[str] | None = None
) -> Mapping[str, Input]:
    """The values of one subject on one day, each with its day, age and rows, or with what is wrong
    with it. Raises KeyError for a subject that the snapshot does not have."""
    alone = record.of(subject)
    at = alone.moments(pl.DataFrame({"USUBJID": [subject], "DATE": [on]}))
    wanted = alone.names if names is None else tuple(dict.fromkeys(names))
    return {name: _input(alone, name, column(alone, name, at), on) for name in wanted}


def _input(record: Record, name: str, known: Column, on: date) -> Input:
    number = int(known.row[0])
    row = None if known.source is None or number < 0 else known.source.row(number, named=True)
    found = _told(record, name, known.values[0], int(known.problem[0]), row, on)
    kept, _ = records_of(record, name)
    if kept is None or known.problem[0] != DIFFER:
        return found
    each = [_told(record, name, None, DIFFER, kept.rows.row(n, named=True), on)
            for n in (number, *kept.rivals[number])]  # fmt: skip
    return replace(
        found,
        rows=tuple(dict.fromkeys(row for other in each for row in other.rows)),
        recorded=" and ".join(other.recorded for other in each if other.recorded) or None,
    )


def _told(
    record: Record, name: str, value: Value, problem: int, row: Mapping[str, Any] | None, on: date
) -> Input:
    limit = maximum_age(name, record.protocol)
    found = as_input(
        name,
        value,
        PROBLEMS[problem],
        row,
        unit=record.study.namespace[name].unit,
        limit=limit if isinstance(limit, int) else None,
        on=on,
        rows=rows_of(record, name, on, row),
    )
    codes = codes_of(record.protocol, name)
    if found.problem != "no unit or value" or found.recorded is None or not codes:
        return found
    return replace(found, recorded=f"{found.recorded}; the answers are {', '.join(codes)}")


def _of_the_day(
    record: Record, name: str, known: Column, at: Moments, on: date
) -> tuple[Input, ...]:
    """Each usable value of the latest day, where there are several."""
    kept, part = records_of(record, name)
    rows = days_of(kept, known, at, maximum_age(name, record.protocol)).get(0, ())
    if kept is None:
        return ()
    numbers = np.array(rows, dtype=np.int64)
    moments = Moments(np.repeat(at.subject, len(rows)), np.repeat(at.day, len(rows)))
    values = read(record, kept, part, moments, Found(numbers, np.zeros_like(numbers)))
    return tuple(
        _told(record, name, value, 0, kept.rows.row(number, named=True), on)
        for number, value in zip(rows, values, strict=True)
        if value is not None
    )
