"""Does a number of ours agree with a printed one? The printed decimal places decide."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pilotage.publication.claims import Comparator
from pilotage.statistics.rounding import as_written, round_half_up, text

How = Literal["rounded", "truncated", "half to even", ""]
"""The way of cutting decimals with which ours becomes the printed number; empty: with none."""

ABOUT = Fraction(1, 10)
"""'About 40' is met by anything within a tenth of it."""

SMALLEST_DIGITS = 2
"""A number that would print as zero shows so many of its first digits."""


def agreement(value: Fraction, printed: float, *, digits: int, comparator: Comparator = "=") -> How:
    """With which way of cutting decimals ours is what the paper prints.

    `<` and `>` are asked of the number as it is, `<=` and `>=` of the rounded one: a time of 6.1
    weeks is within '6 weeks', a P value of 0.0496 is below 0.05.
    """
    limit = as_written(printed)
    rounded = Fraction(round_half_up(value, digits))
    match comparator:
        case "=":
            return _cut(value, limit, rounded, digits)
        case "<":
            met = value < limit
        case ">":
            met = value > limit
        case "<=":
            met = rounded <= limit
        case ">=":
            met = rounded >= limit
        case "about":
            met = abs(value - limit) <= ABOUT * abs(limit)
    return "rounded" if met else ""


def _cut(value: Fraction, printed: Fraction, rounded: Fraction, digits: int) -> How:
    if rounded == printed:
        return "rounded"
    scaled = value * 10**digits
    # round() of a Fraction takes the even neighbour of a half
    if Fraction(round(scaled), 10**digits) == printed:
        return "half to even"
    return "truncated" if Fraction(math.trunc(scaled), 10**digits) == printed else ""


def shown(value: Fraction, digits: int) -> str:
    """Ours with the decimals of the paper; of a number that would then be zero, its first ones."""
    cut = text(value, digits)
    if value != 0 and Decimal(cut) == 0:
        first = -math.floor(math.log10(abs(value)))
        return text(value, first + SMALLEST_DIGITS - 1)
    return cut
