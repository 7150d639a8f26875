"""An audit as one document for other programs; described in docs/reference/audit.md."""

from pilotage.publication.audit.finding import VERDICTS, AuditFinding, keys
from pilotage.publication.audit.joint import Cohort
from pilotage.publication.audit.run import Audit
from pilotage.publication.audit.words import in_english
from pilotage.publication.claims import AnyClaim

VERSION = 1
"""Of the document: it grows when a key changes its meaning or goes away."""


def document(audit: Audit) -> dict[str, object]:
    """The whole audit: every finding, and every claim that one names."""
    paper = audit.published.paper
    every = (*audit.findings, *audit.resting)
    named = {name for finding in every for name in finding.claims}
    return {
        "pilotage_audit": VERSION,
        "paper": {
            "title": in_english(paper.title),
            "citation": paper.citation,
            "registration": paper.registration,
        },
        "counts": {verdict: audit.count(verdict) for verdict in VERDICTS},
        "findings": [
            _finding(key, finding)
            for key, finding in zip(keys(audit.findings), audit.findings, strict=True)
        ],
        "resting": [
            _finding(key, finding)
            for key, finding in zip(keys(audit.resting), audit.resting, strict=True)
        ],
        "claims": {
            claim.id: _claim(claim) for claim in audit.published.claims if claim.id in named
        },
        "not_checked": audit.not_checked,
        "together": audit.together,
        "complete": audit.complete,
        "not_modelled": audit.not_modelled,
        "cohort": None if audit.cohort is None else _cohort(audit.cohort),
    }


def _finding(key: str, finding: AuditFinding) -> dict[str, object]:
    return {
        "key": key,
        "check": finding.check,
        "verdict": finding.verdict,
        "claims": list(finding.claims),
        "question": finding.question,
        "arithmetic": list(finding.arithmetic),
        "repairs": list(finding.repairs),
    }


def _cohort(cohort: Cohort) -> list[dict[str, object]]:
    return [
        {
            "number": subject.number,
            "groups": sorted(subject.groups),
            "values": [
                {"variable": variable, "at": at, "value": value}
                for (variable, at), value in subject.values
            ],
        }
        for subject in cohort.subjects
    ]


def _claim(claim: AnyClaim) -> dict[str, object]:
    place = claim.place
    return {
        "section": place.section,
        "paragraph": place.paragraph,
        "sentence_number": place.sentence,
        "display": place.display,
        "sentence": claim.sentence,
        "printed": claim.printed,
        "kind": claim.kind,
    }
