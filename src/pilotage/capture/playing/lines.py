"""What a line of `entries.jsonl` may say: its head, and what somebody did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact

MOST_PAGES: Final = 9999
"""The greatest number of a page, and of a contact within its day."""

Place = tuple[str, str, int]
"""What names a contact of a subject: `planned`, the day and the order within the day."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first line: of which study the entries are, how many subjects and lines follow, and the
    last day of the rehearsal."""

    study: str
    protocol_version: str
    study_digest: str
    seed: int
    subjects: int
    lines: int
    until: date


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did at a moment. An entry is one act, however many lines it has: `line` is its
    first, `lines` the line of each item. `contact` is the one that is opened, `place` the one at
    which something is entered; None for a page of a log."""

    line: int
    at: datetime
    who: str
    act: str
    subject: str
    reason: str = ""
    contact: FilledContact | None = None
    place: Place | None = None
    form: str = ""
    repeat: int = 1
    answers: Mapping[str, Answer] | None = None
    lines: Mapping[str, int] | None = None

    @property
    def page(self) -> tuple[object, ...]:
        """What lines of one entry have in common."""
        return self.at, self.who, self.act, self.subject, self.place, self.form, self.repeat
