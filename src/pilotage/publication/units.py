"""From the unit of a result to the unit in which the paper prints it."""

from fractions import Fraction

from pilotage.instruments.units import IncompatibleUnits, UnknownUnit, conversion

_DAYS: dict[str, Fraction] = {
    "day": Fraction(1),
    "d": Fraction(1),
    "week": Fraction(7),
    "wk": Fraction(7),
    "month": Fraction("30.4375"),
    "year": Fraction("365.25"),
}
"""Days of a span of time; a month is the twelfth part of a year of 365.25 days."""


def factor(given: str | None, wanted: str | None) -> Fraction | None:
    """By what a number in the unit `given` is multiplied to be in the unit `wanted`.

    1 where either is not stated or both read the same; None where they measure different things.
    """
    if not given or not wanted or "not stated" in (given, wanted):
        return Fraction(1)
    if given.casefold() == wanted.casefold():
        return Fraction(1)
    one, other = _DAYS.get(_singular(given)), _DAYS.get(_singular(wanted))
    if one is not None and other is not None:
        return one / other
    try:
        return conversion(given, wanted)
    except (UnknownUnit, IncompatibleUnits):
        return None


def _singular(unit: str) -> str:
    return unit.strip().casefold().removesuffix("s")
