"""Toxicity grades 0-4 from measurements, by the Common Toxicity Criteria 3.0, 4.03 and 5.0.

`grade` reads one value, `grade_columns` a whole frame; they agree on every row. The rules are
tables in `ctcae_terms`; grade descriptions for clinical terms are in `ctcae_clinical`.

A grade is known when it cannot depend on anything missing. It is the highest grade whose rule
holds; it is missing where a higher one could hold but needs a limit of normal or a baseline that is
not there. So neutrophils 0.9 are grade 3 without a lower limit, and 1.6 cannot be graded without
one. Baseline missing:

- ALT 5.0: a value within normal limits is grade 0, any other is missing (which scale applies is
  unknown).
- Creatinine 4.03 and 5.0: grade 3 and 4 by the upper limit stand, since the baseline cannot raise
  them; anything lower is missing.
- Weight: missing. All other terms and versions need no baseline.

Comparisons treat two numbers that differ by less than one part in 10**9 as equal, so that a unit
conversion or a multiple such as 2.5 x 40.4 never moves a value across a boundary. The baseline
counts as abnormal (ALT 5.0) when it lies above the upper limit that is given with the value.
"""

from difflib import get_close_matches
from math import isclose

import polars as pl

from pilotage.instruments.ctcae_clinical import ClinicalTerm, clinical_terms
from pilotage.instruments.ctcae_terms import (
    TERMS,
    VERSIONS,
    Comparison,
    GradeRule,
    Operator,
    Quantity,
    Term,
    Version,
)

__all__ = [
    "TERMS",
    "VERSIONS",
    "ClinicalTerm",
    "Term",
    "clinical_terms",
    "grade",
    "grade_columns",
]

RELATIVE_TOLERANCE = 1e-9
LARGEST = 1e100
"""No measurement comes near it; keeps multiples finite."""


def grade(
    term: str,
    value: float | None,
    *,
    lln: float | None = None,
    uln: float | None = None,
    baseline: float | None = None,
    version: str,
) -> int | None:
    """The grade 0-4 of one value, or None where it cannot be known.

    All numbers are in the unit of the term (`TERMS[term].unit`). A number that cannot be a
    measurement or a limit counts as missing: NaN, infinity, a negative value or lower limit, an
    upper limit or baseline that is not above 0. Raises ValueError for an unknown term or version.
    """
    quantities: dict[Quantity, float | None] = {
        "VALUE": _at_least_zero(value),
        "LLN": _at_least_zero(lln),
        "ULN": _above_zero(uln),
        "BASE": _above_zero(baseline),
        "ONE": 1.0,
    }
    if quantities["VALUE"] is None:
        return None
    rules = _rules(term, version)
    highest: int | None = 0
    for rule in sorted(rules, key=lambda rule: rule.grade):
        match _holds(rule, quantities):
            case True:
                highest = rule.grade
            case None if highest is None or rule.grade > highest:
                highest = None
    return highest


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
    """The same grade for every row, as Int64; null where it cannot be known.

    With `highest`, the highest grade that the value may have, whatever limit or baseline is
    missing: it equals the grade where that is known.

    The arguments name columns; only those that the term needs in this version must exist.
    """
    rules = _rules(term, version)
    known = TERMS[term].references(_version(version))
    quantities: dict[Quantity, pl.Expr] = {
        "VALUE": _column(value, zero=True),
        "ONE": pl.lit(1.0),
    }
    if "LLN" in known:
        quantities["LLN"] = _column(lln, zero=True)
    if "ULN" in known:
        quantities["ULN"] = _column(uln, zero=False)
    if "BASE" in known:
        quantities["BASE"] = _column(baseline, zero=False)
    by_grade: dict[int, list[pl.Expr]] = {}
    for rule in rules:
        by_grade.setdefault(rule.grade, []).append(_holds_columns(rule, quantities))
    answer = pl.when(quantities["VALUE"].is_not_null()).then(pl.lit(0, pl.Int64))
    reached_grade: pl.Expr = answer.otherwise(None)
    for number in sorted(by_grade):
        reached = pl.any_horizontal(by_grade[number])
        if highest:
            reached = reached.fill_null(True) & quantities["VALUE"].is_not_null()
        # `when(null)` would fall through to the lower grade, so the unknown case comes first.
        reached_grade = (
            pl.when(reached.is_null())
            .then(pl.lit(None, pl.Int64))
            .when(reached)
            .then(pl.lit(number, pl.Int64))
            .otherwise(reached_grade)
        )
    return reached_grade


def _rules(term: str, version: str) -> tuple[GradeRule, ...]:
    if term not in TERMS:
        nearest = get_close_matches(term.upper(), TERMS, n=1)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else f"; there are {', '.join(TERMS)}"
        raise ValueError(f"the toxicity criteria here have no term {term!r}{hint}")
    return TERMS[term].rules[_version(version)]


def _version(version: str) -> Version:
    for known in VERSIONS:
        if version == known:
            return known
    raise ValueError(f"no toxicity criteria {version!r}; there are {', '.join(VERSIONS)}")


def _at_least_zero(number: float | None) -> float | None:
    return number if number is not None and 0 <= number < LARGEST else None


def _above_zero(number: float | None) -> float | None:
    return number if number is not None and 0 < number < LARGEST else None


def _column(name: str, *, zero: bool) -> pl.Expr:
    column = pl.col(name).cast(pl.Float64)
    usable = column >= 0 if zero else column > 0
    return pl.when(usable & (column < LARGEST)).then(column)


def _holds(rule: GradeRule, quantities: dict[Quantity, float | None]) -> bool | None:
    answers = [_compare(comparison, quantities) for comparison in rule.comparisons]
    if False in answers:
        return False
    return None if None in answers else True


def _compare(comparison: Comparison, quantities: dict[Quantity, float | None]) -> bool | None:
    left, right = quantities[comparison.left], quantities[comparison.right]
    if left is None or right is None:
        return None
    bound = comparison.factor * right
    if isclose(left, bound, rel_tol=RELATIVE_TOLERANCE):
        return comparison.operator in ("<=", ">=")
    return left < bound if comparison.operator in ("<", "<=") else left > bound


def _holds_columns(rule: GradeRule, quantities: dict[Quantity, pl.Expr]) -> pl.Expr:
    return pl.all_horizontal(
        _compare_columns(quantities[each.left], each.operator, each.factor * quantities[each.right])
        for each in rule.comparisons
    )


def _compare_columns(left: pl.Expr, operator: Operator, bound: pl.Expr) -> pl.Expr:
    larger = pl.when(left.abs() > bound.abs()).then(left.abs()).otherwise(bound.abs())
    equal = (left - bound).abs() <= RELATIVE_TOLERANCE * larger
    match operator:
        case "<":
            return (left < bound) & ~equal
        case "<=":
            return (left < bound) | equal
        case ">":
            return (left > bound) & ~equal
        case ">=":
            return (left > bound) | equal
