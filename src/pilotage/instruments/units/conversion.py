"""Which unit a text means, and how a number in one unit becomes a number in another.

Spellings are read tolerantly where they can mean one thing only, and refused otherwise: `G/L` is
giga per litre in one laboratory and gram per litre in another. Nothing is guessed from the size of
a value.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

import polars as pl

from pilotage.instruments.division import quotient
from pilotage.instruments.units.table import (
    ENZYMES,
    MOLAR_MASS,
    STANDARD,
    STANDARD_OF_ANALYTE,
    UNITS,
    Unit,
)


class UnknownUnit(ValueError):
    """A text that is no unit of the table."""


class IncompatibleUnits(ValueError):
    """Two units that measure different things."""


_AMBIGUOUS: Mapping[str, str] = MappingProxyType(
    {
        "G/L": "giga per litre or gram per litre; write 10*9/L or g/L",
        "M/L": "mega or mol per litre; write 10*6/L or mol/L",
    }
)

_POWER = re.compile(r"^[xX×]?10(?:\*\*|\*|\^|E\+?|e\+?)0?(\d+)(?=/)")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_CELLS = re.compile(r"(?:\{cells?\}|cells?)(?=/)", re.IGNORECASE)
_CUBIC = re.compile(r"/(mm|cm)(?:\^|\*{1,2})3$", re.IGNORECASE)
_LITRE = re.compile(r"(?<=[/dmu])l(?=$|/)")


def ucum_code(unit: str) -> str:
    """The UCUM code that a unit text means.

    Raises UnknownUnit with the nearest known spelling, or with what the text could mean.
    """
    return _ucum_code(unit)


@lru_cache(maxsize=2048)
def _ucum_code(unit: str) -> str:
    text = _plain(unit)
    if text in _AMBIGUOUS:
        raise UnknownUnit(f"unit {unit!r} is ambiguous: {_AMBIGUOUS[text]}")
    code = _SPELLINGS.get(text) or _FOLDED.get(text.casefold())
    if code is None:
        nearest = get_close_matches(text, _SPELLINGS, n=1, cutoff=0.6)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
        raise UnknownUnit(f"unit {unit!r} is not known{hint}")
    return code


def conversion(from_unit: str, to_unit: str, *, analyte: str | None = None) -> Fraction:
    """The exact factor: a number in `from_unit` times it is the number in `to_unit`.

    `analyte` is the LBTESTCD; it is needed between mass and amount of substance (CREAT, HGB, BILI,
    GLUC) and between IU and U (enzymes). Raises UnknownUnit, or IncompatibleUnits also between two
    temperature scales, which no factor alone converts (see `convert`).
    """
    source, target = UNITS[ucum_code(from_unit)], UNITS[ucum_code(to_unit)]
    if source.code == target.code:
        return Fraction(1)
    if source.offset != target.offset:
        raise IncompatibleUnits(f"{from_unit} and {to_unit} have different zeros: no single factor")
    return _bridge(source, target, analyte) * source.factor / target.factor


def convert(value: float, from_unit: str, to_unit: str, *, analyte: str | None = None) -> float:
    """The value in `to_unit`. Raises as `conversion`, but also converts temperatures.

    Multiplies by the numerator first and divides once, so that 1500 /mm3 is 1.5 10*9/L exactly.
    """
    source, target = UNITS[ucum_code(from_unit)], UNITS[ucum_code(to_unit)]
    if source.offset != target.offset:
        exact = (Fraction(value) + source.offset) * source.factor / target.factor - target.offset
        return float(exact)
    factor = conversion(from_unit, to_unit, analyte=analyte)
    return float(value) * factor.numerator / factor.denominator


def convert_columns(value: pl.Expr, factor: Fraction) -> pl.Expr:
    """A column times an exact factor, with the same arithmetic as `convert`; null stays null."""
    return quotient(value.cast(pl.Float64) * float(factor.numerator), factor.denominator)


def standard_unit(unit: str, *, analyte: str | None = None) -> str:
    """The unit that values in `unit` are kept in where a study names none: the same for all units
    that convert into each other for the analyte (LBTESTCD). Raises UnknownUnit.

    A temperature, and a unit that nothing else converts to, is its own standard.
    """
    code = ucum_code(unit)
    of_analyte = STANDARD_OF_ANALYTE.get(analyte or "")
    if of_analyte is not None:
        try:
            conversion(code, of_analyte, analyte=analyte)
        except IncompatibleUnits:
            pass
        else:
            return of_analyte
    return STANDARD.get(UNITS[code].dimension, code)


def counts_single_cells(unit: str) -> bool:
    """True for a unit in which a count is a number of cells (/uL, /mm3, 10*6/L, /[HPF]), not of
    thousands or millions of cells per microlitre. Raises UnknownUnit."""
    known = UNITS[ucum_code(unit)]
    per_microlitre = UNITS["/uL"].factor
    return known.dimension == "number per field" or (
        known.dimension == "number per volume" and known.factor <= per_microlitre
    )


def _bridge(source: Unit, target: Unit, analyte: str | None) -> Fraction:
    """First unit of the target's dimension per first unit of the source's dimension."""
    dimensions = (source.dimension, target.dimension)
    if source.dimension == target.dimension:
        return Fraction(1)
    if set(dimensions) == {"enzyme activity per volume", "international units per volume"}:
        if analyte in ENZYMES:
            return Fraction(1)
        raise IncompatibleUnits(
            f"{source.code} and {target.code} are the same for enzymes only"
            f"{'' if analyte is None else f'; {analyte} is not one of them'}"
        )
    if set(dimensions) == {"mass per volume", "amount per volume"}:
        if analyte is None or analyte not in MOLAR_MASS:
            raise IncompatibleUnits(
                f"{source.code} to {target.code} needs a molar mass"
                f"{'' if analyte is None else f', and none is known for {analyte}'}"
            )
        grams = MOLAR_MASS[analyte]
        return 1 / grams if source.dimension == "mass per volume" else grams
    raise IncompatibleUnits(
        f"{source.code} is a {source.dimension}, {target.code} a {target.dimension}"
    )


def _plain(unit: str) -> str:
    """A spelling with the harmless variants removed: spaces, micro signs, powers of ten, litre."""
    text = "".join(unit.split()).replace("µ", "u").replace("μ", "u")
    text = _SUPERSCRIPTS.sub(lambda match: "^" + match[0].translate(_DIGITS), text)
    text = text.replace("mcL", "uL").replace("mcl", "ul").replace("mcg", "ug")
    text = _POWER.sub(r"10*\1", _CELLS.sub("", text))
    return _LITRE.sub("L", _CUBIC.sub(r"/\g<1>3", text))


def _spellings() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for unit in UNITS.values():
        for text in (unit.code, *unit.aliases):
            spellings[_plain(text)] = unit.code
    return spellings


def _folded() -> dict[str, str]:
    """Spellings regardless of case, where only one unit is meant. A single letter never is."""
    meanings: dict[str, set[str]] = {}
    for text, code in _SPELLINGS.items():
        meanings.setdefault(text.casefold(), set()).add(code)
    return {
        text: next(iter(codes))
        for text, codes in meanings.items()
        if len(codes) == 1 and len(text) > 1
    }


_SPELLINGS: Mapping[str, str] = MappingProxyType(_spellings())
_FOLDED: Mapping[str, str] = MappingProxyType(_folded())
