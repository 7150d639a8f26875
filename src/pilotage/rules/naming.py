"""Which adverse event goes with a laboratory value: one whose term names what was measured."""

import re
from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "NEUT": ("neutropen", "granulocytopen", "agranulocyt"),
    "WBC": ("leukopen", "leucopen", "leucocyte", "white blood", "white cell", "leukocyto"),
    "PLAT": ("thrombocytopen", "thrombopen", "thrombocyt"),
    "HGB": ("anaemi", "anemi", "hemoglobin"),
    "LYM": ("lymphopen", "lymphocytopen"),
    "ALT": ("transaminas", "hepat", "liver", "sgpt"),
    "AST": ("transaminas", "hepat", "liver", "sgot"),
    "CREAT": ("renal", "kidney", "nephr"),
    "BILI": ("jaundice", "icter"),
}
"""What events are called beside the name of the parameter, by its code in SDTM: terms of CTCAE 3.0
and 5.0, and their usual spellings."""
ALL_CELLS = ("pancytopen", "cytopenia", "myelosuppress", "bone marrow", "aplasi")
CELLS = ("NEUT", "WBC", "PLAT", "HGB", "LYM")


def names_it(terms: list[str | None], code: str, label: str) -> bool:
    """Does one of the terms of an event name the parameter: its code, its label (whole, without the
    ending of the plural), or what an event of it is called?"""
    own = label.casefold().strip().removesuffix("s")
    wanted = [own, *NAMES.get(code, ()), *(ALL_CELLS if code in CELLS else ())]
    for term in terms:
        said = (term or "").casefold()
        words = re.findall(r"\w+", said)
        if code.casefold() in words or any(_begins(said, name) for name in wanted):
            return True
    return False


def _begins(said: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}", said) is not None
