"""The value of a name at many moments: which record says it, and what is wrong where none does."""

import numpy as np
import polars as pl

from pilotage.rules.answers import AS_BASELINE
from pilotage.rules.derived import Column, derived, where_known
from pilotage.rules.inputs import AgeLimit, maximum_age
from pilotage.rules.moments import (
    MISSING,
    NOT_COMPUTED,
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
            found = look_up(kept, at, limit, pl.Series(kept.first))
            undated = kept.undated_rows(found.row)
            problem = np.where((found.problem == 0) & undated, UNDATED, found.problem)
            days = pl.Series(at.day) - taken(pl.Series(kept.first), found.row)
            return Column(where_known(days, problem), problem, found.row, kept.rows)
    found = look_up(kept, at, limit, _asked(kept, part))
    values = read(record, kept, part, at, found)
    problem = np.where(
        (found.problem == 0) & values.is_null().to_numpy(), NOT_COMPUTED, found.problem
    )
    return Column(values, problem, found.row, kept.rows)


def _asked(kept: Records, part: str) -> pl.Series:
    """By what the records of one day may differ."""
    return kept.rows["ATOXGR" if part == "GRADE" and "ATOXGR" in kept.rows.columns else "VALUE"]


def read(record: Record, kept: Records, part: str, at: Moments, found: Found) -> pl.Series:
    """What the rows that were found say: a value, a grade, a change."""
    begun = pl.Series(record.doses.begun_before(at))
    match part:
        case "":
            return gathered(kept.rows["VALUE"], found)
        case "GRADE":
            return _graded(kept, found, begun)
    return _change(kept, part, found, begun)


def _graded(kept: Records, found: Found, begun: pl.Series) -> pl.Series:
    """By the baseline of the datasets; before the first dose the last value is the baseline."""
    if "ATOXGR" not in kept.rows.columns:
        return pl.Series([None] * len(found.row), dtype=pl.Int64)
    grades = gathered(kept.rows["ATOXGR"], found)
    if AS_BASELINE not in kept.rows.columns:
        return grades
    return grades.zip_with(begun, gathered(kept.rows[AS_BASELINE], found))


def _change(kept: Records, part: str, found: Found, begun: pl.Series) -> pl.Series:
    """From baseline, which before the first dose is the last value itself."""
    after = gathered(kept.rows[part], found)
    value = gathered(kept.rows["VALUE"], found)
    none = (
        value - value if part == "CHG" else (value - value).set((value == 0).fill_null(True), None)
    )
    return after.zip_with(begun, none)


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


def records_of(record: Record, name: str) -> tuple[Records | None, str]:
    """The records of a name, and what is read of them; None for what is derived."""
    code, _, part = name.partition(".")
    if record.protocol.state.get(name) is not None or part in ("BASE", "AGE_DAYS"):
        return None, ""
    if code in record.protocol.parameters:
        return record.records(code), part
    return record.records(name), ""
