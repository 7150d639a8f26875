"""The numeric rules of the Common Toxicity Criteria (CTC, later CTCAE), as tables.

One table per term and version: each line is a grade and the comparisons that must all hold for it.
The grade of a value is the highest one whose line holds, so a number bound beats the limit of
normal without saying so. "A to B" in the criteria includes B and excludes A: the boundary belongs
to the milder grade, hence strict comparisons. Two rules of the criteria are inclusive and say `<=`
or `>=`: weight loss "5 to <10 %", and ALT 5.0 "1.5 - 3.0 x baseline".

Sources: NCI CTEP, Common Terminology Criteria for Adverse Events 3.0 (9 August 2006), 4.03 (14 June
2010), 5.0 (27 November 2017), bounds in SI units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal

Version = Literal["3.0", "4.03", "5.0"]
VERSIONS: tuple[Version, ...] = ("3.0", "4.03", "5.0")

RELATIVE_TOLERANCE = 1e-9
LARGEST = 1e100
"""No measurement comes near it; keeps multiples finite."""

Quantity = Literal["VALUE", "LLN", "ULN", "BASE", "ONE"]
Operator = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left` against `factor` times `right`; the right side ONE stands for a plain number."""

    left: Quantity
    operator: Operator
    factor: float
    right: Quantity


@dataclass(frozen=True, slots=True)
class GradeRule:
    """A value has at least this grade when every comparison holds."""

    grade: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A graded measurement; values, limits of normal and baseline are all in `unit`.

    `direction` is the side on which it is graded; `rules` by version. Below `least` (0 excepted) a
    value is hardly compatible with life: the unit is more likely to be wrong than the value.
    """

    code: str
    label: str
    unit: str
    direction: Literal["low", "high"]
    rules: Mapping[Version, tuple[GradeRule, ...]]
    least: float = 0

    def references(self, version: Version) -> tuple[Quantity, ...]:
        """What besides the value this version can need: LLN, ULN, BASE."""
        used = {
            quantity
            for rule in self.rules[version]
            for comparison in rule.comparisons
            for quantity in (comparison.left, comparison.right)
        }
        order: tuple[Quantity, ...] = ("LLN", "ULN", "BASE")
        return tuple(quantity for quantity in order if quantity in used)


def _low(*bounds: float) -> tuple[GradeRule, ...]:
    """Grade 1 below the lower limit of normal, then grade 2, 3... below each bound."""
    below = [GradeRule(1, (Comparison("VALUE", "<", 1, "LLN"),))]
    for grade, bound in enumerate(bounds, start=2):
        below.append(GradeRule(grade, (Comparison("VALUE", "<", bound, "ONE"),)))
    return tuple(below)


def _above(of: Quantity, *multiples: float) -> tuple[GradeRule, ...]:
    """Grade 1, 2... above each multiple of a limit of normal or of the baseline."""
    return tuple(
        GradeRule(grade, (Comparison("VALUE", ">", multiple, of),))
        for grade, multiple in enumerate(multiples, start=1)
    )


def _alt_5() -> tuple[GradeRule, ...]:
    """ALT 5.0: multiples of the upper limit where the baseline was normal, of the baseline where it
    was above that limit. The third comparison of an abnormal line follows from the other two; it is
    there so that a value within normal limits is known to be grade 0 without any baseline."""
    above_normal = Comparison("VALUE", ">", 1, "ULN")
    normal, abnormal = Comparison("BASE", "<=", 1, "ULN"), Comparison("BASE", ">", 1, "ULN")
    by_limit = [
        GradeRule(rule.grade, (*rule.comparisons, normal)) for rule in _above("ULN", 1, 3, 5, 20)
    ]
    by_baseline = [
        GradeRule(1, (Comparison("VALUE", ">=", 1.5, "BASE"), abnormal, above_normal)),
        GradeRule(2, (Comparison("VALUE", ">", 3, "BASE"), abnormal, above_normal)),
        GradeRule(3, (Comparison("VALUE", ">", 5, "BASE"), abnormal, above_normal)),
        GradeRule(4, (Comparison("VALUE", ">", 20, "BASE"), abnormal, above_normal)),
    ]
    return (*by_limit, *by_baseline)


def _same(rules: tuple[GradeRule, ...]) -> Mapping[Version, tuple[GradeRule, ...]]:
    return MappingProxyType(dict.fromkeys(VERSIONS, rules))


def _by_version(
    v3: tuple[GradeRule, ...], v4: tuple[GradeRule, ...], v5: tuple[GradeRule, ...]
) -> Mapping[Version, tuple[GradeRule, ...]]:
    return MappingProxyType({"3.0": v3, "4.03": v4, "5.0": v5})


# From 4.0 on grade 4 anaemia is a clinical judgement; a number alone reaches grade 3 at most.
_HGB_3, _HGB_4 = _low(100, 80, 65), _low(100, 80)

# Creatinine: 4.03 grades above 1 x baseline, even within normal limits; 5.0 no longer does. The
# baseline alone reaches grade 3 at most.
_CREAT_LIMIT = _above("ULN", 1, 1.5, 3, 6)
_CREAT_4 = (*_CREAT_LIMIT, *_above("BASE", 1, 1.5, 3))
_CREAT_5 = (*_CREAT_LIMIT, *_above("BASE", 1, 1.5, 3)[1:])

_WEIGHT = tuple(
    GradeRule(grade, (Comparison("VALUE", "<=", rest, "BASE"),))
    for grade, rest in ((1, 0.95), (2, 0.90), (3, 0.80))
)

TERMS: Mapping[str, Term] = MappingProxyType(
    {
        term.code: term
        for term in (
            Term("NEUT", "Neutrophils", "10*9/L", "low", _same(_low(1.5, 1.0, 0.5)), 0.005),
            Term("WBC", "Leukocytes", "10*9/L", "low", _same(_low(3.0, 2.0, 1.0)), 0.02),
            Term("PLAT", "Platelets", "10*9/L", "low", _same(_low(75, 50, 25)), 1),
            Term("HGB", "Haemoglobin", "g/L", "low", _by_version(_HGB_3, _HGB_4, _HGB_4), 15),
            Term(
                "ALT",
                "Alanine aminotransferase",
                "U/L",
                "high",
                _by_version(_above("ULN", 1, 2.5, 5, 20), _above("ULN", 1, 3, 5, 20), _alt_5()),
            ),
            Term(
                "CREAT",
                "Creatinine",
                "umol/L",
                "high",
                _by_version(_CREAT_LIMIT, _CREAT_4, _CREAT_5),
                5,
            ),
            Term("WEIGHT", "Weight loss", "kg", "low", _same(_WEIGHT), 20),
        )
    }
)
"""Graded measurements by LBTESTCD (VSTESTCD for WEIGHT)."""


def rules_of(term: str, version: str) -> tuple[GradeRule, ...]:
    """The rules of a term. Raises ValueError for an unknown term or version."""
    if term not in TERMS:
        nearest = get_close_matches(term.upper(), TERMS, n=1)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else f"; there are {', '.join(TERMS)}"
        raise ValueError(f"the toxicity criteria here have no term {term!r}{hint}")
    for known in VERSIONS:
        if version == known:
            return TERMS[term].rules[known]
    raise ValueError(f"no toxicity criteria {version!r}; there are {', '.join(VERSIONS)}")
