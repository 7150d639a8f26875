"""Times that conflict: windows that overlap, visits before what they need, visits between weeks."""

from collections.abc import Iterator
from itertools import pairwise

from pilotage.check.examination import Examination, Place
from pilotage.check.planned import Contact, Plan, study_day
from pilotage.conditions import Condition, names_in
from pilotage.study.protocol import text_of


def check_times(examination: Examination) -> None:
    """The plan can be kept in its order."""
    plan = Plan(examination.study)
    _windows_apart(examination, plan)
    _sides_of_the_first_dose(examination, plan)
    _epochs_in_order(examination)
    _needs_before(examination, plan)
    _inside_one_week(examination, plan)


def place_of(contact: Contact) -> Place:
    return Place(contact.path, contact.name, contact.name, contact.source)


def _windows_apart(examination: Examination, plan: Plan) -> None:
    """A visit that may still take place when the next one may already."""
    for before, visit in pairwise(plan.visits):
        if visit.path == before.path or "not stated" in (before.window, visit.window):
            continue
        last, first = before.day + int(before.window[1]), visit.day - int(visit.window[0])
        if first > last:
            continue
        day = f"day {study_day(first)}"
        words = (
            f"the window of {visit.name} opens on {day}, before that of {before.name} closes on "
            f"day {study_day(last)}: on {day} both are due"
        )
        key = f"{before.name} / {visit.name}"
        examination.found("time-conflict", "warning", place_of(visit), words, key=key, example=day)


def _sides_of_the_first_dose(examination: Examination, plan: Plan) -> None:
    """A visit before the first dose does not reach past it, one after it does not begin before."""
    for visit in plan.visits:
        if visit.window == "not stated" or visit.day == 0:
            continue
        early, late = visit.day - int(visit.window[0]), visit.day + int(visit.window[1])
        if visit.day < 0 <= late or early <= 0 < visit.day:
            side = "before" if visit.day < 0 else "after"
            day = late if visit.day < 0 else early
            words = (
                f"{visit.name} is planned {side} the first dose (day {visit.study_day}), but its "
                f"window reaches day {study_day(day)}"
            )
            examination.found(
                "time-conflict", "warning", place_of(visit), words, example=f"day {study_day(day)}"
            )


def _epochs_in_order(examination: Examination) -> None:
    """The visits go through the epochs forwards."""
    order = [epoch.id for epoch in examination.protocol.epochs]
    visits = examination.protocol.schedule.visits
    for at, (before, visit) in enumerate(pairwise(visits), start=1):
        if order.index(visit.epoch) < order.index(before.epoch):
            path = ("protocol", "schedule", "visits", at)
            place = Place(path, visit.id, visit.id, visit.sources)
            words = (
                f"{visit.id} (day {visit.day}) goes back to the epoch {visit.epoch}, after "
                f"{before.epoch} at {before.id} (day {before.day})"
            )
            key = f"{visit.id} epoch"
            example = f"day {visit.day}"
            examination.found("time-conflict", "warning", place, words, key=key, example=example)


def _needs_before(examination: Examination, plan: Plan) -> None:
    """What decides whether an item is asked is recorded no later than the item is planned."""
    for code, item, needed in _conditional(examination):
        first, before = plan.first_day_of(code), plan.first_day_of(needed.partition(".")[0])
        if first is None or before is None or before <= first:
            continue
        form = examination.protocol.forms[code]
        path = ("protocol", "forms", code, "items", item)
        place = Place(path, f"{code}.{item}", f"{code}.{item} {needed}", form.sources)
        label = text_of(form.items[item].label)
        words = (
            f"whether '{label}' is asked on day {study_day(first)} depends on {needed}, which is "
            f"first recorded on day {study_day(before)}"
        )
        examination.found("time-conflict", "error", place, words, example=f"day {study_day(first)}")


def _conditional(examination: Examination) -> Iterator[tuple[str, str, str]]:
    """Form, item, and an item of another form that decides whether it is asked."""
    forms = examination.protocol.forms
    for code, form in forms.items():
        for name, item in form.items.items():
            if isinstance(item.when, Condition):
                for needed in names_in(item.when):
                    other = needed.partition(".")[0]
                    if other in forms and other != code:
                        yield code, name, needed


def _inside_one_week(examination: Examination, plan: Plan) -> None:
    """A visit that counts for one week or for another, depending on its day."""
    rows = examination.protocol.analysis_windows.rows
    for visit in plan.visits:
        if visit.window == "not stated" or visit.day <= 0:
            continue
        first, last = visit.day - int(visit.window[0]) + 1, visit.day + int(visit.window[1]) + 1
        for row in rows:
            if first <= row.last_day < last:
                words = (
                    f"{visit.name} (days {first} to {last}) counts for week {row.week} up to day "
                    f"{row.last_day} and not for it from day {row.last_day + 1} on"
                )
                examination.found(
                    "time-conflict", "warning", place_of(visit), words,
                    key=f"{visit.name} week {row.week}", example=f"day {row.last_day + 1}",
                )  # fmt: skip
