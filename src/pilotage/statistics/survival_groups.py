"""Time to an event in several groups: do the curves differ?"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from pilotage.statistics.distributions import chi_squared_p
from pilotage.statistics.inputs import checked_numbers
from pilotage.statistics.results import NotComputable

Weight = Literal["log-rank", "Peto-Peto"]


@dataclass(frozen=True, slots=True)
class LogRank:
    """A test of survival curves: events observed and expected per group, in order of `groups`."""

    groups: tuple[str, ...]
    group_sizes: tuple[int, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    statistic: float
    df: int
    p: float
    n: int
    method: Weight


def log_rank(
    times: Iterable[float],
    events: Iterable[bool],
    groups: Iterable[str],
    *,
    weight: Weight = "log-rank",
) -> LogRank:
    """The log-rank test of subjects with a time, True (event) or False (censored), and a group.

    "Peto-Peto" weights each time by the survival just before it, so that early differences count
    more; `observed` and `expected` are then weighted too. P is from chi-squared.
    ValueError for a missing or negative time, another event, or a group that is no text;
    NotComputable with fewer than two groups, or where no event happens while two are at risk.

    Source: Mantel 1966, Cancer Chemother Rep 50:163; Peto and Peto 1972, J R Stat Soc A 135:185; as
    R's survdiff(rho = 0 and 1).
    """
    if weight not in get_args(Weight):
        raise ValueError(f"the weight is {weight!r}; it must be 'log-rank' or 'Peto-Peto'")
    course = _checked(times, events, groups)
    names = tuple(sorted({group for _, _, group in course}))
    if len(names) < 2:
        raise NotComputable("fewer than two groups")
    k = len(names)
    observed, expected = [0.0] * k, [0.0] * k
    covariance = [[0.0] * k for _ in range(k)]
    height = 1.0
    for time in sorted({time for time, event, _ in course if event}):
        at_risk = Counter(group for t, _, group in course if t >= time)
        died = Counter(group for t, event, group in course if event and t == time)
        r, d = at_risk.total(), died.total()
        w = height if weight == "Peto-Peto" else 1.0
        height *= (r - d) / r
        for i, one in enumerate(names):
            observed[i] += w * died[one]
            expected[i] += w * d * at_risk[one] / r
            if r == 1:
                continue
            for j, other in enumerate(names):
                share = (one == other) - at_risk[other] / r
                covariance[i][j] += w * w * d * (r - d) / (r - 1) * at_risk[one] / r * share
    statistic, df = _quadratic_form(observed, expected, covariance)
    sizes = Counter(group for _, _, group in course)
    return LogRank(
        groups=names,
        group_sizes=tuple(sizes[name] for name in names),
        observed=tuple(observed),
        expected=tuple(expected),
        statistic=statistic,
        df=df,
        p=chi_squared_p(statistic, df),
        n=len(course),
        method=weight,
    )


def _quadratic_form(
    observed: list[float], expected: list[float], covariance: list[list[float]]
) -> tuple[float, int]:
    """The distance of what was observed, by the covariance; and its degrees of freedom.

    One group is redundant, and those of which nobody is at risk at any event say nothing.
    """
    import numpy as np

    kept = [i for i, number in enumerate(expected) if number > 0][:-1]
    matrix = np.array(covariance)[np.ix_(kept, kept)]
    if not kept or np.linalg.matrix_rank(matrix) < len(kept):
        raise NotComputable("no event while two groups are at risk")
    distance = np.array([observed[i] - expected[i] for i in kept])
    return float(distance @ np.linalg.solve(matrix, distance)), len(kept)


def _checked(
    times: Iterable[float], events: Iterable[bool], groups: Iterable[str]
) -> list[tuple[float, bool, str]]:
    days, flags, arms = checked_numbers(times, "times"), list(events), list(groups)
    if not len(days) == len(flags) == len(arms):
        raise ValueError(
            f"{len(days)} times, {len(flags)} events and {len(arms)} groups do not belong together"
        )
    for place, (day, flag, arm) in enumerate(zip(days, flags, arms, strict=True), 1):
        if day < 0:
            raise ValueError(f"a time is {day:g}; times are 0 or more")
        if flag not in (0, 1):
            raise ValueError(f"events: number {place} is {flag!r}; it must be True or False")
        if not isinstance(arm, str):
            raise ValueError(f"groups: number {place} is {arm!r}; it must be a text")
    return [(day, bool(flag), arm) for day, flag, arm in zip(days, flags, arms, strict=True)]
