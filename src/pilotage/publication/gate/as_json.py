"""The gate as one document for other programs; described in docs/how-to/check-a-draft.md."""

from dataclasses import asdict

from pilotage.publication.audit.as_json import document as audited
from pilotage.publication.gate.run import Gate

VERSION = 1
"""Of the document: it grows when a key changes its meaning or goes away."""


def document(found: Gate) -> dict[str, object]:
    """Everything that was found; of each text that was audited the whole audit."""
    return {
        "pilotage_gate": VERSION,
        "draft": found.draft or None,
        "numbers": found.numbers,
        "checked": found.checked,
        "wrong": [asdict(each) for each in found.wrong],
        "units": [asdict(each) for each in found.units],
        "without_result": [asdict(each) for each in found.alone],
        "audits": [audited(each) for each in found.audits],
    }
