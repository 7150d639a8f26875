"""CLASI, the Cutaneous Lupus Erythematosus Disease Area and Severity Index.

Activity (CLASIACT, 0-70) is the plain sum of erythema (0-3) and scale or hypertrophy (0-2) in 13
areas, a mucous membrane lesion (0/1), recent hair loss (0/1) and non-scarring alopecia (0-3).

Activity on skin items alone (CLASISKN, 0-65) is erythema and scale in the 13 areas: without mucous
membrane and without the two alopecia items (recent hair loss, non-scarring alopecia).

Damage (CLASIDAM, 0-56) is dyspigmentation (0/1) in 13 areas, scarring (0-2) in the 12 areas outside
the scalp and scarring of the scalp by quadrants (0, 3, 4, 5, 6). The dyspigmentation points count
double when the dyspigmentation usually lasts at least 12 months (DYSDUR, 0/1). DYSDUR is therefore
needed only when some area has dyspigmentation; without any, twice nothing is nothing.

In each area the worst lesion counts. Labels are ours; the score sheet is its authors' property.
"""

import polars as pl

from pilotage.instruments.instrument import (
    Columns,
    Instrument,
    Item,
    Known,
    Region,
    Score,
    Scored,
    open_items,
    sum_columns,
    weighted_sum,
)

AREAS = (
    Region("SCALP", "scalp", ("front", "back")),
    Region("EARS", "ears", ("front", "back")),
    Region("NOSE", "nose and cheeks", ("front",)),
    Region("FACE", "rest of the face", ("front",)),
    Region("VNECK", "front of the neck", ("front",)),
    Region("PNECK", "back of the neck, shoulders", ("back",)),
    Region("CHEST", "chest", ("front",)),
    Region("ABDOM", "abdomen", ("front",)),
    Region("BACK", "back, buttocks", ("back",)),
    Region("ARMS", "arms", ("front", "back")),
    Region("HANDS", "hands", ("front", "back")),
    Region("LEGS", "legs", ("front", "back")),
    Region("FEET", "feet", ("front", "back")),
)


def _by_area(prefix: str, name: str, allowed: tuple[int, ...], *, scalp: bool = True) -> list[Item]:
    return [
        Item(prefix + area.code, f"{name}: {area.label}", allowed, area.code, name.lower())
        for area in AREAS
        if scalp or area.code != "SCALP"
    ]


ERYTHEMA = _by_area("ERY", "Erythema", (0, 1, 2, 3))
SCALE = _by_area("SCL", "Scale", (0, 1, 2))
MUCOSA = Item("MUCOSA", "Mucous membrane lesion", (0, 1), None, "mucous membrane")
HAIR_LOSS = Item("HAIRLOSS", "Hair loss in the last 30 days", (0, 1), None, "alopecia")
ALOPECIA = Item("ALOPECIA", "Alopecia without scarring", (0, 1, 2, 3), None, "alopecia")
DYSPIGMENTATION = _by_area("DYS", "Dyspigmentation", (0, 1))
DURATION = Item(
    "DYSDUR", "Dyspigmentation lasts at least 12 months", (0, 1), None, "dyspigmentation"
)
SCARRING = _by_area("SCR", "Scarring", (0, 1, 2), scalp=False)
SCALP_SCARRING = Item(
    "SCRSCALP",
    "Scarring of the scalp",
    (0, 3, 4, 5, 6),
    "SCALP",
    "scarring",
    hint="0 none, 3 to 6 for one to four quadrants",
)

_PIGMENT = tuple(item.code for item in DYSPIGMENTATION)
_SCARS = tuple(item.code for item in (*SCARRING, SCALP_SCARRING))


def _damage(known: Known) -> Scored:
    missing = open_items(_PIGMENT, known)
    spots = sum(known[item] or 0 for item in _PIGMENT)
    lasting = known[DURATION.code]
    if spots and lasting is None:
        missing += (DURATION.code,)
    missing += open_items(_SCARS, known)
    if missing:
        return Scored(None, missing)
    return Scored(spots * (1 + (lasting or 0)) + sum(known[item] or 0 for item in _SCARS))


def _damage_columns(checked: Columns) -> pl.Expr:
    spots = sum_columns([checked[item] for item in _PIGMENT])
    # Where `spots` is null, `when` falls through to the product, which is null again.
    counted = pl.when(spots == 0).then(0).otherwise(spots * (1 + checked[DURATION.code]))
    return counted + sum_columns([checked[item] for item in _SCARS])


def _damage_open_columns(checked: Columns) -> dict[str, pl.Expr]:
    some = pl.any_horizontal([(checked[item] == 1).fill_null(False) for item in _PIGMENT])
    is_open = {item: checked[item].is_null() for item in _PIGMENT}
    is_open[DURATION.code] = some & checked[DURATION.code].is_null()
    return is_open | {item: checked[item].is_null() for item in _SCARS}


_SKIN = {item.code: 1 for item in (*ERYTHEMA, *SCALE)}
_ACTIVITY = _SKIN | {item.code: 1 for item in (MUCOSA, HAIR_LOSS, ALOPECIA)}

CLASI = Instrument(
    name="clasi",
    title="Cutaneous Lupus Erythematosus Disease Area and Severity Index",
    category="CLASI",
    citation=(
        "Albrecht J, Taylor L, Berlin JA, et al. The CLASI (Cutaneous Lupus Erythematosus Disease "
        "Area and Severity Index): an outcome instrument for cutaneous lupus erythematosus. "
        "J Invest Dermatol 2005;125:889-894."
    ),
    items=(
        *ERYTHEMA,
        *SCALE,
        MUCOSA,
        HAIR_LOSS,
        ALOPECIA,
        *DYSPIGMENTATION,
        DURATION,
        *SCARRING,
        SCALP_SCARRING,
    ),
    scores=(
        weighted_sum("CLASIACT", "CLASI activity", _ACTIVITY, high=70),
        Score(
            code="CLASIDAM",
            label="CLASI damage",
            low=0,
            high=56,
            items=(*_PIGMENT, DURATION.code, *_SCARS),
            total=_damage,
            columns=_damage_columns,
            open_columns=_damage_open_columns,
        ),
        weighted_sum("CLASISKN", "CLASI activity, skin items alone", _SKIN, high=65),
    ),
    regions=AREAS,
)
