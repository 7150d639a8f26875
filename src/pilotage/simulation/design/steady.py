"""From which size on every exact trial without looks holds both errors."""

from math import ceil, log

from pilotage.statistics.distributions import ATTAINED, at_least

MOST = 100_000
"""Where only larger trials than this are sure to hold, no steady size is told."""


def steady_size(
    null: float, alternative: float, *, alpha: float, power: float, largest_n: int
) -> int | None:
    """The smallest n from which every trial holds both errors.

    The power of an exact trial goes up and down as n grows, because successes come in whole
    numbers, so that a larger trial than the smallest can have less of it. All sizes are looked at
    below the one from which a bound of Chernoff proves it. None where there is none up to
    `largest_n`.
    """
    n = sure_size(null, alternative, alpha=alpha, power=power)
    if n > MOST or not _has_power(_needed(largest_n, null, alpha), largest_n, alternative, power):
        return None
    needed = _needed(n, null, alpha)
    while n > 0 and _has_power(needed, n, alternative, power):
        n -= 1
        if _holds(needed - 1, n, null, alpha):  # one subject fewer needs one less, or as many
            needed -= 1
    return n + 1 if n < largest_n else None


def sure_size(null: float, alternative: float, *, alpha: float, power: float) -> int:
    """A size that holds both errors, as every larger one does; there can be smaller ones.

    For any rate x between the two, P(successes >= n x) is at most exp(-n d(x, null)) under null,
    and P(successes <= n x) at most exp(-n d(x, alternative)) under the alternative, d being the
    relative entropy. So n x successes are enough for alpha and rare enough to miss.

    Source: Chernoff 1952, Ann Math Stat 23:493.
    """
    low, high, size = null, alternative, float("inf")
    for _ in range(60):
        x = (low + high) / 2
        for_alpha = -log(alpha) / _entropy(x, null)
        for_power = -log(1 - power) / _entropy(x, alternative)
        size = min(size, max(for_alpha, for_power))
        low, high = (x, high) if for_alpha > for_power else (low, x)
    return ceil(min(size, 2.0 * MOST)) + 1


def _entropy(x: float, p: float) -> float:
    """The relative entropy of a coin with x to one with p; above 0 also where rounding has it 0."""
    return max(x * log(x / p) + (1 - x) * log((1 - x) / (1 - p)), 1e-300)


def _needed(n: int, null: float, alpha: float) -> int:
    """The fewest successes that hold alpha; n + 1 where no number does."""
    return next(x for x in range(n + 2) if _holds(x, n, null, alpha))


def _holds(needed: int, n: int, null: float, alpha: float) -> bool:
    return at_least(needed, n, null) <= alpha * ATTAINED


def _has_power(needed: int, n: int, alternative: float, power: float) -> bool:
    return at_least(needed, n, alternative) * ATTAINED >= power
