"""How each claim came out: the worst that is asked about it, and where else it is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pilotage.publication.audit.finding import MEANINGS, VERDICTS, AuditFinding, Verdict, keys
from pilotage.publication.audit.run import Audit
from pilotage.publication.audit.words import in_english
from pilotage.publication.claims import AnyClaim

Standing = Verdict | Literal["beside", "not checked"]

STANDINGS: Mapping[Standing, str] = {
    **{verdict: MEANINGS[verdict] for verdict in VERDICTS},
    "beside": "only named beside a question about another number",
    "not checked": "nothing in the paper could be held against it",
}

SIGNS: Mapping[Standing, str] = {
    "impossible": "∅",
    "inconsistent": "≠",
    "unexplained": "?",
    "fine": "✓",
    "beside": "&",
    "not checked": "·",
}
"""A sign for each, so that nobody depends on colours."""

_ALL_ASKED = ("joint", "subset")


@dataclass(frozen=True, slots=True)
class Named:
    """A finding with its key."""

    key: str
    finding: AuditFinding


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim: `asked` are the findings about it, the worst first; `beside` those
    about others that name it, as far as they ask something. `why` it was not checked."""

    claim: AnyClaim
    standing: Standing
    asked: tuple[Named, ...]
    beside: tuple[Named, ...]
    why: str

    @property
    def reading(self) -> str:
        """How its words were read, where that is not plain."""
        return in_english(self.claim.reading) if self.claim.reading else ""


def named(audit: Audit) -> tuple[Named, ...]:
    """Every finding with its key."""
    return tuple(map(Named, keys(audit.findings), audit.findings))


def resting(audit: Audit) -> tuple[Named, ...]:
    """The sets that rest on a number asked about by itself, each with its key."""
    return tuple(map(Named, keys(audit.resting), audit.resting))


def outcomes(audit: Audit) -> dict[str, Outcome]:
    """What became of each claim, by its id."""
    found = named(audit)
    return {claim.id: _outcome(claim, found, audit) for claim in audit.published.claims}


def _outcome(claim: AnyClaim, found: tuple[Named, ...], audit: Audit) -> Outcome:
    own = [each for each in found if claim.id in each.finding.claims]
    asked = tuple(each for each in own if claim.id in _asked(each.finding))
    others = tuple(e for e in own if e not in asked and e.finding.verdict != "fine")
    verdicts = {each.finding.verdict for each in asked}
    verdicts |= {each.finding.verdict for each in own if each.finding.verdict == "fine"}
    worst = next((verdict for verdict in VERDICTS if verdict in verdicts), None)
    named_beside = own or any(claim.id in each.claims for each in audit.resting)
    rest: Standing = "beside" if named_beside else "not checked"
    return Outcome(claim, worst or rest, asked, others, audit.not_checked.get(claim.id, ""))


def _asked(finding: AuditFinding) -> tuple[str, ...]:
    """The claims about which the finding asks; the others only stand beside them."""
    if finding.check in _ALL_ASKED:
        return finding.claims
    return finding.claims[: 2 if finding.check == "same_fact" else 1]
