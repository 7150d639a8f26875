"""The state of subjects on days: what is derived from their doses, assessments and dates."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pilotage.datasets.windows import with_visit
from pilotage.rules.assessments import Assessments
from pilotage.rules.fold import no_drug
from pilotage.rules.inputs import AgeLimit
from pilotage.rules.moments import (
    ALWAYS,
    MISSING,
    NO_VALUE,
    NOT_COMPUTED,
    UNDATED,
    Moments,
    Records,
    Whole,
    gathered,
    look_up,
    taken,
)
from pilotage.rules.record import Record
from pilotage.study.protocol import StateVariable


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a name at some moments; `problem` is the number of what is wrong with each, and
    `row` the row of `source` that says it (-1: none)."""

    values: pl.Series
    problem: Whole
    row: Whole
    source: pl.DataFrame | None = None


def derived(record: Record, variable: StateVariable, at: Moments, limit: AgeLimit) -> Column:
    kind, nowhere = variable.derivation, np.full(len(at), -1, dtype=np.int64)
    match kind:
        case "age" | "sex":
            return _person(record, variable, at)
        case "days since":
            return _since(record.records(variable.of or ""), at, limit)
        case "study day":
            return _study_day(record, at)
        case "dose step" | "weeks at dose step":
            return _dose(record, kind, at)
        case "cycle" | "day of cycle" | "week of cycle":
            return _cycle(record, kind, at)
        case "treatment phase":
            return Column(*record.phases.phase(at), nowhere)
        case "relapses in taper":
            return _relapses(record, at)
    assessed = record.assessments
    if assessed is None:
        nothing = pl.Series([None] * len(at), dtype=pl.String)
        return Column(nothing, np.full(len(at), NOT_COMPUTED), nowhere)
    return _assessed(assessed, kind, at, limit)


def _person(record: Record, variable: StateVariable, at: Moments) -> Column:
    """Age and sex, which are timeless."""
    source = record.person(variable)
    values = taken(source["VALUE"], at.subject)
    written = taken(source["WRITTEN"], at.subject)
    null = values.is_null().to_numpy()
    problem = np.where(null, np.where(written.is_null().to_numpy(), MISSING, NO_VALUE), 0)
    return Column(values, problem, at.subject, source)


def _since(kept: Records, at: Moments, limit: AgeLimit) -> Column:
    """Days from the date that an item holds."""
    found = look_up(kept, at, limit)
    if kept.rows.schema["VALUE"] != pl.Date:
        nothing = pl.Series([None] * len(at), dtype=pl.Int64)
        return Column(nothing, np.where(found.problem, found.problem, MISSING), found.row)
    then = gathered(kept.rows["VALUE"], found).to_physical().cast(pl.Int64)
    return Column(pl.Series(at.day) - then, found.problem, found.row, kept.rows)


def _study_day(record: Record, at: Moments) -> Column:
    """Counted from the first dose; unknown before it."""
    doses = record.doses
    numbered = doses.changes.rows.with_columns(ROW=pl.int_range(pl.len(), dtype=pl.Int64))
    first = numbered.unique("SUBJECT", keep="first", maintain_order=True)
    of_subject = np.full(len(record.subjects) + 1, -1, dtype=np.int64)
    of_subject[first["SUBJECT"].to_numpy()] = first["ROW"].to_numpy()
    row = of_subject[at.subject]
    start = taken(pl.Series(doses.changes.first), row).fill_null(ALWAYS).to_numpy()
    begun = doses.begun[at.subject]
    problem = np.where(at.day < start, MISSING, 0)
    problem = np.where((begun <= at.day) & (begun != start), UNDATED, problem)
    values = where_known(pl.Series(at.day - start + 1), problem)
    return Column(values, problem, row, doses.changes.rows)


def _dose(record: Record, kind: str, at: Moments) -> Column:
    """The step, and the weeks since it was taken up (to the nearest whole week); 0 before the first
    dose."""
    found, changes = record.doses.change_before(at), record.doses.changes
    never = pl.Series(found.row < 0)
    if kind == "dose step":
        ladder = pl.Series([step.step for step in record.protocol.treatment.ladder])
        none = no_drug(record.protocol.treatment)
        place = taken(changes.rows["STEP"], found.row).set(never, none)
        values = ladder.gather(place)
    else:
        since = taken(pl.Series(changes.first), found.row)
        values = ((pl.Series(at.day) - since + 3) // 7).set(never, 0)
    null = values.is_null().to_numpy()
    problem = np.where((found.problem == 0) & null, NOT_COMPUTED, found.problem)
    return Column(where_known(values, problem), problem, found.row, changes.rows)


def _cycle(record: Record, kind: str, at: Moments) -> Column:
    """The last cycle begun, its day and its nominal week; 0 before the first one."""
    found, cycles = record.doses.cycle_before(at), record.doses.cycles
    never = pl.Series(found.row < 0)
    if kind == "cycle":
        values = taken(cycles.rows["CYCLE"], found.row).cast(pl.Int64)
    else:
        values = pl.Series(at.day) - taken(pl.Series(cycles.first), found.row) + 1
    if kind == "week of cycle":
        days = values.rename("ADY").to_frame().with_columns(POST=pl.col("ADY") > 1)
        values = with_visit(days, record.protocol.analysis_windows)["AVISITN"]
    values = values.set(never, 0)
    null = values.is_null().to_numpy()
    problem = np.where((found.problem == 0) & null, NOT_COMPUTED, found.problem)
    return Column(where_known(values, problem), problem, found.row, cycles.rows)


def _assessed(assessed: Assessments, kind: str, at: Moments, limit: AgeLimit) -> Column:
    """Response, relapse and best response."""
    rows = assessed.judged.rows
    if kind == "best response":
        rank, row, problem = assessed.best(at)
        problem = np.where((problem == 0) & rank.is_null().to_numpy(), MISSING, problem)
        place = (rank - 1).cast(pl.Int64)
        values = pl.Series(assessed.codes, dtype=pl.String).gather(place)
        return Column(where_known(values, problem), problem, row, assessed.surely.rows)
    asked = rows["CATEGORY" if kind == "response" else "OPEN"]
    found = look_up(assessed.judged, at, limit, asked)
    if kind == "response":
        values = gathered(rows["CATEGORY"], found)
        judged = taken(rows["IN_ADRS"], found.row).fill_null(False).to_numpy()
        open_ = np.where(judged, NOT_COMPUTED, MISSING)
    else:
        relapsed = gathered(rows["OPEN"], found)
        words = {True: "yes", False: "no"}
        values = relapsed.replace_strict(words, default=None, return_dtype=pl.String)
        open_ = np.full(len(at), UNDATED)
    null = values.is_null().to_numpy()
    problem = np.where((found.problem == 0) & null, open_, found.problem)
    doubt = (problem == UNDATED) & (found.problem == 0)  # of the order, not of this assessment
    return Column(values, problem, np.where(doubt, assessed.doubted[at.subject], found.row), rows)


def _relapses(record: Record, at: Moments) -> Column:
    values, problem = record.phases.relapses(at)
    assessed, nowhere = record.assessments, np.full(len(at), -1, dtype=np.int64)
    if assessed is None:
        return Column(values, problem, nowhere)
    row = np.where(problem == UNDATED, assessed.doubted[at.subject], nowhere)
    return Column(values, problem, row, assessed.judged.rows)


def where_known(values: pl.Series, problem: Whole) -> pl.Series:
    return values.set(pl.Series(problem > 0), None)
