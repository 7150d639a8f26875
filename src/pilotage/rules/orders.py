"""Relapses where dates are not complete: what is the same on whatever days the assessments were
made, and whatever day was that of the first dose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

MOST = 2000
"""Where there are more ways to place the assessments, nothing is said to be the same in all."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment: the days between which it lies, and what it would count as after the first
    dose. Of one day they stand in order."""

    first: int
    last: int
    responds: bool
    relapses: bool
    clears: bool


@dataclass(frozen=True, slots=True)
class Certain:
    """What every order says: after each assessment whether a relapse is open (None: it depends),
    and whether the relapses begin at the same assessments in every order."""

    open_after: tuple[bool | None, ...]
    same_relapses: bool


def certain(rows: Sequence[Assessed], begun: int, started: int) -> Certain:
    """The first dose was taken between the days `begun` and `started`."""
    starts = _starts(rows, begun, started)
    places = [_places(row, rows) for row in rows]
    number = len(starts)
    for each in places:
        number *= len(each)
    if number > MOST:
        return Certain((None,) * len(rows), False)
    found = [_lived(rows, days, start) for start in starts for days in product(*places)]
    opens, begin = zip(*found, strict=True)
    after = tuple(each[0] if len(set(each)) == 1 else None for each in zip(*opens, strict=True))
    loose = any(
        row.relapses and row.first != row.last and row.last > begun for row in rows
    )  # whether it begins a relapse, and on which day
    return Certain(after, len(set(begin)) == 1 and not loose)


def _starts(rows: Sequence[Assessed], begun: int, started: int) -> list[int]:
    """The days of the first dose that differ for an assessment."""
    days = {day for row in rows for day in (row.first - 1, row.first, row.last - 1, row.last)}
    return sorted({begun, started, *(day for day in days if begun < day < started)})


def _places(row: Assessed, rows: Sequence[Assessed]) -> list[tuple[int, int]]:
    """The days that differ for the order, each before or after what else there is of the day."""
    if row.first == row.last:
        return [(row.first, 0)]
    near = {day + by for other in rows for day in (other.first, other.last) for by in (-1, 0, 1)}
    days = {row.first, row.last, *(day for day in near if row.first < day < row.last)}
    taken = {other.first for other in rows if other.first == other.last}
    return [(day, end) for day in sorted(days) for end in ((-1, 1) if day in taken else (0,))]


def _lived(
    rows: Sequence[Assessed], days: Sequence[tuple[int, int]], start: int
) -> tuple[tuple[bool, ...], tuple[int, ...]]:
    """After each assessment whether a relapse is open, and the assessments at which one begins."""
    responded: int | None = None
    open_, after, begin = False, [False] * len(rows), list[int]()
    for place in _in_order(days):
        row, day = rows[place], days[place][0]
        if day > start:
            later = responded is not None and day > responded
            if row.relapses and later:
                begin += [] if open_ else [place]
                open_ = True
            elif row.clears:
                open_ = False
            if row.responds and responded is None:
                responded = day
        after[place] = open_
    return tuple(after), tuple(begin)


def _in_order(days: Sequence[tuple[int, int]]) -> Iterator[int]:
    yield from sorted(range(len(days)), key=lambda place: (*days[place], place))
