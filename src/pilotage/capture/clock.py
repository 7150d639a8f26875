"""The server's clock, in UTC: the only source of time in the record."""

from datetime import UTC, datetime, timedelta
from typing import Final

STEP: Final = timedelta(seconds=1)
"""A clock that goes back by less was corrected in the ordinary course (or is that of another
process on PostgreSQL): the event then carries the time of the one before it."""


def now() -> datetime:
    """The time of the server. Tests put their own in the place of this function's `system_time`."""
    return system_time()


def system_time() -> datetime:
    return datetime.now(UTC)


def went_back(last: datetime, present: datetime) -> bool:
    """Whether the clock stands so far before the last event that somebody has to look at it."""
    return last - present >= STEP
