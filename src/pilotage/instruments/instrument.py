"""What a published scale is: items in, scores out, for one subject and for all subjects.

A value that is missing, or that the scale does not allow, is *open*: a score that needs it is
missing and names it. It never counts as 0. Every score has two readers, one for a single
assessment and one for a frame with a row per assessment, and both give the same answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import polars as pl

from pilotage.instruments.division import quotient

Side = Literal["front", "back"]
Values = Mapping[str, float | None]
"""Item code to recorded value; None, or a code that is not there, is open."""
Known = Mapping[str, int | None]
"""Values after checking: whole numbers that the item allows, None where open."""
Columns = Mapping[str, pl.Expr]
"""Item code to the expression of its checked value (Int64, null where open)."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the body that an instrument scores on its own; `sides` says where it can be drawn.

    `percent` is its share of the body surface, where the instrument has one.
    """

    code: str
    label: str
    sides: tuple[Side, ...]
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an instrument; `code` is its QSTESTCD, `hint` explains what is allowed."""

    code: str
    label: str
    allowed: tuple[int, ...]
    region: str | None
    group: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A total, or None with the items that keep it open."""

    total: float | None
    open_items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """One result of an instrument, `low` to `high`; `code` is its PARAMCD.

    `items` are all items that it can need; `whole`: only whole numbers can come out. `total` reads
    one assessment, `columns` a frame, `open_columns` says for a frame which items keep it open.
    """

    code: str
    label: str
    low: int
    high: int
    items: tuple[str, ...]
    total: Callable[[Known], Scored]
    columns: Callable[[Columns], pl.Expr]
    open_columns: Callable[[Columns], dict[str, pl.Expr]]
    whole: bool = True

    def allows(self, value: float) -> bool:
        """Whether a stated result is possible."""
        return self.low <= value <= self.high and not (self.whole and value % 1)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published scale: its items, scores and body regions, with the publication it comes from."""

    name: str
    title: str
    category: str
    citation: str
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    regions: tuple[Region, ...] = ()

    def check(self, values: Values) -> list[str]:
        """Every mistake in the values: an unknown code, an item value that is not allowed, a stated
        score that cannot be. Missing values are no mistake."""
        items = {item.code: item for item in self.items}
        scores = {score.code: score for score in self.scores}
        mistakes = []
        for code, value in values.items():
            if code not in items and code not in scores:
                mistakes.append(f"{self.category} has no item {code!r}{self._nearest(code)}")
            elif value is None:
                continue
            elif code in items and value not in items[code].allowed:
                item = items[code]
                hint = f" ({item.hint})" if item.hint else ""
                mistakes.append(
                    f"{self.category} {code} is {_written(value)}; "
                    f"allowed are {_listed(item.allowed)}{hint}"
                )
            elif code in scores and not scores[code].allows(value):
                score = scores[code]
                numbers = "whole numbers " if score.whole else ""
                mistakes.append(
                    f"{self.category} {code} is {_written(value)}; "
                    f"allowed are {numbers}{score.low} to {score.high}"
                )
        return mistakes

    def score(self, code: str, values: Values) -> Scored:
        """The score of one assessment; an open item it needs makes the total None.

        Values of other codes are ignored. Raises ValueError for a score the instrument lacks.
        """
        wanted = self._score(code)
        known = {item.code: _known(item, values.get(item.code)) for item in self.items}
        return wanted.total(known)

    def _score(self, code: str) -> Score:
        for score in self.scores:
            if score.code == code:
                return score
        raise ValueError(f"{self.category} has no score {code!r}{self._nearest(code)}")

    def _nearest(self, code: str) -> str:
        codes = [item.code for item in self.items] + [score.code for score in self.scores]
        nearest = get_close_matches(code.upper(), codes, n=1)
        return f"; did you mean {nearest[0]!r}?" if nearest else ""


def not_allowed(items: Sequence[Item], *, item: pl.Expr, value: pl.Expr) -> pl.Expr:
    """True where a value (Float64) is none that its item allows; `item` is its number in `items`.

    False where the value or the number of the item is missing.
    """
    kinds = list(dict.fromkeys(each.allowed for each in items))
    low, high = min(map(min, kinds)), max(map(max, kinds))
    answers = range(low, high + 1)
    allowed = pl.Series([answer in kind for kind in kinds for answer in answers])
    begins = pl.Series([len(answers) * kinds.index(each.allowed) - low for each in items])
    possible = value.is_between(low, high) & (value == value.floor())
    place = (pl.lit(begins).gather(item) + pl.when(possible).then(value)).cast(pl.UInt32)
    known = pl.lit(allowed).gather(place).fill_null(False)
    return item.is_not_null() & value.is_not_null() & ~known


def weighted_sum(
    code: str,
    label: str,
    weights: Mapping[str, int],
    *,
    high: int,
    divisor: int = 1,
) -> Score:
    """A score 0 to `high`: the sum of weight times value, over `divisor`; it needs every item."""
    items = tuple(weights)

    def total(known: Known) -> Scored:
        missing = open_items(items, known)
        if missing:
            return Scored(None, missing)
        points = sum(weights[item] * (known[item] or 0) for item in items)
        return Scored(points if divisor == 1 else points / divisor)

    def columns(checked: Columns) -> pl.Expr:
        # each weight once: of a few assessments the plan takes longer than the sum
        alike: dict[int, list[pl.Expr]] = {}
        for item in items:
            alike.setdefault(weights[item], []).append(checked[item])
        points = sum_columns([weight * sum_columns(same) for weight, same in alike.items()])
        return points if divisor == 1 else quotient(points, divisor)

    whole = divisor == 1
    return Score(code, label, 0, high, items, total, columns, open_where_null, whole)


def open_items(items: Sequence[str], known: Known) -> tuple[str, ...]:
    """The items without a value."""
    return tuple(item for item in items if known[item] is None)


def open_where_null(checked: Columns) -> dict[str, pl.Expr]:
    """Every item of the score is needed, so it is open where it has no value."""
    return {item: column.is_null() for item, column in checked.items()}


def sum_columns(columns: Sequence[pl.Expr]) -> pl.Expr:
    """The sum over columns; null where one of them is null."""
    return pl.sum_horizontal(columns, ignore_nulls=False)


def _known(item: Item, value: float | None) -> int | None:
    return int(value) if value is not None and value in item.allowed else None


def _listed(allowed: tuple[int, ...]) -> str:
    if len(allowed) > 8:
        return f"whole numbers {allowed[0]} to {allowed[-1]}"
    return ", ".join(str(number) for number in allowed)


def _written(value: float) -> str:
    return f"{value:.15g}" if isinstance(value, int | float) else repr(value)
