"""The checks every function of this package makes of what it is given."""

import math
from collections.abc import Iterable, Sequence
from numbers import Real
from typing import get_args

from pilotage.statistics.results import Method, NotComputable

LARGEST = 1e100
"""No measurement is larger, and up to here no sum or square overflows."""


def checked_numbers(values: Iterable[object], name: str = "values") -> list[float]:
    """The values as floats. ValueError names the first one that is not a finite number."""
    numbers = []
    for place, value in enumerate(values, 1):
        number = _as_float(value)
        # `not <=` also catches NaN, for which every comparison is false
        if not abs(number) <= LARGEST:
            raise ValueError(
                f"{name}: number {place} is {value!r}; every one must be a number of at most "
                f"{LARGEST:g} in size, and missing ones are taken out before"
            )
        numbers.append(number)
    return numbers


def checked_pairs(
    after: Iterable[object], before: Iterable[object]
) -> tuple[list[float], list[float]]:
    """Both sides of the pairs as floats. ValueError where one has no partner."""
    later, earlier = checked_numbers(after, "after"), checked_numbers(before, "before")
    if len(later) != len(earlier):
        raise ValueError(f"{len(later)} values after and {len(earlier)} before are not pairs")
    return later, earlier


def check_level(level: float) -> None:
    """ValueError unless the confidence level lies between 0 and 1 (0.95, not 95)."""
    if not 0 < level < 1:
        raise ValueError(f"the level is {level!r}; it must lie between 0 and 1, such as 0.95")


def check_rank_method(method: str, *, continuity: bool) -> None:
    """ValueError unless the method exists and may take the continuity correction."""
    if method not in get_args(Method):
        raise ValueError(f"the method is {method!r}; it must be 'exact' or 'asymptotic'")
    if method == "exact" and continuity:
        raise ValueError("an exact test takes no continuity correction")


def check_exact_size(values: Sequence[float], limit: int) -> None:
    """NotComputable where the exact distribution would take too much time and memory."""
    if len(values) > limit:
        raise NotComputable(
            f"more than {limit} values for an exact test; the asymptotic one answers"
        )


def _as_float(value: object) -> float:
    """The value as a float; NaN for what is no number, or for a whole number beyond all floats."""
    try:
        return float(value) if isinstance(value, Real) else math.nan
    except OverflowError:
        return math.nan
