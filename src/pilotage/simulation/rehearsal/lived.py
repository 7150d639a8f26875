"""The life of one subject of a rehearsal: that of a cohort, with the forms that a cohort omits.

The form of a fact is filled whenever the plan asks for it, with the same answers; and so are the
forms whose answers stand under `rehearsed` in simulation.yaml.
What they say is known to the rules of the study on the day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from pilotage.conditions import Condition, Value, holds
from pilotage.courses.calendar import Contact
from pilotage.courses.chance import choose, draw
from pilotage.courses.course import Course
from pilotage.courses.doses import DoseRow
from pilotage.courses.history import YES_NO
from pilotage.courses.measures import Measures, Setting
from pilotage.courses.plan import Supply
from pilotage.courses.supply import LONGEST, Stock, supply_answers
from pilotage.datasets.facts import read_target
from pilotage.forms.answer import Answer
from pilotage.simulation.model import Rehearsed
from pilotage.study.protocol import Form, Item, Schedule

DAYS: Final = ("date", "datetime")
DISPENSED: Final = "DISPAMT"


@dataclass(frozen=True, slots=True)
class Further:
    """What simulation.yaml says of further forms: their answers, and the dose in a capsule; None
    where no drug is handed out."""

    rehearsed: Rehearsed
    strength: float | None


NOTHING: Final = Further(Rehearsed(answers={}, numbers={}), None)


@dataclass(frozen=True, slots=True)
class Beside:
    """A form that was filled beside those of the cohort, on a day, at the contact of that name."""

    subject: str
    day: date
    label: str
    form: str
    answers: Mapping[str, Answer]


def fillable(setting: Setting, further: Further) -> dict[str, Measures]:
    """The forms of which the plan may ask for more than a cohort fills, and those that measure."""
    names = (*_facts(setting), *further.rehearsed.answers, *further.rehearsed.numbers)
    forms = {name.partition(".")[0]: Measures() for name in names}
    if further.strength is not None:
        every = setting.study.protocol.forms.items()
        forms |= {name: Measures() for name, form in every if _counts_supplies(form)}
    return {**forms, **setting.forms}


def _facts(setting: Setting) -> tuple[str, ...]:
    return (*setting.nature.facts, *setting.nature.quantities)


@dataclass(slots=True)
class Lived(Course):
    """A course that notes which forms were filled `beside` it; `chance` draws their answers."""

    further: Further = NOTHING
    chance: np.random.Generator | None = None
    beside: list[Beside] = field(default_factory=list)
    stock: Stock | None = None

    def _see(self, contact: Contact) -> None:
        Course._see(self, contact)  # a slotted dataclass has no plain super()
        forms = self.standing.protocol.forms
        for form in contact.forms:
            if form in self.setting.forms or forms[form].repeating or self._rests(form, contact):
                continue
            answers = dict(self._filled(form, contact.day))
            when = self.records.date_of(contact.day)
            for code, item in forms[form].items.items() if answers else ():
                if _is_day_of_form(item) and self._asked(item, contact.day):
                    answers[code] = Answer(when.isoformat())
            self._note(contact, form, answers)

    def _note(self, contact: Contact, form: str, answers: Mapping[str, Answer]) -> None:
        """Keep the answers in the order of the form."""
        items = self.standing.protocol.forms[form].items
        ordered = {code: answers[code] for code in items if code in answers}
        if ordered:
            when = self.records.date_of(contact.day)
            self.beside.append(Beside(self.subject, when, contact.label, form, ordered))

    def _decide(self, contact: Contact) -> None:
        Course._decide(self, contact)
        forms = self.standing.protocol.forms
        for form in contact.forms:
            if _counts_supplies(forms[form]) and self.standing.step and self.further.strength:
                self._hand_out(contact, form, self.further.strength)

    def _hand_out(self, contact: Contact, form: str, strength: float) -> None:
        """Count what comes back and hand out what the dose of the day needs."""
        treatment, declared = self.standing.protocol.treatment, self.standing.protocol.forms[form]
        assert self.chance is not None
        self.stock = self.stock or Stock(Supply(form, strength), treatment, self.chance)
        doses = [DoseRow(dose.step, dose.first, "", dose.last) for dose in self.doses]
        counted = self.stock.hand_out(doses, contact.day, contact.day + LONGEST - 1)
        answers = {}
        for name, value in supply_answers(form, declared, strength=strength, counted=counted):
            code = name.partition(".")[2]
            answers[code] = Answer(_text(_number(value)), _unit(declared.items[code]))
        for code, item in declared.items.items():
            if _is_day_of_form(item):
                answers[code] = Answer(self.records.date_of(contact.day).isoformat())
        self._note(contact, form, answers)

    def expects(self, contact: Contact) -> bool:
        """Does the plan ask for the contact after all? Not for a test that goes with the drug on a
        day without any; asked when the life is over."""
        under_drug = _under_drug(self.standing.protocol.schedule)
        if contact.visit or not set(contact.forms) <= under_drug:
            return True
        last = self.last_day
        return any(dose.first <= contact.day <= (dose.last or last) for dose in self.doses)

    def _rests(self, form: str, contact: Contact) -> bool:
        """Is it a form that goes with the drug, of a subject who takes none?"""
        under_drug = form in _under_drug(self.standing.protocol.schedule)
        return under_drug and contact.day > 1 and not self.standing.step

    def _filled(self, form: str, day: int) -> Iterator[tuple[str, Answer]]:
        """The answers of the form that are asked and known; the rules know them too."""
        for code, item in self.standing.protocol.forms[form].items.items():
            name = f"{form}.{code}"
            value = self._value(name, item, day)
            if value is not None and self._asked(item, day):
                self.standing.answer({name: value}, day)
                yield code, Answer(_text(value), _unit(item))

    def _value(self, name: str, item: Item, day: int) -> Value:
        """What is answered; None where nothing is, or where the cohort just answered it."""
        if name in self.awaited.due:
            return None
        if name in _facts(self.setting):
            value, since = self.standing.answers.get(name, (None, day))
            return value if since < day else None
        assert self.chance is not None
        if name in self.further.rehearsed.answers:
            said = choose(self.further.rehearsed.answers[name], self.chance)
            return YES_NO.get(said, said) if item.type == "yes_no" else said
        if name in self.further.rehearsed.numbers:
            number = draw(self.further.rehearsed.numbers[name], self.chance)
            return round(number) if item.type == "integer" else round(number, 1)
        return None

    def _asked(self, item: Item, day: int) -> bool:
        if not isinstance(item.when, Condition):
            return True
        answered = {name: value for name, (value, _) in self.standing.answers.items()}
        return holds(item.when, {**self.standing.state(day), **answered}) is True


def _under_drug(schedule: Schedule) -> set[str]:
    """Forms that only a series asks for that goes with the drug."""
    always = {series.form for series in schedule.series if series.during == "study"}
    return {series.form for series in schedule.series if series.during == "treatment"} - always


def _is_day_of_form(item: Item) -> bool:
    """Is it the day on which the form was filled?"""
    variable = read_target(item.target).variable
    begins_or_ends = variable.endswith(("STDTC", "ENDTC"))
    own = variable.endswith("DTC") and not begins_or_ends
    return item.type in DAYS and (own or item.required)


def _counts_supplies(form: Form) -> bool:
    targets = (read_target(item.target) for item in form.items.values())
    return any(dict(target.where).get("DATESTCD") == DISPENSED for target in targets)


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def _text(value: Value) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _unit(item: Item) -> str:
    """The unit that the form prints, else the one in which the study speaks of the item."""
    return item.units[0] if len(item.units) == 1 else item.unit or ""
