"""When the staff of a site types: on working days, in office hours, one thing after another."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np

from pilotage.simulation.model import Days

OPENS: Final = 8
LATEST_START: Final = 15
"""Work of a day begins between these hours."""
MINUTES: Final = (2, 7)
"""So many minutes a form takes."""
SATURDAY: Final = 5
LONGEST_DELAY: Final = 36_500


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def working_day_before(day: date) -> date:
    """The last working day before a day."""
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def days_until_entry(delay: Days, random: np.random.Generator) -> int:
    """Days from a contact to its entry: a normal distribution, none below 0 or above any trial's
    length."""
    return round(min(max(0, random.normal(delay.mean, delay.sd)), LONGEST_DELAY))


@dataclass(slots=True)
class Clock:
    """The hours of one subject's entries: each later than the one before it."""

    random: np.random.Generator
    now: datetime = field(default=datetime.min)

    def begin(self, day: date) -> None:
        """Sit down on a day, at an hour of the office or right after what was done before."""
        hour = int(self.random.integers(OPENS, LATEST_START))
        minute = int(self.random.integers(0, 60))
        self.now = max(datetime.combine(day, time(hour, minute)), self.later())

    def later(self) -> datetime:
        """Some minutes on."""
        minutes = int(self.random.integers(MINUTES[0], MINUTES[1] + 1))
        return self.now + timedelta(minutes=minutes) if self.now > datetime.min else self.now

    def pass_on(self) -> None:
        self.now = self.later()
