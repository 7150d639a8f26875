"""The server's clock, in UTC: the only source of time in the record.

A rehearsal alone has a time of its own (`playing/rehearsal.py`), because its record says from its
first events on that it is one; in any other record no event can be written with such a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

STEP: Final = timedelta(seconds=1)
"""A clock that goes back by less was corrected in the ordinary course (or is that of another
process on PostgreSQL): the event then carries the time of the one before it."""


@dataclass(frozen=True, slots=True)
class Invented:
    """The time of a rehearsal. `day` is that of the questions; None while entries are played: then
    it is the day of the present moment."""

    present: Callable[[], datetime]
    day: date | None = None


_invented: list[Invented] = []
_asked: list[Callable[[], Invented | None]] = []


def now() -> datetime:
    """The time of the server; in a rehearsal the invented one. Tests put their own in the place of
    this module's `system_time`."""
    found = invented()
    return found.present() if found else system_time()


def system_time() -> datetime:
    return datetime.now(UTC)


def invented() -> Invented | None:
    """The time of a rehearsal, where this process serves one."""
    if _asked:
        follow(_asked[0]())
    return _invented[0] if _invented else None


def ask(record: Callable[[], Invented | None]) -> None:
    """Find out when the time is first needed whether this process serves a rehearsal."""
    _asked[:] = [record]


def follow(time: Invented | None) -> None:
    """From now on this process goes by an invented time (None: by that of the server again). What
    it writes is refused by the trail unless the record is marked as a rehearsal."""
    _asked.clear()
    _invented[:] = [] if time is None else [time]


def went_back(last: datetime, present: datetime) -> bool:
    """Whether the clock stands so far before the last event that somebody has to look at it."""
    return last - present >= STEP
