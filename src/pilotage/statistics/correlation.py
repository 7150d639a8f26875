"""Two values of each subject: do they go together?"""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from pilotage.statistics.distributions import normal_p, normal_quantile, student_p
from pilotage.statistics.inputs import (
    check_exact_size,
    check_level,
    check_rank_method,
    checked_numbers,
)
from pilotage.statistics.locations import mean
from pilotage.statistics.ranks import doubled_midranks, tie_sizes
from pilotage.statistics.results import Method, NotComputable, Test

SPEARMAN_LIMIT = 9
"""Up to so many pairs the exact distribution of rho is compared with that of R."""

KENDALL_LIMIT = 150
"""Up to so many pairs the exact distribution of tau takes well under a second."""


def pearson(x: Iterable[float], y: Iterable[float], *, level: float = 0.95) -> Test:
    """Pearson's correlation; `estimate` is r, `statistic` t, the interval by Fisher's z.

    `low` and `high` are None with three pairs. NotComputable with fewer than three pairs, where
    all values of a side are equal, or where the pairs lie on a line (t is infinite).

    Source: Fisher 1921, Metron 1:3; as R's cor.test.
    """
    first, second = _checked_pairs(x, y)
    check_level(level)
    n, r = len(first), _correlation(first, second)
    if 1 - abs(r) < 1e-14:
        raise NotComputable("all pairs lie on a line")
    t = r * math.sqrt((n - 2) / (1 - r * r))
    low = high = None
    if n > 3:
        half = normal_quantile(level) / math.sqrt(n - 3)
        low, high = math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
    return Test(
        method="Pearson",
        statistic=t,
        p=student_p(t, n - 2),
        n=n,
        df=n - 2,
        estimate=r,
        low=low,
        high=high,
        level=None if low is None else level,
    )


def spearman(x: Iterable[float], y: Iterable[float], *, method: Method = "exact") -> Test:
    """Spearman's correlation of the ranks, midranks where tied; `estimate` is rho.

    Exact is the full permutation distribution given the ties, two-sided by the distance of rho from
    0, of at most SPEARMAN_LIMIT pairs; asymptotic takes t with n - 2 degrees of freedom, and
    rho of 1 or -1 has a P of 0 then. `statistic` is S = (n³ - n)(1 - rho) / 6.
    NotComputable with fewer than three pairs, or where all values of a side are equal.

    Source: Spearman 1904, Am J Psychol 15:72; as R's cor.test(method = "spearman"), exact up to 9
    pairs there.
    """
    check_rank_method(method, continuity=False)
    first, second = _checked_pairs(x, y)
    ranks, others, n = doubled_midranks(first), doubled_midranks(second), len(first)
    rho = _correlation(ranks, others)
    if method == "exact":
        check_exact_size(first, SPEARMAN_LIMIT)
        p = _permutation_p(ranks, others)
    elif 1 - abs(rho) < 1e-14:
        p = 0.0
    else:
        p = student_p(rho * math.sqrt((n - 2) / (1 - rho * rho)), n - 2)
    return Test(
        method=f"Spearman, {method}",
        statistic=(n**3 - n) * (1 - rho) / 6,
        p=p,
        n=n,
        estimate=rho,
        ties=sum(tie_sizes(first)) + sum(tie_sizes(second)),
    )


