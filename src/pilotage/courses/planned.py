"""One synthetic subject that goes a planned way, under the study's own schedule and rules.

The plan says where scores are to be and what happens; visits, tests and every dose follow from the
protocol: a dose changes because its table says so, on the day after the visit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from pilotage.courses.calendar import Contact, contacts
from pilotage.courses.filling import Filling
from pilotage.courses.measures import Setting
from pilotage.courses.plan import Plan, Wording
from pilotage.courses.progress import carry_out
from pilotage.courses.records import Records
from pilotage.rules import (
    Decision,
    Standing,
    Value,
    check_eligibility,
    decide,
    decide_any,
)
from pilotage.study.protocol import ActivityTable

EVENTS = {
    "lower": "reduction",
    "reintroduce": "reintroduction",
    "maintain": "maintenance",
}
"""What an action of the dosing table is to a planned score."""


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A stretch of one step of the ladder, and the action that began it."""

    step: int
    first: int
    action: str
    last: int | None = None


@dataclass(slots=True)
class PlannedCourse:
    """The making of one subject. `advised` are the decisions of each day, as the table has them."""

    setting: Setting
    plan: Plan
    wording: Wording
    random: np.random.Generator
    records: Records = field(init=False)
    standing: Standing = field(init=False)
    filling: Filling = field(init=False)
    activities: ActivityTable = field(init=False)
    doses: list[DoseRow] = field(default_factory=list)
    advised: list[tuple[int, Decision]] = field(default_factory=list)
    filled: dict[str, int] = field(default_factory=dict)
    stopped: bool = False

    def live(self) -> Records:
        """Every row of the subject, by domain."""
        plan, protocol = self.plan, self.setting.study.protocol
        self.records = Records(protocol.study.id, plan.subject, plan.first_dose)
        self.records.demography = {"AGEU": "YEARS", "SUBJID": plan.known.get("SUBJECT")}
        limits = {code: self._limits(code) for code in protocol.parameters}
        self.standing = Standing(protocol, limits, plan.age, plan.sex)
        self.filling = Filling(protocol, plan, self.random, self.records, self.standing)
        forms, table = protocol.forms, self.setting.activities
        rows = tuple(row for row in table.rows if not forms[row.form].repeating)
        self.activities = table.model_copy(update={"rows": rows})
        consent_day = (plan.consent - plan.first_dose).days
        planned = contacts(self.setting, None, consent_day=consent_day, last_day=plan.last_day)
        for day, found in self._days(planned, consent_day):
            self._attend(day, found)
        for page in plan.pages:
            if not page.contact:
                self.filling.page(page)
        self._write_doses()
        self._write_end()
        return self.records

    def _limits(self, code: str) -> tuple[float | None, float | None]:
        parameter = self.setting.study.protocol.parameters[code]
        for name, number in self.plan.numbers.items():
            form, _, item = name.partition(".")
            target = self.setting.study.protocol.forms[form].items[item].target
            if target.endswith(f"TESTCD = {code}") and number.unit == parameter.unit:
                return number.normal
        return None, None

    # -- contacts ---------------------------------------------------------------------------------

    def _days(
        self, planned: list[Contact], consent_day: int
    ) -> Iterator[tuple[int, list[Contact]]]:
        """Every day on which the subject is seen: planned, because a score is due, because a page
        says so, or because the table of activities asks for it."""
        by_day: dict[int, list[Contact]] = {}
        for contact in planned:
            by_day.setdefault(contact.day, []).append(contact)
        for day in sorted(day for day in by_day if day <= 1):
            yield day, by_day[day]
        for day in range(2, self.plan.last_day + 1):
            if self.plan.stop and day == self.plan.stop.day:
                self._stop()
            found = by_day.get(day, [])
            extra = self._extra_forms(day, found)
            if extra:
                found = [*found, self._unplanned(day, extra)]
            if found:
                yield day, found

    def _extra_forms(self, day: int, found: list[Contact]) -> tuple[str, ...]:
        """The forms that nothing planned fills on this day, but that are wanted."""
        wanted: dict[str, None] = {}
        for code, path in self.filling.paths.items():
            if path.due == day:
                wanted.update(dict.fromkeys(self._forms_scoring(code)))
        for page in self.plan.pages:
            if page.contact and page.day == day:
                wanted.update(dict.fromkeys(page.contact))
        wanted.update(dict.fromkeys(self._asked_for(day)))
        planned = {form for contact in found for form in contact.forms}
        missing = tuple(form for form in wanted if form not in planned)
        if missing and not any(contact.visit for contact in found):
            return tuple(dict.fromkeys([*self._usual_forms(), *missing]))
        return missing

    def _asked_for(self, day: int) -> list[str]:
        """The forms that the table of activities asks for, but for logs, and for what was filled
        since the answer that asks for it."""
        if self.stopped:
            return []
        due = decide_any(self.activities, self.standing.state(day))
        return [
            row.to
            for row in due
            if row.known and row.to and not self._answered_since(row.to, row.inputs)
        ]

    def _answered_since(self, form: str, inputs: Mapping[str, Value]) -> bool:
        given = [self.standing.answers[name][1] for name in inputs if name in self.standing.answers]
        return len(given) == len(inputs) and self.filled.get(form, -1000) >= max(given)

    def _forms_scoring(self, code: str) -> list[str]:
        protocol = self.setting.study.protocol
        instrument = protocol.parameters[code].instrument
        return [name for name, form in protocol.forms.items() if form.instrument == instrument]

    def _usual_forms(self) -> tuple[str, ...]:
        """What is asked at an unscheduled visit: as at the first visit after the start."""
        visits = self.setting.study.protocol.schedule.visits
        return min((visit for visit in visits if visit.day > 1), key=lambda visit: visit.day).forms

    def _unplanned(self, day: int, forms: tuple[str, ...]) -> Contact:
        unscheduled = self.setting.study.protocol.schedule.unscheduled
        label = self.setting.study.text(unscheduled.label) if unscheduled else "Unscheduled"
        return Contact(day, None, label, forms)

    def _attend(self, day: int, found: list[Contact]) -> None:
        for contact in found:
            if contact.visit:
                self.records.visit(contact.number, contact.label, self.records.date_of(day))
            for form in contact.forms:
                self._fill(form, day, contact)
        for form in self._asked_for(day) if found[0].visit else ():
            if self.filled.get(form) != day:
                self._fill(form, day, found[0])
        for page in self.plan.pages:
            if page.contact and page.day == day:
                self.filling.page(page)
        if day >= 1 and not self.stopped:
            self._decide(day, visit=any(contact.visit for contact in found))

    def _fill(self, form: str, day: int, contact: Contact) -> None:
        if self._wanted(form):
            self.filling.fill(form, day, contact)
            self.filled[form] = day

    def _wanted(self, form: str) -> bool:
        """A form of the supply of drug is filled while there is drug."""
        items = self.setting.study.protocol.forms[form].items.values()
        supplied = any(item.target.startswith("DA.") for item in items)
        return not supplied or self.standing.step > 0 or not self.doses

    # -- doses ------------------------------------------------------------------------------------

    def _decide(self, day: int, *, visit: bool) -> None:
        protocol, state = self.setting.study.protocol, self.standing.state(day)
        stops = [d for d in decide_any(protocol.stopping, state) if d.action == "stop"]
        if self.standing.step and stops:
            raise ValueError(f"{self.plan.subject} is to stop on day {day}: {stops[0].reason}")
        if not visit:
            return
        if day == 1:
            self._check_eligible()
        decision = decide(protocol.dosing, state)
        self.advised.append((day, decision))
        from_day = day if day == 1 else day + 1
        before = self.standing.step
        carry_out(decision, self.standing, from_day)
        self._note(decision.action or "", before, from_day)

    def _check_eligible(self) -> None:
        """Raise ValueError unless every criterion is known to be passed before the first dose."""
        protocol = self.setting.study.protocol
        answers = check_eligibility(protocol.eligibility, self.standing.state(1))
        if wrong := [answer.criterion.id for answer in answers if not answer.passed]:
            words = f"{self.plan.subject} may not enter: {', '.join(wrong)} is not passed"
            raise ValueError(words)

    def _note(self, action: str, before: int, day: int) -> None:
        """Close the stretch of the old dose, open that of the new one, tell the scores."""
        step = self.standing.step
        if step == before:
            return
        if before:
            old = self.doses[-1]
            self.doses[-1] = DoseRow(old.step, old.first, old.action, day - 1)
        if step:
            self.doses.append(DoseRow(step, day, action))
        for path in self.filling.paths.values():
            if action in EVENTS:
                path.note(EVENTS[action], day)
            if not step:
                path.note("withdrawal", day - 1)

    def _stop(self) -> None:
        stop, before = self.plan.stop, self.standing.step
        assert stop is not None
        carry_out(Decision("stop"), self.standing, stop.day)
        self._note("stop", before, stop.day)
        self.stopped = True

    # -- what is written at the end ---------------------------------------------------------------

    def _write_doses(self) -> None:
        """A row of EX for each stretch; the one that goes on at the data cut has no end."""
        treatment = self.setting.study.protocol.treatment
        for dose in self.doses:
            rung = treatment.ladder[dose.step]
            end = None if dose.last is None else self.records.date_of(dose.last).isoformat()
            values = {
                "EXTRT": treatment.term,
                "EXDOSE": rung.dose,
                "EXDOSU": treatment.unit,
                "EXDOSFRQ": rung.frequency,
                "EXROUTE": treatment.route,
                "EXENDTC": end,
                "EXADJ": self.wording.dose_reasons.get(dose.action),
            }
            self.records.add("ex", self.records.date_of(dose.first), values)

    def _write_end(self) -> None:
        """Why treatment ended, for a subject without drug at the data cut."""
        stop, last = self.plan.stop, self.doses[-1].last
        if last is None:
            return
        reason = stop.reason if stop else self.wording.withdrawn
        words = stop.words if stop else self.wording.withdrawn
        values = {
            "DSCAT": "DISPOSITION EVENT",
            "DSSCAT": "TREATMENT",
            "DSDECOD": reason,
            "DSTERM": words,
        }
        self.records.add("ds", self.records.date_of(last + 1), values)
