"""Which whole numbers can have the mean and the SD that a paper prints? Settled exactly.

A printed mean of n whole numbers allows a few sums; with the sum, a printed SD allows a few sums of
squares. That is all that a solver has to know of them, and where nothing is left it is proved that
no such numbers exist.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from pilotage.statistics.rounding import as_written, round_half_up, text

Decimals = Literal["rounded", "cut off"]


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number with its decimal places, and what was done with the decimals after them."""

    value: Fraction
    digits: int
    decimals: Decimals = "rounded"

    @classmethod
    def of(cls, value: float, digits: int, decimals: Decimals = "rounded") -> "Printed":
        return cls(as_written(value), digits, decimals)

    def fits(self, number: Fraction) -> bool:
        """Does the number print so?"""
        if self.value > 0:
            low, high = self.bounds
            return low <= number < high
        if self.decimals == "cut off":
            return Fraction(math.trunc(number * 10**self.digits), 10**self.digits) == self.value
        return Fraction(round_half_up(number, self.digits)) == self.value

    def fits_root(self, square: Fraction) -> bool:
        """Does the square root of the number print so? Exact: no root is taken."""
        low, high = self.bounds
        return max(low, Fraction(0)) ** 2 <= square < high**2

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """The ends of what prints so, for a value above 0: the lower one belongs to it."""
        return _bounds(self)

    def whole_numbers(self, per: Fraction = Fraction(1)) -> range:
        """The whole numbers that print so after division by `per`."""
        low, high = (math.ceil(bound * per) for bound in self.bounds)
        if self.value > 0:
            return range(low, high)
        inside = [n for n in range(low - 1, high + 2) if self.fits(n / per)]
        return range(inside[0], inside[-1] + 1) if inside else range(0)

    def __str__(self) -> str:
        return text(Decimal(self.value.numerator) / self.value.denominator, self.digits)


@cache
def _bounds(printed: Printed) -> tuple[Fraction, Fraction]:
    unit = Fraction(1, 10**printed.digits)
    if printed.decimals == "cut off":
        return printed.value, printed.value + unit
    return printed.value - unit / 2, printed.value + unit / 2


@dataclass(frozen=True, slots=True)
class Moments:
    """How many whole numbers, their sum and the sum of their squares."""

    n: int
    total: int
    squares: int

    @property
    def variance(self) -> Fraction:
        return (self.squares - Fraction(self.total**2, self.n)) / (self.n - 1)


def moments(n: int, mean: Printed, sd: Printed | None, *, low: int, high: int) -> list[Moments]:
    """Every sum and sum of squares with which n whole numbers from low to high print this mean and
    SD. Without an SD the squares are 0. Empty where none exist."""
    found = []
    for total in sums(n, mean, low=low, high=high):
        if sd is None:
            found.append(Moments(n, total, 0))
            continue
        found += [
            Moments(n, total, squares)
            for squares in _squares(n, total, sd)
            if exist(n, total, squares, low, high)
        ]
    return found


def sums(n: int, mean: Printed, *, low: int, high: int) -> list[int]:
    """The sums of n whole numbers from low to high with this mean."""
    possible = mean.whole_numbers(Fraction(n))
    return [total for total in possible if n * low <= total <= n * high]


def _squares(n: int, total: int, sd: Printed) -> Iterator[int]:
    """Sums of squares with this SD. A whole number and its square are both odd or both even."""
    if n < 2:
        return
    around = Fraction(total**2, n)
    low, high = (max(bound, Fraction(0)) ** 2 * (n - 1) + around for bound in sd.bounds)
    for squares in range(math.ceil(low), math.ceil(high)):
        if (squares - total) % 2 == 0 and sd.fits_root(Moments(n, total, squares).variance):
            yield squares


@cache
def exist(n: int, total: int, squares: int, low: int, high: int) -> bool:
    """Are there n whole numbers from low to high with this sum and sum of squares? An exhaustive
    search from the largest number down; what cannot be reached any more is left at once."""
    if n == 0:
        return total == 0 and squares == 0
    if not n * low <= total <= n * high or squares * n < total**2:
        return False
    if squares > _most(n, total, low, high):
        return False
    least = -(-total // n)  # the largest of n numbers is not below their mean
    return any(
        exist(n - 1, total - top, squares - top * top, low, top)
        for top in range(min(high, math.isqrt(squares)), least - 1, -1)
    )


def _most(n: int, total: int, low: int, high: int) -> int:
    """The largest sum of squares: as many numbers as possible at the ends."""
    above = total - n * low
    if high == low:
        return n * low * low
    tops, rest = divmod(above, high - low)
    others = n - tops
    if others <= 0:
        return n * high * high
    return tops * high * high + (low + rest) ** 2 + (others - 1) * low * low


def why_no_mean(n: int, mean: Printed) -> str:
    """In words: the two sums around the printed mean, and what they give; or that no smaller
    number of subjects has such a mean either."""
    smaller = [m for m in range(1, n) if mean.whole_numbers(Fraction(m))]
    below = math.floor(mean.value * n)
    near = " and ".join(
        f"a sum of {total} gives {text(Fraction(total, n), mean.digits + 2)}"
        for total in (below, below + 1)
    )
    words = f"no {n} whole numbers have a mean that prints {mean}: {near}"
    return words if smaller else f"{words}; nor have fewer"


def why_no_sd(n: int, mean: Printed, sd: Printed) -> str:
    """In words: the SDs that n whole numbers with the printed mean can have, next to the printed
    one."""
    near: list[tuple[Fraction, int, int]] = []
    for total in mean.whole_numbers(Fraction(n)):
        middle = sd.value**2 * (n - 1) + Fraction(total**2, n)
        for squares in range(math.floor(middle) - 2, math.floor(middle) + 4):
            if (squares - total) % 2 == 0:
                near.append((abs(squares - middle), total, squares))
    if not near:
        return why_no_mean(n, mean)
    shown = sorted({(t, q) for _, t, q in sorted(near)[:2]})
    gives = " and ".join(
        f"a sum of {t} with squares of {q} gives {math.sqrt(Moments(n, t, q).variance):.4f}"
        for t, q in shown
    )
    whom = f"no {n} whole numbers with a mean that prints {mean}"
    return f"{whom} have an SD that prints {sd}: {gives}"
