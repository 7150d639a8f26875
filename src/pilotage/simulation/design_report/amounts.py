"""Simulated numbers as texts: each beside its Monte-Carlo standard error, with the decimals that
the error leaves meaning to."""

import math
from collections.abc import Iterable

from pilotage.report import formats

MOST_DIGITS = 3
NORMAL = 1.96
"""Standard errors on either side of a number that an interval of 95 % holds, of many trials."""


Number = tuple[float, float | None]
"""A number and its Monte-Carlo standard error; None where a single trial does not tell it."""


def digits_for(numbers: Iterable[Number | None], *, share: bool = False, shown: int = 2) -> int:
    """The decimals that show so many digits of the largest error, at most 3; of shares, as per
    cent, at least 1; 2 where there are errors that are not known."""
    least, scale = (1, 100) if share else (0, 1)
    errors = [one[1] for one in numbers if one is not None]
    known = [scale * error for error in errors if error]
    if not known:
        return 2 if None in errors else least
    return min(max(shown - 1 - math.floor(math.log10(max(known))), least), MOST_DIGITS)


def value(number: float | None, digits: int, *, share: bool = False) -> str:
    """The number alone, a share as per cent without its sign."""
    return formats.number(100 * number if share and number is not None else number, digits)


def error(number: float | None, digits: int, *, share: bool = False) -> str:
    """The error alone, or how small it is, in the unit of its number."""
    return formats.NONE if number is None else _error(100 * number if share else number, digits)


def column(numbers: Iterable[Number | None], *, share: bool = False, shown: int = 2) -> list[str]:
    """Numbers with their errors below each other, all with the same decimals; a dash for none:
    '72.2 ± 0.3 %' of shares, '1514 ± 4' of other numbers."""
    listed = list(numbers)
    digits = digits_for(listed, share=share, shown=shown)
    return [formats.NONE if one is None else _both(one, digits, share=share) for one in listed]


def _both(number: Number, digits: int, *, share: bool) -> str:
    scale = 100 if share else 1
    shown = formats.number(scale * number[0], digits)
    if number[1] is not None:
        shown = f"{shown} ± {_error(scale * number[1], digits)}"
    return f"{shown} %" if share else shown


def reach(error: float | None) -> float:
    """How far an interval of 95 % reaches on either side; none is drawn where no error is known."""
    return NORMAL * (error or 0.0)


def alone(number: float, error: float | None, *, share: bool = False) -> str:
    """A single number with its error."""
    return column([(number, error)], share=share)[0]


def two_digits(number: float) -> str:
    """A number above 0 with two digits that are not leading zeros, at least: 0.15, 30."""
    return formats.plain(round(number, max(0, 1 - math.floor(math.log10(number)))))


def percent(share: float) -> str:
    """A share that is no simulated one, with the decimals that it needs, three at most."""
    return formats.percent(share, 1)


def _error(number: float, digits: int) -> str:
    """The error, or how small it is."""
    least = 10.0**-digits
    if 0 < number < least / 2:
        return f"<{formats.number(least, digits)}"
    return formats.number(number, digits)
