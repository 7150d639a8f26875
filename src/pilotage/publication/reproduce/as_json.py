"""A paper beside data as one document for other programs; see docs/reference/reproduce.md."""

from dataclasses import asdict

from pilotage.publication.reproduce.model import VERDICTS, Candidate, Held, Reproduction

VERSION = 1
"""Of the document: it grows when a key changes its meaning or goes away."""


def document(reproduction: Reproduction) -> dict[str, object]:
    """Every claim with its verdict, ours, and the causes where they differ."""
    return {
        "pilotage_reproduction": VERSION,
        "synthetic": reproduction.synthetic,
        "counts": {verdict: reproduction.count(verdict) for verdict in VERDICTS},
        "claims": [_claim(held) for held in reproduction.held],
    }


def _claim(held: Held) -> dict[str, object]:
    claim = held.claim
    return {
        "id": claim.id,
        "section": claim.place.section,
        "paragraph": claim.place.paragraph,
        "sentence_number": claim.place.sentence,
        "display": claim.place.display,
        "sentence": claim.sentence,
        "printed": claim.printed,
        "kind": claim.kind,
        "verdict": held.verdict,
        "reason": held.reason,
        "ours": None if held.shown is None else _number(held.shown),
        "plan": None if held.plan is None else _number(held.plan),
        "candidates": [_number(each) for each in held.others],
        "causes": [asdict(cause) for cause in held.causes],
        "tried": list(held.tried),
        "remarks": list(held.remarks),
    }


def _number(candidate: Candidate) -> dict[str, object]:
    return {
        "text": candidate.text,
        "value": candidate.value,
        "n": candidate.n,
        "population": candidate.population,
        "label": candidate.label,
        "method": candidate.method,
        "results": list(candidate.results),
        "fit": candidate.how,
        "reason": candidate.reason,
    }
