"""The Hodges-Lehmann estimates, and the intervals that belong to Wilcoxon's rank tests.

The bounds are values from the middle of which the estimate is the median: averages of two values
(one sample) or differences between the groups. How far out they lie, the distribution of the rank
test says.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

from pilotage.statistics.distributions import normal_quantile
from pilotage.statistics.inputs import (
    check_exact_size,
    check_level,
    check_rank_method,
    checked_numbers,
)
from pilotage.statistics.ranks import drawn_sums, signed_sums, tie_sizes
from pilotage.statistics.results import Method, NotComputable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT_LIMIT = 150
"""Up to so many values the exact distribution takes under a second."""

FUZZ = 1e-12
"""A tail so near to half of what the level leaves counts as equal to it."""


@dataclass(frozen=True, slots=True)
class HodgesLehmann:
    """An estimate of location or shift in the unit of the values, with its interval.

    `low` and `high` are None where there are too few values for the level, which `reason` says.
    `achieved` is the confidence that an exact interval really has without ties, at least `level`
    (more, as ranks jump); None for an asymptotic one and where there is none.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float
    achieved: float | None
    method: str
    n: int
    group_sizes: tuple[int, int] | None = None
    continuity: bool = False

    @property
    def reason(self) -> str | None:
        """Why there is no interval: a phrase, or None where there is one."""
        return f"too few values for a level of {self.level:g}" if self.low is None else None


def hodges_lehmann(
    values: Iterable[float],
    *,
    level: float = 0.95,
    method: Method = "exact",
    continuity: bool = False,
) -> HodgesLehmann:
    """The pseudomedian of one sample (changes of pairs, say) with the signed-rank interval.

    The estimate is the median of all averages of two values, each value with itself too. Zeros are
    values like others. Exact bounds follow the distribution without ties; ties only raise their
    coverage. Asymptotic ones have the variance corrected for tied values.
    NotComputable without values, where all are equal, or with more than EXACT_LIMIT values for the
    exact interval.

    Source: Hodges and Lehmann 1963, Ann Math Stat 34:598; Hollander and Wolfe 1999, Nonparametric
    Statistical Methods, section 3.3; as R's wilcox.test(values, conf.int = TRUE).
    """
    check_rank_method(method, continuity=continuity)
    check_level(level)
    numbers = checked_numbers(values)
    _check_spread(numbers)
    n = len(numbers)
    averages = sorted((a + b) / 2 for a, b in combinations_with_replacement(numbers, 2))
    if method == "exact":
        check_exact_size(numbers, EXACT_LIMIT)
        # doubled ranks: every second sum is possible
        place, achieved = _exact_place(signed_sums(range(2, 2 * n + 1, 2))[::2], level)
    else:
        tied = sum(size**3 - size for size in tie_sizes(numbers)) / 48
        variance = n * (n + 1) * (2 * n + 1) / 24 - tied
        place = _asymptotic_place(len(averages), variance, level, continuity=continuity)
        achieved = None
    low, high = _bounds(averages, place)
    return HodgesLehmann(
        estimate=_median(averages),
        low=low,
        high=high,
        level=level,
        achieved=achieved,
        method=f"Hodges-Lehmann, {method}",
        n=n,
        continuity=continuity,
    )


def hodges_lehmann_shift(
    x: Iterable[float],
    y: Iterable[float],
    *,
    level: float = 0.95,
    method: Method = "exact",
    continuity: bool = False,
) -> HodgesLehmann:
    """How far x lies above y, with the Mann-Whitney interval.

    The estimate is the median of all differences, a value of x less one of y. Exact bounds follow
    the distribution without ties; ties only raise their coverage. Asymptotic ones have the
    variance corrected for ties within the groups.
    NotComputable where a group is empty, all values within each group are equal, or there are more
    than EXACT_LIMIT values for the exact interval.

    Source: Hodges and Lehmann 1963, Ann Math Stat 34:598; Hollander and Wolfe 1999, Nonparametric
    Statistical Methods, section 4.3; as R's wilcox.test(x, y, conf.int = TRUE).
    """
    check_rank_method(method, continuity=continuity)
    check_level(level)
    first, second = checked_numbers(x, "first group"), checked_numbers(y, "second group")
    if not first or not second:
        raise NotComputable("a group is empty")
    n, m = len(first), len(second)
    if n + m > 2 and min(first) == max(first) and min(second) == max(second):
        raise NotComputable("all values within each group are equal")
    differences = sorted(one - other for one, other in product(first, second))
    if method == "exact":
        check_exact_size(first + second, EXACT_LIMIT)
        ways = drawn_sums(range(1, n + m + 1), n)[n * (n + 1) // 2 :][: n * m + 1]
        place, achieved = _exact_place(ways / ways.sum(), level)
    else:
        ties = tie_sizes(first) + tie_sizes(second)
        tied = sum(size**3 - size for size in ties) / ((n + m) * (n + m - 1))
        variance = n * m / 12 * (n + m + 1 - tied)
        place = _asymptotic_place(len(differences), variance, level, continuity=continuity)
        achieved = None
    low, high = _bounds(differences, place)
    return HodgesLehmann(
        estimate=_median(differences),
        low=low,
        high=high,
        level=level,
        achieved=achieved,
        method=f"Hodges-Lehmann shift, {method}",
        n=n + m,
        group_sizes=(n, m),
        continuity=continuity,
    )


def _exact_place(chances: "NDArray[np.float64]", level: float) -> tuple[int, float | None]:
    """The place of the lower bound, counted from 1 (0: there is none), and its confidence.

    `chances[w]` is the probability of a rank statistic of w. The first w whose lower tail reaches
    half of what the level leaves, as R's qsignrank and qwilcox have it.
    """
    import numpy as np

    tails = np.cumsum(chances)
    half = (1 - level) / 2
    place = max(1, int(np.argmax(tails >= half * (1 - FUZZ))))
    achieved = 1 - 2 * float(tails[place - 1])
    return (place, achieved) if tails[place - 1] <= half * (1 + FUZZ) else (0, None)


def _asymptotic_place(count: int, variance: float, level: float, *, continuity: bool) -> int:
    """The place of the lower bound at which the asymptotic test just does not reject."""
    width = normal_quantile(level) * math.sqrt(variance) + continuity * 0.5
    return max(0, math.ceil(count / 2 - width))


def _bounds(ordered: Sequence[float], place: int) -> tuple[float | None, float | None]:
    return (ordered[place - 1], ordered[-place]) if place else (None, None)


def _median(ordered: Sequence[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _check_spread(numbers: Sequence[float]) -> None:
    if not numbers:
        raise NotComputable("no values")
    if len(numbers) > 1 and min(numbers) == max(numbers):
        raise NotComputable("all values are equal")
