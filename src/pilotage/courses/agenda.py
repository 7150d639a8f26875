"""What is planned for one subject, day by day, as treatment begins and ends."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pilotage.courses.calendar import (
    Contact,
    contacts,
    targets,
    targets_of_cycle,
    with_series,
    without_series,
)
from pilotage.courses.measures import Setting
from pilotage.study.protocol import Series


@dataclass(slots=True)
class Agenda:
    """The contacts of the days to come. Those of a series that is planned during treatment begin
    and end with each cycle."""

    setting: Setting
    consent_day: int
    last_day: int
    by_day: dict[int, list[Contact]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        planned = contacts(
            self.setting,
            None,
            consent_day=self.consent_day,
            last_day=self.last_day,
            series=self._series("study"),
        )
        self._plan(planned)

    def _series(self, during: str) -> tuple[Series, ...]:
        every = self.setting.study.protocol.schedule.series
        return tuple(series for series in every if series.during == during)

    def _plan(self, planned: Iterable[Contact]) -> None:
        for contact in planned:
            self.by_day.setdefault(contact.day, []).append(contact)

    def before_treatment(self) -> list[int]:
        """The days up to the first dose on which something is planned."""
        return sorted(day for day in self.by_day if day <= 1)

    def on(self, day: int) -> list[Contact]:
        return self.by_day.get(day, [])

    def add(self, contact: Contact) -> None:
        self._plan([contact])

    def begin_cycle(self, first: int) -> None:
        """Plan what goes with the drug after the first day of a cycle, which has its own visit."""
        last = self.last_day
        due = [
            (each, targets(each, last) if first == 1 else targets_of_cycle(each, first, last))
            for each in self._series("treatment")
        ]
        self._plan(with_series(self.setting, due, self._away(first)))

    def end_cycle(self, last: int) -> None:
        """Take out what goes with the drug after its last day."""
        self._plan(without_series(self._series("treatment"), self._away(last)))

    def _away(self, after: int) -> list[Contact]:
        """What was planned for the days after this one, which are free again."""
        later = sorted(day for day in self.by_day if day > after)
        return [contact for day in later for contact in self.by_day.pop(day)]

    def next_with(self, form: str, after: int) -> int | None:
        """The next day after this one on which the form is planned."""
        later = (
            day
            for day, found in self.by_day.items()
            if day > after and any(form in contact.forms for contact in found)
        )
        return min(later, default=None)
