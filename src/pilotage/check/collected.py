"""Tests that decisions need: planned at all, in time, often enough, and what if one is missed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pilotage.check.examination import Examination, Place, StatedRow
from pilotage.check.inputs import basis, forms_of
from pilotage.check.needs import Needs, Table, parts_of, speaks_of
from pilotage.check.planned import Contact, study_day
from pilotage.check.words import in_words
from pilotage.conditions import Comparison, Literal, Name, names_in
from pilotage.conditions.prove import Formula
from pilotage.findings import Severity
from pilotage.plural import counted
from pilotage.rules.inputs import maximum_age
from pilotage.study.protocol import text_of


def check_collected(examination: Examination) -> None:
    """Every input of every table has a form, on a day that comes before the decision and is not too
    long before it."""
    needs = Needs(examination)
    for table in needs.tables:
        for base in dict.fromkeys(basis(name, examination.protocol) for name in table.names):
            _input(examination, needs, table, base)
    _old_enough(examination, needs)
    _missed(examination, needs)


def _old_enough(examination: Examination, needs: Needs) -> None:
    """A criterion that asks for a value of some age can find one: the test is planned so long
    before the first dose."""
    for row in needs.tables[0].rows:
        for name, days in _ages_asked(row):
            base = name.removesuffix(".AGE_DAYS")
            forms = forms_of(base, examination.protocol)
            first = next((each.day for each in needs.plan.contacts_with(*forms)), None)
            if base == name or first is None or -first >= days:
                continue
            words = (
                f"{row.place.words} asks for {_label(examination, base)} of {days:g} days before, "
                f"but the first is planned on day {study_day(first)}"
            )
            key = f"{row.place.key} {name}"
            example = f"{_label(examination, base)} of day {study_day(first)}"
            examination.found("time-conflict", "error", row.place, words, key=key, example=example)


def _ages_asked(row: StatedRow) -> Iterator[tuple[str, float]]:
    for part in parts_of(row.when):
        match part:
            case Comparison(Name(name), ">=" | ">", Literal(float() as days)):
                yield name, days


def _input(examination: Examination, needs: Needs, table: Table, base: str) -> None:
    protocol, plan = examination.protocol, needs.plan
    forms = forms_of(base, protocol)
    planned = plan.contacts_with(*forms)
    row = _first_row(table, base, examination)
    label = _label(examination, base)
    key, missing = f"{table.name} {base}", f"{label} is missing"
    if not forms:
        words = f"{row.place.words} uses {label}, which no form collects"
        examination.found("no-test", "error", row.place, words, key=key, example=missing)
    elif not planned:
        if table.name == "eligibility" or not set(forms) & plan.open_forms():
            words = f"{row.place.words} uses {label}, but the form {forms[0]} is planned nowhere"
            examination.found("no-test", "error", row.place, words, key=key, example=missing)
    elif table.name == "eligibility" and planned[0].day > 0:
        words = (
            f"{row.place.words} uses {label}, which is first collected at {planned[0].name} (day "
            f"{planned[0].study_day}), after the first dose"
        )
        example = f"day {planned[0].study_day}"
        examination.found("time-conflict", "error", row.place, words, key=key, example=example)
    else:
        _often_enough(examination, needs, table, base, planned)


def _often_enough(
    examination: Examination, needs: Needs, table: Table, base: str, planned: list[Contact]
) -> None:
    """At each decision the last planned test is young enough, or an activity asks for a new one; on
    treatment, and off treatment with what is planned then."""
    found = _too_old(examination, needs, table, base, planned, table.decides, needs.on_plan)
    if found is not None:
        _too_rare(examination, table, base, found)
    elif table.name in ("dosing", "activities", "deviations"):
        off = [contact for contact in planned if contact.off_treatment]
        decides = [contact for contact in table.decides if contact.off_treatment]
        found = _too_old(examination, needs, table, base, off, decides, needs.off_plan)
        if found is not None:
            _too_rare(examination, table, base, found, off_treatment=True)


@dataclass(frozen=True, slots=True)
class _TooOld:
    """A decision, the day of the last test planned before it, how old that may be, and the states
    in which it is needed."""

    decision: Contact
    last: int | None
    limit: int
    states: list[Formula]


def _too_old(
    examination: Examination,
    needs: Needs,
    table: Table,
    base: str,
    planned: Sequence[Contact],
    decides: Sequence[Contact],
    on_day: Callable[[int], list[Formula]],
) -> _TooOld | None:
    """The first decision for which no planned test is young enough, where it is needed."""
    names = needs.missing(base, table.names)
    ages = [maximum_age(name, examination.protocol) for name in names]
    limits = [age for age in ages if isinstance(age, int)]
    for decision in decides if limits else ():
        last = max((each.day for each in planned if each.day <= decision.day), default=None)
        if last is not None and decision.day - last <= min(limits):
            continue
        then = on_day(decision.day)
        states = [
            needs.unknown_without(table, base),
            *then,
            *_not_asked_for(examination, needs, base),
        ]
        if then and examination.space.possible(*states):
            return _TooOld(decision, last, min(limits), states)
    return None


def _not_asked_for(examination: Examination, needs: Needs, base: str) -> list[Formula]:
    """No activity asks for the test."""
    forms, z3 = forms_of(base, examination.protocol), examination.space.z3
    activities = next(table for table in needs.tables if table.name == "activities")
    return [
        z3.Not(row.answer.true)
        for row in activities.rows
        if getattr(row.row, "form", None) in forms
    ]


def _too_rare(
    examination: Examination,
    table: Table,
    base: str,
    found: _TooOld,
    *,
    off_treatment: bool = False,
) -> None:
    """An error; a warning where what is not known off treatment is no dose, and the calendar says
    that it is not known."""
    row, label, decision = (
        _first_row(table, base, examination),
        _label(examination, base),
        found.decision,
    )
    when = f"{decision.name} (day {decision.study_day})"
    when += " of a subject off treatment" if off_treatment else ""
    last = "none is planned before it"
    if found.last is not None:
        age = decision.day - found.last
        last = f"the last one planned is {counted(age, 'day')} old"
    example = _where(examination, table, base, found.states)
    words = (
        f"{row.place.words} needs {label} of the last {found.limit} days; at {when} {last}"
        f"{f', and it is needed where {example}' if example else ''}"
    )
    key = f"{table.name} {base}{' off treatment' if off_treatment else ''}"
    severity: Severity = "warning" if off_treatment and table.name != "dosing" else "error"
    examination.found("no-test", severity, row.place, words, key=key, example=example or when)


def _where(examination: Examination, table: Table, base: str, formulas: list[Formula]) -> str:
    """The state in which the input is needed: what is known of the first row that stays open."""
    space = examination.space
    rows = [row for row in table.rows if base in _bases(row, examination)]
    for row in rows:
        open_ = [space.z3.Not(row.answer.true), space.z3.Not(row.answer.false)]
        names = [n for n in names_in(row.when) if basis(n, examination.protocol) != base]
        found = space.example([*formulas, *open_], names)
        if found is not None:
            known = {name: value for name, value in found.items() if value is not None}
            return in_words(known, space.namespace) if known else ""
    return ""


# -- what if it is missed ------------------------------------------------------------------------


def _missed(examination: Examination, needs: Needs) -> None:
    """A result that was not obtained leaves a table without an answer, and no row of any table
    says what to do then. One finding for each table and form."""
    protocol = examination.protocol
    for table in needs.tables:
        if table.name not in ("dosing", "stopping", "dispensing"):
            continue
        by_form: dict[str, list[str]] = {}
        for base in dict.fromkeys(basis(name, protocol) for name in table.names):
            forms = [f for f in forms_of(base, protocol) if _after_start(needs, f)]
            if (
                forms
                and needs.missing(base, table.names)
                and _silent(examination, needs, table, base)
            ):
                by_form.setdefault(forms[0], []).append(base)
        for form, bases in by_form.items():
            _tell_missed(examination, table, form, bases)


def _after_start(needs: Needs, form: str) -> bool:
    return any(contact.day > 0 for contact in needs.plan.contacts_with(form))


def _silent(examination: Examination, needs: Needs, table: Table, base: str) -> bool:
    """Is there a state after the start in which the table is unknown for want of it, and no row
    that speaks of its absence or its age holds?"""
    z3, space = examination.space.z3, examination.space
    if base in examination.protocol.state:
        return False
    speaking = [
        z3.Not(row.answer.true)
        for other in needs.tables
        for row in other.rows
        if speaks_of(row.when, base, examination.protocol)
    ]
    return space.possible(needs.unknown_without(table, base), *needs.on_plan(None), *speaking)


def _tell_missed(examination: Examination, table: Table, form: str, bases: list[str]) -> None:
    protocol = examination.protocol
    row = _first_row(table, bases[0], examination)
    labels = ", ".join(_label(examination, base) for base in bases)
    place = Place(("protocol", "forms", form), f"form {form}", f"{table.name} {form}",
                  row.place.source)  # fmt: skip
    words = (
        f"where {text_of(protocol.forms[form].label)} is missed ({labels}), {table.words} cannot "
        "advise, and no row says what to do then"
    )
    example = f"{_label(examination, bases[0])} is missing at a visit after the start"
    examination.found("no-action-when-missed", "error", place, words, example=example)


def _first_row(table: Table, base: str, examination: Examination) -> StatedRow:
    return next(row for row in table.rows if base in _bases(row, examination))


def _bases(row: StatedRow, examination: Examination) -> set[str]:
    return {basis(name, examination.protocol) for name in names_in(row.when)}


def _label(examination: Examination, base: str) -> str:
    variable = examination.space.namespace.get(base)
    return f"'{variable.label}'" if variable is not None and variable.label else base
