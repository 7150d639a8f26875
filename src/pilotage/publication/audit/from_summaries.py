"""P values that printed summaries allow: bounds over everything that the rounding leaves open.

A P value falls as the difference of the means grows and rises with the SDs; its ends lie where
these have theirs. Of a paired test only the correlation of the pairs is missing, which is between
-1 and 1.
"""

import math
from dataclasses import dataclass

from pilotage.statistics.distributions import normal_p, student_p, student_quantile


@dataclass(frozen=True, slots=True)
class Arm:
    """A mean and an SD, each between two ends, of n subjects."""

    n: int
    mean: tuple[float, float]
    sd: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values a P value lies; the smallest and the largest possible."""

    low: float
    high: float

    def meet(self, low: float, high: float) -> bool:
        return self.low <= high and low <= self.high


def difference(one: Arm, other: Arm) -> tuple[float, float]:
    """The smallest and the largest distance of the two means."""
    first, second = one.mean[0] - other.mean[1], one.mean[1] - other.mean[0]
    least = 0.0 if first <= 0 <= second else min(abs(first), abs(second))
    return least, max(abs(first), abs(second))


def pooled(one: Arm, other: Arm) -> Bounds:
    """The t test with one variance for both groups."""
    df = one.n + other.n - 2
    errors = []
    for end in (0, 1):
        squares = (one.n - 1) * one.sd[end] ** 2 + (other.n - 1) * other.sd[end] ** 2
        errors.append(math.sqrt(squares / df * (1 / one.n + 1 / other.n)))
    return _bounds(difference(one, other), (errors[0], errors[1]), (df, df))


def welch(one: Arm, other: Arm) -> Bounds:
    """Welch's t test. Its degrees of freedom are largest where the two variances of the means go
    with the sizes; that they may be reached between the ends is taken into account."""
    errors = [math.sqrt(one.sd[e] ** 2 / one.n + other.sd[e] ** 2 / other.n) for e in (0, 1)]
    found = [_welch_df(one.n, first, other.n, second) for first in one.sd for second in other.sd]
    most = max(found)
    ratios = [
        first**2 * other.n * (other.n - 1) - second**2 * one.n * (one.n - 1)
        for first in one.sd
        for second in other.sd
    ]
    if min(ratios) <= 0 <= max(ratios):
        most = float(one.n + other.n - 2)
    return _bounds(difference(one, other), (errors[0], errors[1]), (min(found), most))


def _welch_df(n: int, sd: float, other_n: int, other_sd: float) -> float:
    a, b = sd**2 / n, other_sd**2 / other_n
    if a + b == 0:
        return float(min(n, other_n) - 1)
    return (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (other_n - 1))


def paired(one: Arm, other: Arm) -> Bounds:
    """The paired t test over all correlations of the pairs."""
    n = one.n
    least = max(0.0, one.sd[0] - other.sd[1], other.sd[0] - one.sd[1])
    most = one.sd[1] + other.sd[1]
    errors = (least / math.sqrt(n), most / math.sqrt(n))
    return _bounds(difference(one, other), errors, (n - 1, n - 1))


def correlations(one: Arm, other: Arm, low: float, high: float) -> tuple[float, float] | None:
    """The correlations of the pairs with which the paired t test has a P value from low to high;
    None where it has none with any."""
    n, (least, most) = one.n, difference(one, other)
    if not paired(one, other).meet(low, high):
        return None
    if min(one.sd[0], other.sd[0]) <= 0:
        return -1.0, 1.0  # where all values may be alike, no correlation is excluded
    smallest = student_quantile(1 - min(high, 1.0), n - 1)
    largest = student_quantile(1 - max(low, 1e-12), n - 1)
    sds = (
        least * math.sqrt(n) / largest if largest > 0 else 0.0,
        most * math.sqrt(n) / smallest if smallest > 0 else math.inf,
    )
    found = [
        (first**2 + second**2 - min(sd, first + second) ** 2) / (2 * first * second)
        for first in one.sd
        for second in other.sd
        for sd in sds
    ]
    return max(-1.0, min(found)), min(1.0, max(found))


def smallest_signed_rank(n: int) -> float:
    """The smallest P value of the signed-rank test of n pairs: all changes in one way. The exact
    one, or that of the normal approximation, which is smaller for few pairs: its z is the sum of
    the signed ranks by the root of the sum of their squares, √n at most."""
    return min(1.0, 2.0 ** (1 - n), normal_p(math.sqrt(n)))


def smallest_mann_whitney(n: int, other_n: int) -> float:
    """The smallest P value of the Mann-Whitney test: no value of one group among the other's. The
    exact one, or that of the normal approximation corrected for ties: its z is the correlation of
    the ranks with the groups times √(n - 1) of all subjects."""
    least = math.sqrt(n + other_n - 1)
    return min(1.0, 2 / math.comb(n + other_n, n), normal_p(least))


def _bounds(
    difference_: tuple[float, float], errors: tuple[float, float], df: tuple[float, float]
) -> Bounds:
    least, most = difference_
    high = 1.0 if least == 0 or errors[1] == 0 else student_p(least / errors[1], df[0])
    low = 0.0 if errors[0] == 0 else student_p(most / errors[0], df[1])
    return Bounds(low if most > 0 else 1.0, high)
