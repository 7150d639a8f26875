"""From a form of the study to a page of fields, and from what was posted to answers.

Nothing here knows the web or the database. A question that cannot be known to be out of place is
asked; a text that can be read in two ways is asked again, never guessed.
"""

from pilotage.capture.entry_forms.asked import asked, open_items
from pilotage.capture.entry_forms.checks import CheckFinding, findings
from pilotage.capture.entry_forms.known import known_of
from pilotage.capture.entry_forms.laboratory import LabResult, laboratory_results
from pilotage.capture.entry_forms.page import Field, FormPage, Option, fields_of
from pilotage.capture.entry_forms.reading import Mistake, read_posted
from pilotage.capture.entry_forms.scores import LiveScore, score_of

__all__ = [
    "CheckFinding",
    "Field",
    "FormPage",
    "LabResult",
    "LiveScore",
    "Mistake",
    "Option",
    "asked",
    "fields_of",
    "findings",
    "known_of",
    "laboratory_results",
    "open_items",
    "read_posted",
    "score_of",
]
