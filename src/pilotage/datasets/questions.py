"""What the study says of each test in QS: its parameter, its place among the items of instruments.

The rows of QS carry the number of their question; whatever depends on the test alone is looked up
by that number.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pilotage.datasets.once import once_per_study
from pilotage.instruments import Instrument, Item, Score, instruments
from pilotage.instruments.instrument import not_allowed
from pilotage.study.protocol import Parameter, Protocol, text_of

Name = tuple[str | None, str | None]
"""QSCAT and QSTESTCD of a row."""

PAIR = ["QSCAT", "QSTESTCD"]


@dataclass(frozen=True, slots=True)
class ScoreOf:
    """A score of an instrument, with the code of the parameter that it is in the study."""

    parameter: str
    instrument: Instrument
    score: Score


@dataclass(frozen=True)
class Scales:
    """The instruments of a study with their scores; the items of all of them are numbered."""

    scores: tuple[ScoreOf, ...]

    @cached_property
    def instruments(self) -> tuple[Instrument, ...]:
        return tuple({each.instrument.name: each.instrument for each in self.scores}.values())

    @cached_property
    def items(self) -> dict[Name, tuple[int, Item]]:
        """The number of each item and the item, by QSCAT and QSTESTCD."""
        known = [(each.category, item) for each in self.instruments for item in each.items]
        return {(where, item.code): (n, item) for n, (where, item) in enumerate(known)}

    @cached_property
    def not_allowed(self) -> pl.Expr:
        """ILLEGAL: true where the number AVAL is none that its item (the number ITEM) allows."""
        items = [item for _, item in self.items.values()]
        return not_allowed(items, item=pl.col("ITEM"), value=pl.col("AVAL")).alias("ILLEGAL")

    @cached_property
    def items_of_scores(self) -> pl.DataFrame:
        """ITEM and SCORE, the numbers of each item of each score."""
        pairs = [
            (self.items[each.instrument.category, item][0], place)
            for place, each in enumerate(self.scores)
            for item in each.score.items
        ]
        return pl.DataFrame(pairs, {"ITEM": pl.UInt32, "SCORE": pl.UInt32}, orient="row")

    @cached_property
    def names(self) -> pl.DataFrame:
        """QSTESTCD and QSCAT of each score."""
        pairs = [(each.parameter, each.instrument.category) for each in self.scores]
        return pl.DataFrame(pairs, {"QSTESTCD": pl.String, "QSCAT": pl.String}, orient="row")

    @cached_property
    def scale_of_items(self) -> pl.Expr:
        """SCALE: the number of the instrument of an item (the number ITEM)."""
        numbers = [n for n, each in enumerate(self.instruments) for _ in each.items]
        return pl.lit(pl.Series(numbers, dtype=pl.UInt32)).gather("ITEM").alias("SCALE")


@once_per_study
def scales_of(protocol: Protocol) -> Scales:
    """The parameters of the study that are scores of an instrument."""
    found = []
    for code, parameter in protocol.parameters.items():
        if parameter.instrument and parameter.score:
            instrument = instruments[parameter.instrument]
            scores = {score.code: score for score in instrument.scores}
            found.append(ScoreOf(code, instrument, scores[parameter.score]))
    return Scales(tuple(found))


SCHEMA = {
    "QSCAT": pl.String, "QSTESTCD": pl.String, "CODE": pl.UInt32, "OWN": pl.Boolean,
    "ITEM": pl.UInt32, "PARAM": pl.String, "AVALU": pl.String,
    "LOW": pl.Float64, "HIGH": pl.Float64, "WHOLE": pl.Boolean, "EXPECTED": pl.String,
}  # fmt: skip


def question_table(names: Iterable[Name], scales: Scales, protocol: Protocol) -> pl.DataFrame:
    """One row for each of the names, and for each score that the study takes from items.

    QUESTION is the number of the row, CODE the place of QSTESTCD in alphabetical order. OWN: it is
    a parameter of the study, PARAM and AVALU are its label and unit, LOW to HIGH its range, WHOLE
    whether only whole numbers exist, EXPECTED the same in words. ITEM is the number of an item.
    """
    parameters = {c: p for c, p in protocol.parameters.items() if p.domain == "QS"}
    scored = [(each.instrument.category, each.parameter) for each in scales.scores]
    ordered = sorted({*names, *scored}, key=lambda name: (name[1] or "", name[0] or ""))
    codes = {code: place for place, code in enumerate(dict.fromkeys(c for _, c in ordered))}
    rows = [(*name, codes[name[1]], *_said(name, scales.items, parameters)) for name in ordered]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_row_index("QUESTION")


def _said(
    name: Name, items: Mapping[Name, tuple[int, Item]], parameters: Mapping[str, Parameter]
) -> tuple[object, ...]:
    """OWN, ITEM, PARAM, AVALU, LOW, HIGH, WHOLE, EXPECTED of a question."""
    item = items[name][0] if name in items else None
    parameter = parameters.get(name[1] or "")
    if parameter is None:
        return (False, item, name[1], None, None, None, None, None)
    low, high = parameter.range
    whole = parameter.whole_numbers
    expected = f"{'a whole number ' if whole else ''}from {low:g} to {high:g}"
    return (True, item, text_of(parameter.label), parameter.unit, low, high, whole, expected)
