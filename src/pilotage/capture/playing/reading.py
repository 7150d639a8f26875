"""Reading `entries.jsonl`: the whole file first, and every mistake with its line."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from pilotage.capture.playing.json_lines import Line, objects
from pilotage.capture.playing.lines import MOST_PAGES, Act, Head, Place
from pilotage.capture.playing.truth import slips_beside
from pilotage.capture.playing.values import Values
from pilotage.findings import Finding, InputErrors, error
from pilotage.forms.acts import (
    CONTACT,
    ENTER,
    ENTRIES_HEAD,
    EVERY,
    KEYS,
    OPEN_CONTACT,
    SCREEN,
    VERSION,
    WHO,
    WITH_REASON,
)
from pilotage.forms.answer import MISSING, Answer
from pilotage.forms.filled import FilledContact
from pilotage.instruments import instruments
from pilotage.study import Study

SHOWN: Final = 20
"""So many mistakes are shown; the others are counted."""


@dataclass(frozen=True, slots=True)
class Entries:
    """A file that was read: its SHA-256, its head, and what was done, in the order of time. `slips`
    are the lines of slips of typing, as far as a file beside it tells them."""

    path: Path
    digest: str
    head: Head
    acts: tuple[Act, ...]
    slips: frozenset[int] | None = None

    @property
    def last_day(self) -> date:
        """The last day of the rehearsal; nothing is done after it."""
        return self.head.until

    @property
    def mark(self) -> str:
        """What the keys of everything that is played begin with."""
        return f"{self.digest[:32]}:"


def read_entries(path: Path, study: Study) -> Entries:
    """Read and check the whole file. Raises InputErrors with the first mistakes, and how many more
    there are; OSError where it cannot be read."""
    content = path.read_bytes()
    reading = _Reading(path.name, study)
    lines = objects(path.name, content)
    head = reading.head(next(lines, (1, {})))
    for number, found in lines:
        reading.line(number, found)
    reading.end(head)
    acts = tuple(reading.acts)
    digest = hashlib.sha256(content).hexdigest()
    return Entries(path, digest, head, acts, slips_beside(path, acts, digest))


@dataclass(slots=True)
class _Reading:
    """The lines so far, after the head: `read` of them. `contacts` are those that were opened, by
    subject; `until` is the last day."""

    name: str
    study: Study
    acts: list[Act] = field(default_factory=list)
    mistakes: list[Finding] = field(default_factory=list)
    contacts: dict[str, set[Place]] = field(default_factory=dict)
    items: dict[str, frozenset[str]] = field(default_factory=dict)
    last: datetime | None = None
    until: date = date.max
    read: int = 0

    def head(self, line: tuple[int, Line]) -> Head:
        """The head. Raises InputErrors at once: of another study every line would be wrong."""
        number, found = line
        values = Values({} if isinstance(found, str) else found)
        if values.found.get(ENTRIES_HEAD) != VERSION:
            words = f"is no head of entries ('{ENTRIES_HEAD}': {VERSION})"
            raise InputErrors([error(f"{self.name}:{number}", words)])
        head = Head(
            study=values.text("study", needed=True),
            protocol_version=values.text("protocol_version"),
            study_digest=values.text("study_digest", needed=True),
            seed=values.whole("seed", 0, most=None),
            subjects=values.whole("subjects", 1),
            lines=values.whole("lines", 1),
            until=values.day("until"),  # type: ignore[arg-type] # None is a mistake, told below
        )
        if values.found.get("synthetic") is not True:
            values.mistakes.append("does not say that it is invented ('synthetic': true)")
        if not values.mistakes:
            values.mistakes += self._of_another_study(head)
        self._keep(number, values)
        self.refuse()
        self.until = head.until
        return head

    def end(self, head: Head) -> None:
        """Raise InputErrors for the mistakes, and where the file is not the whole that its head
        tells of: one that was cut at the end of a line reads like any other."""
        screened = sum(act.act == SCREEN for act in self.acts)
        words = "the head says {} {}, but there are {}: make the file anew with pilotage rehearse"
        if self.read != head.lines:
            told = words.format(head.lines, "lines after it", self.read)
            self.mistakes.insert(0, error(self.name, told))
        elif not self.mistakes and screened != head.subjects:
            self.mistakes.append(
                error(self.name, words.format(head.subjects, "subjects", screened))
            )
        self.refuse()

    def _of_another_study(self, head: Head) -> Iterator[str]:
        own = self.study.protocol.study.id
        if head.study != own:
            yield f"holds entries of the study {head.study}, not of {own}"
        elif head.study_digest != self.study.digest:
            yield (
                f"was made for other files of the study (then {head.study_digest[:12]}, now "
                f"{self.study.digest[:12]}): make it anew with pilotage rehearse"
            )

    def line(self, number: int, found: Line) -> None:
        self.read += 1
        if isinstance(found, str):
            self.mistakes.append(error(f"{self.name}:{number}", found))
            return
        values = Values(found)
        kind, who = values.one_of("act", KEYS), values.one_of("who", WHO)
        subject, at = values.text("subject", needed=True), self._moment(values)
        reason = values.text("reason", needed=kind in WITH_REASON)
        if kind:
            values.only(EVERY | KEYS[kind])
            values.mistakes += self._subject(kind, subject)
            act = Act(number, at or datetime.min, who, kind, subject, reason)
            self._act(act, values)
        self._keep(number, values)

    def _moment(self, values: Values) -> datetime | None:
        at = values.moment("at")
        if at is None:
            return None
        if self.last is not None and at < self.last:
            values.mistakes.append("lies before the line above it; 'at' never goes back")
        if at.date() > self.until:
            values.mistakes.append(f"'at' lies after the last day of the rehearsal, {self.until}")
        self.last = at if self.last is None else max(at, self.last)
        return at

    def _subject(self, kind: str, subject: str) -> Iterator[str]:
        known = subject in self.contacts
        if kind == SCREEN and known:
            yield f"screens {subject} a second time"
        elif kind != SCREEN and not known and subject:
            yield f"{subject} was not screened before"
        self.contacts.setdefault(subject, set())

    def _act(self, act: Act, values: Values) -> None:
        if act.act == OPEN_CONTACT:
            act = replace(act, contact=self._contact(act, values))
        elif act.act == ENTER:
            act = self._entered(act, values)
            if self.acts and not values.mistakes and self.acts[-1].page == act.page:
                self.acts[-1] = self._together(self.acts[-1], act, values)
                return
        self.acts.append(act)

    def _contact(self, act: Act, values: Values) -> FilledContact | None:
        found = values.found.get("contact")
        if not isinstance(found, dict):
            values.mistakes.append("'contact' has to say which contact is opened")
            return None
        of = Values(found)
        of.only(CONTACT)
        place, number = _place(of), of.number("number", MOST_PAGES)
        label = of.text("label", needed=True, most=120)
        if not of.mistakes and place in self.contacts[act.subject]:
            of.mistakes.append(f"{label} on {place[1]} was opened before")
        if not values.mistakes and place[1] > act.at.date().isoformat():
            of.mistakes.append(f"{label} on {place[1]} lies after the day on which it is opened")
        self.contacts[act.subject].add(place)
        values.mistakes += [f"contact: {words}" for words in of.mistakes]
        return FilledContact(place[0], number, label, place[1], place[2])

    def _entered(self, act: Act, values: Values) -> Act:
        place, item = self._at(act.subject, values), values.text("item", needed=True)
        form = values.one_of("form", self.study.protocol.forms)
        if form and item and item not in self._items(form):
            values.one_of("item", sorted(self._items(form)))
        return replace(
            act,
            place=place,
            form=form,
            repeat=values.whole("repeat", 1, 1, most=MOST_PAGES),
            answers={item: _answer(values)},
            lines={item: act.line},
        )

    def _at(self, subject: str, values: Values) -> Place | None:
        """The contact at which something is entered; it was opened before."""
        found = values.found.get("contact")
        if found is None:
            return None
        if not isinstance(found, dict):
            values.mistakes.append("'contact' has to be an object, or null for a page of a log")
            return None
        of = Values(found)
        of.only(CONTACT)
        place = _place(of)
        wrong = bool(values.mistakes or of.mistakes)
        if not wrong and place not in self.contacts[subject]:
            of.mistakes.append(f"{place[0] or 'unscheduled'} on {place[1]} was not opened before")
        values.mistakes += [f"contact: {words}" for words in of.mistakes]
        return place

    def _together(self, before: Act, act: Act, values: Values) -> Act:
        """An item more of the same entry."""
        assert before.answers is not None
        assert before.lines is not None
        assert act.answers is not None
        assert act.lines is not None
        for item in act.answers.keys() & before.answers.keys():
            values.mistakes.append(f"{item} is answered twice in one entry")
        reasons = dict.fromkeys(filter(None, (*before.reason.split("; "), act.reason)))
        return replace(
            before,
            reason="; ".join(reasons),
            answers={**before.answers, **act.answers},
            lines={**before.lines, **act.lines},
        )

    def _items(self, form: str) -> frozenset[str]:
        """The items of a form: its own, and those of its instrument."""
        if form not in self.items:
            declared = self.study.protocol.forms[form]
            scale = instruments.get(declared.instrument or "")
            codes = (item.code.lower() for item in scale.items) if scale else ()
            self.items[form] = frozenset((*declared.items, *codes))
        return self.items[form]

    def _keep(self, number: int, values: Values) -> None:
        self.mistakes += [error(f"{self.name}:{number}", words) for words in values.mistakes]

    def refuse(self) -> None:
        """Raise InputErrors for the mistakes so far."""
        if not self.mistakes:
            return
        rest = len(self.mistakes) - SHOWN
        more = [error(self.name, f"{rest} more mistakes")] if rest > 0 else []
        raise InputErrors([*self.mistakes[:SHOWN], *more])


def _place(values: Values) -> Place:
    day = values.partial_day("held_on")
    return values.text("planned", most=80), day, values.whole("order", 0, 0, most=MOST_PAGES)


def _answer(values: Values) -> Answer:
    """A value with its unit and limits, or why there is none; an empty value takes one back."""
    missing = values.one_of("missing", MISSING) if values.found.get("missing") else ""
    if bool(missing) == ("value" in values.found):
        values.mistakes.append("has to say either a 'value' or why it is 'missing'")
    return Answer(
        value=values.text("value"),
        unit=values.text("unit", most=40),
        low=values.text("low", most=40),
        high=values.text("high", most=40),
        missing=missing,  # type: ignore[arg-type] # one of MISSING
        why=values.text("why"),
    )
