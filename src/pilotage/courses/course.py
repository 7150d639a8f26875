"""One synthetic subject, from consent to last contact, under the study's schedule and rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from pilotage.conditions import Condition, holds
from pilotage.courses.calendar import Contact, contacts
from pilotage.courses.latent import Levels, draw
from pilotage.courses.measures import Measures, Setting
from pilotage.courses.nature import SyntheticEvent
from pilotage.courses.progress import Progress
from pilotage.courses.records import Records
from pilotage.datasets.facts import read_target
from pilotage.instruments import instruments
from pilotage.rules import Decision, decide, decide_any
from pilotage.rules.decide import Value

YES_NO = {"Y": "yes", "N": "no"}
"""The answer to an item as SDTM keeps it, and as conditions say it."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A stretch of one step of the ladder; `last` is None while it goes on."""

    step: int
    first: int
    last: int | None = None


@dataclass(slots=True)
class Course:
    """The making of one subject. `records` collects SDTM rows; `progress` is the standing under the
    protocol; `levels` are the true values."""

    setting: Setting
    subject: str
    random: np.random.Generator
    records: Records = field(init=False)
    progress: Progress = field(init=False)
    levels: Levels = field(init=False)
    doses: list[Dose] = field(default_factory=list)
    ended: tuple[int, str, str] | None = None

    def live(self) -> Records:
        """Every row of the subject, by domain."""
        recruitment = self.setting.nature.recruitment
        consent = recruitment.first + timedelta(
            days=self._between((0, (recruitment.last - recruitment.first).days))
        )
        screening = self._between(recruitment.screening_days)
        first_dose = consent + timedelta(days=screening)
        follow_up = self._between(recruitment.follow_up_days)
        last_day = min(follow_up, (recruitment.cut - first_dose).days + 1)
        self.records = Records(self.setting.study.protocol.study.id, self.subject, first_dose)
        self._begin(consent, consent_day=-screening)
        event = self._stopping_event(last_day)
        if event:
            last_day = min(last_day, event[1] + 28)
        self._attend_all(-screening, last_day, event)
        self._write_doses(last_day, ongoing=self.records.date_of(last_day) >= recruitment.cut)
        self._write_events(event, last_day)
        self._write_disposition(last_day)
        return self.records

    # -- before the first dose --------------------------------------------------------------------

    def _begin(self, consent: date, *, consent_day: int) -> None:
        """Demography and history, and a standing from which the protocol begins."""
        nature = self.setting.nature
        people = nature.demography
        age, sex = round(draw(people.age, self.random)), self._choose(people.sex)
        self.records.demography = {"AGE": age, "AGEU": "YEARS", "SEX": sex}
        if people.race:
            self.records.demography["RACE"] = self._choose(people.race)
        self.records.demography["RFICDTC"] = consent.isoformat()
        answers = self._facts(consent)
        self.progress = Progress(
            self.setting.study.protocol,
            {code: stable.normal.both for code, stable in nature.stable.items()},
            age,
            sex,
            {name: (answer, consent_day) for name, answer in answers.items()},
        )
        self.levels = Levels(self.setting, self.random)

    def _facts(self, consent: date) -> dict[str, Value]:
        """The history: answers that stand once, on the day of consent; an item that is asked only
        on a condition is left out where the condition is not known to hold."""
        answers: dict[str, Value] = {}
        people = self._demography_items()
        drawn: dict[str, str | int] = {}
        for name, choices in self.setting.nature.facts.items():
            drawn[name] = self._choose(choices)
        for name, spread in self.setting.nature.quantities.items():
            drawn[name] = round(draw(spread, self.random))
        for name, answer in drawn.items():
            form, _, code = name.partition(".")
            item = self.setting.study.protocol.forms[form].items[code]
            asked = not isinstance(item.when, Condition) or holds(item.when, {**people, **answers})
            if not asked:
                continue
            answers[name] = YES_NO.get(str(answer), answer) if item.type == "yes_no" else answer
            target = read_target(item.target)
            values: dict[str, object] = {**dict(target.where), target.variable: answer}
            if target.domain == "dm":
                self.records.demography |= values
            else:
                self.records.add(target.domain, consent, values)
        return answers

    def _demography_items(self) -> dict[str, Value]:
        """What conditions of items may ask of the subject: SEX, and the items that live in DM."""
        people = self.records.demography
        known: dict[str, Value] = {"SEX": str(people["SEX"])}
        for name, form in self.setting.study.protocol.forms.items():
            for code, item in form.items.items():
                value = people.get(item.target.removeprefix("DM."))
                if isinstance(value, str | int):
                    known[f"{name}.{code}"] = value
        return known

    def _stopping_event(self, last_day: int) -> tuple[SyntheticEvent, int] | None:
        """The first of the events that end treatment, if the subject has one in time."""
        for event in self.setting.nature.events:
            if event.stops_treatment and self.random.random() < event.true_probability:
                day = max(2, self._between(event.days))
                return (event, day) if day <= last_day else None
        return None

    # -- contacts ---------------------------------------------------------------------------------

    def _attend_all(
        self, consent_day: int, last_day: int, event: tuple[SyntheticEvent, int] | None
    ) -> None:
        planned = contacts(self.setting, self.random, consent_day=consent_day, last_day=last_day)
        before = -1
        for contact in planned:
            for extra in self._asked_for(before, contact.day):
                self._attend(extra)
            if event and contact.day >= event[1]:
                self._stop_for(event)
            self._attend(contact)
            before = contact.day
        if event:
            self._stop_for(event)

    def _asked_for(self, last: int, following: int) -> Iterator[Contact]:
        """Contacts that the table of activities asks for in a long gap between planned ones."""
        unscheduled = self.setting.study.protocol.schedule.unscheduled
        if unscheduled is None or last < 1 or not self.setting.activities.rows:
            return
        for day in range(last + 1, following):
            if self.progress.finished:
                return
            due = decide_any(self.setting.activities, self.progress.state(day))
            forms = tuple(dict.fromkeys(row.to for row in due if row.known and row.to))
            if forms:
                yield Contact(day, None, self.setting.study.text(unscheduled.label), forms)

    def _attend(self, contact: Contact) -> None:
        missed = self.setting.nature.true_missed_visit
        if contact.day > 1 and self.random.random() < missed:
            return
        when = self.records.date_of(contact.day)
        if contact.visit:
            self.records.visit(contact.number, contact.label, when)
        ladder = self.setting.study.protocol.treatment.ladder
        self.levels.advance(contact.day, ladder[self.progress.step].step)
        values: dict[str, float] = {}
        for form in contact.forms:
            values |= self._measure(self.setting.forms.get(form, Measures()), when, contact)
        self.progress.observe(values, contact.day)
        if contact.day >= 1 and not self.progress.finished:
            self._decide(contact)

    def _measure(self, form: Measures, when: date, contact: Contact) -> dict[str, float]:
        """The values of a form, written as item rows, single questions and laboratory rows."""
        protocol, values = self.setting.study.protocol, dict[str, float]()
        if form.instrument:
            instrument = instruments[form.instrument]
            items, totals = self.levels.instrument(form.instrument)
            labels = {item.code: item.label for item in instrument.items}
            for code, value in items.items():
                self.records.item(instrument.category, code, labels[code], value, when, contact)
            values |= totals
        for code in form.questions:
            parameter, score = protocol.parameters[code], self.levels.score_value(code)
            label, category = self.setting.study.text(parameter.label), parameter.category or code
            self.records.item(category, code, label, score, when, contact)
            values[code] = score
        for code in form.laboratory:
            result = self.levels.laboratory(code, under_drug=self.progress.step > 0)
            unit, normal = (
                protocol.parameters[code].unit,
                self.setting.nature.stable[code].normal.both,
            )
            self.records.laboratory(code, result, unit, normal, when, contact)
            values[code] = float(result)
        return values

    # -- decisions --------------------------------------------------------------------------------

    def _decide(self, contact: Contact) -> None:
        """Stop or change the dose as the protocol's tables say; after a visit only, but a stop at
        any contact."""
        protocol, day = self.setting.study.protocol, contact.day
        state, before = self.progress.state(day), self.progress.step
        stops = [d for d in decide_any(protocol.stopping, state) if d.action == "stop"]
        if before and stops:
            self._stop(day, "ADVERSE EVENT", stops[0].reason)
        elif contact.visit:
            decision = decide(protocol.dosing, state)
            if decision.action == "stop":
                self._stop(day, "LACK OF EFFICACY", decision.reason)
            else:
                self.progress.carry_out(decision, day)
                self._first_dose(day)
                self._note_dose(before, day)

    def _first_dose(self, day: int) -> None:
        """A study whose table says nothing of the start starts on day 1, on the lowest dose."""
        starts = any(row.do == "start" for row in self.setting.study.protocol.dosing.rows)
        if day == 1 and not starts:
            self.progress.carry_out(Decision("start"), day)

    def _stop_for(self, event: tuple[SyntheticEvent, int]) -> None:
        if self.progress.step:
            self._stop(*_ended_by(event))

    def _stop(self, day: int, because: str, words: str) -> None:
        before = self.progress.step
        self.progress.stop(day)
        self._note_dose(before, day)
        self.ended = (day, because, words)

    def _note_dose(self, before: int, day: int) -> None:
        """Close the stretch of the old dose and open that of the new one."""
        if self.progress.step == before:
            return
        if before:
            self.doses[-1] = Dose(before, self.doses[-1].first, day - 1)
        if self.progress.step:
            self.doses.append(Dose(self.progress.step, day))

    # -- what is written at the end ---------------------------------------------------------------

    def _write_doses(self, last_day: int, *, ongoing: bool) -> None:
        treatment = self.setting.study.protocol.treatment
        for dose in self.doses:
            rung = treatment.ladder[dose.step]
            last = dose.last or (None if ongoing else last_day)
            values = {
                "EXTRT": treatment.term,
                "EXDOSE": rung.dose,
                "EXDOSU": treatment.unit,
                "EXDOSFRQ": rung.frequency,
                "EXENDTC": None if last is None else self.records.date_of(last).isoformat(),
            }
            self.records.add("ex", self.records.date_of(dose.first), values)

    def _write_events(self, stopped: tuple[SyntheticEvent, int] | None, last_day: int) -> None:
        for event in self.setting.nature.events:
            if event.stops_treatment:
                if stopped and stopped[0] is event and self.ended == _ended_by(stopped):
                    self._write_event(event, stopped[1] - 1, last_day, "DRUG WITHDRAWN")
                continue
            day = self._between(event.days)
            happens = self.random.random() < event.true_probability
            under_drug = any(d.first <= day <= (d.last or last_day) for d in self.doses)
            if happens and under_drug:
                self._write_event(event, day, last_day, "DOSE NOT CHANGED")

    def _write_event(self, event: SyntheticEvent, day: int, last_day: int, action: str) -> None:
        end = day + self._between(event.lasts_days)
        over = end <= last_day
        values = {
            "AETERM": event.term,
            "AEDECOD": event.term,
            "AESEV": event.severity,
            "AESER": "Y" if event.serious else "N",
            "AEREL": event.related,
            "AEACN": action,
            "AEOUT": "RECOVERED/RESOLVED" if over else "NOT RECOVERED/NOT RESOLVED",
            "AEENDTC": self.records.date_of(end).isoformat() if over else None,
        }
        self.records.add("ae", self.records.date_of(day), values)

    def _write_disposition(self, last_day: int) -> None:
        """Why treatment ended early, else that the follow-up is over; nothing while it goes on."""
        when = self.records.date_of(last_day)
        if self.ended:
            day, because, words = self.ended
            values = {"DSDECOD": because, "DSTERM": words}
            self.records.add("ds", self.records.date_of(day), values)
        elif when < self.setting.nature.recruitment.cut:
            self.records.add("ds", when, {"DSDECOD": "COMPLETED", "DSTERM": "COMPLETED"})

    # -- chance -----------------------------------------------------------------------------------

    def _between(self, bounds: tuple[int, int]) -> int:
        return int(self.random.integers(bounds[0], bounds[1] + 1))

    def _choose(self, choices: dict[str, float]) -> str:
        """One of the choices; probabilities that add up to a little more or less are scaled."""
        weights = np.array(list(choices.values()), dtype=float)
        return list(choices)[int(self.random.choice(len(weights), p=weights / weights.sum()))]


def _ended_by(event: tuple[SyntheticEvent, int]) -> tuple[int, str, str]:
    """The end of treatment that an event brings: day, reason, words."""
    return event[1], "ADVERSE EVENT", event[0].term
