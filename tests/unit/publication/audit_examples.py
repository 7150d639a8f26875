"""Small papers, written in a few lines, and what the audit says of them."""

from typing import Any

from pilotage.publication.audit import Audit, AuditFinding, by_arithmetic
from pilotage.publication.claims import Published

VARIABLES = {
    "SCORE": {"label": "Score", "unit": "points", "range": [0, 20], "whole_numbers": True},
    "FUP": {"label": "Duration of follow-up", "unit": "months"},
    "TRT": {"label": "Duration of treatment", "unit": "months"},
    "AGE": {"label": "Age", "unit": "years", "whole_numbers": True},
    "YES": {"label": "Yes or no", "unit": "1", "range": [0, 1], "whole_numbers": True},
}
TIMES = {
    "baseline": {"label": "At entry", "week": 0},
    "week_8": {"label": "Week 8", "week": 8},
    "year": {"label": "One year", "week": 52},
}
GROUPS: dict[str, Any] = {
    "all": {"label": "All patients"},
    "some": {"label": "Some patients", "subset_of": "all"},
    "cr": {"label": "Responders", "subset_of": "all"},
}


def claim(name: str, kind: str, sentence: int = 1, **said: Any) -> dict[str, Any]:
    """A claim; what it prints follows from its values where it is not given."""
    values = [said[key] for key in ("value", "low", "high") if key in said]
    printed = said.pop("printed", " to ".join(str(value) for value in values) or kind)
    return {
        "id": name,
        "kind": kind,
        "place": {
            "section": said.pop("section", "results"),
            "paragraph": 1,
            "sentence": sentence,
        },
        "sentence": f"It says {printed}",
        "printed": printed,
        **said,
    }


def count(name: str, value: int, group: str = "all", **said: Any) -> dict[str, Any]:
    return claim(name, "count", value=value, group=group, **said)


def share(name: str, value: float, group: str, of: str, **said: Any) -> dict[str, Any]:
    return claim(name, "percentage", value=value, group=group, of=of, **said)


def statistic(name: str, kind: str, printed: str, **said: Any) -> dict[str, Any]:
    given = {"group": "all", "variable": "SCORE", **said}
    return claim(name, kind, value=float(printed), printed=printed, **given)


def published(
    *claims: dict[str, Any], groups: dict[str, Any] | None = None, citation: str = "J 2012;1:1"
) -> Published:
    paper = {"title": "A paper", "citation": citation, "covers": ["abstract", "results"]}
    return Published.model_validate(
        {
            "pilotage": 1,
            "paper": paper,
            "groups": {**GROUPS, **(groups or {})},
            "variables": VARIABLES,
            "times": TIMES,
            "claims": list(claims),
        }
    )


def audited(*claims: dict[str, Any], **paper: Any) -> Audit:
    return by_arithmetic(published(*claims, **paper))


def found(check: str, *claims: dict[str, Any], **paper: Any) -> list[AuditFinding]:
    """What one check says, the worst first."""
    return [each for each in audited(*claims, **paper).findings if each.check == check]


def only(check: str, *claims: dict[str, Any], **paper: Any) -> AuditFinding:
    """The one thing that a check says."""
    findings = found(check, *claims, **paper)
    assert len(findings) == 1, findings
    return findings[0]
