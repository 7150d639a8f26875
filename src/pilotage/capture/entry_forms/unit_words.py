"""Units as people at the bedside write them; what is kept is the UCUM code."""

import re
from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    "Cel": "°C",
    "[degF]": "°F",
    "1": "",
    "{INR}": "INR",
    "uV": "µV",
}
_POWER: Final = re.compile(r"10\*(-?\d+)")
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unit_words(unit: str) -> str:
    """`10*9/L` as 10⁹/L, `mm[Hg]` as mmHg, `g/(24.h)` as g/24 h, `umol/L` as µmol/L. A unit without
    other spelling stays as it is."""
    if unit in _WORDS:
        return _WORDS[unit]
    words = _POWER.sub(lambda power: "10" + power[1].translate(_RAISED), unit)
    words = words.replace("/(24.h)", "/24 h").replace("{1.73_m2}", "1.73 m²")
    words = re.sub(r"\bu(?=mol|g|L|kat)", "µ", words)
    return re.sub(r"[\[\]{}]", "", words)
