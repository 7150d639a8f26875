"""The forms of a planned subject, filled at a contact: every item in its place in SDTM."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from pilotage.conditions import holds
from pilotage.courses.items import items_for_total, preference
from pilotage.courses.pathway import Pathway
from pilotage.courses.plan import Given, NumberPlan, Page, Places, Plan
from pilotage.courses.records import Named, Records
from pilotage.courses.rows import Rows, categories
from pilotage.datasets import facts
from pilotage.datasets.facts import Target
from pilotage.instruments import Instrument, Score, instruments
from pilotage.instruments import Item as InstrumentItem
from pilotage.instruments.units import conversion
from pilotage.rules import Standing, Value
from pilotage.study.protocol import Form, Item, Protocol

read_target = cache(facts.read_target)

YES_NO = {"Y": "yes", "N": "no"}
"""The answer to an item as SDTM keeps it, and as conditions say it."""


@dataclass(slots=True)
class Filling:
    """Fills forms for one subject: rows into `records`, what they say into `standing`."""

    protocol: Protocol
    plan: Plan
    random: np.random.Generator
    records: Records
    standing: Standing
    paths: dict[str, Pathway] = field(default_factory=dict)
    preferred: dict[str, tuple[str, ...]] = field(default_factory=dict)
    computed: dict[str, object] = field(default_factory=dict)
    """Answers, by form.item, that the course knows on the day and no plan before it."""

    def __post_init__(self) -> None:
        self.paths = {code: Pathway(plan) for code, plan in self.plan.scores.items()}
        for name, form in self.protocol.forms.items():
            if form.instrument:
                instrument = instruments[form.instrument]
                self.preferred[name] = preference(instrument, self.random)

    def _places(self, form: str, code: str) -> Places:
        """Where a score begins: what is planned for it, else for all scores of its form."""
        regions = self.plan.regions
        return regions.get((form, code)) or regions.get((form, "")) or Places()

    def _order(self, form: str, instrument: Instrument, places: Places) -> tuple[str, ...]:
        """The order in which items rise: those of the planned regions first."""
        where = {item.code: item.region for item in instrument.items}
        order = {region: at for at, region in enumerate(places.regions)}

        def rank(code: str) -> int:
            return order.get(where[code] or "", len(order))

        return tuple(sorted(self.preferred[form], key=rank))

    def fill(self, name: str, day: int, at: Named) -> None:
        """Fill a form, unless it is a log."""
        form = self.protocol.forms[name]
        if form.instrument:
            self._instrument(name, instruments[form.instrument], day, at)
        elif not form.repeating:
            self._questions(name, form, day, at)

    def page(self, page: Page) -> None:
        """Write a page of a log."""
        form = self.protocol.forms[page.form]
        dates = {item: self.records.date_of(day) for item, day in page.dates.items()}
        found = {**page.values, **{item: when.isoformat() for item, when in dates.items()}}
        rows = Rows(self.records, self.records.date_of(page.day), None)
        for code, value in found.items():
            rows.put(read_target(form.items[code].target), value)
        rows.write()

    # -- instruments ------------------------------------------------------------------------------

    def _instrument(self, name: str, instrument: Instrument, day: int, at: Named) -> None:
        items = {item.code: min(item.allowed) for item in instrument.items}
        items |= self._given_items(name, instrument, day)
        for code, parameter in self.protocol.parameters.items():
            if parameter.instrument == instrument.name and code in self.paths:
                items |= self._scored(name, instrument, code, day)
        when = self.records.date_of(day)
        for item in instrument.items:
            value = items[item.code]
            self.records.item(instrument.category, item.code, item.label, value, when, at)
        totals = {score.code: score.total(items).total for score in instrument.scores}
        answers: dict[str, Value] = {f"{name}.{c.lower()}": v for c, v in items.items()}
        self.standing.answer({**answers, **_named(name, totals)}, day)
        self.standing.observe(
            {
                code: total
                for code, parameter in self.protocol.parameters.items()
                if parameter.instrument == instrument.name
                and (total := totals.get(parameter.score or "")) is not None
            },
            day,
        )

    def _given_items(self, name: str, instrument: Instrument, day: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for item in instrument.items:
            given = self.plan.answers.get(f"{name}.{item.code.lower()}")
            if given is not None:
                value = self._answer(given, day)
                found[item.code] = int(value == "Y") if isinstance(value, str) else _whole(value)
        return found

    def _scored(self, name: str, instrument: Instrument, code: str, day: int) -> dict[str, int]:
        """The items of a planned score. Raises ValueError where no items add up to it."""
        wanted = self.paths[code].on(max(day, 1))
        score_code = self.protocol.parameters[code].score
        score = next(score for score in instrument.scores if score.code == score_code)
        places = self._places(name, code)
        order = self._order(name, instrument, places)
        regions = places.regions if places.evenly else ()
        own = [item for item in instrument.items if item.code in score.items]
        even = [item for region in regions for item in own if item.region == region]
        items = evenly(score, wanted, even, instrument)
        items = items or items_for_total(instrument, score, wanted, order)
        if score.whole and score.total(items).total != wanted:
            words = f"no items of {instrument.category} add up to {wanted} ({code}, day {day})"
            raise ValueError(f"{self.plan.subject}: {words}")
        return {item: value for item, value in items.items() if item in score.items}

    # -- questions --------------------------------------------------------------------------------

    def _questions(self, name: str, form: Form, day: int, at: Named) -> None:
        """Every item of the form that is asked and has an answer."""
        rows = Rows(self.records, self.records.date_of(day), at)
        rows.categories = dict(categories(form))
        numbers = self._numbers(name, form, day)
        for code, item in form.items.items():
            if not self._asked(item, day):
                continue
            target, full = read_target(item.target), f"{name}.{code}"
            if full in numbers:
                self._number(full, target, numbers[full], day, rows)
            elif full in self.computed:
                self._put_computed(target, item, self.computed[full], rows)
            elif (given := self._given(full, item)) is not None:
                value = self._answer(given, day)
                if given.first is not None and full not in self.standing.answers:
                    value = given.first
                if value is not None:
                    rows.put(target, value)
                    said = YES_NO.get(str(value), value) if item.type == "yes_no" else value
                    self.standing.answer({full: _as_value(said)}, day)
        rows.write()

    def _put_computed(self, target: Target, item: Item, value: object, rows: Rows) -> None:
        """An answer of the day; a number of a table that keeps units has that of its item."""
        rows.put(target, value)
        if item.unit and target.variable.endswith("ORRES"):
            rows.put(Target(target.domain, f"{target.variable}U", target.where), item.unit)

    def _asked(self, item: Item, day: int) -> bool:
        if item.when is None:
            return True
        names = {**self.plan.known, **dict(self._state(day))}
        return holds(item.when, names) is True

    def _state(self, day: int) -> Iterator[tuple[str, Value]]:
        state = self.standing.state(day)
        for name in self.standing.protocol.state:
            yield name, state[name]
        for name in self.standing.answers:
            yield name, self.standing.answers[name][0]

    def _given(self, full: str, item: Item) -> Given | None:
        """The planned answer; a date that says when the form was filled is that of the contact."""
        given = self.plan.answers.get(full)
        if given is None and item.type == "date" and item.required:
            return Given(contact=True)
        return given

    def _answer(self, given: Given, day: int) -> object:
        if given.contact:
            return self.records.date_of(day).isoformat()
        if given.while_ is None:
            return given.value
        known = {**self.plan.known, **self.standing.values, "STUDY_DAY": day}
        return "Y" if holds(given.while_, known) else "N"

    # -- numbers ----------------------------------------------------------------------------------

    def _numbers(self, name: str, form: Form, day: int) -> dict[str, str]:
        """What is measured for the items of the form, as it is written down."""
        found: dict[str, float] = {}
        names = [full for code in form.items if (full := f"{name}.{code}") in self.plan.numbers]
        for full in names:
            plan = self.plan.numbers[full]
            if not plan.sum_of:
                found[full] = self._measured(full, plan, day)
        for full in names:
            plan = self.plan.numbers[full]
            if plan.sum_of:
                found[full] = self._summed(full, plan, found, day)
        return {full: f"{found[full]:.{self.plan.numbers[full].digits}f}" for full in names}

    def _measured(self, full: str, plan: NumberPlan, day: int) -> float:
        noise = self.random.normal(0, plan.within_sd) if plan.within_sd else 0.0
        if (full, day) in self.plan.results:
            return self.plan.results[full, day]
        level = plan.level + (plan.under_drug if self.standing.step else 0)
        level += plan.shift if day > 1 else 0
        low, high = plan.bounds
        return round(min(max(level + noise, low), high), plan.digits)

    def _summed(self, full: str, plan: NumberPlan, found: dict[str, float], day: int) -> float:
        """The sum of its parts; where the sum is planned, the parts that are not make it up."""
        parts = [part for part in plan.sum_of if part in found]
        wanted = self.plan.results.get((full, day))
        if wanted is not None:
            loose = [part for part in parts if (part, day) not in self.plan.results]
            rest = wanted - sum(found[part] for part in parts if part not in loose)
            now = sum(found[part] for part in loose)
            for part in loose:
                found[part] = round(found[part] * rest / now, plan.digits)
            if loose:
                found[loose[0]] += rest - sum(found[part] for part in loose)
        return sum(found[part] for part in parts)

    def _number(self, full: str, target: Target, text: str, day: int, rows: Rows) -> None:
        plan = self.plan.numbers[full]
        self.standing.answer({full: float(text)}, day)
        where = dict(target.where)
        code = where.get(f"{target.domain.upper()}TESTCD")
        rows.put(target, text)
        if code is None:
            return
        prefix = target.domain.upper()
        low, high = plan.normal
        rows.put(Target(target.domain, f"{prefix}ORRESU", target.where), plan.unit)
        rows.put(Target(target.domain, f"{prefix}ORNRLO", target.where), _written(low))
        rows.put(Target(target.domain, f"{prefix}ORNRHI", target.where), _written(high))
        parameter = self.protocol.parameters.get(code)
        if parameter is not None:
            factor = conversion(plan.unit, parameter.unit, analyte=code)
            self.standing.observe({code: float(float(text) * factor)}, day)


def evenly(
    score: Score, wanted: int, items: Sequence[InstrumentItem], instrument: Instrument
) -> dict[str, int]:
    """Values with the total `wanted` where the items of one kind rise in turn, a step at a time,
    and those of the next kind after them. Empty where the items do not reach it."""
    values = {i.code: min(i.allowed) for i in instrument.items if i.code in score.items}
    for group in dict.fromkeys(item.group for item in items):
        own = [item for item in items if item.group == group]
        while True:
            if score.total(values).total == wanted:
                return values
            before = dict(values)
            for item in own:
                higher = [step for step in item.allowed if step > values[item.code]]
                raised = {**values, item.code: min(higher)} if higher else values
                if (score.total(raised).total or 0) <= wanted:
                    values = raised
            if values == before:
                break
    return values if score.total(values).total == wanted else {}


def _named(form: str, totals: Mapping[str, float | None]) -> dict[str, Value]:
    return {f"{form}.{code.lower()}": total for code, total in totals.items()}


def _whole(value: object) -> int:
    assert isinstance(value, int | float)
    return int(value)


def _as_value(value: object) -> Value:
    assert value is None or isinstance(value, int | float | str)
    return value


def _written(limit: float | None) -> str | None:
    return None if limit is None else f"{limit:g}"
