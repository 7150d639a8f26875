"""SLEDAI-2K, the Systemic Lupus Erythematosus Disease Activity Index 2000: 24 weighted descriptors.

Each item is recorded as absent (0) or present (1); the weight (8, 4, 2 or 1) is applied by the
score. Data that store the weight itself as the item's value are refused with a message that says
so, instead of being guessed at: a dataset that mixes both codings would give no sign of it.

SLEDAI (0-105) is the total. SLEDAINS (0-99) is the total without the skin items rash, alopecia and
mucosal ulcers, because clearing skin lowers the total by itself.

In the 2K version ongoing rash, alopecia, mucosal ulcers and proteinuria above 0.5 g per day count,
not only new or recurrent ones. A finding that has another cause (a drug, an infection) is absent.
Labels are ours; the form and its definitions are its authors' property.
"""

from pilotage.instruments.instrument import Instrument, Item, weighted_sum

_DESCRIPTORS = (
    # code, label, weight, group
    ("SLSEIZ", "Seizure", 8, "nervous system"),
    ("SLPSYCH", "Psychosis", 8, "nervous system"),
    ("SLBRAIN", "Organic brain syndrome", 8, "nervous system"),
    ("SLVISUAL", "Visual disturbance", 8, "nervous system"),
    ("SLCRAN", "Cranial nerve disorder", 8, "nervous system"),
    ("SLHEAD", "Lupus headache", 8, "nervous system"),
    ("SLSTROKE", "Stroke", 8, "nervous system"),
    ("SLVASC", "Vasculitis", 8, "vascular"),
    ("SLARTHR", "Arthritis of 2 joints or more", 4, "musculoskeletal"),
    ("SLMYOS", "Myositis", 4, "musculoskeletal"),
    ("SLCASTS", "Urinary casts", 4, "renal"),
    ("SLHAEM", "Haematuria", 4, "renal"),
    ("SLPROT", "Proteinuria", 4, "renal"),
    ("SLPYUR", "Pyuria", 4, "renal"),
    ("SLRASH", "Inflammatory rash, ongoing too", 2, "skin"),
    ("SLALOP", "Alopecia, ongoing too", 2, "skin"),
    ("SLULCER", "Mucosal ulcers, ongoing too", 2, "skin"),
    ("SLPLEUR", "Pleurisy", 2, "serositis"),
    ("SLPERIC", "Pericarditis", 2, "serositis"),
    ("SLCOMPL", "Low complement", 2, "immunology"),
    ("SLDNA", "Raised DNA binding", 2, "immunology"),
    ("SLFEVER", "Fever above 38 degrees Celsius", 1, "constitutional"),
    ("SLPLT", "Platelets below 100 x 10*9/L", 1, "haematology"),
    ("SLWBC", "Leukocytes below 3 x 10*9/L", 1, "haematology"),
)

WEIGHTS = {code: weight for code, _, weight, _ in _DESCRIPTORS}
SKIN_ITEMS = tuple(code for code, _, _, group in _DESCRIPTORS if group == "skin")

SLEDAI_2K = Instrument(
    name="sledai_2k",
    title="Systemic Lupus Erythematosus Disease Activity Index 2000",
    category="SLEDAI-2K",
    citation=(
        "Gladman DD, Ibanez D, Urowitz MB. Systemic lupus erythematosus disease activity index "
        "2000. J Rheumatol 2002;29:288-291."
    ),
    items=tuple(
        Item(
            code,
            label,
            (0, 1),
            None,
            group,
            hint=f"absent or present; the score applies the weight {weight}",
        )
        for code, label, weight, group in _DESCRIPTORS
    ),
    scores=(
        weighted_sum("SLEDAI", "SLEDAI-2K total", WEIGHTS, high=105),
        weighted_sum(
            "SLEDAINS",
            "SLEDAI-2K total without skin items",
            {code: weight for code, weight in WEIGHTS.items() if code not in SKIN_ITEMS},
            high=99,
        ),
    ),
)
