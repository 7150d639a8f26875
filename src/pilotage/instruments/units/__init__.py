"""Units of measurement in UCUM codes, exact conversion, and numbers as laboratories write them."""

from pilotage.instruments.units.conversion import (
    IncompatibleUnits,
    UnknownUnit,
    conversion,
    convert,
    convert_columns,
    counts_single_cells,
    standard_unit,
    ucum_code,
)
from pilotage.instruments.units.numbers import Number, number_columns, parse_number
from pilotage.instruments.units.table import MOLAR_MASS, UNITS, Unit

__all__ = [
    "MOLAR_MASS",
    "UNITS",
    "IncompatibleUnits",
    "Number",
    "Unit",
    "UnknownUnit",
    "conversion",
    "convert",
    "convert_columns",
    "counts_single_cells",
    "number_columns",
    "parse_number",
    "standard_unit",
    "ucum_code",
]
