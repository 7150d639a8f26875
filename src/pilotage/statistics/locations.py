"""Where values lie and how they spread."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from pilotage.statistics.distributions import at_most, student_quantile
from pilotage.statistics.inputs import check_level, checked_numbers
from pilotage.statistics.pseudomedian import HodgesLehmann, hodges_lehmann, hodges_lehmann_shift
from pilotage.statistics.results import Interval, NotComputable
from pilotage.statistics.rounding import as_written

__all__ = [
    "Definition",
    "HodgesLehmann",
    "Summary",
    "hodges_lehmann",
    "hodges_lehmann_shift",
    "mean",
    "mean_interval",
    "median_interval",
    "quantile",
    "standard_deviation",
    "summarise",
]

Definition = Literal["SAS 5", "SAS 4", "R 7"]

NOISE = 10 * 2.0**-52
"""A standard error below this share of the mean is rounding noise (R's t.test has the same)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Descriptive statistics in the unit of the values; None where one is not defined.

    Without values everything but n is None; one value has no `sd` and no `sem`. `q1` and `q3` are
    SAS definition 5. `reason` says why something is None.
    """

    n: int
    mean: float | None = None
    sd: float | None = None
    sem: float | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def reason(self) -> str | None:
        """Why fields are None: a phrase, or None where all are known."""
        if self.n == 0:
            return "no values"
        return "fewer than two values" if self.n == 1 else None


def summarise(values: Iterable[float]) -> Summary:
    """n, mean, standard deviation (n - 1), its standard error, median, quartiles and range.

    The same to the last bit in whatever order the values come. ValueError for a missing value.
    """
    ordered = sorted(checked_numbers(values))
    n = len(ordered)
    if n == 0:
        return Summary(0)
    sd = standard_deviation(ordered) if n > 1 else None
    return Summary(
        n=n,
        mean=mean(ordered),
        sd=sd,
        sem=None if sd is None else sd / math.sqrt(n),
        median=quantile(ordered, 0.5),
        q1=quantile(ordered, 0.25),
        q3=quantile(ordered, 0.75),
        minimum=ordered[0],
        maximum=ordered[-1],
    )


def mean_interval(values: Iterable[float], *, level: float = 0.95) -> Interval:
    """The mean and its interval by the t distribution with n - 1 degrees of freedom.

    NotComputable with fewer than two values, and where all are equal: an interval without width
    would pretend to certainty.
    """
    numbers = checked_numbers(values)
    check_level(level)
    n = len(numbers)
    if n < 2:
        raise NotComputable("fewer than two values")
    centre = mean(numbers)
    error = standard_deviation(numbers) / math.sqrt(n)
    if error <= NOISE * abs(centre):
        raise NotComputable("all values are equal")
    half = student_quantile(level, n - 1) * error
    return Interval(centre, centre - half, centre + half, level=level, method="t", n=n)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of at least one number; exactly that number where all are equal."""
    if min(values) == max(values):
        return values[0]
    return math.fsum(values) / len(values)


def standard_deviation(values: Sequence[float]) -> float:
    """The standard deviation with divisor n - 1 of at least two numbers."""
    centre = mean(values)
    return math.hypot(*(value - centre for value in values)) / math.sqrt(len(values) - 1)


def median_interval(values: Iterable[float], *, level: float = 0.95) -> Interval:
    """The median with the interval between two of the values that the sign test does not reject.

    It needs no assumption about the distribution; its confidence is at least `level`. NotComputable
    with so few values that even their range does not reach the level (5 and fewer for 0.95), and
    where all are equal.

    Source: Hollander and Wolfe 1999, Nonparametric Statistical Methods, section 3.6; in R
    sort(values)[c(k, n + 1 - k)] with k = qbinom((1 - level) / 2, n, 1/2).
    """
    ordered = sorted(checked_numbers(values))
    check_level(level)
    n, tail = len(ordered), (1 - level) / 2
    if n == 0:
        raise NotComputable("no values")
    place = next(k for k in range(n + 1) if at_most(k, n, 0.5) >= tail)
    if place == 0:
        raise NotComputable(f"too few values for a level of {level:g}")
    if ordered[0] == ordered[-1]:
        raise NotComputable("all values are equal")
    low, high = ordered[place - 1], ordered[-place]
    return Interval(quantile(ordered, 0.5), low, high, level=level, method="order statistics", n=n)


def quantile(
    values: Iterable[float], probability: float, *, definition: Definition = "SAS 5"
) -> float:
    """The value below which a share of the values lies, between 0 and 1 (0.25: lower quartile).

    With n values sorted and the probability p as it is written:
    "SAS 5" (R type 2): where n p is a whole number j, the mean of the j-th and the next, else the
    value after it. "SAS 4" (R type 6) and "R 7" (R's default) go along the line between neighbours,
    at the place (n + 1) p and 1 + (n - 1) p.
    NotComputable without values.

    Source: SAS PCTLDEF; Hyndman and Fan 1996, Am Stat 50:361; as R's quantile(type = 2, 6, 7).
    """
    ordered = sorted(checked_numbers(values))
    if definition not in get_args(Definition):
        raise ValueError(f"the definition is {definition!r}; it must be 'SAS 5', 'SAS 4' or 'R 7'")
    if not 0 <= probability <= 1:
        raise ValueError(f"the probability is {probability!r}; it must lie between 0 and 1")
    n, p = len(ordered), as_written(probability)
    if n == 0:
        raise NotComputable("no values")
    if definition == "SAS 5":
        place, rest = divmod(n * p, 1)
        rest = Fraction(1, 2) if rest == 0 else Fraction(1)
    else:
        place, rest = divmod((n + 1) * p if definition == "SAS 4" else 1 + (n - 1) * p, 1)
    low, high = ordered[min(max(place, 1), n) - 1], ordered[min(place, n - 1)]
    if low == high:  # to the last bit
        return low
    return float(1 - rest) * low + float(rest) * high
