"""What of a study is simulated: the one plan that both engines follow.

A name that no rule asks costs nothing: it is not drawn. A name that the nature of the subjects does
not describe is unknown in both engines, and a row that can never hold for want of it is named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pilotage.conditions import Condition, names_in
from pilotage.courses.calendar import Contact, contacts, under_drug
from pilotage.courses.measures import Measures, Setting, setting
from pilotage.courses.nature import Nature
from pilotage.rules.assessments import classification_of
from pilotage.simulation.compiled.terms import terms_of
from pilotage.simulation.facts import Fact, facts_of, of_person
from pilotage.simulation.model import Simulation
from pilotage.simulation.truth import NO, Terms, truth
from pilotage.study import Study
from pilotage.study.protocol import Classification, Form, Parameter, Protocol


@dataclass(frozen=True, slots=True)
class Measured:
    """A parameter that is drawn. A disease moves with the dose, a level and a laboratory value stay
    around the subject's own. `forms` record it; `items` are the names that hold it as form.item."""

    code: str
    kind: Literal["disease", "level", "laboratory"]
    forms: tuple[str, ...]
    items: tuple[str, ...]
    parameter: Parameter


@dataclass(frozen=True, slots=True)
class Scheme:
    """`forms` are those that matter, each a bit in the order given; `under_drug` those of them that
    are filled only while drug is taken. `stopping` and `activities` are the rows of these tables
    that can act, `silent` the rows of all tables that cannot, in words."""

    study: Study
    setting: Setting
    simulation: Simulation
    measured: tuple[Measured, ...]
    facts: tuple[Fact, ...]
    forms: tuple[str, ...]
    under_drug: frozenset[str]
    contacts: tuple[Contact, ...]
    stopping: tuple[int, ...]
    activities: tuple[int, ...]
    silent: tuple[str, ...]

    @property
    def protocol(self) -> Protocol:
        return self.study.protocol

    @property
    def nature(self) -> Nature:
        return self.setting.nature

    @property
    def response(self) -> Classification:
        name = classification_of(self.protocol)
        assert name is not None
        return self.protocol.classifications[name]

    @property
    def assessed(self) -> int:
        """The place of the parameter whose categories are the response."""
        return [each.code for each in self.measured].index(self.response.parameter)

    @property
    def diseases(self) -> tuple[int, ...]:
        return tuple(at for at, each in enumerate(self.measured) if each.kind == "disease")

    def samples(self, forms: Iterable[str]) -> int:
        """How many of the forms are sheets of a laboratory, filled for every subject."""
        every = self.protocol.forms
        return sum(is_laboratory(every[form]) for form in forms if form in every)

    def asks(self, contact: Contact) -> bool:
        """Does anything of the contact show in the simulation?"""
        return contact.visit or bool(
            set(contact.forms) & set(self.forms) or self.samples(contact.forms)
        )


def is_laboratory(form: Form) -> bool:
    """Does the form hold results of the laboratory that are asked of everybody?"""
    return any(
        item.target.startswith("LB.LBORRES") and not isinstance(item.when, Condition)
        for item in form.items.values()
    )


def scheme_of(study: Study, nature: Nature, simulation: Simulation) -> Scheme:
    """The plan of the study's virtual subjects. Raises ValueError where the parameter of the
    response is not described."""
    of_courses = setting(study, nature)
    protocol = study.protocol
    every = Scheme(
        study,
        of_courses,
        simulation,
        tuple(_measured(of_courses)),
        tuple(facts_of(protocol, nature)),
        (),
        under_drug(protocol.schedule),
        (),
        (),
        (),
        (),
    )
    if every.response.parameter not in {each.code for each in every.measured}:
        raise ValueError(every.response.parameter)
    rows = _acting_rows(every)
    used = _used(every, rows)
    facts = tuple(_facts_of(protocol, every.facts, used))
    measured = tuple(m for m in every.measured if used & {m.code, *m.items})
    some = replace(every, measured=measured, facts=facts, stopping=rows[0], activities=rows[1])
    forms = replace(some, forms=tuple(_forms(some)), silent=tuple(_silent(every)))
    return replace(forms, contacts=tuple(c for c in _planned(forms) if forms.asks(c)))


# -- what the nature describes ---------------------------------------------------------------------


def _measured(made: Setting) -> Iterator[Measured]:
    """Every parameter that the nature describes, in its order."""
    protocol, nature = made.study.protocol, made.nature
    for code in (*nature.responding, *nature.stable):
        parameter = protocol.parameters[code]
        forms = tuple(name for name in made.forms if _records(made, name, code))
        kind: Literal["disease", "level", "laboratory"] = (
            "disease" if code in nature.responding
            else "laboratory" if parameter.domain == "LB" else "level"
        )  # fmt: skip
        items = tuple(_items(made, forms[0], code)) if len(forms) == 1 else ()
        yield Measured(code, kind, forms, items, parameter)


