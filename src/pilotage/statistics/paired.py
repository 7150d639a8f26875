"""Two values of the same subject: does the second differ from the first?

Differences are `after - before`, taken of the decimals as they are written: 1.1 - 0.9 and
0.7 - 0.5 are both 0.2, a tie that binary arithmetic would break.
"""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import get_args

from pilotage.statistics.distributions import normal_p, student_p, student_quantile
from pilotage.statistics.inputs import (
    check_exact_size,
    check_level,
    check_rank_method,
    checked_pairs,
)
from pilotage.statistics.locations import NOISE, mean, standard_deviation
from pilotage.statistics.proportions import binomial_test
from pilotage.statistics.ranks import doubled_midranks, signed_sum_p, tie_sizes
from pilotage.statistics.results import Method, NotComputable, Test, ZeroRule
from pilotage.statistics.rounding import as_written

EXACT_LIMIT = 500
"""Up to so many pairs the exact signed-rank distribution takes well under a second."""


def paired_t(after: Iterable[float], before: Iterable[float], *, level: float = 0.95) -> Test:
    """The paired t test; `estimate` is the mean of after - before, with its interval.

    NotComputable with fewer than two pairs, or where all differences are equal.

    Source: Student 1908, Biometrika 6:1; as R's t.test(after, before, paired = TRUE).
    """
    check_level(level)
    differences = _differences(after, before)
    n = len(differences)
    if n < 2:
        raise NotComputable("fewer than two pairs")
    numbers = [float(difference) for difference in differences]
    estimate = mean(numbers)
    error = standard_deviation(numbers) / math.sqrt(n)
    if error <= NOISE * abs(estimate):
        raise NotComputable("all differences are equal")
    t, df = estimate / error, n - 1
    half = student_quantile(level, df) * error
    return Test(
        method="paired t",
        statistic=t,
        p=student_p(t, df),
        n=n,
        df=df,
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        level=level,
        zero_differences=differences.count(Fraction(0)),
    )


def signed_rank(
    after: Iterable[float],
    before: Iterable[float],
    *,
    zeros: ZeroRule = "pratt",
    method: Method = "exact",
    continuity: bool = False,
) -> Test:
    """Wilcoxon's signed-rank test; `statistic` is the sum of the ranks of the rises.

    Zero rule: "pratt" ranks the zeros too and then leaves them out; "wilcox" leaves them out before
    ranking. Exact is the full permutation distribution given ties and zeros; asymptotic has the
    variance corrected for ties, and the correction of 1/2 for continuity only where asked for.
    NotComputable without pairs, where all differences are zero, or with more than EXACT_LIMIT
    pairs for the exact test.

    Source: Wilcoxon 1945, Biometrics Bull 1:80; Pratt 1959, J Am Stat Assoc 54:655; as R's
    exactRankTests::wilcox.exact (wilcox), coin::wilcoxsign_test (pratt), wilcox.test (asymptotic).
    """
    check_rank_method(method, continuity=continuity)
    if zeros not in get_args(ZeroRule):
        raise ValueError(f"the zero rule is {zeros!r}; it must be 'pratt' or 'wilcox'")
    differences = _differences(after, before)
    if not differences:
        raise NotComputable("no pairs")
    changed = [difference for difference in differences if difference != 0]
    if not changed:
        raise NotComputable("all differences are zero")
    zero_count = len(differences) - len(changed)
    sizes = [abs(difference) for difference in changed]
    # zeros are the smallest, so ranking them too raises every rank by one (doubled: two) each
    shift = 2 * zero_count if zeros == "pratt" else 0
    ranks = [rank + shift for rank in doubled_midranks(sizes)]
    positive = sum(rank for rank, change in zip(ranks, changed, strict=True) if change > 0)
    if method == "exact":
        check_exact_size(ranks, EXACT_LIMIT)
        p = signed_sum_p(ranks, positive)
    else:
        p = _asymptotic_p(ranks, positive, continuity=continuity)
    return Test(
        method=f"Wilcoxon signed-rank, {method}",
        statistic=positive / 2,
        p=p,
        n=len(differences),
        ties=sum(tie_sizes(sizes)),
        zeros=zeros,
        zero_differences=zero_count,
        continuity=continuity,
    )


def sign_test(after: Iterable[float], before: Iterable[float]) -> Test:
    """The exact sign test; `statistic` is the number of rises. Zero differences are left out.

    NotComputable without pairs, or where all differences are zero.

    Source: Conover 1999, Practical Nonparametric Statistics, section 3.4; as R's
    binom.test(sum(d > 0), sum(d != 0)).
    """
    differences = _differences(after, before)
    if not differences:
        raise NotComputable("no pairs")
    rises, falls = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    if rises + falls == 0:
        raise NotComputable("all differences are zero")
    return Test(
        method="sign",
        statistic=rises,
        p=binomial_test(rises, rises + falls, 0.5).p,
        n=len(differences),
        zeros="wilcox",
        zero_differences=len(differences) - rises - falls,
    )


def changes(after: Iterable[float], before: Iterable[float]) -> list[float]:
    """The differences after - before, of the decimals as written, for functions of one sample."""
    return [float(difference) for difference in _differences(after, before)]


def _asymptotic_p(doubled_ranks: list[int], positive: int, *, continuity: bool) -> float:
    """Normal P: the variance is a quarter of the sum of squared ranks, midranks where tied."""
    distance = abs(positive - sum(doubled_ranks) / 2) / 2
    deviation = math.sqrt(sum(rank * rank for rank in doubled_ranks)) / 4
    return normal_p(max(0.0, distance - continuity * 0.5) / deviation)


def _differences(after: Iterable[float], before: Iterable[float]) -> list[Fraction]:
    pairs = zip(*checked_pairs(after, before), strict=True)
    return [as_written(later) - as_written(earlier) for later, earlier in pairs]
