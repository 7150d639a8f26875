"""Each number of a text with the result behind it: which row, and what of the row it prints."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import polars as pl

from pilotage.publication.gate.numbers import Seen
from pilotage.publication.reproduce.agreement import How, agreement
from pilotage.statistics.rounding import as_written
from pilotage.study import Study

What = Literal["value", "percentage", "n", "visit", "level", "at", "nobody"]
COUNTS = ("count", "subjects", "events", "unknown", "censored", "competing", "not_at_risk")

_OF_THE_ROW: dict[What, str] = {
    "n": "its n", "visit": "its visit", "level": "the level of its interval", "at": "its time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of results, as far as the gate needs it. `level` is that of its interval."""

    id: str
    statistic: str
    value: Fraction | None
    n: int | None
    visit: int | None
    at: Fraction | None
    interval: Fraction | None
    method: str
    unit: str
    label: str
    population: str
    kind: str

    @property
    def of_events(self) -> bool:
        """Does it count events, of which a subject may have several?"""
        return self.kind == "events" and self.statistic == "events"

    @property
    def counts(self) -> bool:
        """Is the value a number of subjects, or of events?"""
        return self.statistic in COUNTS or self.statistic.startswith("count ")


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a number can print of a row."""

    what: What
    row: Row
    number: Fraction

    def prints(self, seen: Seen) -> How:
        """With which cutting of decimals it is the number that is seen; empty with none."""
        sign = seen.comparator
        if sign == "=" and abs(self.number - seen.value) >= Fraction(1, 10**seen.digits):
            return ""  # most are far apart, and it is soon seen
        return agreement(self.number, float(seen.value), digits=seen.digits, comparator=sign)

    @property
    def in_words(self) -> str:
        """What it is of the row, for a reader; empty for the row's value, which its id names."""
        value, n = self.row.value, self.row.n
        if self.what == "percentage" and self.row.counts and value is not None:
            return f"{int(value)} of {n}"
        return _OF_THE_ROW.get(self.what, "")


@dataclass(frozen=True, slots=True)
class Linked:
    """A number with what it prints; None where no row of its text does."""

    seen: Seen
    reading: Reading | None


def _nobody(seen: Seen, own: Sequence[Row]) -> Reading | None:
    """A zero where a category is meant that nobody has: such a category has no row."""
    first = next((row for row in own if row.statistic.startswith("count ")), None)
    return Reading("nobody", first, Fraction(0)) if first is not None and seen.value == 0 else None


def rows_of(results: pl.DataFrame, study: Study, named: Collection[str]) -> dict[str, Row]:
    """The rows of results that are named, by their RESULTID."""
    levels = {a.id: getattr(a, "level", None) for a in study.sap.analyses}
    columns = ("RESULTID", "ANALYSIS", "STATISTIC", "VALUE", "N", "AVISITN", "AT", "METHOD", "UNIT")
    found = {}
    for name, analysis, statistic, value, n, visit, at, method, unit, label, population, kind in (
        results.filter(pl.col("RESULTID").is_in(named))
        .select(*columns, "LABEL", "POPULATION", "KIND")
        .iter_rows()
    ):
        level = levels.get(analysis)
        found[name] = Row(
            name, statistic, _exact(value), n, visit, _exact(at),
            None if level is None else _exact(level), method or "", unit or "", label or "",
            population, kind or "",
        )  # fmt: skip
    return found


def _exact(value: float | None) -> Fraction | None:
    return None if value is None else as_written(value)


def readings(row: Row) -> Iterator[Reading]:
    """Everything that a text may print of a row, the likely first."""
    if row.value is not None:
        yield Reading("value", row, row.value)
        if row.counts and row.n:
            yield Reading("percentage", row, 100 * row.value / row.n)
        elif not row.counts and 0 <= row.value <= 1:
            yield Reading("percentage", row, 100 * row.value)
    if row.n is not None:
        yield Reading("n", row, Fraction(row.n))
    if row.visit is not None:
        yield Reading("visit", row, Fraction(row.visit))
    if row.interval is not None:
        yield Reading("level", row, 100 * row.interval)
    if row.at is not None:
        yield Reading("at", row, row.at)


def linked(
    numbers: tuple[Seen, ...], results: tuple[str, ...], rows: Mapping[str, Row]
) -> list[Linked]:
    """Each number with the row that it prints. The numbers of a text come in the order of its
    results; a number that none of these gives is nothing's."""
    own = [rows[name] for name in results if name in rows]
    found: list[Linked] = []
    place = 0
    for seen in numbers:
        order = [*range(place, len(own)), *range(place)]
        at, reading = next(
            (
                (at, reading)
                for at in order
                for reading in readings(own[at])
                if reading.prints(seen) == "rounded"
            ),
            (place, None),
        )
        place = at
        found.append(Linked(seen, reading or _nobody(seen, own)))
    return found
