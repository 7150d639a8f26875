"""One subject, from screening to the signatures: what is done on which day, and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

import numpy as np

from pilotage.datasets.facts import read_target
from pilotage.forms.acts import ENROL, SCREEN, SIGN_ELIGIBILITY
from pilotage.forms.answer import Answer
from pilotage.forms.doses import first_dose
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.roles import INVESTIGATOR, NURSE
from pilotage.simulation.model import Conduct
from pilotage.simulation.rehearsal.clock import (
    days_until_entry,
    working_day,
    working_day_before,
)
from pilotage.study import Study

LATER: Final = ("ENDTC", "OUT")
"""How the columns end that nobody can fill when a dose or an event begins."""


class Rank(IntEnum):
    """What comes first among the things of one day."""

    SCREEN = 0
    ENTER = 1
    CORRECT_BEFORE_ENTRY = 2
    ENTER_TRIAL = 3
    DOSES = 4
    CORRECT = 5
    ROUND = 6
    END = 7


@dataclass(frozen=True, slots=True)
class Part:
    """Answers of one form that are typed together; a correction has a reason."""

    form: FilledForm
    answers: Mapping[str, Answer]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What is done in one go on a day: a contact is opened, parts of forms are typed, or one of the
    acts that only has a name (with words where it needs them)."""

    day: date
    rank: Rank
    opens: FilledContact | None = None
    parts: tuple[Part, ...] = ()
    acts: tuple[tuple[str, str, str], ...] = ()
    """Who, act, reason."""


@dataclass(slots=True)
class Entering:
    """The tasks of one subject, before any correction. `until` is the last day of all."""

    study: Study
    conduct: Conduct
    subject: FilledSubject
    forms: Sequence[FilledForm]
    until: date
    random: np.random.Generator
    start: str = field(init=False)
    """The day of the first dose; empty where none was given."""
    days: list[date] = field(init=False)
    """The day on which each contact is entered."""

    def __post_init__(self) -> None:
        self.start = first_dose(self.study, self.forms)
        self.days = list(self._days())

    def _days(self) -> Iterator[date]:
        """Some days after each contact, on a working day; never before the contact that was before
        it. What was seen up to the first dose is entered by then, and all by its latest day."""
        before = date.min
        for contact, latest in zip(self.subject.contacts, self._latest(), strict=True):
            held = date.fromisoformat(contact.held_on)
            delay = days_until_entry(self.conduct.entry_delay_days, self.random)
            day = working_day(held + timedelta(days=delay))
            if self.start and contact.held_on <= self.start:
                day = min(day, date.fromisoformat(self.start))
            day = max(min(day, latest), held, before)
            yield day
            before = day

    def _latest(self) -> list[date]:
        """The day by which each contact is entered. As the last day comes near, a site makes up for
        what it has left lying, a contact each working day: all of it is more than a day's work."""
        found, latest = list[date](), self.until
        for contact in reversed(self.subject.contacts):
            held = working_day(date.fromisoformat(contact.held_on))
            found.append(min(max(held, latest), self.until))
            latest = working_day_before(latest)
        return found[::-1]

    # -- tasks ------------------------------------------------------------------------------------

    def tasks(self) -> Iterator[Task]:
        """Everything that is typed, and what goes before and after it."""
        contacts = self.subject.contacts
        if contacts:
            first = date.fromisoformat(contacts[0].held_on)
            yield Task(min(first, self.days[0]), Rank.SCREEN, acts=((NURSE, SCREEN, ""),))
        for contact, day in zip(contacts, self.days, strict=True):
            own = tuple(Part(f, f.answers) for f in self.forms if f.contact == contact)
            yield Task(day, Rank.ENTER, opens=contact, parts=own)
        for form in self.forms:
            if form.contact is None:
                yield from self._log(form)
        if self.start:
            acts = ((INVESTIGATOR, SIGN_ELIGIBILITY, ""), (INVESTIGATOR, ENROL, ""))
            yield Task(date.fromisoformat(self.start), Rank.ENTER_TRIAL, acts=acts)

    def _log(self, form: FilledForm) -> Iterator[Task]:
        """A page of a log: told at the next contact, and what ends later at a later one."""
        declared = self.study.protocol.forms[form.form]
        targets = {code: read_target(item.target) for code, item in declared.items.items()}
        ends = {code for code, t in targets.items() if t.variable.endswith(LATER)}
        rank = Rank.DOSES if any(t.domain == "ex" for t in targets.values()) else Rank.ENTER
        dates = {code: form.answers[code].value for code, item in declared.items.items()
                 if item.type in ("date", "datetime") and code in form.answers}  # fmt: skip
        begun = min((text for code, text in dates.items() if code not in ends), default="")
        over = max((text for code, text in dates.items() if code in ends), default="")
        first, last = self._told(begun), self._told(over)
        if not over or first >= last:
            yield Task(max(first, last), self._rank(rank, begun), parts=(Part(form, form.answers),))
            return
        later = {code: answer for code, answer in form.answers.items() if code in ends}
        now = {code: answer for code, answer in form.answers.items() if code not in ends}
        yield Task(first, self._rank(rank, begun), parts=(Part(form, now),))
        yield Task(last, Rank.DOSES, parts=(Part(form, later),))

    def _rank(self, rank: Rank, begun: str) -> Rank:
        """Before the entry into the trial only what began before it."""
        return rank if begun[:10] < self.start else Rank.DOSES

    def _told(self, text: str) -> date:
        """The day on which something of a date is entered: with the next contact."""
        for contact, day in zip(self.subject.contacts, self.days, strict=True):
            if contact.held_on >= text:
                return day
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            day = date.min
        delay = timedelta(days=days_until_entry(self.conduct.entry_delay_days, self.random))
        return min(max([working_day(day + delay), *self.days]), self.until)
