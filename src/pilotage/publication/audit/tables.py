"""Which tables of two rows and two columns have a printed odds ratio and its interval?"""

import math
from collections.abc import Iterator, Sequence

from pilotage.statistics.distributions import normal_quantile

LARGEST = 120
"""Of more subjects than this the tables are not looked for: they are too many to tell anything."""

Table = tuple[int, int, int, int]


def tables_with(total: int, wanted: Sequence[tuple[float, ...]], level: float) -> Iterator[Table]:
    """The tables (a, b, c, d) of `total` subjects, none of the four 0, whose odds ratio a d / (b c)
    and whose interval after Woolf lie between the ends that are wanted: of the ratio, of the lower
    and of the upper limit."""
    if total > LARGEST:
        return
    ratio, low, high = wanted
    if min(ratio[1], low[1], high[1]) <= 0:
        return
    z = normal_quantile(level)
    # the width of the interval on the scale of logarithms gives 1/a + 1/b + 1/c + 1/d
    widest = math.log(high[1] / max(low[0], 1e-12)) / (2 * z)
    narrowest = max(0.0, math.log(max(high[0], 1e-12) / low[1]) / (2 * z))
    for a in range(1, total - 2):
        for b in range(1, total - a - 1):
            if 1 / a + 1 / b > widest**2:
                continue
            for c in range(1, total - a - b):
                d = total - a - b - c
                odds = a * d / (b * c)
                if not ratio[0] <= odds <= ratio[1]:
                    continue
                variance = 1 / a + 1 / b + 1 / c + 1 / d
                if not narrowest**2 <= variance <= widest**2:
                    continue
                reach = math.exp(z * math.sqrt(variance))
                if low[0] <= odds / reach <= low[1] and high[0] <= odds * reach <= high[1]:
                    yield a, b, c, d
