"""Histories with incomplete dates: whatever day is meant, a known answer must be right.

Each incomplete date is placed on days that it can be; each placing that is possible is a world with
complete dates. What the worlds answer differently cannot be known.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import pairwise, product

from naive_facts import History, Row, day_of, last_day
from random_life import DATES, ENDS

Place = tuple[str, int, str]  # table, place in it, column


def open_dates(history: History) -> dict[Place, date]:
    """Where a date lacks its day, and the first day that it can be."""
    return {
        (table, at, column): day_of(f"{row[column]}-01")
        for table, column in (*DATES.items(), *ENDS.items())
        for at, row in enumerate(history[table])
        if len(row[column]) == 7
    }


def worlds(history: History) -> Iterator[History]:
    found = open_dates(history)
    every = 3 if len(found) == 1 else 10
    for days in product(*(_days(first, every) for first in found.values())):
        placed = {table: list(rows) for table, rows in history.items()}
        for (table, at, column), day in zip(found, days, strict=True):
            placed[table][at] = placed[table][at] | {column: str(day)}
        if _possible(placed["ex"]):
            yield placed


def _days(first: date, every: int) -> list[date]:
    last = monthrange(first.year, first.month)[1]
    return [first.replace(day=day) for day in sorted({*range(1, last + 1, every), last})]


def _possible(doses: list[Row]) -> bool:
    """No dose ends before it begins, or begins before an earlier one has ended."""
    spans = sorted((day_of(row["EXSTDTC"]), last_day(row)) for row in doses if row["EXDOSE"] != "0")
    ordered = all(first <= last for first, last in spans)
    return ordered and all(last <= first for (_, last), (first, _) in pairwise(spans))
