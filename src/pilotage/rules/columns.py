"""The interpreter of decision tables for all subjects at once: a frame of states in, answers out.
It answers as `decide`, `decide_any` and `check_eligibility` do for each row."""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from pilotage.conditions import Condition, columns
from pilotage.rules.decide import UNKNOWN, AnyTable, doubts_of
from pilotage.rules.doubts import columns_for_any, columns_recorded_or_not
from pilotage.study.protocol import (
    Criterion,
    DispensingTable,
    DosingTable,
    Eligibility,
    Row,
    StoppingTable,
)

Schema = Mapping[str, pl.DataType]


def decide_columns(table: DosingTable | AnyTable, schema: Schema) -> list[pl.Expr]:
    """The answers of a table over a frame of states with this schema.

    ACTION: what the table answers, 'CANNOT ADVISE' where that is unknown, null where it answers
    nothing (no row of a table in which any row answers). ROW: the number from 0 of the row that
    answers, or that is unknown; null for `otherwise`. Of an ordered table TO, the step that the row
    names. Of a table in which any row answers ROWS, every row that is true, and OPEN, those that
    are unknown and answer too (lists of numbers).
    """
    if isinstance(table, DosingTable):
        return _first(table, schema)
    return _any(table, schema)


def eligibility_columns(eligibility: Eligibility, schema: Schema) -> list[pl.Expr]:
    """A column for each criterion by its id (is it passed? null is unknown), and ELIGIBLE."""
    inclusion = [_holds(criterion, schema) for criterion in eligibility.inclusion]
    exclusion = [~_holds(criterion, schema) for criterion in eligibility.exclusion]
    criteria: list[Criterion] = [*eligibility.inclusion, *eligibility.exclusion]
    passed = [*inclusion, *exclusion]
    named = [each.alias(c.id) for each, c in zip(passed, criteria, strict=True)]
    return [*named, pl.all_horizontal(passed).alias("ELIGIBLE")]


def _holds(
    row: Row, schema: Schema, read: Callable[[Condition, Schema], pl.Expr] = columns
) -> pl.Expr:
    """Does the condition hold? Null everywhere where the protocol does not state it."""
    if not isinstance(row.when, Condition):
        return pl.repeat(None, pl.len(), dtype=pl.Boolean)
    return read(row.when, schema)


def _first(table: DosingTable, schema: Schema) -> list[pl.Expr]:
    number = answer_number(table, schema)
    unknown = table.otherwise == "not stated"
    actions: dict[int, str] = {-1: UNKNOWN if unknown else str(table.otherwise)}
    steps: dict[int, str | None] = {}
    for row, each in enumerate(table.rows):
        actions |= {2 * row: UNKNOWN, 2 * row + 1: each.do}
        steps[2 * row + 1] = each.to
    return [
        number.replace_strict(actions, return_dtype=pl.String).alias("ACTION"),
        pl.when(number >= 0).then(number // 2).alias("ROW"),
        number.replace_strict(steps, default=None, return_dtype=pl.String).alias("TO"),
    ]


def answer_number(table: DosingTable, schema: Schema) -> pl.Expr:
    """The first row that is not known to be false, as one number: twice the number of the row where
    it is unknown, one more where it holds; -1 where every row is known to be false."""
    answers = []
    for number, row in enumerate(table.rows):
        holds = _holds(row, schema, columns_recorded_or_not)
        told = pl.lit(2 * number, pl.Int64) + holds.fill_null(False).cast(pl.Int64)
        answers.append(pl.when(holds.fill_null(True)).then(told))
    return pl.coalesce([*answers, pl.lit(-1, pl.Int64)])


def _any(table: AnyTable, schema: Schema) -> list[pl.Expr]:
    """Every row that is true. One reason settles the matter of a stop or a supply; of activities
    and deviations the unknown rows answer too."""
    read = columns_for_any if isinstance(table, StoppingTable) else columns_recorded_or_not
    doubts = doubts_of(table)
    answers = [_holds(row, schema, partial(read, doubts=doubts)) for row in table.rows]
    numbers = [pl.lit(number, pl.Int64) for number in range(len(answers))]
    none = pl.repeat(None, pl.len(), dtype=pl.Int64)

    def those(chosen: list[pl.Expr]) -> pl.Expr:
        places = [pl.when(e).then(n) for e, n in zip(chosen, numbers, strict=True)]
        return pl.concat_list([none, *places]).list.drop_nulls()

    true, unknown = (
        those([a.fill_null(False) for a in answers]),
        those([a.is_null() for a in answers]),
    )
    holds = pl.any_horizontal([pl.repeat(False, pl.len(), dtype=pl.Boolean), *answers])
    if isinstance(table, StoppingTable | DispensingTable):
        unknown = pl.when(holds.fill_null(False)).then(unknown.list.head(0)).otherwise(unknown)
    action = table.rows[0].do if table.rows else None
    return [
        pl.when(holds.is_null())
        .then(pl.lit(UNKNOWN))
        .when(holds)
        .then(pl.lit(action, pl.String))
        .alias("ACTION"),
        pl.coalesce(true.list.first(), unknown.list.first()).alias("ROW"),
        true.alias("ROWS"),
        unknown.alias("OPEN"),
    ]
