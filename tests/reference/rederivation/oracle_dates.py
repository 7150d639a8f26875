"""Dates, study days and visit windows of the reference derivation (standard library only)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

# Last study day of each planned week, with the week. Day 1 is the first dose.
WINDOWS = (
    (2, 22, 2),
    (23, 43, 4),
    (44, 71, 8),
    (72, 99, 12),
    (100, 127, 16),
    (128, 155, 20),
    (156, 211, 24),
    (212, 295, 36),
    (296, 379, 48),
)


@dataclass(frozen=True, slots=True)
class When:
    """A date as it was written down: every day from `first` to `last` is possible."""

    first: date
    last: date
    time: str  # "" when no time was written

    @property
    def day(self) -> date | None:
        """The day, where the whole date is known."""
        return self.first if self.first == self.last else None

    @property
    def missing_part(self) -> str | None:
        """D where the day is missing, M where month and day are missing, None where complete."""
        if self.first == self.last:
            return None
        return "D" if self.first.month == self.last.month else "M"


def read_when(text: str | None) -> When | None:
    """Read an ISO 8601 date that may lack the day, or month and day, and may have a time. A date
    without a year is no known day at all."""
    if not text or text.startswith("-"):
        return None
    written, _, time = text.partition("T")
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return When(day, day, time)
    if len(parts) == 2:
        year, month = parts
        return When(
            date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), ""
        )
    return When(date(parts[0], 1, 1), date(parts[0], 12, 31), "")


def on_or_before(when: When | None, day: date) -> bool | None:
    """Whether the date is certainly (True), certainly not (False) or perhaps (None) by `day`."""
    if when is None:
        return None
    if when.last <= day:
        return True
    return False if when.first > day else None


def after(when: When | None, day: date) -> bool | None:
    """Whether the date is certainly, certainly not, or perhaps later than `day`."""
    earlier = on_or_before(when, day)
    return None if earlier is None else not earlier


def surely_earlier(one: tuple[When, int], other: tuple[When, int]) -> bool:
    """Whether one record is certainly earlier: by day, then time, then sequence number."""
    (when, seq), (other_when, other_seq) = one, other
    if when.last != other_when.first or when.day is None or other_when.day is None:
        return when.last < other_when.first
    return (when.time, seq) < (other_when.time, other_seq)


def study_day(day: date | None, first_dose: date | None) -> int | None:
    """Day 1 is the first dose, the day before it is -1, there is no day 0."""
    if day is None or first_dose is None:
        return None
    days = (day - first_dose).days
    return days + 1 if days >= 0 else days


def planned_week(study_day_: int | None) -> int | None:
    """The planned week whose window holds the study day; 0 is the baseline."""
    if study_day_ is None:
        return None
    if study_day_ <= 1:
        return 0
    for low, high, week in WINDOWS:
        if low <= study_day_ <= high:
            return week
    # From week 60 on every 12 weeks, 41 days before to 42 days after day 1 + 7 x week.
    week = 60
    while study_day_ > 1 + 7 * week + 42:
        week += 12
    return week


def visit_name(week: int | None) -> str | None:
    if week is None:
        return None
    return f"Week {week}" if week else "Baseline"
