"""GRIM, GRIMMER and DEBIT: can so many whole numbers have the printed mean, and the printed SD?

GRIM asks whether a sum of n whole numbers gives the mean (Brown & Heathers 2017). GRIMMER asks the
same of the sum of squares and the SD (Anaya 2016; the rule of odd and even is that of Allard 2018).
DEBIT is the same question of values that are 0 or 1 (Heathers & Brown 2019). All three are settled
here on exact fractions, for each way of rounding and each kind of SD; for small groups with all
limits of the scale, by search.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pilotage.publication.arithmetic import (
    ROUNDINGS,
    Moments,
    Printed,
    Rounding,
    Spread,
    exist,
    squares_with,
    sums,
)

SEARCHED = 20
"""Of so many numbers it is settled by search whether they exist; of more it is asked whether their
sum of squares is between the smallest and the largest, and odd where the sum is."""

WIDEST = 110
"""So many points from end to end a scale may have for that search."""

WIDE = 10**6
"""The limits of a scale that states none."""

SPREADS: tuple[Spread, ...] = ("sample SD", "population SD", "standard error")


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest value of a score."""

    low: int = -WIDE
    high: int = WIDE

    @property
    def binary(self) -> bool:
        """Is each value 0 or 1?"""
        return (self.low, self.high) == (0, 1)

    @property
    def stated(self) -> bool:
        """Does the scale have limits?"""
        return (self.low, self.high) != (-WIDE, WIDE)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a mean and an SD were printed: rounded so, and which SD it is."""

    mean: Rounding
    sd: Rounding
    kind: Spread

    def departs(self, kind: Spread) -> set[str]:
        """In what it departs from plain rounding and from the kind of SD that is printed."""
        found = {("mean", self.mean), ("sd", self.sd), ("kind", self.kind)}
        usual = {("mean", "rounded"), ("sd", "rounded"), ("kind", kind)}
        return {" ".join(each) for each in found - usual}


def grim(n: int, mean: Printed, scale: Scale) -> list[int]:
    """The sums of n whole numbers whose mean prints so; none where there is no such mean."""
    return sums(n, mean, low=scale.low, high=scale.high)


def grimmer(
    n: int,
    mean: Printed,
    sd: Printed,
    scale: Scale,
    kind: Spread = "sample SD",
    *,
    most: int | None = None,
) -> list[Moments]:
    """The sums and sums of squares of n whole numbers whose mean and SD print so; no more than
    `most` of them."""
    return list(islice(_fitting(n, mean, sd, scale, kind), most))


def _fitting(n: int, mean: Printed, sd: Printed, scale: Scale, kind: Spread) -> Iterator[Moments]:
    for total in grim(n, mean, scale):
        for squares in squares_with(n, total, sd, kind, most=limits(n, total, scale)[1]):
            if _could_be(n, total, squares, scale):
                yield Moments(n, total, squares)


def readings(
    n: int, mean: Printed, sd: Printed, scale: Scale, kind: Spread
) -> Iterator[tuple[Reading, Moments]]:
    """The ways of rounding and the kinds of SD with which the numbers exist, each with an example.
    The nearest to the plain one, rounded and of the kind that is printed, comes first; a way is
    left out where one that departs in less does already."""
    kinds = (kind, *(other for other in SPREADS if other != kind))
    ways = [
        Reading(of_mean, of_sd, one)
        for one in kinds
        for of_mean in ROUNDINGS
        for of_sd in ROUNDINGS
    ]
    ways.sort(key=lambda way: len(way.departs(kind)))
    enough: list[set[str]] = []
    for way in ways:
        if any(less <= way.departs(kind) for less in enough):
            continue
        found = next(_fitting(n, mean.read(way.mean), sd.read(way.sd), scale, way.kind), None)
        if found is not None:
            enough.append(way.departs(kind))
            yield way, found


def possible(n: int, total: int, squares: int, scale: Scale) -> bool:
    """May n numbers of the scale have this sum and this sum of squares?"""
    if (squares - total) % 2 or squares > limits(n, total, scale)[1]:
        return False
    return _could_be(n, total, squares, scale)


def limits(n: int, total: int, scale: Scale) -> tuple[int, int]:
    """The smallest and the largest sum of squares of n numbers of the scale with this sum."""
    least, rest = divmod(total, n)
    smallest = (n - rest) * least**2 + rest * (least + 1) ** 2
    return smallest, _largest(n, total, scale)


def _could_be(n: int, total: int, squares: int, scale: Scale) -> bool:
    """May n numbers of the scale have this sum and this sum of squares, not above the largest?"""
    if n <= SEARCHED and scale.high - scale.low <= WIDEST:
        return exist(n, total - n * scale.low, *_moved(n, total, squares, scale))
    return squares >= limits(n, total, scale)[0]


def _moved(n: int, total: int, squares: int, scale: Scale) -> tuple[int, int, int]:
    """The squares and the limits when the lowest value of the scale is taken from each number."""
    moved = squares - 2 * scale.low * total + n * scale.low**2
    return moved, 0, scale.high - scale.low


def _largest(n: int, total: int, scale: Scale) -> int:
    """The largest sum of squares: as many numbers as possible at the ends of the scale."""
    width = scale.high - scale.low
    tops, rest = divmod(total - n * scale.low, width) if width else (n, 0)
    if tops >= n:
        return n * scale.high**2
    return tops * scale.high**2 + (scale.low + rest) ** 2 + (n - tops - 1) * scale.low**2
