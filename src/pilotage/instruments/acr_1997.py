"""ACR classification criteria for systemic lupus erythematosus (1982, revised 1997).

Eleven criteria, each absent (0) or present (1) at any time so far; 4 or more classify (ACRSLE 1).
Unknown stays unknown, but only as long as it matters: 4 known criteria classify whatever else is
open, and where fewer than 4 can still be reached the subject is known not to be classified.
The count of criteria (ACRCOUNT, 0-11) needs all eleven. Labels are ours.
"""

import polars as pl

from pilotage.instruments.instrument import (
    Columns,
    Instrument,
    Item,
    Known,
    Score,
    Scored,
    open_items,
    weighted_sum,
)

CRITERIA = (
    Item("ACRMALAR", "Malar rash", (0, 1), None, "skin"),
    Item("ACRDISC", "Discoid rash", (0, 1), None, "skin"),
    Item("ACRPHOTO", "Photosensitivity", (0, 1), None, "skin"),
    Item("ACRULCER", "Oral or nasopharyngeal ulcers", (0, 1), None, "skin"),
    Item("ACRARTHR", "Non-erosive arthritis", (0, 1), None, "organ"),
    Item("ACRSEROS", "Serositis", (0, 1), None, "organ"),
    Item("ACRRENAL", "Renal disorder", (0, 1), None, "organ"),
    Item("ACRNEURO", "Neurological disorder", (0, 1), None, "organ"),
    Item("ACRHAEM", "Haematological disorder", (0, 1), None, "laboratory"),
    Item("ACRIMMUN", "Immunological disorder", (0, 1), None, "laboratory"),
    Item("ACRANA", "Antinuclear antibodies", (0, 1), None, "laboratory"),
)
NEEDED = 4

_CODES = tuple(item.code for item in CRITERIA)


def _classified(known: Known) -> Scored:
    present = sum(known[item] or 0 for item in _CODES)
    missing = open_items(_CODES, known)
    if present >= NEEDED:
        return Scored(1)
    if present + len(missing) < NEEDED:
        return Scored(0)
    return Scored(None, missing)


def _classified_columns(checked: Columns) -> pl.Expr:
    present = pl.sum_horizontal([checked[item] for item in _CODES])
    missing = pl.sum_horizontal([checked[item].is_null().cast(pl.Int64) for item in _CODES])
    return (
        pl.when(present >= NEEDED)
        .then(pl.lit(1, pl.Int64))
        .when(present + missing < NEEDED)
        .then(pl.lit(0, pl.Int64))
    )


def _classified_open_columns(checked: Columns) -> dict[str, pl.Expr]:
    undecided = _classified_columns(checked).is_null()
    return {item: undecided & checked[item].is_null() for item in _CODES}


ACR_1997 = Instrument(
    name="acr_1997",
    title="ACR classification criteria for systemic lupus erythematosus, revised 1997",
    category="ACR 1997",
    citation=(
        "Tan EM, Cohen AS, Fries JF, et al. The 1982 revised criteria for the classification of "
        "systemic lupus erythematosus. Arthritis Rheum 1982;25:1271-1277; updated by Hochberg MC. "
        "Arthritis Rheum 1997;40:1725."
    ),
    items=CRITERIA,
    scores=(
        weighted_sum("ACRCOUNT", "ACR criteria present", dict.fromkeys(_CODES, 1), high=11),
        Score(
            code="ACRSLE",
            label="Classified as systemic lupus erythematosus (1 yes, 0 no)",
            low=0,
            high=1,
            items=_CODES,
            total=_classified,
            columns=_classified_columns,
            open_columns=_classified_open_columns,
        ),
    ),
)
