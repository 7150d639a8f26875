"""Visits, series and the forms they ask for."""

from collections.abc import Iterable

from pilotage.study.consistency.measures import item_known
from pilotage.study.consistency.report import Report, ascending
from pilotage.study.consistency.tables import rows
from pilotage.study.places import Path
from pilotage.study.protocol import Visit


def check_schedule(report: Report) -> None:
    """Visits are unique and in order; forms and epochs exist."""
    schedule = report.protocol.schedule
    start: Path = ("protocol", "schedule")
    _visits(report)
    if schedule.afterwards is not None:
        path = (*start, "afterwards")
        report.sources(path, schedule.afterwards)
        _epoch(report, path, schedule.afterwards.epoch)
        _forms(report, path, schedule.afterwards.forms)
    for at, series in enumerate(schedule.series):
        path = (*start, "series", at)
        report.sources(path, series)
        form_known(report, (*path, "form"), series.form)
    if schedule.unscheduled is not None:
        path = (*start, "unscheduled")
        report.sources(path, schedule.unscheduled)
        _forms(report, path, schedule.unscheduled.forms)
    _ends(report)
    activities: Path = (*start, "activities", "rows")
    rows("activities", report, schedule.activities.rows, path=activities)
    for at, row in enumerate(schedule.activities.rows):
        form_known(report, (*activities, at, "form"), row.form)


def _visits(report: Report) -> None:
    visits = report.protocol.schedule.visits
    paths: list[Path] = [("protocol", "schedule", "visits", at) for at in range(len(visits))]
    report.unique(paths, [visit.id for visit in visits], "the visit")
    numbers = [f"{visit.number:g}" for visit in visits]
    report.unique([(*path, "number") for path in paths], numbers, "the visit number")
    for path, visit in zip(paths, visits, strict=True):
        report.sources(path, visit)
        _epoch(report, path, visit.epoch)
        _forms(report, path, visit.forms)
        if visit.day == 0:
            words = "there is no day 0: the first dose is on day 1, the day before it is day -1"
            report.error((*path, "day"), words)
    days = {(*path, "day"): float(visit.day) for path, visit in zip(paths, visits, strict=True)}
    for path, day, before in ascending(days):
        words = f"day {day:g} stands after day {before:g}; write the visits in order of their days"
        report.error(path, words)
    for path, visit, previous in zip(paths[1:], visits[1:], visits, strict=False):
        first, last = _first(visit), _last(previous)
        if first is None or last is None or previous.day >= visit.day:
            continue
        if first <= last:
            words = f"the window of {visit.id} begins before that of {previous.id} ends"
            report.warning((*path, "window"), words, kind="time-conflict")


def _first(visit: Visit) -> int | None:
    """Days from the first dose (0) to the first day of the window; None where it is not stated."""
    return None if visit.window == "not stated" else _elapsed(visit) - visit.window[0]


def _last(visit: Visit) -> int | None:
    return None if visit.window == "not stated" else _elapsed(visit) + visit.window[1]


def _elapsed(visit: Visit) -> int:
    return visit.day - 1 if visit.day > 0 else visit.day


def _ends(report: Report) -> None:
    """The items that end treatment and participation, and those of the reporting clock, exist and
    hold a date."""
    ends, events = report.protocol.schedule.ends, report.protocol.adverse_events
    dates: dict[Path, str | None] = {
        ("protocol", "schedule", "ends", "treatment"): ends.treatment,
        ("protocol", "schedule", "ends", "study"): ends.study,
        ("protocol", "adverse_events", "learnt"): events.learnt,
        ("protocol", "adverse_events", "reported"): events.reported,
    }
    for path, item in dates.items():
        if item is not None and item_known(report, path, item):
            variable = report.namespace.get(item)
            if variable is not None and variable.type != "date":
                report.error(path, f"'{item}' is not a date")


def _epoch(report: Report, path: Path, epoch: str) -> None:
    known = [each.id for each in report.protocol.epochs]
    message = f"the epoch '{epoch}' is not declared under 'epochs'"
    report.known((*path, "epoch"), epoch, known, message, declared=("protocol", "epochs"))


def _forms(report: Report, path: Path, forms: Iterable[str]) -> None:
    found = list(forms)
    paths: list[Path] = [(*path, "forms", at) for at in range(len(found))]
    report.unique(paths, found, "the form")
    for here, form in zip(paths, found, strict=True):
        form_known(report, here, form)


def form_known(report: Report, path: Path, form: str) -> bool:
    """Is it a form that the study declares?"""
    message = f"the form '{form}' is not declared under 'forms'"
    return report.known(path, form, report.protocol.forms, message, declared=("protocol", "forms"))
