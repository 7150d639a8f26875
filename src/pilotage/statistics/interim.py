"""Trials of one arm that are looked at while they run: boundaries in numbers of subjects, and what
such a plan does, exactly.

Each subject is a success or none, and has a toxicity or none; the two are taken as independent. At
a look the successes and toxicities of all subjects so far are compared with its boundaries. A trial
without interim looks is a plan of one look, Simon's two stages are a plan of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Literal, get_args

from pilotage.statistics.distributions import beta_above

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Ending = Literal["accepted", "given up", "too toxic"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)
GOES_ON = -1

LIMIT = 1000
"""Beyond this many subjects binomial coefficients overflow."""


@dataclass(frozen=True, slots=True)
class Look:
    """What ends the trial once `n` subjects have been judged; None where nothing does.

    `toxic_at`: so many toxicities or more, which is asked first; `accept_at`: so many successes or
    more; `give_up_at`: so many successes or fewer.
    """

    n: int
    accept_at: int | None = None
    give_up_at: int | None = None
    toxic_at: int | None = None

    def __post_init__(self) -> None:
        low, high = self.give_up_at, self.accept_at
        if low is not None and high is not None and low >= high:
            raise ValueError(f"at n = {self.n} both {low} and {high} successes would end the trial")

    def ending(self, successes: int, toxicities: int = 0) -> Ending | None:
        """How the trial ends here; None where it goes on."""
        if self.toxic_at is not None and toxicities >= self.toxic_at:
            return "too toxic"
        if self.accept_at is not None and successes >= self.accept_at:
            return "accepted"
        if self.give_up_at is not None and successes <= self.give_up_at:
            return "given up"
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """The looks of a trial in order. The last one ends it whatever the number of successes."""

    looks: tuple[Look, ...]

    def __post_init__(self) -> None:
        if not self.looks:
            raise ValueError("a plan has at least one look")
        sizes = [look.n for look in self.looks]
        if sizes[0] < 1 or any(one >= other for one, other in pairwise(sizes)) or sizes[-1] > LIMIT:
            raise ValueError(f"the looks are at {sizes}; they must rise from 1 to at most {LIMIT}")
        last = self.looks[-1]
        if last.accept_at is None or last.give_up_at != last.accept_at - 1:
            raise ValueError(f"the last look, at n = {last.n}, must accept or give up")

    @property
    def n(self) -> int:
        """The largest number of subjects."""
        return self.looks[-1].n

    def ending(self, successes: Sequence[bool], toxicities: Sequence[bool]) -> tuple[Ending, int]:
        """How a trial ends whose subjects fared so, in the order of their inclusion, and after how
        many of them. Raises ValueError for fewer subjects than the plan has."""
        if len(successes) < self.n or len(toxicities) < self.n:
            raise ValueError(f"the plan has {self.n} subjects, and {len(successes)} are given")
        for look in self.looks:
            ending = look.ending(sum(successes[: look.n]), sum(toxicities[: look.n]))
            if ending is not None:
                return ending, look.n
        raise AssertionError("the last look of a plan ends the trial")


@dataclass(frozen=True, slots=True)
class End:
    """One way in which the trial can end: after `n` subjects with so many successes."""

    n: int
    successes: int
    ending: Ending
    chance: float


@dataclass(frozen=True, slots=True)
class PlanCharacteristics:
    """What a plan does where successes have the probability `p` and toxicities `toxicity`.

    `accepted`, `given_up` and `too_toxic` are the chances of the three endings, `early` that of an
    ending before the last look; `expected_n` is the expected number of subjects, `bias` that of
    successes / n at the end, less p. `ends` are all the ways to end that have a chance.
    """

    p: float
    toxicity: float
    accepted: float
    given_up: float
    too_toxic: float
    early: float
    expected_n: float
    bias: float
    ends: tuple[End, ...]

    def sizes(self) -> dict[int, float]:
        """The chance of each number of subjects."""
        found: dict[int, float] = {}
        for end in self.ends:
            found[end.n] = found.get(end.n, 0.0) + end.chance
        return found

    def coverage(self, *, level: float = 0.95) -> float:
        """The chance that the Clopper-Pearson interval of successes among n, computed as if there
        had been no looks, holds p."""
        from pilotage.statistics.proportions import clopper_pearson

        held = 0.0
        for end in self.ends:
            interval = clopper_pearson(end.successes, end.n, level=level)
            held += end.chance if interval.low <= self.p <= interval.high else 0.0
        return held


def plan_characteristics(plan: Plan, *, p: float, toxicity: float = 0.0) -> PlanCharacteristics:
    """What the plan does, by the exact probabilities of all its paths.

    Source: the recursion of Schultz et al. 1973, Biometrics 29:293, over two counts.
    """
    for name, chance in (("p", p), ("toxicity", toxicity)):
        if not 0 <= chance <= 1:
            raise ValueError(f"{name} is {chance!r}; it must lie between 0 and 1")
    ends = _ends(plan, p, toxicity)

    def chance_of(ending: Ending) -> float:
        return fsum(end.chance for end in ends if end.ending == ending)

    return PlanCharacteristics(
        p=p,
        toxicity=toxicity,
        accepted=chance_of("accepted"),
        given_up=chance_of("given up"),
        too_toxic=chance_of("too toxic"),
        early=fsum(end.chance for end in ends if end.n < plan.n),
        expected_n=fsum(end.chance * end.n for end in ends),
        bias=fsum(end.chance * (end.successes / end.n - p) for end in ends),
        ends=ends,
    )


def _ends(plan: Plan, p: float, toxicity: float) -> tuple[End, ...]:
    """Every way to end, once for each number of subjects, of successes, and ending."""
    import numpy as np

    watched = any(look.toxic_at is not None for look in plan.looks)
    reach: Array = np.ones((1, 1))  # [successes, toxicities] of the trials that go on
    ends: list[End] = []
    before = 0
    for look in plan.looks:
        reach = _grown(reach, look.n - before, p, toxicity if watched else 0.0)
        before = look.n
        endings = _endings(look, *reach.shape)
        for code, ending in enumerate(ENDINGS):
            chances = np.where(endings == code, reach, 0.0).sum(axis=1)
            ends += [
                End(look.n, int(k), ending, float(chances[k])) for k in np.flatnonzero(chances)
            ]
        reach = np.where(endings == GOES_ON, reach, 0.0)
    return tuple(ends)


def _endings(look: Look, successes: int, toxicities: int) -> "NDArray[np.int_]":
    """[successes, toxicities]: the place of the ending in ENDINGS; GOES_ON where there is none."""
    import numpy as np

    found = np.full((successes, toxicities), GOES_ON)
    if look.give_up_at is not None:
        found[: look.give_up_at + 1] = ENDINGS.index("given up")
    if look.accept_at is not None:
        found[look.accept_at :] = ENDINGS.index("accepted")
    if look.toxic_at is not None:
        found[:, look.toxic_at :] = ENDINGS.index("too toxic")
    return found


def _grown(reach: "Array", more: int, p: float, toxicity: float) -> "Array":
    """The chances after `more` subjects."""
    import numpy as np

    def step(chances: "Array", among: "Array") -> "Array":
        return np.array([np.convolve(row, among) for row in chances])

    successes = step(reach.T, _binomial(more, p)).T
    return step(successes, _binomial(more if toxicity else 0, toxicity))


def _binomial(n: int, p: float) -> "Array":
    import numpy as np
    from scipy.special import binom

    x = np.arange(n + 1)
    chances: Array = binom(n, x) * p**x * (1 - p) ** (n - x)
    return chances


# -- Bayesian boundaries ---------------------------------------------------------------------------


def bayes_plan(
    looks: Sequence[int],
    *,
    null: float,
    prior: tuple[float, float] = (1.0, 1.0),
    success: float,
    futility: float = 0.0,
    early_success: float | None = None,
    toxic: tuple[float, float] | None = None,
    toxic_prior: tuple[float, float] = (1.0, 1.0),
) -> Plan:
    """The boundaries of a Bayesian plan with a beta prior of the success probability.

    At the last look the treatment is accepted where P(success > null) is at least `success`. At a
    look before it the trial gives up where that probability is below `futility`, and accepts where
    it is at least `early_success` (None: never). `toxic` is (limit, certainty): the trial stops
    where P(toxicity > limit) is at least that certainty; `toxic_prior` its prior. Raises ValueError
    for probabilities outside 0 to 1 or a prior that is not above 0.

    Source: Thall and Simon 1994, Biometrics 50:337 (posterior stopping); with a fixed `null`.
    """
    named = {"null": null, "success": success, "futility": futility}
    if early_success is not None:
        named["early_success"] = early_success
    if toxic is not None:
        named |= {"the limit of toxicity": toxic[0], "the certainty of toxicity": toxic[1]}
    for name, value in named.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is {value!r}; it must lie between 0 and 1")
    if min(*prior, *toxic_prior) <= 0:
        raise ValueError(f"the prior is {prior!r}; both numbers must be above 0")
    made: list[Look] = []
    for n in looks:
        toxic_at = _first(n, toxic_prior, *toxic) if toxic else None
        if n == max(looks):
            accept = _first(n, prior, null, success)
            accept = n + 1 if accept is None else accept
            made.append(Look(n, accept, accept - 1, toxic_at))
            continue
        early = None if early_success is None else _first(n, prior, null, early_success)
        enough = _first(n, prior, null, futility)
        few = n if enough is None else enough - 1
        made.append(Look(n, early, few if few >= 0 else None, toxic_at))
    return Plan(tuple(made))


def _first(n: int, prior: tuple[float, float], limit: float, certainty: float) -> int | None:
    """The smallest count among n with which P(rate > limit) is at least `certainty`."""
    for count in range(n + 1):
        if beta_above(prior[0] + count, prior[1] + n - count, limit) >= certainty:
            return count
    return None
