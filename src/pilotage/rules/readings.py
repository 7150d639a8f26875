"""From what is written in a cell to the value of an item."""

from fractions import Fraction

import polars as pl

from pilotage.datasets.facts import Target
from pilotage.instruments.units import (
    IncompatibleUnits,
    UnknownUnit,
    conversion,
    counts_single_cells,
    number_columns,
)
from pilotage.study.protocol import Item, Protocol

UNIT_OF = {"AGE": "AGEU"}
"""The column of the unit where it has a name of its own."""


def read(rows: pl.DataFrame, target: Target, item: Item, protocol: Protocol) -> pl.DataFrame:
    """The records with VALUE, as the type of the item says; null where it cannot be used."""
    written, unit = pl.col(target.variable).cast(pl.String), _unit_column(rows, target)
    noted = rows.with_columns(
        pl.col("USUBJID").cast(pl.String),
        pl.col("ORDER").cast(pl.Int64),
        WRITTEN=written,
        UNIT=pl.lit(None, pl.String) if unit is None else pl.col(unit),
    )
    return noted.with_columns(VALUE=_value(noted, item, protocol))


def _value(rows: pl.DataFrame, item: Item, protocol: Protocol) -> pl.Expr:
    text = pl.col("WRITTEN")
    match item.type:
        case "integer" | "number":
            return _number(rows, item)
        case "yes_no":
            known = {"Y": "yes", "N": "no"}
            return text.replace_strict(known, default=None, return_dtype=pl.String)
        case "choice":
            codes = list(protocol.codelists.get(item.codelist or "", {}))
            return pl.when(text.is_in(codes)).then(text)
        case "date" | "datetime":
            whole = text.str.len_bytes() >= 10
            return pl.when(whole).then(text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
    return text


def _number(rows: pl.DataFrame, item: Item) -> pl.Expr:
    """A number in the unit of the item. Where a site may choose among units it has to say which;
    where the form prints one, a missing unit is that one. Any other unit is converted, and one that
    does not convert leaves the value missing."""
    if item.unit is None:
        return number_columns("WRITTEN")
    units = rows["UNIT"].unique().to_list()
    factors = {unit: _factor(unit, item) for unit in units}
    cells = [unit for unit in units if unit is not None and _counts_cells(unit)]
    number = number_columns("WRITTEN", single_cells=pl.col("UNIT").is_in(cells).fill_null(False))
    over = [(unit, factor) for unit, factor in factors.items() if factor is not None]
    value = pl.lit(None, pl.Float64)
    for unit, factor in over:
        own = pl.col("UNIT").is_null() if unit is None else pl.col("UNIT") == unit
        converted = number * float(factor.numerator) / float(factor.denominator)
        value = pl.when(own).then(converted).otherwise(value)
    return value


def _factor(unit: str | None, item: Item) -> Fraction | None:
    assert item.unit is not None
    if unit is None:
        return None if item.units else Fraction(1)
    if unit.casefold() == item.unit.casefold():
        return Fraction(1)
    try:
        return conversion(unit, item.unit)
    except (UnknownUnit, IncompatibleUnits):
        return None


def _counts_cells(unit: str) -> bool:
    try:
        return counts_single_cells(unit)
    except UnknownUnit:
        return False


def _unit_column(rows: pl.DataFrame, target: Target) -> str | None:
    """The column that holds the unit of a value: LBORRESU, CMDOSU, AGEU."""
    variable = target.variable
    named = UNIT_OF.get(variable, variable + "U")
    if variable.endswith("DOSE"):
        named = variable.removesuffix("E") + "U"
    return named if named in rows.columns else None
