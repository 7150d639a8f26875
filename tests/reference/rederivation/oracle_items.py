"""Totals of the skin score (CLASI) and of SLEDAI-2K from their items, for the reference.

CLASI activity is the plain sum of erythema and scale in 13 areas, mucous membrane, hair loss and
alopecia. Damage is dyspigmentation in 13 areas, doubled where it lasts 12 months or more, and
scarring in 12 areas and of the scalp. The skin items of activity are erythema and scale alone.
SLEDAI-2K is the weighted sum of 24 descriptors, present or absent; without its skin items it
lacks rash, alopecia and mucosal ulcers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

AREAS = (
    *("EARS", "NOSE", "FACE", "VNECK", "PNECK", "CHEST"),
    *("ABDOM", "BACK", "ARMS", "HANDS", "LEGS", "FEET"),
)
EVERYWHERE = ("SCALP", *AREAS)

# The highest value of each item.
SKIN_ITEMS = {f"ERY{area}": 3 for area in EVERYWHERE} | {f"SCL{area}": 2 for area in EVERYWHERE}
ACTIVITY_ITEMS = SKIN_ITEMS | {"MUCOSA": 1, "HAIRLOSS": 1, "ALOPECIA": 3}
SPOTS = {f"DYS{area}": 1 for area in EVERYWHERE}
SCARS = {f"SCR{area}": 2 for area in AREAS} | {"SCRSCALP": 6}
DAMAGE_ITEMS = SPOTS | {"DYSDUR": 1} | SCARS

WEIGHTS = (
    dict.fromkeys(("SLSEIZ", "SLPSYCH", "SLBRAIN", "SLVISUAL", "SLCRAN", "SLHEAD"), 8)
    | dict.fromkeys(("SLSTROKE", "SLVASC"), 8)
    | dict.fromkeys(("SLARTHR", "SLMYOS", "SLCASTS", "SLHAEM", "SLPROT", "SLPYUR"), 4)
    | dict.fromkeys(("SLRASH", "SLALOP", "SLULCER", "SLPLEUR", "SLPERIC"), 2)
    | dict.fromkeys(("SLCOMPL", "SLDNA"), 2)
    | dict.fromkeys(("SLFEVER", "SLPLT", "SLWBC"), 1)
)
WEIGHTS_WITHOUT_SKIN = {
    item: weight for item, weight in WEIGHTS.items() if item not in ("SLRASH", "SLALOP", "SLULCER")
}

Values = Mapping[str, Fraction]


def damage(values: Values) -> Fraction:
    spots = sum((values[item] for item in SPOTS), Fraction(0))
    scars = sum((values[item] for item in SCARS), Fraction(0))
    return spots * (1 + values["DYSDUR"]) + scars


def weighted(values: Values) -> Fraction:
    return sum((WEIGHTS[item] * value for item, value in values.items()), Fraction(0))


def plain(values: Values) -> Fraction:
    return sum(values.values(), Fraction(0))


TOTALS: Mapping[str, tuple[Iterable[str], Callable[[Values], Fraction]]] = {
    "CLASIACT": (ACTIVITY_ITEMS, plain),
    "CLASISKN": (SKIN_ITEMS, plain),
    "CLASIDAM": (DAMAGE_ITEMS, damage),
    "SLEDAI": (WEIGHTS, weighted),
    "SLEDAINS": (WEIGHTS_WITHOUT_SKIN, weighted),
}


def total(code: str, values: Mapping[str, Fraction | None]) -> Fraction | None:
    """The total; missing as soon as one item is open."""
    items, add_up = TOTALS[code]
    known = {item: value for item in items if (value := values.get(item)) is not None}
    return add_up(known) if len(known) == len(tuple(items)) else None
