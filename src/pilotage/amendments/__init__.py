"""What an amendment changes: two studies compared part by part, in words; and given data, what of
the past would come out differently."""

from pilotage.amendments.compare import changes
from pilotage.amendments.comparison import Comparison, compared, study_at
from pilotage.amendments.consequences import SECTIONS, consequences
from pilotage.amendments.model import MATTERS, Change, Detail, Matter, Side
from pilotage.amendments.past import Difference
from pilotage.amendments.text import as_document, as_text

__all__ = [
    "MATTERS",
    "SECTIONS",
    "Change",
    "Comparison",
    "Detail",
    "Difference",
    "Matter",
    "Side",
    "as_document",
    "as_text",
    "changes",
    "compared",
    "consequences",
    "study_at",
]
