"""What the audit of a paper says of its claims: a verdict, the question, and the arithmetic."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Verdict = Literal["impossible", "inconsistent", "unexplained", "fine"]

VERDICTS: tuple[Verdict, ...] = ("impossible", "inconsistent", "unexplained", "fine")

HALF_UP = "rounded half up"
"""The usual way to round, of which "impossible" is meant; what other ways give is said apart."""

MEANINGS: dict[Verdict, str] = {
    "impossible": f"no data could give this number, {HALF_UP}",
    "inconsistent": "it cannot stand beside the other claims named",
    "unexplained": "it could be, but does not follow from what the paper states",
    "fine": "checked, and it holds",
}

Check = Literal[
    "percentage", "grim", "grimmer", "debit", "summary", "p_value", "effect", "same_fact", "subset",
    "denominator", "date", "notation", "joint",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that was checked. `claims` are ids, the one asked about first; `question` is one
    sentence to the authors; `arithmetic` are lines that a reader can do again by hand; `repairs`
    say what would mend it, each on its own."""

    check: Check
    claims: tuple[str, ...]
    verdict: Verdict
    question: str
    arithmetic: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


def judged(
    check: Check,
    claims: tuple[str, ...],
    holds: bool,
    fine: str,
    question: str,
    lines: tuple[str, ...] = (),
    repairs: tuple[str, ...] = (),
) -> AuditFinding:
    """A check with two ends: it holds, in these words, or it asks this question and says what would
    mend it."""
    if holds:
        return AuditFinding(check, claims, "fine", fine, lines)
    return AuditFinding(check, claims, "inconsistent", question, lines, repairs)


def unique(names: "tuple[str, ...] | list[str]") -> tuple[str, ...]:
    """Each name once, in its first place."""
    return tuple(dict.fromkeys(names))


def keys(findings: Sequence[AuditFinding]) -> list[str]:
    """A name for each finding that stays while its claims do, whatever else is found:
    'grim-R-24-A-02'. Two of one check about the same claims are told apart by what they say."""
    names = ["-".join((finding.check, *finding.claims)) for finding in findings]
    often = Counter(names)
    return [
        f"{name}-{_told_apart(finding)}" if often[name] > 1 else name
        for name, finding in zip(names, findings, strict=True)
    ]


def _told_apart(finding: AuditFinding) -> str:
    """A few letters that depend on all that the finding says."""
    said = "\n".join((finding.verdict, finding.question, *finding.arithmetic))
    return sha256(said.encode()).hexdigest()[:8]
