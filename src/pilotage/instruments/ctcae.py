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

from math import isclose

from pilotage.instruments.ctcae_clinical import ClinicalTerm, clinical_terms
from pilotage.instruments.ctcae_columns import grade_columns, with_grades
from pilotage.instruments.ctcae_terms import (
    LARGEST,
    RELATIVE_TOLERANCE,
    TERMS,
    VERSIONS,
    Comparison,
    GradeRule,
    Quantity,
    Term,
    rules_of,
)

__all__ = [
    "TERMS",
    "VERSIONS",
    "ClinicalTerm",
    "Term",
    "clinical_terms",
    "grade",
    "grade_columns",
    "with_grades",
]


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
    rules = rules_of(term, version)
    highest: int | None = 0
    for rule in sorted(rules, key=lambda rule: rule.grade):
        match _holds(rule, quantities):
            case True:
                highest = rule.grade
            case None if highest is None or rule.grade > highest:
                highest = None
    return highest


def _at_least_zero(number: float | None) -> float | None:
    return number if number is not None and 0 <= number < LARGEST else None


def _above_zero(number: float | None) -> float | None:
    return number if number is not None and 0 < number < LARGEST else None


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
