"""Several groups of subjects: do their values differ anywhere, or their spread?"""

import math
from collections.abc import Iterable, Sequence

from pilotage.statistics.distributions import chi_squared_p, f_p
from pilotage.statistics.inputs import checked_numbers
from pilotage.statistics.locations import NOISE, mean, summarise
from pilotage.statistics.ranks import doubled_midranks, tie_sizes
from pilotage.statistics.results import NotComputable, Test


def kruskal_wallis(groups: Iterable[Iterable[float]]) -> Test:
    """The Kruskal-Wallis test, corrected for ties; `statistic` is H, P from chi-squared.

    NotComputable with fewer than two groups, an empty group, or where all values are equal.

    Source: Kruskal and Wallis 1952, J Am Stat Assoc 47:583; as R's kruskal.test.
    """
    samples = _checked_groups(groups)
    every = [value for sample in samples for value in sample]
    if min(every) == max(every):
        raise NotComputable("all values are equal")
    n, ranks, start = len(every), doubled_midranks(every), 0
    spread = 0.0
    for sample in samples:
        sum_of_ranks = sum(ranks[start : start + len(sample)]) / 2
        spread += sum_of_ranks**2 / len(sample)
        start += len(sample)
    ties = tie_sizes(every)
    correction = 1 - sum(size**3 - size for size in ties) / (n**3 - n)
    statistic = (12 * spread / (n * (n + 1)) - 3 * (n + 1)) / correction
    df = len(samples) - 1
    return Test(
        method="Kruskal-Wallis",
        statistic=statistic,
        p=chi_squared_p(max(0.0, statistic), df),
        n=n,
        group_sizes=tuple(len(sample) for sample in samples),
        df=df,
        ties=sum(ties),
    )


def anova(groups: Iterable[Iterable[float]]) -> Test:
    """One-way analysis of variance, one variance for all groups; `statistic` is F.

    NotComputable with fewer than two groups, an empty group, no group of two values, or where
    the values within each group are all equal.

    Source: Fisher 1925, Statistical Methods for Research Workers; as R's
    oneway.test(var.equal = TRUE).
    """
    samples = _checked_groups(groups)
    n, df = sum(len(sample) for sample in samples), len(samples) - 1
    within = n - len(samples)
    if within == 0:
        raise NotComputable("no group has two values")
    if all(min(sample) == max(sample) for sample in samples):
        raise NotComputable("all values within each group are equal")
    samples = _from_the_first(samples)
    means = [mean(sample) for sample in samples]
    centre = math.fsum(value for sample in samples for value in sample) / n
    explained = math.fsum(
        len(sample) * (m - centre) ** 2 for sample, m in zip(samples, means, strict=True)
    )
    left = math.fsum(
        (value - m) ** 2 for sample, m in zip(samples, means, strict=True) for value in sample
    )
    f = explained / df / (left / within)
    return _f_test("one-way analysis of variance", samples, f, df, within)


def welch_anova(groups: Iterable[Iterable[float]]) -> Test:
    """One-way analysis of variance, each group with its own variance; `statistic` is F.

    NotComputable with fewer than two groups, a group of fewer than two values, or one whose values
    are all equal.

    Source: Welch 1951, Biometrika 38:330; as R's oneway.test.
    """
    samples = _checked_groups(groups)
    if min(len(sample) for sample in samples) < 2:
        raise NotComputable("fewer than two values in a group")
    if any(min(sample) == max(sample) for sample in samples):
        raise NotComputable("all values of a group are equal")
    samples = _from_the_first(samples)
    means = [mean(sample) for sample in samples]
    weights = [
        len(sample) * (len(sample) - 1) / math.fsum((value - m) ** 2 for value in sample)
        for sample, m in zip(samples, means, strict=True)
    ]
    total, k = math.fsum(weights), len(samples)
    centre = math.fsum(w * m for w, m in zip(weights, means, strict=True)) / total
    unequal = math.fsum(
        (1 - w / total) ** 2 / (len(sample) - 1) for w, sample in zip(weights, samples, strict=True)
    ) / (k**2 - 1)
    explained = math.fsum(w * (m - centre) ** 2 for w, m in zip(weights, means, strict=True))
    f = explained / ((k - 1) * (1 + 2 * (k - 2) * unequal))
    return _f_test("Welch's analysis of variance", samples, f, k - 1, 1 / (3 * unequal))


def brown_forsythe(groups: Iterable[Iterable[float]]) -> Test:
    """Levene's test of spread about the medians: analysis of variance of the distances from them.

    NotComputable as for `anova`, of the distances.

    Source: Levene 1960; Brown and Forsythe 1974, J Am Stat Assoc 69:364; as R's
    oneway.test(abs(value - ave(value, group, FUN = median)) ~ group, var.equal = TRUE).
    """
    samples = _checked_groups(groups)
    distances = []
    for sample in samples:
        centre = summarise(sample).median
        distances.append([abs(value - centre) for value in sample if centre is not None])
    largest = max(abs(value) for sample in samples for value in sample)
    if all(max(sample) - min(sample) <= NOISE * largest for sample in distances):
        raise NotComputable("all distances from the median are equal within each group")
    found = anova(distances)
    return _f_test("Brown-Forsythe", samples, found.statistic, found.df or 0, found.df_within or 0)


def _from_the_first(samples: Sequence[Sequence[float]]) -> list[list[float]]:
    """Every value less the first one: large numbers near each other keep their digits."""
    return [[value - samples[0][0] for value in sample] for sample in samples]


def _f_test(
    method: str, samples: Sequence[Sequence[float]], f: float, df: float, within: float
) -> Test:
    sizes = tuple(len(sample) for sample in samples)
    return Test(
        method=method,
        statistic=f,
        p=f_p(f, df, within),
        n=sum(sizes),
        group_sizes=sizes,
        df=df,
        df_within=within,
    )


def _checked_groups(groups: Iterable[Iterable[float]]) -> list[list[float]]:
    samples = [sorted(checked_numbers(group, f"group {i}")) for i, group in enumerate(groups, 1)]
    if len(samples) < 2:
        raise NotComputable("fewer than two groups")
    if not all(samples):
        raise NotComputable("a group is empty")
    return samples
