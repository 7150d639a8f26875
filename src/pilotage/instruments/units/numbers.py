"""Numbers as laboratories write them: strict, because a misread count changes a grade.

A number is plain ASCII decimal: an optional sign, digits with at most one point, an optional
exponent. `<0.5`, `>100`, `1,5`, `1 190` and words are not numbers. Nor is `1.190` in a unit that
counts single cells: the point before exactly three digits may mark thousands.
"""

import re
from dataclasses import dataclass
from math import isfinite

import polars as pl

from pilotage.instruments.units.conversion import UnknownUnit, counts_single_cells

_NUMBER = re.compile(r"[ \t]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*\Z")
# One text for both readers: Python's `re` and Polars (Rust) understand it alike.
_THREE_DIGITS = r"\.[0-9]{3}[ \t]*$"
_PYTHON_THREE_DIGITS = re.compile(_THREE_DIGITS.removesuffix("$") + r"\Z")


@dataclass(frozen=True, slots=True)
class Number:
    """A value, or None with the reason why the text is not a number."""

    value: float | None
    reason: str | None = None


def parse_number(text: str | None, unit: str | None) -> Number:
    """Read a number. Missing text is missing without a reason; the unit only decides about
    thousands, and an unknown or missing one decides nothing."""
    if text is None or not text.strip(" \t"):
        return Number(None)
    if not _NUMBER.match(text):
        return Number(None, f"{text!r} is not a number")
    if _PYTHON_THREE_DIGITS.search(text) and _single_cells(unit):
        return Number(
            None, f"{text!r} {unit} is not clear: the point may mark thousands or decimals"
        )
    value = float(text)
    if not isfinite(value):
        return Number(None, f"{text!r} is too large for a number")
    return Number(value)


def number_columns(
    text: str, unit: str | None = None, *, single_cells: pl.Expr | None = None
) -> pl.Expr:
    """The same numbers for a column of texts and, if given, a column of their units (Float64).

    `single_cells` may stand for the column of units: true where single cells are counted.
    """
    column = pl.col(text)
    # Polars reads the same decimals, and besides them only infinity and NaN as words
    number = column.str.strip_chars(" \t").cast(pl.Float64, strict=False)
    usable = number.is_finite()
    if unit is not None:
        single_cells = pl.col(unit).map_batches(_single_cell_units, return_dtype=pl.Boolean)
    if single_cells is not None:
        usable &= ~(single_cells & column.str.contains(_THREE_DIGITS))
    return pl.when(usable).then(number)


def _single_cells(unit: str | None) -> bool:
    try:
        return unit is not None and counts_single_cells(unit)
    except UnknownUnit:
        return False


def _single_cell_units(units: pl.Series) -> pl.Series:
    cells = [unit for unit in units.unique().to_list() if _single_cells(unit)]
    return units.is_in(cells).fill_null(False)
