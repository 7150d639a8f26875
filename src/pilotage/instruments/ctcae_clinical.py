"""Grade descriptions for the clinical terms of the toxicity criteria, in words of our own.

A person grades these; the texts remind of the criteria and do not replace them. Grade 5 is death
and exists for adverse events only. A grade that a version does not have is not in the table.

Sources: as in `ctcae_terms`. Weight loss also has a rule in numbers, the term WEIGHT there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ClinicalTerm:
    """A term that a person grades; `grades` holds a short description per grade."""

    code: str
    label: str
    grades: Mapping[int, str]


def clinical_terms(version: str) -> Mapping[str, ClinicalTerm]:
    """The clinical terms of one version, by code. Raises ValueError for an unknown version."""
    if version not in _TERMS:
        raise ValueError(f"no toxicity criteria {version!r}; there are {', '.join(_TERMS)}")
    return _TERMS[version]


_DEATH = "death"
_THREAT = "life-threatening"
_NEUROPATHY = "Sensory neuropathy"
_INSOMNIA = "Insomnia"
_VOMITING = "Vomiting"
_DIARRHOEA = "Diarrhoea"
_WEIGHT_LOSS = "Weight loss"
_THROMBOSIS = "Thrombosis or embolism"


def _version(*terms: tuple[str, str, tuple[str | None, ...]]) -> Mapping[str, ClinicalTerm]:
    built = {}
    for code, label, texts in terms:
        grades = {number: text for number, text in enumerate(texts, start=1) if text is not None}
        built[code] = ClinicalTerm(code, label, MappingProxyType(grades))
    return MappingProxyType(built)


_INSOMNIA_4 = (
    "mild trouble falling or staying asleep, or waking early",
    "moderate trouble sleeping",
    "severe trouble sleeping",
)
_LOST = (
    "5 to under 10 % of baseline weight; no intervention needed",
    "10 to under 20 % of baseline weight; nutritional support needed",
    "20 % of baseline weight or more; tube or parenteral feeding needed",
)

_V3 = _version(
    (
        "NEUROPATHY",
        _NEUROPATHY,
        (
            "no symptoms; reflexes lost or tingling, function not affected",
            "altered sensation or tingling that affects function, not daily activities",
            "altered sensation or tingling that affects daily activities",
            "disabling",
            _DEATH,
        ),
    ),
    (
        "INSOMNIA",
        _INSOMNIA,
        (
            "occasional, function not affected",
            "affects function, not daily activities",
            "frequent, affects daily activities",
            "disabling",
        ),
    ),
    (
        "VOMITING",
        _VOMITING,
        (
            "1 episode in 24 h",
            "2 to 5 episodes in 24 h; intravenous fluids for less than 24 h",
            "6 episodes or more in 24 h; intravenous fluids or feeding for 24 h or more",
            _THREAT,
            _DEATH,
        ),
    ),
    (
        "DIARRHOEA",
        _DIARRHOEA,
        (
            "fewer than 4 stools a day above baseline",
            "4 to 6 stools a day above baseline; intravenous fluids for less than 24 h; daily "
            "activities not affected",
            "7 stools a day or more above baseline; incontinence, intravenous fluids for 24 h or "
            "more, hospital or daily activities affected",
            _THREAT,
            _DEATH,
        ),
    ),
    ("WEIGHT LOSS", _WEIGHT_LOSS, _LOST),
    (
        "THROMBOSIS",
        _THROMBOSIS,
        (
            None,
            "deep vein or cardiac thrombosis, no intervention needed",
            "deep vein or cardiac thrombosis, intervention needed",
            "pulmonary embolism, or life-threatening",
            _DEATH,
        ),
    ),
)

_V4 = _version(
    (
        "NEUROPATHY",
        _NEUROPATHY,
        (
            "no symptoms; deep tendon reflexes lost, or tingling",
            "moderate; limits instrumental daily activities",
            "severe; limits self-care",
            _THREAT,
            _DEATH,
        ),
    ),
    ("INSOMNIA", _INSOMNIA, _INSOMNIA_4),
    (
        "VOMITING",
        _VOMITING,
        (
            "1 to 2 episodes (5 minutes apart) in 24 h",
            "3 to 5 episodes (5 minutes apart) in 24 h",
            "6 episodes or more in 24 h; tube or parenteral feeding, or hospital",
            _THREAT,
            _DEATH,
        ),
    ),
    (
        "DIARRHOEA",
        _DIARRHOEA,
        (
            "fewer than 4 stools a day above baseline",
            "4 to 6 stools a day above baseline",
            "7 stools a day or more above baseline; incontinence, hospital or self-care limited",
            _THREAT,
            _DEATH,
        ),
    ),
    ("WEIGHT LOSS", _WEIGHT_LOSS, _LOST),
    (
        "THROMBOSIS",
        _THROMBOSIS,
        (
            "superficial vein thrombosis",
            "uncomplicated deep vein thrombosis, treated",
            "uncomplicated pulmonary embolism or cardiac mural thrombus, treated",
            "life-threatening; circulation or nervous system unstable",
            _DEATH,
        ),
    ),
)

_V5 = _version(
    (
        "NEUROPATHY",
        _NEUROPATHY,
        (
            "no symptoms",
            "moderate; limits instrumental daily activities",
            "severe; limits self-care",
            _THREAT,
        ),
    ),
    ("INSOMNIA", _INSOMNIA, _INSOMNIA_4),
    (
        "VOMITING",
        _VOMITING,
        (
            "no intervention needed",
            "intravenous fluids as an outpatient; medical intervention",
            "tube or parenteral feeding, or hospital",
            _THREAT,
            _DEATH,
        ),
    ),
    (
        "DIARRHOEA",
        _DIARRHOEA,
        (
            "fewer than 4 stools a day above baseline",
            "4 to 6 stools a day above baseline; limits instrumental daily activities",
            "7 stools a day or more above baseline; hospital or self-care limited",
            _THREAT,
            _DEATH,
        ),
    ),
    ("WEIGHT LOSS", _WEIGHT_LOSS, _LOST),
    (
        "THROMBOSIS",
        _THROMBOSIS,
        (
            "no medical intervention needed (superficial)",
            "medical intervention needed",
            "urgent intervention needed (pulmonary embolism, thrombus in the heart)",
            "life-threatening; circulation or nervous system unstable",
            _DEATH,
        ),
    ),
)

_TERMS = MappingProxyType({"3.0": _V3, "4.03": _V4, "5.0": _V5})
