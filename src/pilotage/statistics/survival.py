"""Time to an event that not everyone has reached."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pilotage.statistics.competing import CumulativeIncidence, cumulative_incidence
from pilotage.statistics.curve_bounds import Bounds, IntervalScale, bounds, check_scale
from pilotage.statistics.distributions import normal_quantile
from pilotage.statistics.inputs import check_level, checked_numbers
from pilotage.statistics.results import NotComputable

__all__ = [
    "CumulativeIncidence",
    "IntervalScale",
    "KaplanMeier",
    "RestrictedMean",
    "cumulative_incidence",
    "kaplan_meier",
    "restricted_mean",
]

NEAR = math.sqrt(2.0**-52)
"""A survival so near to one half counts as one half (the tolerance of R's survfit)."""


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The curve: one place in every tuple per distinct time, in order of time.

    `at_risk` just before the time; `survival`, its Greenwood `standard_error`, `low` and `high`
    just after it. `low` and `high` are None at a survival of 0, where the error is not known, and
    where the scale has none: at 1 all but plain and log. `median`, `median_low` and `median_high`
    are None where they are not reached.
    """

    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    censored: tuple[int, ...]
    survival: tuple[float, ...]
    standard_error: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    median: float | None
    median_low: float | None
    median_high: float | None
    n: int
    level: float
    interval: IntervalScale
    method: str = "Kaplan-Meier"


def kaplan_meier(
    times: Iterable[float],
    events: Iterable[bool],
    *,
    level: float = 0.95,
    interval: IntervalScale = "log-log",
) -> KaplanMeier:
    """The Kaplan-Meier curve of subjects with a time and True (event) or False (censored).

    Events are 1 where CNSR is 0. Who is censored on a day counts as at risk for the events of that
    day. The median is the first time with a survival of at most one half; where the curve runs
    along one half, the middle of that stretch up to the next drop, if there is one. Its bounds are
    read off `low` and `high` in the same way.
    ValueError for a missing or negative time or another event; NotComputable without subjects.

    Source: Kaplan and Meier 1958, J Am Stat Assoc 53:457; Greenwood 1926; Brookmeyer and Crowley
    1982, Biometrics 38:29; as R's survfit(Surv(times, events) ~ 1, conf.type = interval).
    """
    check_level(level)
    check_scale(interval)
    had_event, was_censored = _counted(times, events)
    distinct = sorted(had_event.keys() | was_censored.keys())
    n = remaining = had_event.total() + was_censored.total()
    at_risk, survival, error = [], [], []
    share, greenwood = 1.0, 0.0
    for time in distinct:
        at_risk.append(remaining)
        died, survived = had_event[time], remaining - had_event[time]
        share *= survived / remaining
        if survived:
            greenwood += died / (remaining * survived)
        survival.append(share)
        error.append(share * math.sqrt(greenwood))
        remaining = survived - was_censored[time]
    z = normal_quantile(level)
    nowhere: Bounds = (None, None)
    limits = [
        bounds(s, e, z, interval) if s else nowhere for s, e in zip(survival, error, strict=True)
    ]
    low, high = [limit[0] for limit in limits], [limit[1] for limit in limits]
    return KaplanMeier(
        times=tuple(distinct),
        at_risk=tuple(at_risk),
        events=tuple(had_event[time] for time in distinct),
        censored=tuple(was_censored[time] for time in distinct),
        survival=tuple(survival),
        standard_error=tuple(error),
        low=tuple(low),
        high=tuple(high),
        median=_median(distinct, survival),
        median_low=_median(distinct, low),
        median_high=_median(distinct, high),
        n=n,
        level=level,
        interval=interval,
    )


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """The mean time without the event up to a horizon, in the unit of the times."""

    estimate: float
    standard_error: float
    low: float
    high: float
    horizon: float
    n: int
    level: float
    method: str = "restricted mean"


def restricted_mean(
    times: Iterable[float], events: Iterable[bool], *, horizon: float, level: float = 0.95
) -> RestrictedMean:
    """The area under the Kaplan-Meier curve from 0 to the horizon, with its plain interval.

    The variance sums, over the times with events, the squared area beyond the time multiplied by
    d / (r (r - d)).
    ValueError for a horizon that is not above 0; NotComputable where the curve ends above 0 before
    the horizon (the last subject was censored), or all events happen at or after it, or none at
    all: the error would be 0.

    Source: Irwin 1949, J Hyg 47:188; Klein and Moeschberger 2003, Survival Analysis, section 4.5;
    as R's print(survfit(Surv(times, events) ~ 1), rmean = horizon).
    """
    curve = kaplan_meier(times, events, level=level)
    (horizon,) = checked_numbers([horizon], "horizon")
    if horizon <= 0:
        raise ValueError(f"the horizon is {horizon:g}; it must be above 0")
    if curve.times[-1] < horizon and curve.survival[-1] > 0:
        raise NotComputable(f"nobody was followed to {horizon:g} and the curve has not come to 0")
    before = [place for place, time in enumerate(curve.times) if time < horizon]
    steps = [0.0, *(curve.times[place] for place in before), horizon]
    heights = [1.0, *(curve.survival[place] for place in before)]
    areas = [h * (b - a) for h, a, b in zip(heights, steps[:-1], steps[1:], strict=True)]
    variance = 0.0
    for place in before:
        events_here, at_risk = curve.events[place], curve.at_risk[place]
        if events_here < at_risk:
            beyond = math.fsum(areas[place + 1 :])
            variance += beyond**2 * events_here / (at_risk * (at_risk - events_here))
    if variance == 0:
        raise NotComputable("no spread: no event before the horizon, or all on one day")
    estimate, error = math.fsum(areas), math.sqrt(variance)
    half = normal_quantile(level) * error
    return RestrictedMean(
        estimate, error, estimate - half, estimate + half, horizon, curve.n, level
    )


def _counted(
    times: Iterable[float], events: Iterable[bool]
) -> tuple[Counter[float], Counter[float]]:
    """How many had the event, and how many were censored, at each time."""
    days, flags = checked_numbers(times, "times"), list(events)
    if len(days) != len(flags):
        raise ValueError(f"{len(days)} times and {len(flags)} events do not belong together")
    if not days:
        raise NotComputable("no subjects")
    if min(days) < 0:
        raise ValueError(f"a time is {min(days):g}; times are 0 or more")
    for place, flag in enumerate(flags, 1):
        if flag not in (0, 1):
            raise ValueError(f"events: number {place} is {flag!r}; it must be True or False")
    had_event: Counter[float] = Counter()
    was_censored: Counter[float] = Counter()
    for day, flag in zip(days, flags, strict=True):
        (had_event if flag else was_censored)[day] += 1
    return had_event, was_censored


def _median(times: Sequence[float], curve: Sequence[float | None]) -> float | None:
    """Where the curve comes down to one half; None where it never does."""
    below = [
        (time, height)
        for time, height in zip(times, curve, strict=True)
        if height is not None and height < 0.5 + NEAR
    ]
    if not below:
        return None
    reached, half = below[0]
    next_drop = next((time for time, height in below if height < half), None)
    if abs(half - 0.5) < NEAR and next_drop is not None:
        return (reached + next_drop) / 2
    return reached
