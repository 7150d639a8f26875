"""The record that entries lead to: contacts that were opened, and the last answer to each item."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pilotage.forms.acts import ANSWER, ENTER, OPEN_CONTACT, SCREEN
from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.simulation.rehearsal.lines import Line

Page = tuple[str, tuple[Any, ...] | None, str, int]


@dataclass(slots=True)
class Replay:
    """Collects what lines say. Forms are numbered by `entry`, in the order in which they were
    begun, so that a cell of a table leads back to its form."""

    contacts: dict[str, list[FilledContact]] = field(default_factory=dict)
    pages: dict[Page, dict[str, Answer]] = field(default_factory=dict)

    def play(self, lines: Iterable[Line]) -> None:
        for line in lines:
            said: Any = line.said
            if line.act == SCREEN:
                self.contacts.setdefault(line.subject, [])
            elif line.act == OPEN_CONTACT:
                self.contacts[line.subject].append(FilledContact(**said["contact"]))
            elif line.act == ENTER:
                place = said["contact"] and tuple(said["contact"].values())
                page = (line.subject, place, said["form"], said["repeat"])
                self.pages.setdefault(page, {})[said["item"]] = _answer(said)

    def subjects(self) -> list[FilledSubject]:
        return [FilledSubject(code, "", tuple(own)) for code, own in self.contacts.items()]

    def forms(self) -> list[FilledForm]:
        held = {
            (code, (each.planned, each.held_on, each.order)): each
            for code, own in self.contacts.items()
            for each in own
        }
        return [
            FilledForm(
                code, held[code, place] if place else None, form, repeat, answers, entry=number
            )
            for number, ((code, place, form, repeat), answers) in enumerate(self.pages.items(), 1)
        ]


def _answer(said: Any) -> Answer:
    return Answer(**{name: said[name] for name in ANSWER if name in said})
