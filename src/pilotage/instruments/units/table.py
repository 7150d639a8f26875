"""The units that trials use: UCUM code, dimension, exact size, and other spellings.

`factor` times a number in the unit (after adding `offset`) gives the number in the first unit of
the dimension. Factors are exact. Spellings that `conversion.ucum_code` already understands (litre
in lower case, `10^9`, `x10E9`, the micro sign, `cells/`) are not repeated as aliases.

Sources: UCUM 2.1 (ucum.org) for codes; one enzyme unit is 1 umol/min, so 1 ukat is 60 U.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; `offset` is 0 except for temperatures."""

    code: str
    dimension: str
    factor: Fraction
    aliases: tuple[str, ...] = ()
    offset: Fraction = Fraction(0)


def _units(
    dimension: str, *rows: tuple[str, Fraction | int] | tuple[str, Fraction | int, str]
) -> list[Unit]:
    """Rows of code, factor and, separated by spaces, aliases."""
    return [
        Unit(row[0], dimension, Fraction(row[1]), tuple(row[2].split()) if len(row) > 2 else ())
        for row in rows
    ]


def _tenth(power: int) -> Fraction:
    return Fraction(1, 10**power)


_ALL = (
    *_units(
        "number per volume",
        ("/L", 1),
        ("10*12/L", 10**12, "Tera/L T/L 10*6/mm3 M/uL M/mm3 Million/uL"),
        ("10*9/L", 10**9, "Giga/L K/uL K/mm3 thou/uL thou/mm3 Thousand/uL 10*6/mL"),
        ("10*6/uL", 10**12),
        ("10*3/uL", 10**9, "10*3/mm3"),
        ("10*6/L", 10**6, "Mega/L"),
        ("/mL", 10**3, "/cm3 /cc"),
        ("/uL", 10**6),
        ("/mm3", 10**6, "/cumm /cmm"),
    ),
    *_units("number per field", ("/[HPF]", 1, "/hpf /HPF")),
    *_units("number per low-power field", ("/[LPF]", 1, "/lpf /LPF")),
    *_units(
        "mass per volume",
        ("g/L", 1, "mg/mL"),
        ("g/dL", 10, "g/100mL g% gm/dL"),
        ("mg/L", _tenth(3), "ug/mL"),
        ("mg/dL", _tenth(2), "mg/100mL mg%"),
        ("ug/dL", _tenth(5)),
        ("ug/L", _tenth(6), "ng/mL"),
        ("ng/dL", _tenth(8)),
        ("ng/L", _tenth(9), "pg/mL"),
    ),
    *_units(
        "amount per volume",
        ("mol/L", 1),
        ("mmol/L", _tenth(3)),
        ("umol/L", _tenth(6), "nmol/mL"),
        ("nmol/L", _tenth(9), "pmol/mL"),
        ("pmol/L", _tenth(12)),
    ),
    *_units(
        "enzyme activity per volume",
        ("U/L", 1, "mU/mL"),
        ("U/mL", 1000, "kU/L"),
        ("ukat/L", 60),
        ("nkat/L", Fraction(60, 1000)),
    ),
    *_units(
        "international units per volume",
        ("[IU]/L", 1, "IU/L m[IU]/mL mIU/mL"),
        ("[IU]/mL", 1000, "IU/mL k[IU]/L kIU/L"),
        ("m[IU]/L", _tenth(3), "mIU/L uIU/mL u[IU]/mL"),
    ),
    *_units("equivalents per volume", ("meq/L", 1)),
    *_units("antibody units per volume", ("[GPL'U]/mL", 1, "GPLU/mL GPL-U/mL GPL")),
    *_units("antibody units (IgM) per volume", ("[MPL'U]/mL", 1, "MPLU/mL MPL-U/mL MPL")),
    *_units("osmolality", ("mosm/kg", 1, "mOsm/kg mosmol/kg")),
    *_units("acidity", ("[pH]", 1, "pH")),
    *_units("normalised ratio", ("{INR}", 1, "INR")),
    *_units("titre", ("{titer}", 1, "titer titre")),
    *_units("fraction", ("%", 1, "percent"), ("1", 100, "fraction ratio")),
    *_units("score", ("{score}", 1, "score points point")),
    *_units("mass", ("g", 1), ("kg", 1000), ("mg", _tenth(3)),
            ("ug", _tenth(6)), ("ng", _tenth(9)), ("pg", _tenth(12)),
            ("[lb_av]", Fraction("453.59237"), "lb lbs LB")),
    *_units("length", ("m", 1), ("cm", _tenth(2)), ("mm", _tenth(3)),
            ("[in_i]", Fraction("0.0254"), "in inch IN")),
    *_units("volume", ("L", 1), ("mL", _tenth(3)), ("fL", _tenth(15), "um3")),
    *_units("sedimentation", ("mm/h", 1, "mm/hr mm/hour")),
    Unit("Cel", "temperature", Fraction(1), ("C", "°C", "degC")),
    Unit("[degF]", "temperature", Fraction(5, 9), ("F", "°F", "degF"), Fraction(-32)),
    *_units("time", ("s", 1, "sec"), ("min", 60), ("h", 3600, "hr hour hours"),
            ("d", 86400, "day days DAYS"), ("wk", 604800, "week weeks WEEKS")),
    *_units("pressure", ("mm[Hg]", 1, "mmHg"), ("kPa", Fraction(1_000_000, 133_322))),
    *_units("rate", ("/min", 1, "beats/min bpm {beats}/min")),
    *_units("mass per time", ("g/(24.h)", 1, "g/24h g/day g/d"),
            ("mg/(24.h)", _tenth(3), "mg/24h mg/day mg/d")),
    *_units("amount per time", ("mmol/(24.h)", 1, "mmol/24h mmol/day mmol/d")),
    *_units("mass per amount", ("mg/mmol", 1)),
    *_units("mass ratio", ("mg/g", 1), ("ug/g", _tenth(3), "mg/kg"), ("g/g", 1000)),
    *_units("amount ratio", ("mmol/mol", 1)),
    *_units("clearance", ("mL/min", 1)),
    *_units("clearance per body surface",
            ("mL/min/{1.73_m2}", 1, "mL/min/1.73m2 mL/min/1.73_m2 mL/min/1.73m*2 mL/min/1.73m^2")),
)  # fmt: skip

