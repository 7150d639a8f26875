"""The toxicity grades of `ctcae.grade` for whole columns.

A grade is known where the highest grade whose rule holds is also the highest that may hold,
whatever is missing; so both are computed, and the grade is missing where they differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from pilotage.instruments.ctcae_terms import (
    LARGEST,
    RELATIVE_TOLERANCE,
    Comparison,
    GradeRule,
    Quantity,
    rules_of,
)

Quantities = Mapping[Quantity, pl.Expr]
Factors = Mapping[tuple[int, int], pl.Expr | float]
"""The factor of each comparison, by number of the rule and of the comparison in it."""


def grade_columns(
    term: str,
    *,
    version: str,
    value: str = "AVAL",
    lln: str = "ANRLO",
    uln: str = "ANRHI",
    baseline: str = "BASE",
    highest: bool = False,
) -> pl.Expr:
    """The grade of every row, as Int64; null where it cannot be known.

    With `highest`, the highest grade that the value may have, whatever limit or baseline is
    missing: it equals the grade where that is known.

    The arguments name columns; only those that the term needs in this version must exist.
    """
    rules = rules_of(term, version)
    quantities = usable_columns(value=value, lln=lln, uln=uln, baseline=baseline)
    bounds = _bounds(rules, quantities, _own_factors(rules))
    return bounds.highest if highest else bounds.grade()


def with_grades(
    rows: pl.LazyFrame, terms: Mapping[str, str], *, version: str, code: str = "PARAMCD"
) -> pl.LazyFrame:
    """Add ATOXGR, the grade of AVAL, and ATOXHI, the highest grade that it may have.

    `terms` says which term grades which code; rows of other codes have neither. Terms whose rules
    differ in their numbers only are graded by one expression. Needs AVAL, ANRLO, ANRHI, BASE.
    """
    if not terms:
        none = pl.lit(None, pl.Int64)
        return rows.with_columns(ATOXGR=none, ATOXHI=none)
    given = _grading(tuple(terms.items()), version)
    graded = (
        rows.with_columns(pl.col(code).cast(pl.String).alias("_CODE"), *given.usable)
        .join(given.numbers.lazy(), on="_CODE", how="left", maintain_order="left")
        .with_columns(ATOXGR=given.lowest, ATOXHI=given.highest)
        .with_columns(ATOXGR=pl.when(pl.col("ATOXGR") == pl.col("ATOXHI")).then("ATOXGR"))
    )
    return graded.drop(given.helpers)


@dataclass(frozen=True, slots=True)
class _Grading:
    """How the rows of several terms are graded: `usable` columns, the `numbers` of each code, and
    from both the grades. `helpers` are the names of the former."""

    usable: list[pl.Expr]
    numbers: pl.DataFrame
    helpers: list[str]
    lowest: pl.Expr
    highest: pl.Expr


@cache
def _grading(terms: tuple[tuple[str, str], ...], version: str) -> _Grading:
    shapes: dict[object, dict[str, tuple[GradeRule, ...]]] = {}
    for parameter, term in terms:
        rules = rules_of(term, version)
        shapes.setdefault(_shape(rules), {})[parameter] = rules
    lowest = highest = pl.lit(None, pl.Int64)
    quantities: dict[Quantity, pl.Expr] = {
        "VALUE": pl.col("_VALUE"), "LLN": pl.col("_LLN"),
        "ULN": pl.col("_ULN"), "BASE": pl.col("_BASE"),
    }  # fmt: skip
    for number, members in enumerate(shapes.values()):
        rules = next(iter(members.values()))
        factors = {place: pl.col(_named(*place)) for place in _own_factors(rules)}
        bounds = _bounds(rules, quantities, factors)
        own = pl.col("_SHAPE") == number
        lowest = pl.when(own).then(bounds.lowest).otherwise(lowest)
        highest = pl.when(own).then(bounds.highest).otherwise(highest)
    usable = {f"_{name}": column for name, column in usable_columns().items()}
    numbers = _numbers(shapes)
    return _Grading(
        [column.alias(name) for name, column in usable.items()],
        numbers,
        [*usable, *numbers.columns],
        lowest,
        highest,
    )


def usable_columns(
    *, value: str = "AVAL", lln: str = "ANRLO", uln: str = "ANRHI", baseline: str = "BASE"
) -> dict[Quantity, pl.Expr]:
    """The columns, null where a number cannot be a measurement or a limit (see `ctcae.grade`)."""
    return {
        "VALUE": _column(value, zero=True),
        "LLN": _column(lln, zero=True),
        "ULN": _column(uln, zero=False),
        "BASE": _column(baseline, zero=False),
    }


@dataclass(frozen=True, slots=True)
class _Bounds:
    """The highest grade whose rule holds, and the highest whose rule may hold."""

    lowest: pl.Expr
    highest: pl.Expr

    def grade(self) -> pl.Expr:
        return pl.when(self.lowest == self.highest).then(self.highest)


def _bounds(rules: tuple[GradeRule, ...], quantities: Quantities, factors: Factors) -> _Bounds:
    """Both are null where the value is missing. The rule of the highest grade is asked first."""
    known = quantities["VALUE"].is_not_null()
    lowest: pl.Expr = pl.when(known).then(pl.lit(0, pl.Int64))
    highest = lowest
    for number, rule in sorted(enumerate(rules), key=lambda pair: pair[1].grade):
        answers = [
            _compare(each, quantities, factors[number, place])
            for place, each in enumerate(rule.comparisons)
        ]
        holds = answers[0] if len(answers) == 1 else pl.all_horizontal(answers)
        grade = pl.lit(rule.grade, pl.Int64)
        lowest = pl.when(holds).then(grade).otherwise(lowest)
        highest = pl.when(known & holds.fill_null(True)).then(grade).otherwise(highest)
    return _Bounds(lowest, highest)


def _compare(comparison: Comparison, quantities: Quantities, factor: pl.Expr | float) -> pl.Expr:
    """Of two numbers that are not negative, the larger one times the tolerance is what `isclose`
    allows."""
    left = quantities[comparison.left]
    if comparison.right == "ONE":
        bound = pl.lit(factor) if isinstance(factor, int | float) else factor
    else:
        bound = quantities[comparison.right] * factor
    match comparison.operator:
        case "<":
            return bound - left > RELATIVE_TOLERANCE * bound
        case "<=":
            return left - bound <= RELATIVE_TOLERANCE * left
        case ">":
            return left - bound > RELATIVE_TOLERANCE * left
        case ">=":
            return bound - left <= RELATIVE_TOLERANCE * bound


def _column(name: str, *, zero: bool) -> pl.Expr:
    column = pl.col(name).cast(pl.Float64)
    usable = column >= 0 if zero else column > 0
    return pl.when(usable & (column < LARGEST)).then(column)


def _shape(rules: tuple[GradeRule, ...]) -> object:
    """What of rules is not a number."""
    return tuple(
        (rule.grade, tuple((each.left, each.operator, each.right) for each in rule.comparisons))
        for rule in rules
    )


def _own_factors(rules: tuple[GradeRule, ...]) -> dict[tuple[int, int], float]:
    return {
        (number, place): float(each.factor)
        for number, rule in enumerate(rules)
        for place, each in enumerate(rule.comparisons)
    }


def _named(number: int, place: int) -> str:
    return f"_FACTOR_{number}_{place}"


def _numbers(shapes: Mapping[object, Mapping[str, tuple[GradeRule, ...]]]) -> pl.DataFrame:
    """One row per code: the number of its shape and its factors."""
    rows = [
        {"_CODE": parameter, "_SHAPE": number}
        | {_named(*place): factor for place, factor in _own_factors(rules).items()}
        for number, members in enumerate(shapes.values())
        for parameter, rules in members.items()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)
