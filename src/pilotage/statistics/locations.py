"""Where values lie and how they spread."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pilotage.statistics.distributions import student_quantile
from pilotage.statistics.inputs import check_level, checked_numbers
from pilotage.statistics.results import Interval, NotComputable

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
        median=quantile(ordered, quarter=2),
        q1=quantile(ordered, quarter=1),
        q3=quantile(ordered, quarter=3),
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


def quantile(ordered: Sequence[float], *, quarter: int) -> float:
    """The quartile 1, 2 (the median) or 3 of sorted values.

    Where quarter/4 of the values is a whole number j, the mean of the j-th and the next; else the
    value after it.

    Source: SAS PCTLDEF=5; R's quantile(type = 2); NumPy's `averaged_inverted_cdf`.
    """
    j, rest = divmod(len(ordered) * quarter, 4)
    return ordered[j] if rest else (ordered[j - 1] + ordered[j]) / 2
