"""Weeks that the analysis or the doses speak of, and in which no visit is planned."""

from collections.abc import Iterator
from itertools import pairwise

from pilotage.check.examination import Examination, Place
from pilotage.check.inputs import assessed, forms_of
from pilotage.check.needs import parts_of
from pilotage.check.planned import Contact, Plan
from pilotage.conditions import Between, Comparison, Condition, Literal, Name, OneOf, names_in
from pilotage.findings import Severity
from pilotage.study.protocol import DosingRow, StateKind, text_of


def check_visits(examination: Examination) -> None:
    """Every week that is analysed, and every week at which a dose is decided, has a visit at which
    the response is assessed."""
    plan = Plan(examination.study)
    parameter = assessed(examination.protocol)
    forms = forms_of(parameter, examination.protocol) if parameter else ()
    _analysis_weeks(examination, plan)
    _summaries(examination, plan)
    _dosing_weeks(examination, plan, forms)
    _monthly(examination, plan, forms)


def _analysis_weeks(examination: Examination, plan: Plan) -> None:
    """Each analysis window of a single week holds a planned visit."""
    windows = examination.protocol.analysis_windows
    analysed = [(getattr(a, "week", None), a.id) for a in examination.study.sap.analyses]
    for at, row in enumerate(windows.rows):
        if any(row.first_day <= visit.study_day <= row.last_day for visit in plan.visits):
            continue
        path = ("protocol", "analysis_windows", "rows", at)
        place = Place(path, f"week {row.week}", f"week {row.week}", windows.sources)
        of = sorted(name for week, name in analysed if week == row.week)
        words = (
            f"no visit is planned in the analysis window of week {row.week} (days {row.first_day} "
            f"to {row.last_day}){f', of which {of[0]} speaks' if of else ''}"
        )
        severity: Severity = "error" if of else "warning"
        examination.found("no-visit", severity, place, words, example=f"day {1 + 7 * row.week}")


def _summaries(examination: Examination, plan: Plan) -> None:
    """The best response up to a day needs an assessment up to that day."""
    for name, classification in examination.protocol.classifications.items():
        forms = forms_of(classification.parameter, examination.protocol)
        days = [each.study_day for each in plan.contacts_with(*forms) if each.day > 0]
        for code, summary in classification.summaries.items():
            until = summary.until_day
            if until is None or any(day <= until for day in days):
                continue
            path = ("protocol", "classifications", name, "summaries", code)
            place = Place(path, code, code, summary.sources)
            words = (
                f"{code} ({text_of(summary.label)}) looks at assessments up to day {until}, but "
                f"none of {classification.parameter} is planned after the first dose up to then"
            )
            examination.found("no-visit", "error", place, words, example=f"day {until}")


def _dosing_weeks(examination: Examination, plan: Plan, forms: tuple[str, ...]) -> None:
    """A week from which on a dose is decided is the week of some visit with an assessment."""
    weeks = {week for each in _seen(plan, forms) if (week := _week_of(examination, each))}
    names = _names(examination, "week of cycle")
    for at, row in enumerate(examination.protocol.dosing.rows):
        if not isinstance(row.when, Condition) or row.do == "hold":
            continue
        for week in _numbers(row.when, names):
            if week <= 0 or week in weeks:
                continue
            place = examination.place_of_row("dosing", at, row)
            words = (
                f"{place.words} decides at week {week:g}, but no visit of that week is planned "
                f"(visits in weeks {', '.join(f'{w:g}' for w in sorted(weeks))})"
            )
            key = f"{place.key} week {week:g}"
            example = f"day {7 * week + 1:g}"
            examination.found("no-visit", "error", place, words, key=key, example=example)


def _monthly(examination: Examination, plan: Plan, forms: tuple[str, ...]) -> None:
    """A step that is due after so many weeks at a dose finds a visit then, or an activity does."""
    names = _names(examination, "weeks at dose step")
    seen = _seen(plan, forms)
    for at, row in enumerate(examination.protocol.dosing.rows):
        if not isinstance(row.when, Condition) or row.do in ("hold", "maintain"):
            continue
        for weeks in _numbers(row.when, names):
            apart = (p for p in pairwise(seen) if p[1].day - p[0].day > 7 * weeks + 3)
            late = next(apart, None)
            if weeks <= 0 or late is None or _asked_for(examination, row, weeks, forms):
                continue
            place = examination.place_of_row("dosing", at, row)
            words = (
                f"{place.words} is due {weeks:g} weeks after a change of dose, but after "
                f"{late[0].name} (day {late[0].study_day}) the next assessment is planned "
                f"{(late[1].day - late[0].day) / 7:g} weeks later, at {late[1].name}"
            )
            key = f"{place.key} {weeks:g} weeks"
            example = f"a change of dose at {late[0].name}"
            examination.found("no-visit", "warning", place, words, key=key, example=example)


def _asked_for(
    examination: Examination, row: DosingRow, weeks: float, forms: tuple[str, ...]
) -> bool:
    """Does an activity ask for the assessment by then, wherever the row can hold?"""
    assert isinstance(row.when, Condition)
    space = examination.space
    asking = [
        space.z3.Not(space.answer(activity.when).true)
        for activity in examination.protocol.schedule.activities.rows
        if activity.form in forms and isinstance(activity.when, Condition)
    ]
    if not asking:
        return False
    phases = _names(examination, "treatment phase")
    when = [space.answer(part).true for part in parts_of(row.when)
            if isinstance(part, Comparison | OneOf) and set(names_in(part)) <= phases]  # fmt: skip
    age = space.symbol(f"{assessed(examination.protocol)}.AGE_DAYS")
    due = [space.z3.And(age.known, age.value >= int(7 * weeks)), *when]
    return not space.possible(*due, *asking)


def _seen(plan: Plan, forms: tuple[str, ...]) -> list[Contact]:
    """The contacts after the first dose at which the response is assessed; all visits where the
    study assesses none."""
    found = plan.contacts_with(*forms) if forms else plan.visits
    return [contact for contact in found if contact.day >= 0]


def _week_of(examination: Examination, contact: Contact) -> float | None:
    from pilotage.rules.state import nominal_week

    return nominal_week(contact.study_day, examination.protocol.analysis_windows)


def _names(examination: Examination, kind: StateKind) -> set[str]:
    return {name for name, s in examination.protocol.state.items() if s.derivation == kind}


def _numbers(condition: Condition, names: set[str]) -> Iterator[float]:
    """The numbers from which on, or at which, a row compares one of the names."""
    for part in parts_of(condition):
        match part:
            case Comparison(Name(name), ">=" | "==", Literal(float() as value)) if name in names:
                yield value
            case Comparison(Name(name), ">", Literal(float() as value)) if name in names:
                yield value + 1
            case Between(Name(name), Literal(float() as value)) if name in names:
                yield value
            case OneOf(Name(name), choices) if name in names:
                yield from (c.value for c in choices if isinstance(c.value, float))
