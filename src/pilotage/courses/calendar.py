"""The planned contacts of one subject: visits and series of tests, each on its day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from pilotage.courses.measures import Setting
from pilotage.study.protocol import Schedule, Series, Visit

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Contact:
    """A visit or a test: its study day, VISITNUM, VISIT and forms."""

    day: int
    number: float | None
    label: str
    forms: tuple[str, ...]
    visit: bool = True


def contacts(
    setting: Setting,
    random: np.random.Generator | None,
    *,
    consent_day: int,
    last_day: int,
    series: Iterable[Series] | None = None,
) -> list[Contact]:
    """Every contact up to the last day, in order: each visit on a day of its window, or on its very
    day without chance, the first one on the day of consent; a test of a series (of every one, where
    none are named) at a visit in its window, else on its own day."""
    visits = [c for c in _visits(setting, random, consent_day, last_day) if c.day <= last_day]
    every = setting.study.protocol.schedule.series if series is None else series
    due = [(each, tuple(targets(each, last_day))) for each in every]
    return with_series(setting, due, visits)


def with_series(
    setting: Setting,
    due: Iterable[tuple[Series, Iterable[int]]],
    planned: Iterable[Contact],
) -> list[Contact]:
    """The planned contacts, and with them the tests of each series on the days named."""
    planned = list(planned)
    visits = [contact for contact in planned if contact.visit]
    tests = {contact.day: contact for contact in planned if not contact.visit}
    for series, days in due:
        if series.form in setting.forms:
            _add_series(setting, series, days, visits, tests)
    return sorted([*visits, *tests.values()], key=lambda contact: (contact.day, not contact.visit))


def under_drug(schedule: Schedule) -> frozenset[str]:
    """Forms that only a series asks for that goes with the drug."""
    always = {series.form for series in schedule.series if series.during == "study"}
    during = {series.form for series in schedule.series if series.during == "treatment"}
    return frozenset(during - always)


def without_series(every: Iterable[Series], planned: Iterable[Contact]) -> list[Contact]:
    """The planned contacts without the tests of the series."""
    away = {series.form for series in every}
    rest = [
        replace(contact, forms=tuple(form for form in contact.forms if form not in away))
        for contact in planned
    ]
    return [contact for contact in rest if contact.forms]


def _visits(
    setting: Setting, random: np.random.Generator | None, consent_day: int, last_day: int
) -> Iterator[Contact]:
    """The visits in the order of the plan, none before the one before it."""
    schedule, text = setting.study.protocol.schedule, setting.study.text
    before = consent_day
    for at, visit in enumerate(sorted(schedule.visits, key=lambda visit: visit.day)):
        day = _visit_day(visit, random, first=at == 0, consent_day=consent_day, before=before)
        yield Contact(day, visit.number, text(visit.label), visit.forms)
        before = day
    repeated = schedule.afterwards
    if repeated is None:
        return
    target = max(visit.day for visit in schedule.visits)
    number = max(visit.number for visit in schedule.visits)
    while target + repeated.every_days <= last_day:
        target, number = target + repeated.every_days, number + 1
        day = max(target + _within(repeated.window, random), before + 1)
        yield Contact(
            day, number, f"{text(repeated.label)}, week {(target - 1) // 7}", repeated.forms
        )
        before = day


def _visit_day(
    visit: Visit, random: np.random.Generator | None, *, first: bool, consent_day: int, before: int
) -> int:
    if visit.day == 1:
        return 1
    if visit.day > 1:
        return max(visit.day + _within(visit.window, random), before + 1, 2)
    if first:
        return consent_day
    return min(max(visit.day + _within(visit.window, random), before), -1)


def _within(window: Window | str, random: np.random.Generator | None) -> int:
    """Days early or late, inside the window and mostly near its middle."""
    if random is None or isinstance(window, str):
        return 0
    before, after = window
    return min(max(round(random.normal(0, 1.5)), -before), after)


def _add_series(
    setting: Setting,
    series: Series,
    days: Iterable[int],
    visits: list[Contact],
    tests: dict[int, Contact],
) -> None:
    """Put each test of the series into a visit of `visits` or, alone, into `tests`."""
    before, after = (0, 0) if isinstance(series.window, str) else series.window
    for target in days:
        near = [
            (abs(visit.day - target), at)
            for at, visit in enumerate(visits)
            if visit.day > 1 and target - before <= visit.day <= target + after
        ]
        if near:
            at = min(near)[1]
            forms = dict.fromkeys((*visits[at].forms, series.form))
            visits[at] = replace(visits[at], forms=tuple(forms))
        elif target in tests:
            forms = dict.fromkeys((*tests[target].forms, series.form))
            tests[target] = replace(tests[target], forms=tuple(forms))
        else:
            label = setting.study.text(series.label)
            tests[target] = Contact(target, None, label, (series.form,), visit=False)


def targets(series: Series, last_day: int) -> Iterator[int]:
    """The days of the series from the first dose on, which has its own visit."""
    day = 1 + series.every_days
    while day <= last_day:
        yield day
        later = series.then_every_days
        if day >= series.until_day and not isinstance(later, int):
            return
        day += series.every_days if day < series.until_day else int(later)


def targets_of_cycle(series: Series, first: int, last_day: int) -> Iterator[int]:
    """The days of the series in a later cycle, after its first day: as often as in the first one as
    long as that is more often than later on, then on the days that count from the first dose."""
    later = series.then_every_days
    frequent = isinstance(later, str) or series.every_days < later
    until = first + series.until_day - 1 if frequent else first
    yield from range(first + series.every_days, min(until, last_day) + 1, series.every_days)
    yield from (day for day in targets(series, last_day) if day > until)
