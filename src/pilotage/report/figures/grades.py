"""Between which values a measurement has which toxicity grade, given the limits of normal."""

from dataclasses import dataclass
from itertools import pairwise
from math import inf

from pilotage.instruments.ctcae import TERMS, grade
from pilotage.instruments.ctcae_terms import Version


@dataclass(frozen=True, slots=True)
class Band:
    """Values of one grade, from `low` to `high`; the boundary belongs to the milder side."""

    grade: int
    low: float
    high: float


def bands(term: str, *, version: Version, lln: float | None, uln: float | None) -> list[Band]:
    """The bands of a term, lowest values first. Boundaries that depend on a limit that is not
    given, or on the baseline of the subject, are not there: what lies between the others and
    cannot be graded has no band."""
    limits = {"ONE": 1.0, "LLN": lln, "ULN": uln}
    bounds = sorted(
        {
            comparison.factor * limit
            for rule in TERMS[term].rules[version]
            for comparison in rule.comparisons
            if comparison.left == "VALUE" and (limit := limits.get(comparison.right)) is not None
        }
    )
    edges = [0.0, *bounds, inf]
    made: list[Band] = []
    for low, high in pairwise(edges):
        inside = (low + high) / 2 if high < inf else low * 2 + 1
        found = grade(term, inside, lln=lln, uln=uln, version=version)
        if found is None:
            continue
        if made and made[-1].grade == found and made[-1].high == low:
            made[-1] = Band(found, made[-1].low, high)
        else:
            made.append(Band(found, low, high))
    return made
