"""The lines of entries.jsonl: who did what, when, to whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pilotage.forms.acts import CONTACT, PLACE
from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact

Said = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One act. `said` is what it says besides; see docs/reference/rehearsal.md."""

    at: datetime
    who: str
    act: str
    subject: str
    said: Said = field(default_factory=dict)

    def as_json(self) -> str:
        whole = {
            "at": f"{self.at.isoformat(timespec='seconds')}Z",
            "who": self.who,
            "act": self.act,
            "subject": self.subject,
            **self.said,
        }
        return json.dumps(whole, ensure_ascii=False)


def contact_opened(contact: FilledContact) -> Said:
    return {"contact": {name: getattr(contact, name) for name in CONTACT}}


def place_of(contact: FilledContact | None) -> Said | None:
    """What names a contact of a subject; None for a page of a log."""
    if contact is None:
        return None
    return {name: getattr(contact, name) for name in PLACE}


def item_entered(
    contact: FilledContact | None,
    form: str,
    repeat: int,
    item: str,
    answer: Answer,
    *,
    reason: str = "",
) -> Said:
    """What the line of one item says: its place, its answer, and why it changed."""
    said: dict[str, object] = {
        "contact": place_of(contact),
        "form": form,
        "repeat": repeat,
        "item": item,
        **answered(answer),
    }
    return {**said, "reason": reason} if reason else said


def answered(answer: Answer) -> Said:
    """The parts of an answer that are there: `value` with unit and limits, or why it is missing."""
    if answer.missing:
        return {"missing": answer.missing, **({"why": answer.why} if answer.why else {})}
    parts = {"unit": answer.unit, "low": answer.low, "high": answer.high}
    return {"value": answer.value, **{name: text for name, text in parts.items() if text}}
