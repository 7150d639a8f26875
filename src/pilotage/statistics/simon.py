"""Phase II trials of one arm in one or two stages: how many subjects, and when to go on.

Exact, by the binomial distribution. A treatment whose response rate is `p0` is not worth more
trials; one with `p1` is. `alpha` is the chance to go on with p0, `beta` the chance to give up p1.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Literal, get_args

from pilotage.statistics.distributions import ATTAINED
from pilotage.statistics.results import NotComputable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Criterion = Literal["optimal", "minimax"]

LARGEST_N = 100
"""Larger single-stage designs are looked for only where asked; pilot trials have far fewer."""
LIMIT = 1000
"""Beyond this many subjects binomial coefficients overflow."""


@dataclass(frozen=True, slots=True)
class TwoStage:
    """Treat `n1`; stop with `r1` responses or fewer, else go on to `n`; reject with `r` or fewer.

    `p0`, `p1`, `alpha`, `beta` are what was asked, `type_1_error` and `power` what the design has.
    `early_stop` and `expected_n`: the chance to stop after the first stage and the expected number
    of subjects, both if the response rate is p0.
    """

    r1: int
    n1: int
    r: int
    n: int
    p0: float
    p1: float
    alpha: float
    beta: float
    type_1_error: float
    power: float
    early_stop: float
    expected_n: float
    criterion: Criterion

    @property
    def method(self) -> str:
        return f"Simon two-stage, {self.criterion}"

    @property
    def no_better_above(self) -> int:
        """No design of more subjects than this expects fewer if the rate is p0; at most LIMIT,
        above which none is looked at."""
        search = _Search(self.p0, self.p1, self.alpha, self.beta, self.criterion)
        return search.no_better_above(self)


@dataclass(frozen=True, slots=True)
class SingleStage:
    """Treat `n`; the treatment is rejected with `r` responses or fewer."""

    r: int
    n: int
    p0: float
    p1: float
    alpha: float
    beta: float
    type_1_error: float
    power: float
    method: str = "A'Hern single-stage"


@dataclass(frozen=True, slots=True)
class Characteristics:
    """What a two-stage design does if the response rate is `p`.

    `accepted`: the chance of more than r responses; `early_stop`: that of stopping after the first
    stage; `expected_n`: the expected number of subjects.
    """

    p: float
    accepted: float
    early_stop: float
    expected_n: float


def two_stage(
    p0: float,
    p1: float,
    *,
    alpha: float,
    beta: float,
    criterion: Criterion = "optimal",
    largest_n: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> TwoStage:
    """The two-stage design that holds both error rates.

    "optimal": the fewest expected subjects if the rate is p0; "minimax": the smallest n, and among
    those the fewest expected. Every design that could be the one is looked at: up to the n above
    which none can be better, or up to `largest_n` where that is asked. NotComputable where no
    design of at most `largest_n` (else LIMIT) subjects holds them. `progress` is told the n looked
    at, of how many.

    Source: Simon 1989, Control Clin Trials 10:1.
    """
    most = LIMIT if largest_n is None else largest_n
    _check_question(p0, p1, alpha, beta, most)
    if criterion not in get_args(Criterion):
        raise ValueError(f"the criterion is {criterion!r}; it must be 'optimal' or 'minimax'")
    search = _Search(p0, p1, alpha, beta, criterion)
    best: TwoStage | None = None
    n, last = search.fewest(most), most
    while n <= last:
        if progress:
            progress(n, last)
        best = search.best_of(n, best) or best
        if best is not None:
            last = n if criterion == "minimax" else min(most, search.no_better_above(best))
        n += 1
    if best is None:
        raise NotComputable(f"no two-stage design with at most {most} subjects")
    return best


def single_stage(
    p0: float, p1: float, *, alpha: float, beta: float, largest_n: int = LARGEST_N
) -> SingleStage:
    """The smallest exact single-stage design that holds both error rates.

    NotComputable where no design of at most `largest_n` subjects does.

    Source: A'Hern 2001, Stat Med 20:859 (whose tables print the responses needed, r + 1).
    """
    import numpy as np

    _check_question(p0, p1, alpha, beta, largest_n)
    for n in range(1, largest_n + 1):
        above_0, above_1 = _above(n, p0), _above(n, p1)
        r = int(np.argmax(above_0 <= alpha * ATTAINED))
        if above_1[r] * ATTAINED >= 1 - beta:
            return SingleStage(r, n, p0, p1, alpha, beta, float(above_0[r]), float(above_1[r]))
    raise NotComputable(f"no single-stage design with at most {largest_n} subjects")


def characteristics(r1: int, n1: int, r: int, n: int, *, p: float) -> Characteristics:
    """What the two-stage design r1/n1, r/n does if the response rate is p.

    Source: Simon 1989, Control Clin Trials 10:1, equations 1 and 2.
    """
    if not 0 <= r1 < n1 < n <= LIMIT or not r1 <= r < n:
        raise ValueError(
            f"{r1}/{n1}, {r}/{n} is no two-stage design: 0 <= r1 < n1 < n <= {LIMIT} and "
            "r1 <= r < n are needed"
        )
    if not 0 <= p <= 1:
        raise ValueError(f"the response rate is {p!r}; it must lie between 0 and 1")
    early_stop = 1 - float(_above(n1, p)[r1])
    accepted = float(_accepted(r1, n1, n, p)[r - r1])
    return Characteristics(p, accepted, early_stop, n1 + (1 - early_stop) * (n - n1))


class _Search:
    """The two-stage designs for one question, n by n."""

    def __init__(
        self, p0: float, p1: float, alpha: float, beta: float, criterion: Criterion
    ) -> None:
        self.p0, self.p1, self.alpha, self.beta = p0, p1, alpha, beta
        self.criterion: Criterion = criterion
        self.goes_on: list[float] = []

    def fewest(self, most: int) -> int:
        """The smallest n that could hold both errors; most + 1 where none could.

        A two-stage design is a test of n subjects. By the lemma of Neyman and Pearson the
        randomised single-stage test that spends all of alpha has the highest power of them; it
        grows with n.
        """
        return bisect_left(range(1, most + 1), True, key=self._could_hold) + 1

    def _could_hold(self, n: int) -> bool:
        import numpy as np

        above_0 = _above(n, self.p0)
        r = int(np.argmax(above_0 <= self.alpha))
        share = (self.alpha - above_0[r]) / _probabilities(n, self.p0)[r]
        power = _above(n, self.p1)[r] + share * _probabilities(n, self.p1)[r]
        return bool(power >= 1 - self.beta - 1e-9)

    def first_stages(self, below: int) -> "Array":
        """[n1 - 1]: the smallest chance to go on with p0 after a first stage of n1 subjects that
        does not alone give up p1 too often; infinite where each does. For n1 below `below`."""
        import numpy as np

        for n1 in range(len(self.goes_on) + 1, below):
            r1 = self._largest_r1(n1)
            self.goes_on.append(np.inf if r1 < 0 else float(_above(n1, self.p0)[r1]))
        return np.array(self.goes_on[: below - 1])

    def no_better_above(self, best: TwoStage) -> int:
        """No design of more subjects than this expects fewer than `best`: n1 subjects, and the
        others at least as often as `first_stages` has it."""
        import numpy as np

        n1 = np.arange(1, ceil(best.expected_n))
        chances = np.maximum(self.first_stages(n1.size + 1), 1e-9)
        bounds = n1 + (best.expected_n - n1) / chances
        return int(min(float(bounds.max(initial=0)), LIMIT))

    def best_of(self, n: int, best: TwoStage | None) -> TwoStage | None:
        """Among the designs of n subjects, that with the fewest expected ones; None where it
        expects no fewer than `best`."""
        import numpy as np

        found: TwoStage | None = None
        n1s = np.arange(1, n)
        expected = n1s + self.first_stages(n) * (n - n1s)
        for n1, at_least in zip(n1s.tolist(), expected.tolist(), strict=True):
            beaten = found or best
            to_beat = beaten.expected_n if beaten else float(n)
            if at_least < to_beat:
                found = self._best_with(n1, n, to_beat) or found
        return found

    def _best_with(self, n1: int, n: int, to_beat: float) -> TwoStage | None:
        """Among the designs with these numbers of subjects, that with the fewest expected ones.

        For each r1 the smallest r that holds alpha has the highest power; of the r1 that then hold
        beta, the largest stops most often. None where it expects no fewer than `to_beat`.
        """
        import numpy as np

        goes_on = _above(n1, self.p0)
        for r1 in range(self._largest_r1(n1), -1, -1):
            expected_n = n1 + float(goes_on[r1]) * (n - n1)
            if expected_n >= to_beat:
                return None
            wrong = _accepted(r1, n1, n, self.p0)
            more = int(np.argmax(wrong <= self.alpha))
            power = float(_accepted(r1, n1, n, self.p1)[more])
            if power >= 1 - self.beta:
                return TwoStage(
                    r1=r1, n1=n1, r=r1 + more, n=n,
                    p0=self.p0, p1=self.p1, alpha=self.alpha, beta=self.beta,
                    type_1_error=float(wrong[more]), power=power,
                    early_stop=1 - float(goes_on[r1]), expected_n=expected_n,
                    criterion=self.criterion,
                )  # fmt: skip
        return None

    def _largest_r1(self, n1: int) -> int:
        """The largest r1 that does not alone give up p1 too often; -1 where each does."""
        import numpy as np

        return int(np.sum(1 - _above(n1, self.p1)[:n1] <= self.beta)) - 1


def _accepted(r1: int, n1: int, n: int, p: float) -> "Array":
    """[r - r1]: the chance of more than r1 responses among n1 and more than r among all n, for
    r = r1 ... n."""
    import numpy as np

    paths = np.convolve(_probabilities(n1, p)[r1 + 1 :], _probabilities(n - n1, p))
    return np.append(np.cumsum(paths[::-1])[::-1], 0.0)


@lru_cache(maxsize=4 * LIMIT)
def _above(n: int, p: float) -> "Array":
    """[r]: the chance of more than r responses among n, for r = 0 ... n."""
    import numpy as np

    tail = np.cumsum(_probabilities(n, p)[::-1])[::-1]
    above = np.append(tail[1:], 0.0)
    above.flags.writeable = False  # it is remembered
    return above


@lru_cache(maxsize=4 * LIMIT)
def _probabilities(n: int, p: float) -> "Array":
    """[x]: the chance of x responses among n."""
    import numpy as np
    from scipy.special import binom

    x = np.arange(n + 1)
    chances: Array = binom(n, x) * p**x * (1 - p) ** (n - x)
    chances.flags.writeable = False  # they are remembered
    return chances


def _check_question(p0: float, p1: float, alpha: float, beta: float, largest_n: int) -> None:
    if not 0 < p0 < p1 < 1:
        raise ValueError(f"p0 is {p0!r} and p1 is {p1!r}; 0 < p0 < p1 < 1 is needed")
    if not 0 < alpha < 1 or not 0 < beta < 1:
        raise ValueError(f"alpha is {alpha!r} and beta {beta!r}; both must lie between 0 and 1")
    if not 1 <= largest_n <= LIMIT:
        raise ValueError(f"the largest n is {largest_n!r}; it must lie between 1 and {LIMIT}")