def kendall(
    x: Iterable[float],
    y: Iterable[float],
    *,
    method: Method = "exact",
    continuity: bool = False,
) -> Test:
    """Kendall's correlation; `estimate` is tau-b, `statistic` the pairs that agree less the others.

    Exact needs values without ties and at most KENDALL_LIMIT pairs; asymptotic has the variance
    corrected for ties, and the correction of 1 for continuity only where asked for.
    NotComputable with fewer than three pairs, where all values of a side are equal, or for the
    exact test of tied values.

    Source: Kendall 1938, Biometrika 30:81; 1945, Biometrika 33:239 (ties); as R's
    cor.test(method = "kendall").
    """
    check_rank_method(method, continuity=continuity)
    first, second = _checked_pairs(x, y)
    n, ties_x, ties_y = len(first), tie_sizes(first), tie_sizes(second)
    pairs = combinations(zip(first, second, strict=True), 2)
    score = sum(_sign(a - c) * _sign(b - d) for (a, b), (c, d) in pairs)
    every = n * (n - 1) // 2
    apart_x = every - sum(size * (size - 1) // 2 for size in ties_x)
    apart_y = every - sum(size * (size - 1) // 2 for size in ties_y)
    if method == "exact":
        check_exact_size(first, KENDALL_LIMIT)
        if ties_x or ties_y:
            raise NotComputable("tied values: Kendall's exact distribution is that without ties")
        p = _inversions_p(n, (every - abs(score)) // 2)
    else:
        deviation = math.sqrt(_kendall_variance(n, ties_x, ties_y))
        p = normal_p(max(0, abs(score) - continuity) / deviation)
    return Test(
        method=f"Kendall, {method}",
        statistic=score,
        p=p,
        n=n,
        estimate=score / math.sqrt(apart_x * apart_y),
        ties=sum(ties_x) + sum(ties_y),
        continuity=continuity,
    )


def _permutation_p(ranks: Sequence[int], others: Sequence[int]) -> float:
    """Exact P of the sum of products over all ways to pair the ranks, by its distance from rho 0.

    Goes through the subsets of the second side, so that n! pairings cost 2^n sums.
    """
    import numpy as np

    n, mask_count = len(ranks), 1 << len(ranks)
    products = [[(a - 1) * (b - 1) for b in others] for a in ranks]  # ranks from 0 keep sums small
    step = math.gcd(*(number for row in products for number in row))
    products = [[number // step for number in row] for row in products]
    most = sum(a * b for a, b in zip(sorted(ranks), sorted(others), strict=True))
    most = (most - sum(ranks) - sum(others) + n) // step
    ways = np.zeros((mask_count, most + 1))
    ways[0, 0] = 1.0
    masks = np.arange(mask_count)
    size = np.array([mask.bit_count() for mask in range(mask_count)])
    for used, row in enumerate(products):
        for place, number in enumerate(row):
            start = masks[(size == used) & (masks & (1 << place) == 0)]
            ways[start | (1 << place), number:] += ways[start, : most + 1 - number]
    observed = sum(row[place] for place, row in enumerate(products))
    middle = sum(sum(row) for row in products)  # n times the expectation
    distance = np.abs(n * np.arange(most + 1) - middle)
    far = ways[-1, distance >= abs(n * observed - middle)]
    return min(1.0, float(far.sum() / math.factorial(n)))


def _inversions_p(n: int, inversions: int) -> float:
    """Two-sided exact P: twice the chance of so few inversions among n, 1 at most."""
    import numpy as np

    chances = np.ones(1)
    for size in range(2, n + 1):
        chances = np.convolve(chances, np.full(size, 1 / size))
    return min(1.0, 2 * float(chances[: inversions + 1].sum()))


def _kendall_variance(n: int, ties_x: Sequence[int], ties_y: Sequence[int]) -> float:
    """Of the score, given the sizes of the tied groups of both sides (Kendall 1945)."""

    def pairs(ties: Sequence[int]) -> int:
        return sum(t * (t - 1) for t in ties)

    def triples(ties: Sequence[int]) -> int:
        return sum(t * (t - 1) * (t - 2) for t in ties)

    def spread(ties: Sequence[int]) -> int:
        return sum(t * (t - 1) * (2 * t + 5) for t in ties)

    return (
        (spread([n]) - spread(ties_x) - spread(ties_y)) / 18
        + pairs(ties_x) * pairs(ties_y) / (2 * pairs([n]))
        + triples(ties_x) * triples(ties_y) / (9 * triples([n]))
    )


def _correlation(x: Sequence[float], y: Sequence[float]) -> float:
    centre, other = mean(x), mean(y)
    dx, dy = [value - centre for value in x], [value - other for value in y]
    together = math.fsum(a * b for a, b in zip(dx, dy, strict=True))
    return max(-1.0, min(1.0, together / (math.hypot(*dx) * math.hypot(*dy))))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _checked_pairs(x: Iterable[float], y: Iterable[float]) -> tuple[list[float], list[float]]:
    first, second = checked_numbers(x, "first side"), checked_numbers(y, "second side")
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} values are not pairs")
    if len(first) < 3:
        raise NotComputable("fewer than three pairs")
    if min(first) == max(first) or min(second) == max(second):
        raise NotComputable("all values of a side are equal")
    return first, second
