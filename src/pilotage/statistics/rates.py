"""A rate: events per time at risk, where a subject can have several."""

import math
from operator import index
from typing import get_args

from pilotage.statistics.inputs import check_level, checked_numbers
from pilotage.statistics.proportions import NEAR
from pilotage.statistics.results import Alternative, Interval, Test


def poisson_rate(events: int, exposure: float, *, level: float = 0.95) -> Interval:
    """The exact interval of events per unit of the exposure (subject-years, say).

    `n` of the answer is the number of events. With no event `low` is 0.
    ValueError for a count below 0 or an exposure that is not above 0.

    Source: Garwood 1936, Biometrika 28:437; as R's poisson.test.
    """
    from scipy.special import gammainccinv, gammaincinv

    events, exposure = _checked(events, exposure)
    check_level(level)
    tail = (1 - level) / 2
    low = float(gammaincinv(events, tail)) if events > 0 else 0.0
    high = float(gammainccinv(events + 1, tail))
    return Interval(
        events / exposure,
        low / exposure,
        high / exposure,
        level=level,
        method="exact Poisson",
        n=events,
    )


def poisson_test(
    events: int, exposure: float, rate: float, *, alternative: Alternative = "two-sided"
) -> Test:
    """The exact test of events against a rate per unit of the exposure.

    `statistic` is the number of events. Two-sided P sums the numbers of events that are at most as
    likely as the one observed. ValueError where the rate is not above 0.

    Source: as R's poisson.test.
    """
    from scipy.special import gammainc, gammaincc

    events, exposure = _checked(events, exposure)
    (rate,) = checked_numbers([rate], "rate")
    if rate <= 0:
        raise ValueError(f"the rate is {rate:g}; it must be above 0")
    if alternative not in get_args(Alternative):
        raise ValueError(
            f"the alternative is {alternative!r}; it must be 'two-sided', 'greater' or 'less'"
        )
    expected = rate * exposure

    def fewer_than(count: int) -> float:
        return float(gammaincc(count, expected)) if count > 0 else 0.0

    def at_least(count: int) -> float:
        return float(gammainc(count, expected)) if count > 0 else 1.0

    if alternative == "greater":
        p = at_least(events)
    elif alternative == "less":
        p = fewer_than(events + 1)
    else:
        below, above = _as_unlikely(events, expected)
        p = min(1.0, fewer_than(below + 1) + at_least(above))
    return Test(
        method="exact Poisson",
        statistic=events,
        p=p,
        n=events,
        estimate=events / exposure,
        alternative=alternative,
    )


def _as_unlikely(events: int, expected: float) -> tuple[int, int]:
    """The last count of the lower tail and the first of the upper one that are so unlikely."""

    def log_chance(count: int) -> float:
        return count * math.log(expected) - math.lgamma(count + 1)

    limit = log_chance(events) + math.log(NEAR)
    if events < expected:
        above = math.ceil(expected)
        while log_chance(above) > limit:
            above += 1
        return events, max(above, events + 1)
    below = math.floor(expected)
    while below >= 0 and log_chance(below) > limit:
        below -= 1
    return min(below, events - 1), events


def _checked(events: int, exposure: float) -> tuple[int, float]:
    try:
        events = index(events)
    except TypeError:
        raise ValueError(f"{events!r} events: a whole number is needed") from None
    (exposure,) = checked_numbers([exposure], "exposure")
    if events < 0 or exposure <= 0:
        raise ValueError(f"{events} events in {exposure:g}: 0 or more in more than 0 are needed")
    return events, exposure
