"""One synthetic subject, from consent to last contact, under the study's schedule and rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from pilotage.courses.awaited import Awaited
from pilotage.courses.calendar import Contact, contacts, targets, under_drug, with_series
from pilotage.courses.chance import between
from pilotage.courses.closing import (
    Dose,
    End,
    StoppingEvent,
    write_disposition,
    write_doses,
    write_event,
    write_events,
)
from pilotage.courses.endings import reason_of_dosing, reason_of_rule
from pilotage.courses.history import Answer, demography, history, person_answers
from pilotage.courses.latent import Levels
from pilotage.courses.measures import Measures, Setting
from pilotage.courses.measuring import fill, record
from pilotage.courses.progress import carry_out
from pilotage.courses.records import Records
from pilotage.courses.screening import Barrier, barriers
from pilotage.rules import Decision, Standing, decide, decide_any

AFTER_A_STOPPING_EVENT = 28
"""Days for which a subject is seen after an adverse event has ended its treatment."""


@dataclass(slots=True)
class Course:
    """The making of one subject: `screen`, then `treat` or `fail`. `records` collects SDTM rows;
    `standing` is what the protocol knows of the subject; `levels` are the true values. `again`: an
    answer of the history is given whenever its form is filled; else once, and whoever fills the
    forms has to give it."""

    setting: Setting
    subject: str
    random: np.random.Generator
    records: Records = field(init=False)
    standing: Standing = field(init=False)
    levels: Levels = field(init=False)
    planned: list[Contact] = field(init=False)
    waiting: list[Answer] = field(init=False)
    told: tuple[Answer, ...] = field(init=False)
    asking: frozenset[str] = field(init=False)
    apart: np.random.Generator = field(init=False)
    awaited: Awaited = field(init=False)
    last_day: int = field(init=False)
    event: StoppingEvent | None = None
    doses: list[Dose] = field(default_factory=list)
    ended: End | None = None
    again: bool = False

    # -- from consent to the first dose -----------------------------------------------------------

    def screen(self) -> tuple[Barrier, ...]:
        """Live up to the first dose, or to the contact at which something is found that keeps the
        candidate out; it is returned."""
        self._begin()
        for contact in (contact for contact in self.planned if contact.day <= 1):
            self._see(contact)
            standing, day = self.standing, contact.day
            known, recorded = standing.state(day), standing.recorded(day)
            found = tuple(barriers(standing.protocol, known, recorded))
            if found:
                self.last_day = contact.day
                return found
            if contact.day == 1:
                self._decide(contact)
        return ()

    def _begin(self) -> None:
        """The dates, the person, and a standing from which the protocol begins."""
        nature, protocol = self.setting.nature, self.setting.study.protocol
        recruitment = nature.recruitment
        days = (recruitment.last - recruitment.first).days
        consent = recruitment.first + timedelta(days=between((0, days), self.random))
        screening = between(recruitment.screening_days, self.random)
        first_dose = consent + timedelta(days=screening)
        follow_up = between(recruitment.follow_up_days, self.random)
        person = demography(nature.demography, self.random)
        self.last_day = min(follow_up, (recruitment.cut - first_dose).days + 1)
        self.records = Records(protocol.study.id, self.subject, first_dose)
        self.records.demography = {**person, "RFICDTC": consent.isoformat()}
        self.standing = Standing(
            protocol,
            {code: stable.normal.both for code, stable in nature.stable.items()},
            int(person["AGE"]),
            str(person["SEX"]),
        )
        self.standing.answer(dict(person_answers(protocol, person)), -screening)
        self.waiting = history(protocol, nature, person, self.random)
        self.told, self.apart = tuple(self.waiting), self.random.spawn(1)[0]
        self._give([a for a in self.waiting if a.form not in self.setting.planned], -screening)
        self.levels = Levels(self.setting, self.random)
        self._expect_event()
        self.awaited = Awaited(protocol, nature)
        self.awaited.expect(self.random)
        asking = {**dict.fromkeys(self.awaited.forms, Measures()), **self.setting.forms}
        self.asking = frozenset(asking)
        self.planned = contacts(
            replace(self.setting, forms=asking),
            self.random,
            consent_day=-screening,
            last_day=self.last_day,
        )
        if self.again:
            self._plan_answers()

    def _plan_answers(self) -> None:
        """Add the series that ask for answers of the history alone."""
        forms = {answer.form: Measures() for answer in self.told if answer.form not in self.asking}
        every = self.standing.protocol.schedule.series
        due = [(series, tuple(targets(series, self.last_day))) for series in every]
        self.planned = with_series(replace(self.setting, forms=forms), due, self.planned)

    def _expect_event(self) -> None:
        """The first of the events that end treatment, if the subject has one in time."""
        for event in self.setting.nature.events:
            if event.stops_treatment and self.random.random() < event.true_probability:
                day = max(2, between(event.days, self.random))
                if day <= self.last_day:
                    self.event = StoppingEvent(event, day)
                    self.last_day = min(self.last_day, day + AFTER_A_STOPPING_EVENT)
                return

    def fail(self, reason: str) -> Records:
        """The rows of a candidate who is not eligible, up to the contact that showed it."""
        write_disposition(self.records, End(self.last_day, "SCREEN FAILURE", reason))
        return self.records

    # -- from the first dose on -------------------------------------------------------------------

    def treat(self) -> Records:
        """Live on to the last contact: every row of the subject, by domain."""
        before = 1
        for contact in (contact for contact in self.planned if contact.day > 1):
            for extra in self._asked_for(before, contact.day):
                self._attend(extra)
            if self.event and contact.day >= self.event.day:
                self._stop_for(self.event)
            self._attend(contact)
            before = contact.day
        if self.event:
            self._stop_for(self.event)
        self._close()
        return self.records

    def _asked_for(self, last: int, following: int) -> Iterator[Contact]:
        """Contacts that the table of activities asks for in a long gap between planned ones."""
        unscheduled = self.standing.protocol.schedule.unscheduled
        if unscheduled is None or not self.setting.activities.rows:
            return
        for day in range(last + 1, following):
            if self.ended:
                return
            due = decide_any(self.setting.activities, self.standing.state(day))
            forms = tuple(dict.fromkeys(row.to for row in due if row.known and row.to))
            if forms:
                yield Contact(day, None, self.setting.study.text(unscheduled.label), forms)

    def _attend(self, contact: Contact) -> None:
        """A contact after the first dose, unless it is missed."""
        random = self.random if self._measures(contact) else self.apart
        if random.random() < self.setting.nature.true_missed_visit:
            return
        self._see(contact)
        if not self.ended:
            self._decide(contact)

    def _measures(self, contact: Contact) -> bool:
        """Is it a visit, or more than answers of the history?"""
        return contact.visit or not self.asking.isdisjoint(contact.forms)

    def _see(self, contact: Contact) -> None:
        """Fill the forms of a contact."""
        day, when = contact.day, self.records.date_of(contact.day)
        if contact.visit:
            self.records.visit(contact.number, contact.label, when)
        brought = [answer for answer in self.waiting if answer.form in contact.forms]
        self._give([*brought, *self._said_again(contact), *self._come(contact)], day)
        if self._measures(contact):
            self._advance(day)
        values: dict[str, float] = {}
        for form in (form for form in contact.forms if form in self.setting.forms):
            filled = fill(self.setting, form, self.levels, under_drug=self.standing.step > 0)
            record(self.setting, form, filled, self.records, when, contact)
            self.standing.answer(filled.answers, day)
            values |= filled.values
        self.standing.observe(values, day)

    def _advance(self, day: int) -> None:
        """Let the true values move under the dose up to a day."""
        ladder = self.standing.protocol.treatment.ladder
        self.levels.advance(day, ladder[self.standing.step].step)

    def _come(self, contact: Contact) -> list[Answer]:
        """What has come, and what has not yet."""
        return list(self.awaited.answers(self._open_forms(contact), contact.day))

    def _said_again(self, contact: Contact) -> list[Answer]:
        """What was answered before, as often as its form is filled; not on a page of a log, nor
        where SDTM has one place for it."""
        if not self.again:
            return []
        forms, filled = self.standing.protocol.forms, self._open_forms(contact)
        return [
            answer
            for answer in self.told
            if answer.form in filled
            and answer not in self.waiting
            and not forms[answer.form].repeating
            and answer.target.domain != "dm"
            and not answer.target.domain.startswith("supp")
        ]

    def _open_forms(self, contact: Contact) -> tuple[str, ...]:
        """The forms of a contact; one that goes with the drug rests without it."""
        resting = under_drug(self.standing.protocol.schedule) if contact.day > 1 else frozenset()
        return tuple(f for f in contact.forms if self.standing.step or f not in resting)

    def _give(self, answers: list[Answer], day: int) -> None:
        """Answer items that are not measured."""
        for answer in answers:
            self.records.answer(answer.target, answer.recorded, self.records.date_of(day))
            self.standing.answer({answer.name: answer.value}, day)
        self.waiting = [answer for answer in self.waiting if answer not in answers]

    # -- decisions --------------------------------------------------------------------------------

    def _decide(self, contact: Contact) -> None:
        """Stop or change the dose as the protocol's tables say; after a visit only, but a stop at
        any contact."""
        protocol, day = self.standing.protocol, contact.day
        state, before = self.standing.state(day), self.standing.step
        stops = [d for d in decide_any(protocol.stopping, state) if d.action == "stop"]
        if before and stops:
            if not self._measures(contact):
                self._advance(day)
            self._stop(End(day, reason_of_rule(protocol, stops[0]), stops[0].reason))
        elif contact.visit:
            decision = decide(protocol.dosing, state)
            if decision.action == "stop":
                self._stop(End(day, reason_of_dosing(protocol, decision), decision.reason))
            else:
                carry_out(decision, self.standing, day)
                self._first_dose(day)
                self._note_dose(before, day)

    def _first_dose(self, day: int) -> None:
        """A study whose table says nothing of the start starts on day 1, on the lowest dose."""
        starts = any(row.do == "start" for row in self.standing.protocol.dosing.rows)
        if day == 1 and not starts:
            carry_out(Decision("start"), self.standing, day)

    def _stop_for(self, event: StoppingEvent) -> None:
        if self.standing.step:
            self._stop(event.end)

    def _stop(self, end: End) -> None:
        """No drug from this day on, and no further decision."""
        before = self.standing.step
        carry_out(Decision("stop"), self.standing, end.day)
        self._note_dose(before, end.day)
        self.ended = end

    def _note_dose(self, before: int, day: int) -> None:
        """Close the stretch of the old dose and open that of the new one."""
        if self.standing.step == before:
            return
        if before:
            self.doses[-1] = Dose(before, self.doses[-1].first, day - 1)
        if self.standing.step:
            self.doses.append(Dose(self.standing.step, day))

    # -- what is written at the end ---------------------------------------------------------------

    def _close(self) -> None:
        """Doses, events, and why treatment ended early, else that the follow-up is over."""
        nature, last_day, records = self.setting.nature, self.last_day, self.records
        ongoing = records.date_of(last_day) >= nature.recruitment.cut
        treatment = self.standing.protocol.treatment
        write_doses(records, treatment, self.doses, last_day=None if ongoing else last_day)
        if self.event and self.ended == self.event.end:
            event, day = self.event.event, self.event.day - 1
            write_event(records, event, day, "DRUG WITHDRAWN", self.random, last_day=last_day)
        others = [event for event in nature.events if not event.stops_treatment]
        write_events(records, others, self.doses, self.random, last_day=last_day)
        if self.ended:
            write_disposition(records, self.ended)
        elif not ongoing:
            write_disposition(records, End(last_day, "COMPLETED", "COMPLETED"))
