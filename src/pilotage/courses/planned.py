"""One synthetic subject that goes a planned way, under the study's own schedule and rules.

The plan says where scores are to be and what happens; visits, tests and every dose follow from the
protocol: a dose changes because its table says so, on the day after the visit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from pilotage.courses.activities import asked_for
from pilotage.courses.agenda import Agenda
from pilotage.courses.calendar import Contact
from pilotage.courses.doses import DoseRow, known_at, write_doses, write_end
from pilotage.courses.filling import Filling
from pilotage.courses.measures import Setting
from pilotage.courses.permission import blocked, check_eligible, departures
from pilotage.courses.plan import Plan, Wording, limits_of
from pilotage.courses.progress import carry_out
from pilotage.courses.records import Records
from pilotage.courses.slips import Slips, write_departures
from pilotage.courses.supply import LONGEST, Stock, supply_answers
from pilotage.rules import (
    Decision,
    Standing,
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
    slips: Slips = field(init=False)
    agenda: Agenda = field(init=False)
    stock: Stock | None = None
    restart: int | None = None
    """The day of the visit at which drug may be given again, while it is waited for."""
    doses: list[DoseRow] = field(default_factory=list)
    advised: list[tuple[int, Decision]] = field(default_factory=list)
    filled: dict[str, int] = field(default_factory=dict)
    stopped: bool = False
    block: str | None = None
    """Why no drug may be handed out on the day, as it stands before the day's decision."""

    def live(self) -> Records:
        """Every row of the subject, by domain."""
        plan, protocol = self.plan, self.setting.study.protocol
        self.records = Records(protocol.study.id, plan.subject, plan.first_dose)
        self.records.demography = {"AGEU": "YEARS", "SUBJID": plan.known.get("SUBJECT")}
        limits = {code: limits_of(plan, protocol, code) for code in protocol.parameters}
        self.standing = Standing(protocol, limits, plan.age, plan.sex)
        self.filling = Filling(protocol, plan, self.random, self.records, self.standing)
        forms, table = protocol.forms, self.setting.activities
        rows = tuple(row for row in table.rows if not forms[row.form].repeating)
        self.activities = table.model_copy(update={"rows": rows})
        chance = self.random.spawn(2)
        self.slips = Slips(self.setting.study, plan.slips, chance[0], self.records, self._is_bound)
        if plan.supply:
            self.stock = Stock(plan.supply, protocol.treatment, chance[1])
        consent_day = (plan.consent - plan.first_dose).days
        self.agenda = Agenda(self.setting, consent_day, plan.last_day)
        for day, found in self._days():
            self._attend(day, found)
        for page in plan.pages:
            if not page.contact:
                self.filling.page(page)
        doses = known_at(self.doses, plan.cut_day)
        write_doses(self.records, protocol.treatment, doses, self.wording)
        write_end(self.records, doses, plan.stop, self.wording)
        return self.records

    # -- contacts ---------------------------------------------------------------------------------

    def _days(self) -> Iterator[tuple[int, list[Contact]]]:
        """Every day on which the subject is seen: planned, because a score is due, because a page
        says so, or because the table of activities asks for it."""
        stop = self.plan.stop
        for day in self.agenda.before_treatment():
            yield day, self.agenda.on(day)
        for day in range(2, self.plan.last_day + 1):
            if stop and day == stop.day and self.standing.step:
                self._stop()
            found = self.agenda.on(day)
            if found:
                found = self.slips.kept(day, found, self.standing.state(day), self.agenda.add)
            extra = self._extra_forms(day, found)
            if extra:
                found = [*found, self._unplanned(day, extra)]
            if found:
                yield day, found

    def _is_bound(self, first: int, last: int) -> bool:
        """Is something planned between two days, or may it follow from what is seen then? While the
        dose is reduced every visit counts."""
        plan, phase = self.plan, self.standing.phase
        due = any(path.due is not None and path.due <= last for path in self.filling.paths.values())
        pages = any(first <= page.day <= last for page in plan.pages)
        near = any(first - LONGEST <= day <= last + LONGEST for _, day in plan.results)
        ends = last + LONGEST > plan.last_day or bool(plan.stop and first <= plan.stop.day <= last)
        return due or pages or near or ends or phase == "taper" or self.restart is not None

    def _extra_forms(self, day: int, found: list[Contact]) -> tuple[str, ...]:
        """The forms that nothing planned fills on this day, but that are wanted."""
        wanted: dict[str, None] = {}
        for code, path in self.filling.paths.items():
            if path.due == day:
                wanted.update(dict.fromkeys(self._forms_scoring(code)))
        for page in self.plan.pages:
            if page.contact and page.day == day:
                wanted.update(dict.fromkeys(page.contact))
        if self.plan.restart and day == self.restart:
            wanted.update(dict.fromkeys(self.plan.restart.forms))
        wanted.update(dict.fromkeys(self._asked_for(day, visit=False)))
        planned = {form for contact in found for form in contact.forms}
        missing = tuple(form for form in wanted if form not in planned)
        if missing and not any(contact.visit for contact in found):
            return tuple(dict.fromkeys([*self._usual_forms(), *missing]))
        return missing

    def _asked_for(self, day: int, *, visit: bool) -> list[str]:
        return asked_for(self.activities, self.standing, self.filled, day, visit=visit)

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
        supply = self.plan.supply.form if self.plan.supply else None
        is_visit = any(contact.visit for contact in found)
        for contact in found:
            if contact.visit:
                self.records.visit(contact.number, contact.label, self.records.date_of(day))
            for form in contact.forms:
                if form != supply:
                    self._fill(form, day, contact)
        for form in self._asked_for(day, visit=True) if is_visit else ():
            if self.filled.get(form) != day:
                self._fill(form, day, found[0])
        for page in self.plan.pages:
            if page.contact and page.day == day:
                self.filling.page(page)
        at = next((contact for contact in found if supply in contact.forms), None)
        held = len(self.doses)
        self.block = blocked(self.standing, day) if day >= 1 and (at or is_visit) else None
        if at and self.block and self.standing.step and self.plan.supply:
            for form in self.plan.supply.needs:
                self._fill(form, day, at)
            self.block = blocked(self.standing, day)
        if day >= 1 and not self.stopped:
            self._decide(day, visit=is_visit)
        restart = self.plan.restart
        for form in restart.first if restart and self.restart == day + restart.days else ():
            self._fill(form, day, found[0])
        if self.stock and (at or is_visit):
            where = at or next(contact for contact in found if contact.visit)
            self._supply(day, where, planned=at is not None, new=len(self.doses) > held)

    def _fill(self, form: str, day: int, contact: Contact) -> None:
        self.filling.fill(form, day, contact)
        self.filled[form] = day

    # -- the supply of drug -----------------------------------------------------------------------

    def _supply(self, day: int, contact: Contact, *, planned: bool, new: bool) -> None:
        """Hand out drug where that is planned, or for a higher dose than before; take back what is
        left after the end."""
        stock, supply, step = self.stock, self.plan.supply, self.standing.step
        assert stock is not None
        assert supply is not None
        raised = new and (len(self.doses) == 1 or step > self.doses[-2].step)
        again = new and stock.held is None
        if step and (planned or raised or again):
            self._check_dispensing(day)
            counted = stock.hand_out(self.doses, day, self._supplied_until(day, supply.form))
        elif not step and stock.held is not None:
            counted = (0, stock.take_back(self.doses, day), 0)
        else:
            return
        form = self.setting.study.protocol.forms[supply.form]
        answers = supply_answers(supply.form, form, strength=supply.strength, counted=counted)
        self.filling.computed = dict(answers)
        self._fill(supply.form, day, contact)

    def _check_dispensing(self, day: int) -> None:
        """Raise ValueError where drug may not be handed out."""
        if self.block:
            raise ValueError(f"{self.plan.subject} gets no drug on day {day}: {self.block}")

    def _supplied_until(self, day: int, form: str) -> int:
        """The day before the next planned supply; a dose from tomorrow on is counted from then."""
        first = max(day, self.doses[-1].first) if len(self.doses) > 1 else day
        following = self.agenda.next_with(form, day)
        longest = (first if self.stock and self.stock.held is None else day) + LONGEST - 1
        return longest if following is None else min(following - 1, longest)

    # -- doses ------------------------------------------------------------------------------------

    def _decide(self, day: int, *, visit: bool) -> None:
        protocol, state = self.setting.study.protocol, self.standing.state(day)
        if visit:
            write_departures(self.records, day, self.wording, departures(self.standing, day))
        stops = [d for d in decide_any(protocol.stopping, state) if d.action == "stop"]
        if self.standing.step and stops:
            if self.plan.stop is None or self.plan.stop.day != day + 1:
                raise ValueError(f"{self.plan.subject} is to stop on day {day}: {stops[0].reason}")
            self.advised.append((day, stops[0]))
            self._stop()
            return
        if not visit:
            return
        if day == 1:
            check_eligible(self.standing, self.plan.subject)
        decision = decide(protocol.dosing, state)
        self.advised.append((day, decision))
        if not self._may_begin(decision, day):
            return
        from_day = day if day == 1 else day + 1
        before = self.standing.step
        carry_out(decision, self.standing, from_day)
        self._note(decision.action or "", before, from_day)

    def _may_begin(self, decision: Decision, day: int) -> bool:
        """May a decision for drug be carried out? Drug that is given again waits for what the rules
        of dispensing ask before it."""
        begins = decision.action in ("start", "reintroduce", "maintain")
        if day == 1 or self.standing.step or not begins:
            return True
        if self.block is None:
            self.restart = None
            return True
        if self.plan.restart is None:
            self._check_dispensing(day)
        elif self.restart is None:
            self.restart = day + self.plan.restart.days
        return False

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
        if step and not before:
            self.agenda.begin_cycle(day)
        if not step:
            self.agenda.end_cycle(day - 1)
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
        self.stopped = stop.for_good
