"""Phase II trials of one arm in one or two stages: how many subjects, and when to go on.

Exact, by the binomial distribution. A treatment whose response rate is `p0` is not worth more
trials; one with `p1` is. `alpha` is the chance to go on with p0, `beta` the chance to give up p1.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from pilotage.statistics.results import NotComputable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Criterion = Literal["optimal", "minimax"]

LARGEST_N = 100
"""Designs with more subjects are looked for only where asked; pilot trials have far fewer."""
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
    largest_n: int = LARGEST_N,
) -> TwoStage:
    """The two-stage design of at most `largest_n` subjects that holds both error rates.

    "optimal": the fewest expected subjects if the rate is p0; "minimax": the smallest n, and among
    those the fewest expected. Every design is looked at. NotComputable where none is large enough.

    Source: Simon 1989, Control Clin Trials 10:1.
    """
    _check_question(p0, p1, alpha, beta, largest_n)
    if criterion not in get_args(Criterion):
        raise ValueError(f"the criterion is {criterion!r}; it must be 'optimal' or 'minimax'")
    best: TwoStage | None = None
    for n in range(2, largest_n + 1):
        if best is not None and criterion == "minimax":
            break
        for n1 in range(1, n):
            to_beat = best.expected_n if best is not None else n
            if n1 >= to_beat:
                break
            best = _best_with(n1, n, p0, p1, alpha, beta, criterion, to_beat) or best
    if best is None:
        raise NotComputable(f"no two-stage design with at most {largest_n} subjects")
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
        r = int(np.argmax(above_0 <= alpha))
        if above_1[r] >= 1 - beta:
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
    accepted = float(_accepted(n1, n, p)[r1, r])
    return Characteristics(p, accepted, early_stop, n1 + (1 - early_stop) * (n - n1))


def _best_with(
    n1: int,
    n: int,
    p0: float,
    p1: float,
    alpha: float,
    beta: float,
    criterion: Criterion,
    to_beat: float,
) -> TwoStage | None:
    """Among the designs with these numbers of subjects, that with the fewest expected ones.

    For each r1 the smallest r that holds alpha has the highest power; of the r1 that then hold
    beta, the largest stops most often. None where it expects no fewer subjects than `to_beat`.
    """
    import numpy as np

    goes_on = _above(n1, p0)
    most = int(np.sum(1 - _above(n1, p1)[:n1] <= beta))  # more alone would give up p1 too often
    if most == 0 or n1 + goes_on[most - 1] * (n - n1) >= to_beat:
        return None
    wrong = _accepted(n1, n, p0)[:most]
    r = np.maximum(np.argmax(wrong <= alpha, axis=1), np.arange(most))
    power = np.take_along_axis(_accepted(n1, n, p1)[:most], r[:, None], axis=1)[:, 0]
    good = np.flatnonzero(power >= 1 - beta)
    if good.size == 0:
        return None
    r1 = int(good[-1])
    early_stop = 1 - float(goes_on[r1])
    expected_n = n1 + (1 - early_stop) * (n - n1)
    if expected_n >= to_beat:
        return None
    return TwoStage(
        r1=r1,
        n1=n1,
        r=int(r[r1]),
        n=n,
        p0=p0,
        p1=p1,
        alpha=alpha,
        beta=beta,
        type_1_error=float(wrong[r1, r[r1]]),
        power=float(power[r1]),
        early_stop=early_stop,
        expected_n=expected_n,
        criterion=criterion,
    )


def _accepted(n1: int, n: int, p: float) -> "Array":
    """[r1, r]: the chance of more than r1 responses among n1 and more than r among all n."""
    import numpy as np

    # the second stage has to bring more than r - x, for x responses in the first
    padded = np.concatenate([np.ones(n1), _above(n - n1, p), np.zeros(n1)])
    missing = np.arange(n + 1)[None, :] - np.arange(n1 + 1)[:, None] + n1
    paths = _probabilities(n1, p)[:, None] * padded[missing]
    return np.cumsum(paths[:0:-1], axis=0)[::-1]


@lru_cache(maxsize=4 * LARGEST_N)
def _above(n: int, p: float) -> "Array":
    """[r]: the chance of more than r responses among n, for r = 0 ... n."""
    import numpy as np

    tail = np.cumsum(_probabilities(n, p)[::-1])[::-1]
    above = np.append(tail[1:], 0.0)
    above.flags.writeable = False  # it is remembered
    return above


@lru_cache(maxsize=4 * LARGEST_N)
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
