"""Why no whole numbers have a printed SD, in lines to do again; and the SDs that lie next to it."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, islice

from pilotage.publication.arithmetic import Moments, Printed, Spread, squares_with
from pilotage.publication.audit.scores import Scale, grim, limits, possible
from pilotage.statistics.rounding import text

SUMS = 3
"""So many sums with which the mean prints so are shown."""

EACH_WAY = 2
"""So many sums of squares below, and so many above, are offered for each sum."""


def moments(made: Moments, kind: Spread) -> str:
    """A sum and a sum of squares, with the mean and the SD that they give."""
    spread = math.sqrt(made.spread(kind))
    mean = text(Fraction(made.total, made.n), 4)
    return (
        f"a sum of {made.total} and squares of {made.squares} give a mean of {mean} "
        f"and a {kind} of {spread:.4f} (n = {made.n})"
    )


def why_not(n: int, mean: Printed, sd: Printed, scale: Scale, kind: Spread) -> tuple[str, ...]:
    """Of n numbers that have the mean and not the SD: between which sums of squares it lies, and
    what lies there. Values that are 0 or 1 have one SD only; a single subject has none."""
    if n < 2:
        return ("one subject has no SD",)
    totals = grim(n, mean, scale)[:SUMS]
    if scale.binary:
        return tuple(_of_zeros_and_ones(n, total, kind) for total in totals)
    return tuple(chain.from_iterable(_between(n, total, sd, scale, kind) for total in totals))


def _of_zeros_and_ones(n: int, total: int, kind: Spread) -> str:
    value = math.sqrt(Moments(n, total, total).spread(kind))
    return (
        f"sum {total}: the squares of zeros and ones add up to {total} too, so the {kind} is "
        f"√(({total} − {total}² / {n}) / {_divisor(n, kind)}) = {value:.4f}"
    )


def _between(n: int, total: int, sd: Printed, scale: Scale, kind: Spread) -> Iterator[str]:
    factor, (low, high) = _divisor(n, kind), sd.bounds
    ends = _ends(n, total, sd, kind)
    yield (
        f"sum {total}: squares from {factor} × {text(low, sd.digits + 1)}² + {total}² / {n} = "
        f"{text(ends[0], 2)} to {factor} × {text(high, sd.digits + 1)}² + {total}² / {n} = "
        f"{text(ends[1], 2)}"
    )
    parity = "odd" if total % 2 else "even"
    yield f"the sum {total} is {parity}, so the sum of squares must be {parity} too"
    most = limits(n, total, scale)[1]
    if most < ends[0]:
        yield f"with values from {scale.low} to {scale.high} the squares are at most {most}"
        return
    whole = f"no {n} whole numbers" + f" from {scale.low} to {scale.high}" * scale.stated
    for squares in islice(squares_with(n, total, sd, kind, most=most), SUMS):
        if not possible(n, total, squares, scale):
            yield f"{whole} have a sum of {total} and squares of {squares}"


def next_to(n: int, mean: Printed, sd: Printed, scale: Scale, kind: Spread) -> tuple[str, ...]:
    """The two SDs nearest to the printed one that n numbers of the scale with the mean can have."""
    near: list[tuple[float, str]] = []
    for total in grim(n, mean, scale)[:SUMS]:
        ends = _ends(n, total, sd, kind)
        for squares in _possible_around(n, total, math.floor(sum(ends) / 2), scale):
            made = Moments(n, total, squares)
            value = math.sqrt(made.spread(kind))
            words = f"{text(value, sd.digits)} instead of {sd}: {moments(made, kind)}"
            near.append((abs(value - float(sd.value)), words))
    near.sort()
    return tuple(words for _, words in near[:2])


def _possible_around(n: int, total: int, middle: int, scale: Scale) -> Iterator[int]:
    """The nearest sums of squares that n numbers of the scale with this sum have."""
    least, most = limits(n, total, scale)
    start = min(max(middle, least), most)
    for way in (range(start, least - 1, -1), range(start + 1, most + 1)):
        found = (squares for squares in way if possible(n, total, squares, scale))
        yield from islice(found, EACH_WAY)


def _ends(n: int, total: int, sd: Printed, kind: Spread) -> list[Fraction]:
    """Between which sums of squares the SD lies."""
    around = Fraction(total**2, n)
    return [max(end, Fraction(0)) ** 2 * _divisor(n, kind) + around for end in sd.bounds]


def _divisor(n: int, kind: Spread) -> int:
    return {"sample SD": n - 1, "population SD": n, "standard error": n * (n - 1)}[kind]
