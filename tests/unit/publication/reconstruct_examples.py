"""A small paper about ten subjects, and how a cohort for it is built."""

from typing import Any

from pilotage.publication.claims import Published
from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.publication.reconstruct.problem import Problem, build

SUBJECTS = tuple(str(number) for number in range(1, 11))


def claim(name: str, kind: str, printed: str, **parts: Any) -> dict[str, Any]:
    return {
        "id": name,
        "place": {"section": "results", "paragraph": 1, "sentence": parts.pop("sentence", 1)},
        "sentence": f"It was {printed}",
        "printed": printed,
        "kind": kind,
        **parts,
    }


def paper(*claims: dict[str, Any]) -> Published:
    return Published.model_validate(
        {
            "pilotage": 1,
            "paper": {"title": "T", "citation": "C", "covers": ["results"]},
            "groups": {
                "all": {"label": "All", "where": "SEEN == 'Y'"},
                "ill": {"label": "Ill", "subset_of": "all", "where": "ILL == 'Y'"},
                "well": {"label": "Well", "subset_of": "all", "without": "ill"},
                "third": {"label": "Number 3", "subject": "3", "subset_of": "all"},
                "elsewhere": {"label": "Others"},
            },
            "variables": {
                "SCORE": {"label": "Score", "unit": "points"},
                "LATER": {"label": "Score later", "unit": "points"},
                "SPAN": {"label": "Span", "unit": "weeks"},
            },
            "times": {"start": {"label": "Start"}, "end": {"label": "End"}},
            "claims": [claim("R-01", "count", "ten", value=10, group="all"), *claims],
        }
    )


def reconstruction(**parts: Any) -> Reconstruction:
    return Reconstruction.model_validate(
        {
            "pilotage": 1,
            "remark": "Nobody",
            "cohort": {
                "subjects": "R-01",
                "prefix": "REC",
                "screening_days": [7, 9],
                "cut": "2020-12-31",
                "cut_day": "DAY",
                "last_day": "DAY",
            },
            "variables": {
                "SEEN": {"label": "Seen", "choices": ["Y"]},
                "ILL": {"label": "Ill", "choices": ["Y", "N"]},
                "SCORE": {"label": "Score", "range": [0, 20], "like": [6, 3]},
                "LATER": {"label": "Score later", "range": [0, 20]},
                "DAY": {"label": "Days", "range": [1, 70], "unit": "days"},
            },
            "measures": [
                {"variable": "SCORE", "at": "start", "is": "SCORE"},
                {"variable": "SCORE", "at": "end", "is": "LATER"},
                {"variable": "SPAN", "is": "DAY"},
            ],
            "doses": {"reasons": {}, "withdrawn": "COMPLETED"},
            **parts,
        }
    )


def problem(published: Published, made: Reconstruction, *, squares: bool = True) -> Problem:
    return build(made, published, made.variables, SUBJECTS, squares=squares)
