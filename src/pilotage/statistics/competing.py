"""Time to an event that another event can prevent: cumulative incidence with competing causes."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from pilotage.statistics.curve_bounds import IntervalScale, bounds, check_scale
from pilotage.statistics.distributions import normal_quantile
from pilotage.statistics.inputs import check_level, checked_numbers
from pilotage.statistics.results import NotComputable

Variance = Literal["delta", "Aalen"]


@dataclass(frozen=True, slots=True)
class CumulativeIncidence:
    """The curve of one cause: one place in every tuple per distinct time, in order of time.

    `at_risk` just before the time; `events` of the cause and `competing` ones of all others at it;
    `incidence`, the probability of the cause up to and with the time, its `standard_error`, `low`
    and `high` just after it. `low` and `high` are None where the scale has none (log-log at an
    incidence of 0 or 1). `event_free` is the probability of no event of any cause.
    """

    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    events: tuple[int, ...]
    competing: tuple[int, ...]
    censored: tuple[int, ...]
    incidence: tuple[float, ...]
    standard_error: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    event_free: tuple[float, ...]
    cause: str
    n: int
    level: float
    interval: IntervalScale
    variance: Variance
    method: str = "Aalen-Johansen"


def cumulative_incidence(
    times: Iterable[float],
    causes: Iterable[str | None],
    *,
    cause: str,
    level: float = 0.95,
    interval: IntervalScale = "log-log",
    variance: Variance = "delta",
) -> CumulativeIncidence:
    """The Aalen-Johansen curve of one cause, of subjects with a time and what ended it.

    `causes`: the text of the event that came first, None where the subject was censored. Every
    text but `cause` competes. Who is censored on a day is at risk for the events of that day. Each
    event adds the probability of no event before it, times events / at risk; with no competing
    event the curve is 1 less Kaplan-Meier.

    `variance`: "delta" counts the events of a day as multinomial, and is Greenwood's where nothing
    competes (R's survfit); "Aalen" is the counting-process form with its correction for ties
    (R's cmprsk). The interval is that of the incidence itself on the named scale.

    A cause nobody had gives a curve at 0. ValueError for a missing or negative time or a cause
    that is no text; NotComputable without subjects.

    Source: Aalen and Johansen 1978, Scand J Stat 5:141; Dinse and Larson 1986, Biometrika 73:379
    (delta); Aalen 1978, Ann Stat 6:534; as R's survfit(Surv(times, factor(causes)) ~ 1) and
    cmprsk::cuminc.
    """
    check_level(level)
    check_scale(interval)
    if variance not in get_args(Variance):
        raise ValueError(f"the variance is {variance!r}; it must be 'delta' or 'Aalen'")
    had, had_other, was_censored = _counted(times, causes, cause)
    distinct = sorted(had.keys() | had_other.keys() | was_censored.keys())
    remaining = n = had.total() + had_other.total() + was_censored.total()
    free, share, competed = 1.0, 0.0, False
    steps: list[_Step] = []
    for time in distinct:
        step = _Step(remaining, had[time], had_other[time], before=free)
        share += free * step.events / remaining
        free *= (remaining - step.events - step.competing) / remaining
        competed = competed or step.competing > 0
        if not competed:  # the same number, without the noise of a sum
            share = 1 - free
        step.incidence, step.after = share, free
        steps.append(step)
        remaining -= step.events + step.competing + was_censored[time]
    errors = [_standard_error(steps[: place + 1], variance) for place in range(len(steps))]
    z = normal_quantile(level)
    limits = [bounds(s.incidence, e, z, interval) for s, e in zip(steps, errors, strict=True)]
    return CumulativeIncidence(
        times=tuple(distinct),
        at_risk=tuple(step.at_risk for step in steps),
        events=tuple(step.events for step in steps),
        competing=tuple(step.competing for step in steps),
        censored=tuple(was_censored[time] for time in distinct),
        incidence=tuple(step.incidence for step in steps),
        standard_error=tuple(errors),
        low=tuple(low for low, _ in limits),
        high=tuple(high for _, high in limits),
        event_free=tuple(step.after for step in steps),
        cause=cause,
        n=n,
        level=level,
        interval=interval,
        variance=variance,
    )


@dataclass(slots=True)
class _Step:
    """One time: who was at risk and had what; `before` and `after`: free of every event."""

    at_risk: int
    events: int
    competing: int
    before: float
    incidence: float = 0.0
    after: float = 0.0

    def variances(self, variance: Variance) -> tuple[float, float, float]:
        """Of the two hazards of this time, and their covariance with its sign turned."""
        r = self.at_risk
        if variance == "delta":
            own, other = self.events / r, self.competing / r
            return own * (1 - own) / r, other * (1 - other) / r, own * other / r
        return _without_replacement(self.events, r), _without_replacement(self.competing, r), 0.0


def _without_replacement(events: int, at_risk: int) -> float:
    """d (r - d) / (r² (r - 1)); a single event has 1 / r², also where it is the last subject's."""
    if events <= 1:
        return events / at_risk**2
    return events * (at_risk - events) / (at_risk**2 * (at_risk - 1))


def _standard_error(steps: list[_Step], variance: Variance) -> float:
    """Of the incidence at the last step.

    The incidence I(t) moves with the hazard of the cause at an earlier time s by S(s-) (1 - later)
    and with that of the others by -S(s-) later, where `later` is (I(t) - I(s)) / S(s).
    """
    total = 0.0
    for step in steps:
        later = (steps[-1].incidence - step.incidence) / step.after if step.after else 0.0
        own, other, both = step.variances(variance)
        moved = (1 - later) ** 2 * own + later**2 * other + 2 * later * (1 - later) * both
        total += step.before**2 * moved
    return math.sqrt(total)


def _counted(
    times: Iterable[float], causes: Iterable[str | None], cause: str
) -> tuple[Counter[float], Counter[float], Counter[float]]:
    """How many had the cause, how many another, and how many were censored, at each time."""
    days, ended = checked_numbers(times, "times"), list(causes)
    if len(days) != len(ended):
        raise ValueError(f"{len(days)} times and {len(ended)} causes do not belong together")
    if not days:
        raise NotComputable("no subjects")
    if min(days) < 0:
        raise ValueError(f"a time is {min(days):g}; times are 0 or more")
    if not isinstance(cause, str):
        raise ValueError(f"the cause is {cause!r}; it must be a text")
    had: Counter[float] = Counter()
    had_other: Counter[float] = Counter()
    was_censored: Counter[float] = Counter()
    for place, (day, end) in enumerate(zip(days, ended, strict=True), 1):
        if end is not None and not isinstance(end, str):
            raise ValueError(
                f"causes: number {place} is {end!r}; it must be a text, or None where censored"
            )
        (was_censored if end is None else had if end == cause else had_other)[day] += 1
    return had, had_other, was_censored
