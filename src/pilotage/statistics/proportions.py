"""A proportion, events among n: its interval and its test.

Every interval is returned as a proportion between 0 and 1, and every function answers
NotComputable where n is 0.
"""

import math
from operator import index
from typing import get_args

from pilotage.statistics.distributions import at_least, at_most, normal_quantile
from pilotage.statistics.inputs import check_level
from pilotage.statistics.results import Alternative, Interval, NotComputable, Test
from pilotage.statistics.roots import root

NEAR = 1 + 1e-7
"""Outcomes are as likely as the one observed up to this factor, as in R's binom.test."""

OUTWARD = 1 - 1e-13
"""A bound at which a test's P jumps belongs to the interval, and is computed to the last digits
only: it is moved outwards by more than these, so that the share of the jump lies inside."""


def clopper_pearson(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact interval of events among n, as a proportion between 0 and 1.

    With no event `high` is the exact upper bound of (1 + level) / 2: 0 of 15 gives 0.218, 97.5 %.

    Source: Clopper and Pearson 1934, Biometrika 26:404; as R's binom.test.
    """
    events, n = checked_counts(events, n)
    check_level(level)
    tail = (1 - level) / 2
    low, high = _exact_low(events, n, tail), _exact_high(events, n, tail)
    return Interval(events / n, low, high, level=level, method="Clopper-Pearson", n=n)


def upper_bound(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact one-sided bound: with `level` the share is at most `high`; `low` is 0.

    With no event it is 1 - (1 - level)^(1 / n), which the rule of three approximates.

    Source: as clopper_pearson; as R's binom.test(alternative = "less").
    """
    events, n = checked_counts(events, n)
    check_level(level)
    high = _exact_high(events, n, 1 - level)
    method = "Clopper-Pearson, one-sided upper bound"
    return Interval(events / n, 0.0, high, level=level, method=method, n=n)


def lower_bound(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact one-sided bound: with `level` the share is at least `low`; `high` is 1.

    Source: as clopper_pearson; as R's binom.test(alternative = "greater").
    """
    events, n = checked_counts(events, n)
    check_level(level)
    low = _exact_low(events, n, 1 - level)
    method = "Clopper-Pearson, one-sided lower bound"
    return Interval(events / n, low, 1.0, level=level, method=method, n=n)


def rule_of_three(n: int) -> Interval:
    """No event among n: with 95 % the share is at most 3 / n (1 where n is below 3).

    An approximation for n above 30, shown because publications print it; below it is too high.

    Source: Hanley and Lippman-Hand 1983, JAMA 249:1743.
    """
    _, n = checked_counts(0, n)
    return Interval(0.0, 0.0, min(1.0, 3 / n), level=0.95, method="rule of three", n=n)


def wilson(events: int, n: int, *, level: float = 0.95, continuity: bool = False) -> Interval:
    """The score interval of events among n, between 0 and 1.

    With the correction for continuity its coverage is near that of the exact one.

    Source: Wilson 1927, J Am Stat Assoc 22:209; corrected: Newcombe 1998, Stat Med 17:857, method
    4; as R's prop.test(correct = continuity), which makes no correction where exactly half of n
    have the event.
    """
    events, n = checked_counts(events, n)
    check_level(level)
    z = normal_quantile(level)
    c = 0.5 if continuity else 0.0
    # at the ends the bound is 0 or 1 exactly, and subtraction would leave a trace of noise
    low = _score_low(events, n, z, c) if events > 0 else 0.0
    high = 1 - _score_low(n - events, n, z, c) if events < n else 1.0
    method = "Wilson with continuity correction" if continuity else "Wilson"
    return Interval(events / n, low, high, level=level, method=method, n=n)


def jeffreys(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The interval of equal tails of the posterior from Jeffreys' prior, Beta(1/2, 1/2).

    The lower bound is 0 with no event, the upper one 1 with n events.

    Source: Brown, Cai and DasGupta 2001, Stat Sci 16:101, section 4.1.2; R's qbeta.
    """
    from scipy.special import betaincinv

    events, n = checked_counts(events, n)
    check_level(level)
    tail, a, b = (1 - level) / 2, events + 0.5, n - events + 0.5
    low = float(betaincinv(a, b, tail)) if events > 0 else 0.0
    high = 1 - float(betaincinv(b, a, tail)) if events < n else 1.0
    return Interval(events / n, low, high, level=level, method="Jeffreys", n=n)


def agresti_coull(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The interval of z²/2 more events among z² more subjects, cut at 0 and 1.

    `estimate` is events / n, which is not its middle.

    Source: Agresti and Coull 1998, Am Stat 52:119.
    """
    events, n = checked_counts(events, n)
    check_level(level)
    z = normal_quantile(level)
    more = n + z * z
    centre = (events + z * z / 2) / more
    half = z * math.sqrt(centre * (1 - centre) / more)
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Interval(events / n, low, high, level=level, method="Agresti-Coull", n=n)


def mid_p(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact interval that counts the observed outcome half: shorter, and not always covering.

    Source: Lancaster 1961, J Am Stat Assoc 56:223; Newcombe 1998, Stat Med 17:857, method 6.
    """
    events, n = checked_counts(events, n)
    check_level(level)
    tail = (1 - level) / 2
    low, high = _mid_p_low(events, n, tail), 1 - _mid_p_low(n - events, n, tail)
    return Interval(events / n, low, high, level=level, method="mid-P", n=n)


def blaker(events: int, n: int, *, level: float = 0.95) -> Interval:
    """The exact interval of the shares that Blaker's test accepts: within Clopper-Pearson's.

    Where the accepted shares leave a gap, it is bridged.

    Source: Blaker 2000, Can J Stat 28:783.
    """
    events, n = checked_counts(events, n)
    check_level(level)
    low, high = _blaker_low(events, n, 1 - level), 1 - _blaker_low(n - events, n, 1 - level)
    return Interval(events / n, low, high, level=level, method="Blaker", n=n)


def binomial_test(
    events: int, n: int, share: float, *, alternative: Alternative = "two-sided"
) -> Test:
    """The exact test of events among n against a share; `statistic` is the number of events.

    Two-sided P sums the outcomes that are at most as likely as the one observed.
    ValueError where the share lies outside 0 to 1.

    Source: Conover 1999, Practical Nonparametric Statistics, section 3.1; as R's binom.test.
    """
    events, n = checked_counts(events, n)
    if not 0 <= share <= 1:
        raise ValueError(f"the share is {share!r}; it must lie between 0 and 1")
    if alternative not in get_args(Alternative):
        raise ValueError(
            f"the alternative is {alternative!r}; it must be 'two-sided', 'greater' or 'less'"
        )
    if alternative == "greater":
        p = at_least(events, n, share)
    elif alternative == "less":
        p = at_most(events, n, share)
    else:
        p = _as_unlikely(events, n, share)
    return Test(
        method="exact binomial",
        statistic=events,
        p=p,
        n=n,
        estimate=events / n,
        alternative=alternative,
    )


def _as_unlikely(events: int, n: int, share: float) -> float:
    """The probability of all outcomes that are at most as likely as `events`."""
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    x = np.arange(n + 1)
    log_chance = xlogy(x, share) + xlog1py(n - x, -share) - gammaln(x + 1) - gammaln(n - x + 1)
    as_unlikely = log_chance <= log_chance[events] + math.log(NEAR)
    below = int(np.argmin(as_unlikely))  # the first outcome that is more likely
    above = n - int(np.argmin(as_unlikely[::-1]))
    if as_unlikely.all():
        return 1.0
    return min(1.0, at_most(below - 1, n, share) + at_least(above + 1, n, share))


def _exact_low(events: int, n: int, tail: float) -> float:
    from scipy.special import betaincinv

    return float(betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0


def _exact_high(events: int, n: int, tail: float) -> float:
    from scipy.special import betaincinv

    return float(betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0


def _score_low(events: int, n: int, z: float, c: float) -> float:
    """The smaller share p with |events - n p| - c = z sqrt(n p (1 - p)); 0 where below 0."""
    short = max(0.0, events - c)
    root = math.sqrt(z * z / 4 + short * (n - short) / n)
    return (short + z * z / 2 - z * root) / (n + z * z)


def _mid_p_low(events: int, n: int, tail: float) -> float:
    if events == 0:
        return 0.0

    def excess(share: float) -> float:
        return (at_least(events, n, share) + at_least(events + 1, n, share)) / 2 - tail

    return root(excess, 0.0, 1.0)


def _blaker_low(events: int, n: int, alpha: float) -> float:
    """The smallest share p that is accepted: P(X >= events) plus the lower tail is alpha.

    The lower tail is the largest that does not exceed P(X >= events), so it grows in jumps. From
    Clopper-Pearson's bound on, the next jump is accepted, since both tails are above alpha / 2
    there; before it, the sum falls and then rises, and reaches alpha once at most.
    """
    if events == 0:
        return 0.0
    start = _exact_low(events, n, alpha / 2)
    k = max(k for k in range(-1, events) if at_most(k, n, start) <= at_least(events, n, start))
    jump = root(lambda p: at_least(events, n, p) - at_most(k + 1, n, p), start, 1.0)

    def excess(share: float) -> float:
        return at_least(events, n, share) + at_most(k, n, share) - alpha

    if excess(start) >= 0:
        return start
    found = root(excess, start, jump) if excess(jump) > 0 else jump
    return max(start, found * OUTWARD)


def checked_counts(events: int, n: int) -> tuple[int, int]:
    """Both as whole numbers. ValueError unless 0 <= events <= n, NotComputable where n is 0."""
    try:
        events, n = index(events), index(n)
    except TypeError:
        raise ValueError(f"{events!r} of {n!r}: both must be whole numbers") from None
    if not 0 <= events <= n:
        raise ValueError(f"{events} of {n}: events lie between 0 and n")
    if n == 0:
        raise NotComputable("nobody to count (n is 0)")
    return events, n