def _records(made: Setting, form: str, code: str) -> bool:
    measures, parameter = made.forms[form], made.study.protocol.parameters[code]
    of_scale = measures.instrument is not None and parameter.instrument == measures.instrument
    return code in (*measures.laboratory, *measures.questions) or of_scale


def _items(made: Setting, form: str, code: str) -> Iterator[str]:
    measures, parameter = made.forms[form], made.study.protocol.parameters[code]
    for of_items in (measures.laboratory, measures.questions):
        if code in of_items:
            yield f"{form}.{of_items[code]}"
    if measures.instrument and parameter.score:
        yield f"{form}.{parameter.score.lower()}"


# -- what the rules use ----------------------------------------------------------------------------


def _acting_rows(scheme: Scheme) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The rows of stopping and of activities that can hold."""
    terms = terms_of(scheme)
    stopping, asked = scheme.protocol.stopping.rows, scheme.setting.activities.rows
    if scheme.protocol.schedule.unscheduled is None:
        asked = ()
    return tuple(
        tuple(
            at
            for at, row in enumerate(rows)
            if isinstance(row.when, Condition) and truth(row.when, terms)[0] != NO
        )
        for rows in (stopping, asked)
    )  # type: ignore[return-value]


def _used(scheme: Scheme, rows: tuple[tuple[int, ...], tuple[int, ...]]) -> set[str]:
    """The names that decide something: parameters by their code, items as form.item, and AGE, SEX
    and RACE of the person."""
    protocol = scheme.protocol
    conditions: list[object] = [protocol.stopping.rows[at].when for at in rows[0]]
    conditions += [scheme.setting.activities.rows[at].when for at in rows[1]]
    conditions += [row.when for row in protocol.dosing.rows]
    found = {scheme.response.parameter}
    for condition in conditions:
        if isinstance(condition, Condition):
            found |= {base for name in names_in(condition) for base in _bases(protocol, name)}
    return found


def _bases(protocol: Protocol, name: str) -> Iterator[str]:
    variable = protocol.state.get(name)
    if variable is not None:
        yield {"age": "AGE", "sex": "SEX"}.get(variable.derivation, "")
        return
    person = of_person(protocol, name)
    yield person or name
    yield name.partition(".")[0]


def _facts_of(protocol: Protocol, every: tuple[Fact, ...], used: set[str]) -> Iterator[Fact]:
    """The facts that are used, and those on which it rests whether they are asked."""
    wanted = set(used)
    for fact in reversed(every):
        if fact.name in wanted and fact.when is not None:
            wanted |= {base for name in names_in(fact.when) for base in _bases(protocol, name)}
    yield from (fact for fact in every if fact.name in wanted)


def _forms(scheme: Scheme) -> Iterator[str]:
    rows = scheme.setting.activities.rows
    matter = {form for each in scheme.measured for form in each.forms}
    matter |= {fact.form for fact in scheme.facts if fact.form}
    matter |= {rows[at].form for at in scheme.activities}
    yield from (form for form in scheme.protocol.forms if form in matter)


def _planned(scheme: Scheme) -> list[Contact]:
    """The contacts of a subject who comes to each of them on its very day."""
    every = {series.form: Measures() for series in scheme.protocol.schedule.series}
    made = replace(scheme.setting, forms={**every, **scheme.setting.forms})
    first = min(visit.day for visit in scheme.protocol.schedule.visits)
    last = scheme.simulation.trial.follow_up_days
    return contacts(made, None, consent_day=first, last_day=last)


def _silent(scheme: Scheme) -> Iterator[str]:
    """The rows that can never act since a name in them is not described."""
    terms, protocol = terms_of(scheme), scheme.protocol
    rows = [("dosing", at, row.when) for at, row in enumerate(protocol.dosing.rows, 1)]
    rows += [("stopping", at, row.when) for at, row in enumerate(protocol.stopping.rows, 1)]
    activities = protocol.schedule.activities.rows
    rows += [("activities", at, row.when) for at, row in enumerate(activities, 1)]
    for table, at, when in rows:
        if not isinstance(when, Condition):
            yield f"row {at} of {table}: the protocol does not state when it holds"
        elif truth(when, terms)[0] == NO:
            yield f"row {at} of {table}: {_because(scheme, when, terms)}"
        elif table == "activities" and activities[at - 1].form not in scheme.setting.forms:
            yield f"row {at} of {table}: what {activities[at - 1].form} records is not described"


def _because(scheme: Scheme, when: Condition, terms: Terms) -> str:
    """Why a condition can never hold."""
    unknown = [name for name in names_in(when) if terms(name) is None]
    if unknown:
        return f"{', '.join(unknown)} {'is' if len(unknown) == 1 else 'are'} not described"
    never = {name for name, each in scheme.nature.occurrences.items() if not each.true_per_week}
    if absent := [name for name in names_in(when) if name in never]:
        return (
            f"{', '.join(absent)} never {'comes' if len(absent) == 1 else 'come'} (true_per_week 0)"
        )
    return "no subject is like that"
