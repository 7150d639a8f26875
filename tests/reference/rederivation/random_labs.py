"""Random laboratory cells on the bounds of the grades, in mixed units."""

from __future__ import annotations

from decimal import Decimal
from random import Random

Cells = dict[str, str]

# Unit: how many of it make one of the standard unit.
COUNTS = {"/mm3": "1000", "/uL": "1000", "10*3/uL": "1", "10*9/L": "1"}
MASS = {"g/L": "1", "mg/dL": "100", "mg/L": "1000"}
AMOUNT = {"mmol/L": "1", "umol/L": "1000"}
UNITS = {
    "NEUT": COUNTS,
    "WBC": COUNTS,
    "PLAT": COUNTS,
    "HGB": {"g/L": "1", "g/dL": "0.1"},
    "ALT": {"U/L": "1"},
    "C3": {"g/L": "1", "mg/dL": "100"},
    "C4": {"g/L": "1", "mg/dL": "100"},
    "ADSDNA": {"IU/mL": "1"},
    # No parameters of the study; only the first three are asked for on its forms.
    "LYM": COUNTS | {"%": "20"},
    "AST": {"U/L": "1"},
    "BILI": {"umol/L": "1"},
    "CRP": MASS,
    "CA": MASS | AMOUNT,
}
# Values in the standard unit, and limits to choose from ("" is missing).
LOW = {
    "NEUT": ("0.499 0.5 0.501 0.999 1 1.19 1.2 1.3 1.4 1.499 1.5 1.6 1.8 2 2.1", " 1.3 1.5 1.6 2"),
    "WBC": ("0.9 1 1.9 1.999 2 2.999 3 3.4 3.5 3.6 4 9", " 2.5 3.5 4"),
    "PLAT": ("24 25 49 50 74 75 76 149 150 151 300", " 70 150"),
    "HGB": ("64 65 79 80 99 100 101 119 120 121", " 95 115 120"),
    "C3": ("0.5 0.9 1.2", " 0.9"),
    "C4": ("0.05 0.1 0.2", " 0.1"),
}
HIGH = {
    "ALT": ("10 40 41 100 101 200 201 800 801", " 40"),
    "ADSDNA": ("0 14.9 15 15.1 300", " 15"),
}
CREATININE = {
    "mg/dL": {
        "1.1": "0.7 1.1 1.11 1.2 1.65 1.66 3.3 3.31 6.6 6.61",
        "0.9": "0.9 0.91 1.35 1.36 2.7 2.71 5.4 5.41",
        "": "0.5 1.1 7.2",
    },
    "umol/L": {"97": "60 97 98 145.5 145.6 291 291.1 582 582.1", "": "60 600"},
}
OTHER = {
    "LYM": ("0.9 1.19 2.5", " 0.8 1"),
    "AST": ("10 40 60", " 30"),
    "BILI": ("5 17.1 20", " 17.1"),
    "CRP": ("0.001 0.005 0.05", " 0.005"),
    "CA": ("0.08 0.1 2.1 2.5", " 0.1 2.2"),
}
DIPSTICK = ("NEGATIVE", "TRACE", "1+", "4+", "1")
NOT_NUMBERS = ("<0.5", ">100", "haemolysed", "")


def lab_cells(rng: Random) -> Cells:
    """The cells LBTESTCD LBORRES LBORRESU LBORNRLO LBORNRHI of one row."""
    if rng.random() < 0.2:
        return _other(rng)
    test = rng.choice((*LOW, *HIGH, "CREAT", "NEUT", "NEUT"))
    cells = _creatinine(rng) if test == "CREAT" else _in_unit(rng, test)
    trouble = rng.random()
    if trouble < 0.08:
        cells["LBORRES"] = rng.choice(NOT_NUMBERS)
    elif trouble < 0.14:
        cells["LBORRESU"] = ""
    elif trouble < 0.17:
        cells |= {"LBORNRLO": "9000000", "LBORNRHI": "1"}
    elif trouble < 0.4 and test in ("NEUT", "WBC"):
        cells["LBORRES"] = rng.choice(("1.190", "2.500", "11.000", "1190.5"))
        cells["LBORRESU"] = rng.choice(tuple(COUNTS))
    return {"LBTESTCD": test} | cells


def _other(rng: Random) -> Cells:
    """A test that is no parameter: in mixed units, some that do not convert, or without a unit."""
    test = rng.choice((*OTHER, "PROT"))
    if test == "PROT":
        result = {"LBTESTCD": test, "LBORRES": rng.choice(DIPSTICK)}
        return result | dict.fromkeys(("LBORRESU", "LBORNRLO", "LBORNRHI"), "")
    cells = {"LBTESTCD": test} | _in_unit(rng, test)
    if rng.random() < 0.1:
        cells["LBORRESU"] = ""
    if rng.random() < 0.1:
        cells["LBORRES"] = rng.choice(NOT_NUMBERS)
    if test in ("AST", "BILI") and cells["LBORRESU"] and rng.random() < 0.4:
        cells["LBORRESU"] = {"AST": "ukat/L", "BILI": "mg/dL"}[test]
    return cells


def _in_unit(rng: Random, test: str) -> Cells:
    unit = rng.choice(tuple(UNITS[test]))
    values, limits = (LOW | HIGH | OTHER)[test]
    value = _times(rng.choice(values.split()), UNITS[test][unit])
    limit = _times(rng.choice(limits.split(" ")), UNITS[test][unit])
    which = "LBORNRHI" if test in HIGH else "LBORNRLO"
    cells = {"LBORRES": value, "LBORRESU": unit, "LBORNRLO": "", "LBORNRHI": ""}
    return cells | {which: limit}


def _creatinine(rng: Random) -> Cells:
    unit = rng.choice(tuple(CREATININE))
    limit = rng.choice(tuple(CREATININE[unit]))
    value = rng.choice(CREATININE[unit][limit].split())
    return {"LBORRES": value, "LBORRESU": unit, "LBORNRLO": "", "LBORNRHI": limit}


def _times(number: str, factor: str) -> str:
    return f"{(Decimal(number) * Decimal(factor)).normalize():f}" if number else ""
