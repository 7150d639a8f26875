"""Laboratory numbers, units and toxicity grades of the reference derivation.

Exact fractions throughout, so that a value on a boundary is on the boundary. Grades are the
Common Terminology Criteria for Adverse Events, version 3.0 (2006).
"""

from __future__ import annotations

import re
from fractions import Fraction

CELLS = {
    "/mm3": Fraction(1, 1000),
    "/uL": Fraction(1, 1000),
    "10*3/uL": Fraction(1),
    "10*9/L": Fraction(1),
}
MASS = {"g/L": Fraction(1), "mg/dL": Fraction(1, 100), "mg/L": Fraction(1, 1000)}
# Factors to the study's standard unit of each analyte.
UNITS = {
    "NEUT": CELLS,
    "WBC": CELLS,
    "PLAT": CELLS,
    "HGB": {"g/L": Fraction(1), "g/dL": Fraction(10)},
    "ALT": {"U/L": Fraction(1)},
    "CREAT": {"umol/L": Fraction(1), "mg/dL": Fraction("88.4")},
    "C3": MASS,
    "C4": MASS,
    "ADSDNA": {"IU/mL": Fraction(1)},
    # No parameters of the study, but its forms ask for them in one unit.
    "LYM": CELLS,
    "AST": {"U/L": Fraction(1), "ukat/L": Fraction(60)},
    "BILI": {"umol/L": Fraction(1), "mg/dL": Fraction("17.1")},
}
# Tests that the study does not name, by what is measured; each of these is a series of its own.
OTHER_UNITS = {
    "g/L": MASS,
    "mmol/L": {"mmol/L": Fraction(1), "umol/L": Fraction(1, 1000)},
    "10*9/L": CELLS,
    "%": {"%": Fraction(1)},
}
SINGLE_CELLS = ("/mm3", "/uL")
STANDARD_UNIT = {
    "NEUT": "10*9/L",
    "WBC": "10*9/L",
    "PLAT": "10*9/L",
    "HGB": "g/L",
    "ALT": "U/L",
    "CREAT": "umol/L",
    "C3": "g/L",
    "C4": "g/L",
    "ADSDNA": "IU/mL",
    "LYM": "10*9/L",
    "AST": "U/L",
    "BILI": "umol/L",
}
# Below each bound begins the next grade: (bound, grade), standard units.
LOW_BOUNDS = {
    "NEUT": (("0.5", 4), ("1.0", 3), ("1.5", 2)),
    "WBC": (("1.0", 4), ("2.0", 3), ("3.0", 2)),
    "PLAT": (("25", 4), ("50", 3), ("75", 2)),
    "HGB": (("65", 4), ("80", 3), ("100", 2)),
}
# Above each multiple of the upper limit of normal begins the grade.
HIGH_MULTIPLES = {
    "ALT": (("20", 4), ("5", 3), ("2.5", 2), ("1", 1)),
    "CREAT": (("6", 4), ("3", 3), ("1.5", 2), ("1", 1)),
}

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")
POSSIBLE_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}")


def read_number(text: str | None) -> Fraction | None:
    """A plain decimal number, or None for anything else."""
    return Fraction(text) if text and NUMBER.fullmatch(text) else None


def read_result(text: str | None, unit: str | None) -> Fraction | None:
    """The number written, unless its point may mark thousands of single cells."""
    if text and unit in SINGLE_CELLS and POSSIBLE_THOUSANDS.fullmatch(text):
        return None
    return read_number(text)


def kept_unit(test: str, unit: str | None) -> str | None:
    """The unit that a value is kept in: that of the study where it names one and the value can be
    converted to it, else the standard unit of what is measured. None without a unit."""
    own = STANDARD_UNIT.get(test)
    if not unit or unit in UNITS.get(test, {}):
        return own
    return next(kept for kept, units in OTHER_UNITS.items() if unit in units)


def in_standard_unit(test: str, number: Fraction | None, unit: str | None) -> Fraction | None:
    """The value in the unit that it is kept in; missing without a value or without a unit."""
    if number is None or not unit:
        return None
    kept = kept_unit(test, unit)
    factors = UNITS[test] if kept == STANDARD_UNIT.get(test) else OTHER_UNITS[kept]
    return number * factors[unit]


def limits(lower: Fraction | None, upper: Fraction | None) -> tuple[Fraction | None, ...]:
    """The limits of normal; of two that are in the wrong order neither is known."""
    if lower is not None and upper is not None and lower > upper:
        return None, None
    return lower, upper


def grade(
    test: str, value: Fraction | None, lower: Fraction | None, upper: Fraction | None
) -> int | None:
    """Grade 0 to 4; a boundary belongs to the milder grade; a needed limit missing is missing."""
    if value is None:
        return None
    if test in LOW_BOUNDS:
        for bound, severity in LOW_BOUNDS[test]:
            if value < Fraction(bound):
                return severity
        return None if lower is None else int(value < lower)
    if test in HIGH_MULTIPLES and upper is not None:
        for multiple, severity in HIGH_MULTIPLES[test]:
            if value > Fraction(multiple) * upper:
                return severity
        return 0
    return None