UNITS: Mapping[str, Unit] = MappingProxyType({unit.code: unit for unit in _ALL})
"""Every unit by its UCUM code."""

MOLAR_MASS: Mapping[str, Fraction] = MappingProxyType(
    {
        # 1 mg/dL is 88.4 umol/L, as laboratories convert it
        "CREAT": Fraction(10_000 * 10, 884),
        # haemoglobin monomer, Hb(Fe): 1 mmol/L is 16.114 g/L
        "HGB": Fraction(16_114),
        # 1 mg/dL is 17.1 umol/L
        "BILI": Fraction(10_000 * 10, 171),
        # C6H12O6: 1 mmol/L is 0.18016 g/L
        "GLUC": Fraction("180.16"),
        # uric acid, C5H4N4O3: 1 mg/dL is 59.48 umol/L
        "URATE": Fraction("168.11"),
    }
)
"""Grams per mole by LBTESTCD, for conversion between mass and amount of substance."""

ENZYMES = frozenset({"ALT", "AST", "ALP", "GGT", "LDH", "CK", "AMYLASE", "LIPASET"})
"""LBTESTCD of enzymes: for these alone an international unit is the enzyme unit U."""

STANDARD: Mapping[str, str] = MappingProxyType(
    {
        "number per volume": "10*9/L",
        "mass per volume": "g/L",
        "amount per volume": "mmol/L",
        "enzyme activity per volume": "U/L",
        "international units per volume": "[IU]/mL",
        "fraction": "%",
        "mass": "kg",
        "length": "cm",
        "time": "d",
        "volume": "L",
        "mass per time": "g/(24.h)",
        "mass ratio": "mg/g",
        "pressure": "mm[Hg]",
    }
)
"""The unit in which values of a dimension are kept where a study names none for the test."""

STANDARD_OF_ANALYTE: Mapping[str, str] = MappingProxyType(
    {"CREAT": "umol/L", "HGB": "g/L", "BILI": "umol/L", "GLUC": "mmol/L"}
    | dict.fromkeys(sorted(ENZYMES), "U/L")
)
"""The same by LBTESTCD, where mass and amount, or IU and U, convert into each other."""
