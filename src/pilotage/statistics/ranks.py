"""Ranks with ties, and the permutation distributions of their sums.

Ranks are doubled, so that a midrank such as 2.5 is the whole number 5 and sums compare exactly.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def doubled_midranks(values: Sequence[float | Fraction]) -> list[int]:
    """Twice the rank of each value, in the order given; tied values share the mean of theirs."""
    places = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0] * len(values)
    below = 0
    for _, group in groupby(places, key=values.__getitem__):
        tied = list(group)
        for place in tied:
            ranks[place] = 2 * below + len(tied) + 1
        below += len(tied)
    return ranks


def tie_sizes(values: Sequence[float | Fraction]) -> list[int]:
    """How many values each group of tied values has; untied values are left out."""
    sizes = (len(list(group)) for _, group in groupby(sorted(values)))
    return [size for size in sizes if size > 1]


def signed_sums(ranks: Iterable[int]) -> "NDArray[np.float64]":
    """[w]: the probability that the positive ranks sum to w, every sign being + or - with 1/2."""
    import numpy as np

    sizes = list(ranks)
    probability = np.zeros(sum(sizes) + 1)
    probability[0] = 1.0
    for rank in sizes:
        probability /= 2
        probability[rank:] += probability[:-rank].copy()
    return probability


def signed_sum_p(doubled_ranks: Sequence[int], positive: int) -> float:
    """Two-sided exact P of the sum of positive ranks, every sign being + or - with 1/2.

    `positive` is the doubled sum observed. P is the probability of a sum at least as far from its
    expectation; the distribution is symmetric, so this is twice the smaller tail.
    """
    import numpy as np

    total = sum(doubled_ranks)
    probability = signed_sums(doubled_ranks)
    distance = np.abs(2 * np.arange(total + 1) - total)
    return min(1.0, float(probability[distance >= abs(2 * positive - total)].sum()))


def drawn_sums(ranks: Iterable[int], size: int) -> "NDArray[np.float64]":
    """[w]: how many ways there are to draw `size` of the ranks so that they sum to w."""
    import numpy as np

    sizes = list(ranks)
    ways = np.zeros((size + 1, sum(sizes) + 1))  # [how many are drawn, their sum]
    ways[0, 0] = 1.0
    for rank in sizes:
        ways[1:, rank:] += ways[:-1, :-rank].copy()
    drawn: NDArray[np.float64] = ways[size]
    return drawn


def drawn_sum_p(doubled_ranks: Sequence[int], size: int, drawn: int) -> float:
    """Two-sided exact P of the rank sum of `size` values, every choice of them equally likely.

    `drawn` is the doubled sum observed. P is the probability of a sum at least as far from its
    expectation (with ties the two tails may differ).
    """
    import numpy as np

    n, total = len(doubled_ranks), sum(doubled_ranks)
    if 2 * size > n:  # the others are fewer, and their sum is equally far from its expectation
        size, drawn = n - size, total - drawn
    ways = drawn_sums(doubled_ranks, size)
    # n times the distance from the expectation size * total / n is a whole number
    distance = np.abs(n * np.arange(total + 1) - size * total)
    far = ways[distance >= abs(n * drawn - size * total)]
    return min(1.0, float(far.sum() / ways.sum()))
