"""What a rehearsal knows and a record cannot: what was missed, came late, was lost or mistyped."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact
from pilotage.simulation.rehearsal.slips import Kind

Found = Literal["", "check before entry", "edit check", "source verification", "data cut"]
"""How a slip came to light; empty where nobody saw it."""

What = Literal["missed contact", "late contact", "late test", "lost form", "dropped out"]
WHATS: Final[tuple[What, ...]] = get_args(What)


@dataclass(frozen=True, slots=True)
class Astray:
    """A contact or a form that went otherwise than planned, on a day (of a missed contact: that on
    which it would have been). `days` is how far beyond its window a contact was held or a test
    done; a form that was lost was either never filled or (`told`) filled with the reason."""

    what: What
    subject: str
    day: date
    label: str = ""
    days: int = 0
    form: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A value that was typed wrongly on a day; with `found` the true one took its place on the day
    `corrected`."""

    subject: str
    contact: FilledContact | None
    form: str
    repeat: int
    item: str
    kind: Kind
    meant: Answer
    typed: Answer
    entered: date
    found: Found = ""
    corrected: date | None = None

    @property
    def remains(self) -> bool:
        return self.corrected is None
