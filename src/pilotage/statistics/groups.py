"""Two groups of subjects: do their values differ? A difference is the first less the second."""

import math
from collections.abc import Iterable, Sequence

from pilotage.statistics.distributions import normal_p, student_p, student_quantile
from pilotage.statistics.inputs import (
    check_exact_size,
    check_level,
    check_rank_method,
    checked_numbers,
)
from pilotage.statistics.locations import NOISE, mean, standard_deviation
from pilotage.statistics.ranks import doubled_midranks, drawn_sum_p, tie_sizes
from pilotage.statistics.results import Method, NotComputable, Test

EXACT_LIMIT = 150
"""Up to so many values the exact Mann-Whitney distribution takes under a second."""


def pooled_t(x: Iterable[float], y: Iterable[float], *, level: float = 0.95) -> Test:
    """Student's t test with one variance for both groups; `estimate` is mean of x less mean of y.

    A group of one value is allowed: it adds nothing to the variance. NotComputable where a group
    is empty, both have one value, or the values within each group are all equal.

    Source: Student 1908, Biometrika 6:1; as R's t.test(x, y, var.equal = TRUE).
    """
    first, second = _checked_groups(x, y)
    check_level(level)
    df = len(first) + len(second) - 2
    if df < 1:
        raise NotComputable("fewer than three values in the two groups together")
    variance = (_sum_of_squares(first) + _sum_of_squares(second)) / df
    error = math.sqrt(variance * (1 / len(first) + 1 / len(second)))
    return _t_test("pooled t", first, second, error=error, df=df, level=level)


def welch_t(x: Iterable[float], y: Iterable[float], *, level: float = 0.95) -> Test:
    """Welch's t test, each group with its own variance; `estimate` is mean of x less mean of y.

    NotComputable where a group has fewer than two values, or the values within each group are all
    equal.

    Source: Welch 1947, Biometrika 34:28, degrees of freedom of Satterthwaite 1946; as R's
    t.test(x, y).
    """
    first, second = _checked_groups(x, y)
    check_level(level)
    n, m = len(first), len(second)
    if min(n, m) < 2:
        raise NotComputable("fewer than two values in a group")
    a = _sum_of_squares(first) / (n - 1) / n
    b = _sum_of_squares(second) / (m - 1) / m
    if a + b == 0:
        raise NotComputable("all values within each group are equal")
    # shares first: squares of very small variances would vanish
    share = a / (a + b)
    df = 1 / (share**2 / (n - 1) + (1 - share) ** 2 / (m - 1))
    return _t_test("Welch t", first, second, error=math.sqrt(a + b), df=df, level=level)


def mann_whitney(
    x: Iterable[float],
    y: Iterable[float],
    *,
    method: Method = "exact",
    continuity: bool = False,
) -> Test:
    """The Mann-Whitney test, also called Wilcoxon's rank-sum test; `statistic` is U of x.

    U counts the pairs of one x and one y in which x is higher, a tie counting half.
    Exact is the full permutation distribution given the ties, two-sided by the distance from the
    expectation; asymptotic has the variance corrected for ties, and the correction of 1/2 for
    continuity only where asked for. NotComputable where a group is empty, all values are equal, or
    there are more than EXACT_LIMIT values for the exact test.

    Source: Mann and Whitney 1947, Ann Math Stat 18:50; as R's exactRankTests::wilcox.exact and
    coin::wilcox_test (exact) and wilcox.test (asymptotic).
    """
    check_rank_method(method, continuity=continuity)
    first, second = _checked_groups(x, y)
    both = first + second
    if min(both) == max(both):
        raise NotComputable("all values are equal")
    n, m = len(first), len(second)
    ranks = doubled_midranks(both)
    drawn = sum(ranks[:n])
    statistic = drawn / 2 - n * (n + 1) / 2
    ties = tie_sizes(both)
    if method == "exact":
        check_exact_size(both, EXACT_LIMIT)
        p = drawn_sum_p(ranks, n, drawn)
    else:
        tied = sum(size**3 - size for size in ties) / ((n + m) * (n + m - 1))
        deviation = math.sqrt(n * m / 12 * (n + m + 1 - tied))
        distance = abs(statistic - n * m / 2)
        p = normal_p(max(0.0, distance - continuity * 0.5) / deviation)
    return Test(
        method=f"Mann-Whitney, {method}",
        statistic=statistic,
        p=p,
        n=n + m,
        group_sizes=(n, m),
        ties=sum(ties),
        continuity=continuity,
    )


def _t_test(
    method: str,
    first: Sequence[float],
    second: Sequence[float],
    *,
    error: float,
    df: float,
    level: float,
) -> Test:
    one, other = mean(first), mean(second)
    if error <= NOISE * max(abs(one), abs(other)):
        raise NotComputable("all values within each group are equal")
    estimate = one - other
    t, half = estimate / error, student_quantile(level, df) * error
    return Test(
        method=method,
        statistic=t,
        p=student_p(t, df),
        n=len(first) + len(second),
        group_sizes=(len(first), len(second)),
        df=df,
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        level=level,
    )


def _sum_of_squares(values: Sequence[float]) -> float:
    """Squared distances from the mean; 0 for a single value."""
    if len(values) == 1:
        return 0.0
    return standard_deviation(values) ** 2 * (len(values) - 1)


def _checked_groups(x: Iterable[float], y: Iterable[float]) -> tuple[list[float], list[float]]:
    first, second = checked_numbers(x, "first group"), checked_numbers(y, "second group")
    if not first or not second:
        raise NotComputable("a group is empty")
    return first, second
