"""Plain numbers: what to try first when a concrete example is wanted."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from math import ceil, floor

_ROUND = (10, 5, 1, 2, 3, 4, 6, 7, 8, 9, 0, 20, 30, 40, 50, 100, 12, 15)
_STEPS = (100, 10, 5, 1, 0.5, 0.1, 0.05, 0.01)


def plain_numbers(
    cuts: Collection[float], low: float | None, high: float | None, *, whole: bool
) -> list[float]:
    """Numbers of a range, the plainest first: between two cuts, on a cut, above the last one, below
    the first one, then round numbers and the ends of the range."""
    parts = number_parts(cuts, low, high, whole=whole)
    between = [n for n in parts if cuts and min(cuts) < n < max(cuts) and n not in cuts]
    on = [n for n in parts if n in cuts]
    beyond = [n for n in reversed(parts) if n not in between and n not in on]
    ends = [end for end in (low, high) if end is not None]
    found = dict.fromkeys([*between, *on, *beyond, *_ROUND, *ends])
    return [n for n in found if _within(n, low, high) and not (whole and n != int(n))]


def number_parts(
    cuts: Collection[float], low: float | None, high: float | None, *, whole: bool
) -> list[float]:
    """A plain number for each part into which the cuts divide a range, in ascending order: below
    the first cut, on it, between it and the second, and so on. A part that holds no number (no
    whole one, where all are whole) has none."""
    inside = sorted({cut for cut in cuts if _within(cut, low, high)})
    found = list(_parts(inside, low, high, whole=whole))
    return [n for n in found if _within(n, low, high) and not (whole and n != int(n))]


def _within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _parts(
    cuts: list[float], low: float | None, high: float | None, *, whole: bool
) -> Iterator[float]:
    if not cuts:
        yield 10 if _within(10, low, high) else low if low is not None else high or 0
        return
    below, above = _below(cuts[0], whole=whole), _above(cuts[-1], whole=whole)
    if low is None or low < cuts[0]:
        yield below if low is None else max(below, low)
    yield cuts[0]
    for first, second in pairwise(cuts):
        middle = _middle(first, second, whole=whole)
        if middle is not None:
            yield middle
        yield second
    if high is None or high > cuts[-1]:
        yield above if high is None else min(above, high)


def _below(cut: float, *, whole: bool) -> float:
    return ceil(cut) - 1 if whole else round(cut - _step(cut), 6)


def _above(cut: float, *, whole: bool) -> float:
    return floor(cut) + 1 if whole else round(cut + _step(cut), 6)


def _step(cut: float) -> float:
    return 0.1 if 0 < abs(cut) < 10 else 1


def _middle(first: float, second: float, *, whole: bool) -> float | None:
    """The plainest number strictly between two, the nearest to their middle."""
    middle = (first + second) / 2
    for step in _STEPS:
        if whole and step < 1:
            return None
        marks = (floor(first / step) + 1, round(middle / step), ceil(second / step) - 1)
        inside = [n for n in (round(mark * step, 6) for mark in marks) if first < n < second]
        if inside:
            return min(inside, key=lambda number: abs(number - middle))
    return middle
