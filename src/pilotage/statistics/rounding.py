"""The only place where a number is rounded: half away from zero, as a reader would by hand.

A float is taken as the shortest decimal that stands for it, which is what a person sees: 2.675
rounds to 2.68, although the nearest binary number lies a little below it. Noise of earlier
arithmetic is not undone (100 * 0.285 is 28.499999999999996 and rounds to 28): compute a percentage
as 100 * events / n, or give the Fraction.
"""

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real


def round_half_up(value: float | Decimal | Fraction, digits: int) -> Decimal:
    """The value with `digits` decimal places; 0.5 of the last place goes away from zero.

    There is no negative zero. ValueError for None, NaN, infinity, a text, or fewer than 0 places.
    """
    if digits < 0:
        raise ValueError(f"{digits} decimal places: 0 or more are needed")
    exact = _as_written(value)
    whole = math.floor(abs(exact) * 10**digits + Fraction(1, 2))
    sign = 1 if exact < 0 and whole else 0
    # built from its digits, since arithmetic of Decimals rounds to the precision of a context
    return Decimal((sign, tuple(int(digit) for digit in str(whole)), -digits))


def text(value: float | Decimal | Fraction, digits: int) -> str:
    """The rounded value with all its decimal places: text(2, 1) is '2.0'."""
    return format(round_half_up(value, digits), "f")


def as_written(value: float) -> Fraction:
    """The shortest decimal that stands for a finite float, exactly: 0.1 is 1/10."""
    return Fraction(repr(float(value)))


def _as_written(value: object) -> Fraction:
    if isinstance(value, Decimal):
        if value.is_finite():
            return Fraction(value)
    elif isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    elif isinstance(value, Real) and math.isfinite(value):
        return as_written(float(value))
    raise ValueError(f"{value!r} cannot be rounded: it is not a finite number")
