"""Proportions of two groups, or of the same subjects twice: do they differ?

The first group is the one asked about: a difference is its share less the other's, odds are its
odds by the other's.
"""

import math
from collections.abc import Callable, Sequence

from pilotage.statistics.distributions import chi_squared_p
from pilotage.statistics.inputs import check_level, check_rank_method
from pilotage.statistics.proportions import NEAR, binomial_test, checked_counts, wilson
from pilotage.statistics.results import Interval, Method, NotComputable, Test
from pilotage.statistics.roots import root


def fisher_exact(
    events: int, n: int, other_events: int, other_n: int, *, level: float = 0.95
) -> Test:
    """Fisher's exact test; `statistic` is the first group's events, `estimate` the odds ratio.

    P sums the tables with the same margins that are at most as likely as the one observed. The
    odds ratio is the conditional maximum likelihood estimate with its exact interval; it and
    `high` are infinite where the table is at its upper end.
    NotComputable where a group is empty, or nobody or everybody has the event.

    Source: Fisher 1935, J R Stat Soc 98:39; Cornfield 1956, Proc Third Berkeley Symp 4:135
    (interval); as R's fisher.test.
    """
    _check_table(events, n, other_events, other_n)
    check_level(level)
    first = max(0, events + other_events - other_n)
    last = min(n, events + other_events)
    tables = range(first, last + 1)
    ways = [math.comb(n, x) * math.comb(other_n, events + other_events - x) for x in tables]
    place, tail = events - first, (1 - level) / 2
    as_unlikely = [number for number in ways if number <= ways[place] * NEAR]

    def mean_above(log_odds: float) -> float:
        chances = _tilted(ways, log_odds)
        return math.fsum(x * chance for x, chance in enumerate(chances)) - place

    def above(log_odds: float) -> float:
        return math.fsum(_tilted(ways, log_odds)[place:]) - tail

    def below(log_odds: float) -> float:
        return tail - math.fsum(_tilted(ways, log_odds)[: place + 1])

    at_first, at_last = events == first, events == last
    return Test(
        method="Fisher's exact",
        statistic=events,
        p=sum(as_unlikely) / sum(ways),
        n=n + other_n,
        group_sizes=(n, other_n),
        estimate=0.0 if at_first else math.inf if at_last else _odds(mean_above),
        low=0.0 if at_first else _odds(above),
        high=math.inf if at_last else _odds(below),
        level=level,
    )


def chi_squared(
    events: int, n: int, other_events: int, other_n: int, *, continuity: bool = False
) -> Test:
    """Pearson's chi-squared test of two proportions, on request with Yates' correction.

    The correction is 1/2 of a subject, but never more than the distance from what is expected.
    NotComputable where a group is empty, or nobody or everybody has the event.

    Source: Pearson 1900, Philos Mag 50:157; Yates 1934, J R Stat Soc Suppl 1:217; as R's
    chisq.test(correct = continuity).
    """
    _check_table(events, n, other_events, other_n)
    total, having = n + other_n, events + other_events
    distance = abs(events - n * having / total)
    distance -= min(0.5, distance) if continuity else 0.0
    statistic = distance**2 * total**3 / (n * other_n * having * (total - having))
    return Test(
        method="chi-squared with Yates' correction" if continuity else "chi-squared",
        statistic=statistic,
        p=chi_squared_p(statistic, 1),
        n=total,
        group_sizes=(n, other_n),
        df=1,
        continuity=continuity,
    )


def mcnemar(gained: int, lost: int, *, method: Method = "exact", continuity: bool = False) -> Test:
    """McNemar's test: those who changed from no to yes (`gained`) against the other way round.

    Exact: the binomial test of `gained` among all who changed against one half; `statistic` is
    `gained`. Asymptotic: chi-squared, the correction being 1 for continuity. `n` counts those who
    changed. NotComputable where nobody did.

    Source: McNemar 1947, Psychometrika 12:153; as R's binom.test(gained, gained + lost) and
    mcnemar.test(correct = continuity), which subtracts 1 also where both numbers are equal.
    """
    check_rank_method(method, continuity=continuity)
    if lost < 0:
        raise ValueError(f"{lost} subjects: a number of at least 0 is needed")
    if gained == lost == 0:
        raise NotComputable("nobody changed")
    gained, n = checked_counts(gained, gained + lost)
    if method == "exact":
        found = binomial_test(gained, n, 0.5)
        return Test(method="McNemar, exact", statistic=gained, p=found.p, n=n)
    distance = max(0.0, abs(gained - lost) - continuity)
    statistic = distance**2 / n
    return Test(
        method="McNemar, asymptotic",
        statistic=statistic,
        p=chi_squared_p(statistic, 1),
        n=n,
        df=1,
        continuity=continuity,
    )


def difference(
    events: int,
    n: int,
    other_events: int,
    other_n: int,
    *,
    level: float = 0.95,
    continuity: bool = False,
) -> Interval:
    """The difference of two shares with the interval made of both Wilson intervals.

    NotComputable where a group is empty.

    Source: Newcombe 1998, Stat Med 17:873, method 10; with continuity correction method 11.
    """
    one = wilson(events, n, level=level, continuity=continuity)
    other = wilson(other_events, other_n, level=level, continuity=continuity)
    estimate = one.estimate - other.estimate
    down = math.hypot(one.estimate - one.low, other.high - other.estimate)
    up = math.hypot(one.high - one.estimate, other.estimate - other.low)
    return Interval(
        estimate,
        estimate - down,
        estimate + up,
        level=level,
        method="Newcombe with continuity correction" if continuity else "Newcombe",
        n=n + other_n,
    )


def _tilted(ways: Sequence[int], log_odds: float) -> list[float]:
    """The chance of each table, from the first on, if the odds ratio is exp(log_odds)."""
    logs = [math.log(number) + place * log_odds for place, number in enumerate(ways)]
    highest = max(logs)
    weights = [math.exp(value - highest) for value in logs]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def _odds(rising: Callable[[float], float]) -> float:
    """The odds ratio at which a function of its logarithm crosses zero."""
    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return math.exp(root(rising, -reach, reach))


def _check_table(events: int, n: int, other_events: int, other_n: int) -> None:
    for one, of in (events, n), (other_events, other_n):
        if of == 0:
            raise NotComputable("a group is empty")
        checked_counts(one, of)
    if events + other_events == 0:
        raise NotComputable("nobody has the event")
    if events + other_events == n + other_n:
        raise NotComputable("everybody has the event")
