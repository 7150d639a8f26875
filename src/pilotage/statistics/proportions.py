"""Intervals of a proportion."""

import math
from operator import index

from pilotage.statistics.distributions import normal_quantile
from pilotage.statistics.inputs import check_level
from pilotage.statistics.results import Interval, NotComputable


def clopper_pearson(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact interval of events among n, as a proportion between 0 and 1.

    With no event `high` is the exact upper bound of (1 + level) / 2: 0 of 15 gives 0.218, 97.5 %.
    NotComputable where n is 0.

    Source: Clopper and Pearson 1934, Biometrika 26:404; as R's binom.test.
    """
    from scipy.special import betaincinv

    events, n = _checked_counts(events, n)
    check_level(level)
    tail = (1 - level) / 2
    low = float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    high = float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0
    return Interval(events / n, low, high, level=level, method="Clopper-Pearson", n=n)


def wilson(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The score interval of events among n, without continuity correction, between 0 and 1.

    NotComputable where n is 0.

    Source: Wilson 1927, J Am Stat Assoc 22:209; as R's prop.test(correct = FALSE).
    """
    events, n = _checked_counts(events, n)
    check_level(level)
    z = normal_quantile(level)
    share = events / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # at the ends the bound is 0 or 1 exactly, and subtraction would leave a trace of noise
    low = centre - half if events > 0 else 0.0
    high = centre + half if events < n else 1.0
    return Interval(share, low, high, level=level, method="Wilson", n=n)


def _checked_counts(events: int, n: int) -> tuple[int, int]:
    try:
        events, n = index(events), index(n)
    except TypeError:
        raise ValueError(f"{events!r} of {n!r}: both must be whole numbers") from None
    if not 0 <= events <= n:
        raise ValueError(f"{events} of {n}: events lie between 0 and n")
    if n == 0:
        raise NotComputable("nobody to count (n is 0)")
    return events, n
