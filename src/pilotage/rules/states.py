"""What decisions may ask of subjects on days: one row per moment, a column per name.

A moment is a subject on a day, before anything is prescribed on that day: doses begun before the
day count, and everything measured or answered on or before it.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import polars as pl

from pilotage.rules.derived import Column, derived, where_known
from pilotage.rules.inputs import AgeLimit, Input, maximum_age
from pilotage.rules.moments import (
    MISSING,
    NOT_COMPUTED,
    PROBLEMS,
    UNDATED,
    Found,
    Moments,
    Records,
    gathered,
    last_on_or_before,
    look_up,
    taken,
)
from pilotage.rules.record import Record
from pilotage.rules.tracing import as_input, rows_of


def states(
    record: Record, moments: pl.DataFrame, names: Iterable[str] | None = None, *, aged: bool = True
) -> pl.DataFrame:
    """The rows of `moments` (USUBJID, DATE) in their order, with a column for each name; null is
    unknown.

    `names` are names of the namespace; those that the decision tables use where none are named.
    What is too old, and what has no maximum age, is unknown; with `aged=False`, as edit checks and
    the conditions of questions need it, the last record counts however old it is.
    """
    at = record.moments(moments)
    wanted = record.names if names is None else tuple(dict.fromkeys(names))
    found = [column(record, name, at, aged=aged).values.alias(name) for name in wanted]
    return moments.select("USUBJID", "DATE").with_columns(found)


def column(record: Record, name: str, at: Moments, *, aged: bool = True) -> Column:
    """The values of one name. Raises KeyError for a name that the study does not declare."""
    if name not in record.study.namespace:
        raise KeyError(name)
    limit: AgeLimit = maximum_age(name, record.protocol) if aged else "none needed"
    variable = record.protocol.state.get(name)
    if variable is not None:
        return derived(record, variable, at, limit)
    code, _, part = name.partition(".")
    if code in record.protocol.parameters:
        return _measured(record, code, part, at, limit)
    return _of(record.records(name), at, limit)


def _of(kept: Records, at: Moments, limit: AgeLimit) -> Column:
    found = look_up(kept, at, limit)
    return Column(gathered(kept.rows["VALUE"], found), found.problem, found.row, kept.rows)


# -- parameters ------------------------------------------------------------------------------------


def _measured(record: Record, code: str, part: str, at: Moments, limit: AgeLimit) -> Column:
    kept = record.records(code)
    match part:
        case "":
            return _of(kept, at, limit)
        case "BASE":
            return _baseline(record, kept, at)
        case "AGE_DAYS":
            found = look_up(kept, at, limit)
            undated = kept.undated_rows(found.row)
            problem = np.where((found.problem == 0) & undated, UNDATED, found.problem)
            days = pl.Series(at.day) - taken(pl.Series(kept.first), found.row)
            return Column(where_known(days, problem), problem, found.row, kept.rows)
    found = look_up(kept, at, limit)
    graded = part == "GRADE"
    values = _graded(kept, found) if graded else _change(record, kept, part, at, found)
    problem = np.where(
        (found.problem == 0) & values.is_null().to_numpy(), NOT_COMPUTED, found.problem
    )
    return Column(values, problem, found.row, kept.rows)


def _graded(kept: Records, found: Found) -> pl.Series:
    if "ATOXGR" not in kept.rows.columns:
        return pl.Series([None] * len(found.row), dtype=pl.Int64)
    return gathered(kept.rows["ATOXGR"], found)


def _change(record: Record, kept: Records, part: str, at: Moments, found: Found) -> pl.Series:
    """From baseline, which before the first dose is the last value itself."""
    after = gathered(kept.rows[part], found)
    value = gathered(kept.rows["VALUE"], found)
    none = (
        value - value if part == "CHG" else (value - value).set((value == 0).fill_null(True), None)
    )
    return after.zip_with(pl.Series(record.doses.begun_before(at)), none)


def _baseline(record: Record, kept: Records, at: Moments) -> Column:
    """The baseline of the datasets; before the first dose the last value so far."""
    numbered = kept.rows.with_columns(ROW=pl.int_range(pl.len(), dtype=pl.Int64))
    so_far = Records(numbered.filter(pl.col("VALUE").is_not_null()))
    early, problem = last_on_or_before(so_far, at)
    of_subject = np.full(len(record.subjects) + 1, -1, dtype=np.int64)
    chosen = numbered.filter(pl.col("ABLFL") == "Y")
    of_subject[chosen["SUBJECT"].to_numpy()] = chosen["ROW"].to_numpy()
    begun = record.doses.begun_before(at)
    before = (
        np.where(early >= 0, so_far.rows["ROW"].to_numpy()[early], -1) if len(so_far.key) else early
    )
    row = np.where(begun, of_subject[at.subject], before).astype(np.int64)
    problem = np.where(begun, np.where(row < 0, MISSING, 0), problem)
    values = gathered(kept.rows["VALUE"], Found(row, problem))
    return Column(values, problem, row, kept.rows)


# -- one subject -----------------------------------------------------------------------------------


def inputs(
    record: Record, subject: str, on: date, names: Iterable[str] | None = None
) -> Mapping[str, Input]:
    """The same of one subject on one day, each value with its day, age and rows, or with what is
    wrong with it. Raises KeyError for a subject that the snapshot does not have."""
    alone = record.of(subject)
    at = alone.moments(pl.DataFrame({"USUBJID": [subject], "DATE": [on]}))
    wanted = alone.names if names is None else tuple(dict.fromkeys(names))
    found: dict[str, Input] = {}
    for name in wanted:
        known = column(alone, name, at)
        row = (
            None
            if known.source is None or known.row[0] < 0
            else known.source.row(int(known.row[0]), named=True)
        )
        limit = maximum_age(name, alone.protocol)
        found[name] = as_input(
            name,
            known.values[0],
            PROBLEMS[known.problem[0]],
            row,
            unit=alone.study.namespace[name].unit,
            limit=limit if isinstance(limit, int) else None,
            on=on,
            rows=rows_of(alone, name, on, row),
        )
    return found
