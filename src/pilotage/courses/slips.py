"""What goes astray between the plan of a trial and its conduct: each is a protocol deviation."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from pilotage.conditions import holds
from pilotage.courses.calendar import Contact
from pilotage.courses.plan import Slip, Wording
from pilotage.courses.records import Records
from pilotage.rules import State
from pilotage.study import Study

Add = Callable[[Contact], None]
"""Plans a contact for a later day."""


@dataclass(slots=True)
class Slips:
    """Lets visits be late and lets visits and forms be missed. `is_bound` says whether something is
    planned between two days, so that nothing may go astray there."""

    study: Study
    slips: tuple[Slip, ...]
    random: np.random.Generator
    records: Records
    is_bound: Callable[[int, int], bool]
    slipped: set[float | None] = field(default_factory=set)
    """The numbers of the visits that were late or missed."""

    def kept(self, day: int, found: list[Contact], state: State, add: Add) -> list[Contact]:
        """Those of the planned contacts of a day that take place on it. A late visit is planned
        anew; the tests that belong to a series stay on their day."""
        for slip in self.slips:
            chance = self.random.random()
            days = int(self.random.integers(slip.days[0], slip.days[1] + 1))
            if chance >= slip.chance or (slip.when and holds(slip.when, state) is not True):
                continue
            for contact in found:
                rest = self._slipped(slip, day, contact, days, add)
                if rest is not None:
                    return [*(other for other in found if other is not contact), *rest]
        return found

    def _slipped(
        self, slip: Slip, day: int, contact: Contact, beyond: int, add: Add
    ) -> list[Contact] | None:
        """What is left of the contact on its day; None where the slip does not apply to it."""
        if slip.kind == "missed form":
            if slip.form not in contact.forms or self.is_bound(day, day):
                return None
            self._record(slip, day, contact, 0)
            forms = tuple(form for form in contact.forms if form != slip.form)
            return [replace(contact, forms=forms)] if forms else []
        window = self._window(contact)
        if window is None:
            return None
        late = window + beyond if slip.kind == "late visit" else 0
        if contact.number in self.slipped or self.is_bound(day, day + late):
            return None
        self.slipped.add(contact.number)
        self._record(slip, day + late, contact, beyond)
        series = [each.form for each in self.study.protocol.schedule.series]
        if late:
            forms = tuple(form for form in contact.forms if form not in series)
            add(replace(contact, day=day + late, forms=forms))
        return self._tests(day, contact, series)

    def _tests(self, day: int, contact: Contact, series: list[str]) -> list[Contact]:
        forms = tuple(form for form in contact.forms if form in series)
        labels = {each.form: each.label for each in self.study.protocol.schedule.series}
        if not forms:
            return []
        return [Contact(day, None, self.study.text(labels[forms[0]]), forms, visit=False)]

    def _window(self, contact: Contact) -> int | None:
        """The days that a planned visit may be late; None for what is no planned visit, or where
        the study does not say."""
        schedule = self.study.protocol.schedule
        windows = {visit.number: visit.window for visit in schedule.visits}
        if not contact.visit or contact.number is None:
            return None
        repeated = schedule.afterwards.window if schedule.afterwards else None
        window = windows.get(contact.number, repeated)
        return None if window is None or isinstance(window, str) else window[1]

    def _record(self, slip: Slip, day: int, contact: Contact, days: int) -> None:
        text, forms = self.study.text, self.study.protocol.forms
        form = text(forms[slip.form].label) if slip.form else ""
        words = slip.words.format(visit=contact.label, form=form, days=days)
        write_deviation(self.records, day, (slip.category, slip.code), words)


def write_deviation(records: Records, day: int, kind: tuple[str, str], words: str) -> None:
    """A row of DV: its category and code, and what happened."""
    category, code = kind
    values = {"DVTERM": words, "DVDECOD": code, "DVCAT": category}
    records.add("dv", records.date_of(day), values)


def write_departures(records: Records, day: int, wording: Wording, reasons: list[str]) -> None:
    """A row of DV for each rule of the study's own table of deviations that holds."""
    for reason in reasons:
        write_deviation(records, day, wording.deviation, reason)
