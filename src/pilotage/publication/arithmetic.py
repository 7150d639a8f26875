"""Which whole numbers can have the mean and the SD that a paper prints? Settled exactly.

A printed mean of n whole numbers allows a few sums; with the sum, a printed SD allows a few sums of
squares. That is all that a solver has to know of them, and where nothing is left it is proved that
no such numbers exist. How the printed number was rounded, and which SD it is, are said with it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from pilotage.statistics.rounding import as_written, text

Decimals = Literal["rounded", "cut off"]
Rounding = Literal["rounded", "half even", "cut off"]
"""What was done with the decimals after the printed ones; rounded is half away from zero."""

ROUNDINGS: tuple[Rounding, ...] = ("rounded", "half even", "cut off")

Spread = Literal["sample SD", "population SD", "standard error"]
"""Which measure of spread a number is: divided by n - 1, by n, or of the mean."""


@dataclass(frozen=True, slots=True)
class Ends:
    """All numbers that print alike: those between two ends, and whether the ends are among them."""

    low: Fraction
    high: Fraction
    low_in: bool
    high_in: bool

    def hold(self, number: Fraction) -> bool:
        above = number > self.low or (self.low_in and number == self.low)
        return above and (number < self.high or (self.high_in and number == self.high))


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number with its decimal places, and what was done with the decimals after them."""

    value: Fraction
    digits: int
    decimals: Rounding = "rounded"

    @classmethod
    def of(cls, value: float, digits: int, decimals: Rounding = "rounded") -> "Printed":
        return cls(as_written(value), digits, decimals)

    def read(self, decimals: Rounding) -> "Printed":
        """The same number, rounded otherwise."""
        return Printed(self.value, self.digits, decimals)

    def fits(self, number: Fraction) -> bool:
        """Does the number print so?"""
        return self.ends.hold(number)

    def fits_root(self, square: Fraction) -> bool:
        """Does the square root of the number print so? Exact: no root is taken."""
        ends = self.ends
        if ends.high < 0 or (ends.high == 0 and not ends.high_in):
            return False
        if ends.low < 0:
            low, low_in = Fraction(0), True
        else:
            low, low_in = ends.low, ends.low_in
        return Ends(low**2, ends.high**2, low_in, ends.high_in).hold(square)

    @property
    def ends(self) -> Ends:
        """What prints so."""
        return _ends(self)

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """The two ends of what prints so; for a value above 0 that was rounded or cut off the lower
        one belongs to it."""
        return self.ends.low, self.ends.high

    def whole_numbers(self, per: Fraction = Fraction(1)) -> range:
        """The whole numbers that print so after division by `per`."""
        ends = self.ends
        first, last = math.ceil(ends.low * per), math.floor(ends.high * per)
        if first == ends.low * per and not ends.low_in:
            first += 1
        if last == ends.high * per and not ends.high_in:
            last -= 1
        return range(first, last + 1)

    def __str__(self) -> str:
        return text(Decimal(self.value.numerator) / self.value.denominator, self.digits)


@cache
def _ends(printed: Printed) -> Ends:
    value, unit = printed.value, Fraction(1, 10**printed.digits)
    if printed.decimals == "cut off":
        if value == 0:
            return Ends(-unit, unit, False, False)
        return (
            Ends(value, value + unit, True, False)
            if value > 0
            else Ends(value - unit, value, False, True)
        )
    low, high = value - unit / 2, value + unit / 2
    if printed.decimals == "half even":
        even = (value / unit).numerator % 2 == 0
        return Ends(low, high, even, even)
    return Ends(low, high, value > 0, value < 0)


@dataclass(frozen=True, slots=True)
class Moments:
    """How many whole numbers, their sum and the sum of their squares."""

    n: int
    total: int
    squares: int

    @property
    def variance(self) -> Fraction:
        return self.around / (self.n - 1)

    @property
    def around(self) -> Fraction:
        """The sum of the squared distances from the mean."""
        return self.squares - Fraction(self.total**2, self.n)

    def spread(self, kind: Spread) -> Fraction:
        """The square of the SD, or of the standard error. Two numbers are needed, one for the
        population SD."""
        return self.around / _divisor(self.n, kind)


def _divisor(n: int, kind: Spread) -> int:
    return {"sample SD": n - 1, "population SD": n, "standard error": n * (n - 1)}[kind]


def moments(
    n: int,
    mean: Printed,
    sd: Printed | None,
    *,
    low: int,
    high: int,
    kind: Spread = "sample SD",
) -> list[Moments]:
    """Every sum and sum of squares with which n whole numbers from low to high print this mean and
    SD. Without an SD the squares are 0. Empty where none exist."""
    found = []
    for total in sums(n, mean, low=low, high=high):
        if sd is None:
            found.append(Moments(n, total, 0))
            continue
        found += [
            Moments(n, total, squares)
            for squares in squares_with(n, total, sd, kind)
            if exist(n, total, squares, low, high)
        ]
    return found


def sums(n: int, mean: Printed, *, low: int, high: int) -> list[int]:
    """The sums of n whole numbers from low to high with this mean."""
    possible = mean.whole_numbers(Fraction(n))
    return [total for total in possible if n * low <= total <= n * high]


def squares_with(
    n: int, total: int, sd: Printed, kind: Spread = "sample SD", *, most: int | None = None
) -> Iterator[int]:
    """Sums of squares with this SD, none above `most`. A whole number and its square are both odd
    or both even."""
    if n < 2:
        return
    around = Fraction(total**2, n)
    low, high = (max(end, Fraction(0)) ** 2 * _divisor(n, kind) + around for end in sd.bounds)
    last = math.floor(high) if most is None else min(math.floor(high), most)
    for squares in range(math.ceil(low), last + 1):
        if (squares - total) % 2 == 0 and sd.fits_root(Moments(n, total, squares).spread(kind)):
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
