"""The gate for authors: the finished text of a report, or a draft made of it, held against its
results and against itself."""

from pilotage.publication.gate.draft import read_draft
from pilotage.publication.gate.run import Gate, gate

__all__ = ["Gate", "gate", "read_draft"]
