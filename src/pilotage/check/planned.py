"""What is planned and when: visits and series of tests on their target days, by form.

Days are counted from the first dose, which is on day 0 here: so that distances are differences.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pilotage.study import Study
from pilotage.study.places import Path
from pilotage.study.protocol import NotStated, Series, text_of

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Contact:
    """A planned visit, or a test of a series on a day of its own."""

    name: str
    day: int
    forms: frozenset[str]
    window: Window | NotStated
    path: Path
    source: tuple[str, ...]
    visit: bool = True
    off_treatment: bool = True
    """Is it planned, too, for a subject who takes no drug any more?"""

    @property
    def study_day(self) -> int:
        return study_day(self.day)


def study_day(day: int) -> int:
    """The study day of a day counted from the first dose: there is no study day 0."""
    return day + 1 if day >= 0 else day


class Plan:
    """The planned contacts of a subject who stays on treatment, up to two repeated visits after the
    last single one; each says whether it is planned off treatment as well."""

    def __init__(self, study: Study) -> None:
        self.protocol, self.schedule = study.protocol, study.protocol.schedule

    @cached_property
    def last_day(self) -> int:
        """As far as the plan is looked at."""
        last = max(visit.day for visit in self.schedule.visits) - 1
        again = self.schedule.afterwards
        return last + 2 * again.every_days if again is not None else last

    @cached_property
    def visits(self) -> list[Contact]:
        return sorted(self._visits(), key=lambda visit: visit.day)

    def _visits(self) -> Iterator[Contact]:
        off = {epoch.id: epoch.during == "study" for epoch in self.protocol.epochs}
        for at, visit in enumerate(self.schedule.visits):
            day = visit.day - 1 if visit.day > 0 else visit.day
            path: Path = ("protocol", "schedule", "visits", at)
            yield Contact(visit.id, day, frozenset(visit.forms), visit.window, path, visit.sources,
                          off_treatment=off[visit.epoch])  # fmt: skip
        again = self.schedule.afterwards
        if again is None:
            return
        path = ("protocol", "schedule", "afterwards")
        last = max(visit.day for visit in self.schedule.visits) - 1
        for number in (1, 2):
            day = last + number * again.every_days
            name = f"{text_of(again.label)}, week {day // 7}"
            forms = frozenset(again.forms)
            yield Contact(name, day, forms, again.window, path, again.sources,
                          off_treatment=off[again.epoch])  # fmt: skip

    @cached_property
    def tests(self) -> list[Contact]:
        """The tests of the series."""
        return [
            Contact(text_of(series.label), day, frozenset([series.form]), series.window,
                    ("protocol", "schedule", "series", at), series.sources, visit=False,
                    off_treatment=series.during == "study")
            for at, series in enumerate(self.schedule.series)
            for day in self._days(series)
        ]  # fmt: skip

    def _days(self, series: Series) -> Iterator[int]:
        day = series.every_days
        while day <= self.last_day:
            yield day
            often = day + 1 < series.until_day
            if not often and not isinstance(series.then_every_days, int):
                return
            day += series.every_days if often else int(series.then_every_days)

    def contacts_with(self, *forms: str) -> list[Contact]:
        """Every contact at which one of the forms is planned, in order of days."""
        found = [each for each in (*self.visits, *self.tests) if each.forms & set(forms)]
        return sorted(found, key=lambda contact: contact.day)

    def first_day_of(self, form: str) -> int | None:
        """The first planned day of a form; None where it is planned for no day."""
        return next((contact.day for contact in self.contacts_with(form)), None)

    def open_forms(self) -> frozenset[str]:
        """Forms that are filled when something happens: at unscheduled visits or as activities."""
        unscheduled = self.schedule.unscheduled
        rows = self.schedule.activities.rows
        return frozenset([*(unscheduled.forms if unscheduled else ()), *(row.form for row in rows)])
