"""What somebody does in a rehearsal, in the words of `entries.jsonl`, and its truth beside it.

Whoever writes the file and whoever plays it see neither each other nor anything but these words.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact
from pilotage.forms.roles import INVESTIGATOR, NURSE, PHARMACIST

ENTRIES: Final = "entries.jsonl"
TRUTH: Final = "truth.jsonl"
"""File beside the entries: what a record cannot know."""

ENTRIES_HEAD: Final = "pilotage_entries"
TRUTH_HEAD: Final = "pilotage_truth"
VERSION: Final = 1
"""Of both formats; under these names in the heads of the files."""
SLIP: Final = "slip"
"""What a line of the truth calls a value that was mistyped."""

DATA_MANAGER: Final = "data_manager"
MONITOR: Final = "monitor"
WHO: Final = (INVESTIGATOR, NURSE, PHARMACIST, DATA_MANAGER, MONITOR)
"""The roles that do something in a rehearsal."""

SCREEN: Final = "screen"
OPEN_CONTACT: Final = "open contact"
SIGN_ELIGIBILITY: Final = "sign eligibility"
ENROL: Final = "enrol"
ENTER: Final = "enter"
ANSWER_QUERIES: Final = "answer queries"
CLOSE_QUERIES: Final = "close queries"
SIGN: Final = "sign"
WITHDRAW: Final = "withdraw"
COMPLETE: Final = "complete"
SCREEN_FAILURE: Final = "screen failure"

EVERY: Final = frozenset({"at", "who", "act", "subject", "reason"})
"""What every act may say: when, who, of whom and for what reason."""

ANSWER: Final = tuple(part.name for part in fields(Answer))
CONTACT: Final = tuple(part.name for part in fields(FilledContact))
PLACE: Final = ("planned", "held_on", "order")
"""What names a contact of a subject."""

KEYS: Final[Mapping[str, frozenset[str]]] = {
    SCREEN: frozenset(),
    OPEN_CONTACT: frozenset({"contact"}),
    SIGN_ELIGIBILITY: frozenset(),
    ENROL: frozenset(),
    ENTER: frozenset({"contact", "form", "repeat", "item", *ANSWER}),
    ANSWER_QUERIES: frozenset(),
    CLOSE_QUERIES: frozenset(),
    SIGN: frozenset(),
    WITHDRAW: frozenset(),
    COMPLETE: frozenset(),
    SCREEN_FAILURE: frozenset(),
}
"""What each act may say besides."""

WITH_REASON: Final = (WITHDRAW, SCREEN_FAILURE)
"""The acts that say why."""
