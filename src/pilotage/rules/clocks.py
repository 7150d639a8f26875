"""The clock of a serious event: how long the report took, or how long it may still take.

Of a moment that is not written to the minute the first and the last possible minute count; what
both agree on is known. Moments with a zone are compared as they are. Where only one of the two has
a zone, the other may lie in any.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pilotage.snapshot.dates import partial_date

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EAST, WEST = timedelta(hours=14), timedelta(hours=12)
"""How far the zones of the earth lie from UTC."""
UNCLEAR = "when exactly is not recorded"
BEFORE = "it was reported before the site learnt of it"


@dataclass(frozen=True, slots=True)
class Clock:
    """STATUS, HOURS (at least) and HOURSTO (at most), both null where nothing is known; REMARK."""

    status: str = "unknown"
    least: float | None = None
    most: float | None = None
    remark: str | None = None


def clock(learnt: str | None, reported: str | None, limit: int | str, at: date) -> Clock:
    """How the report of an event stands at the end of a day. `limit`: the hours allowed."""
    if isinstance(limit, str):
        return Clock(remark="the protocol does not state when it is to be reported")
    begin, end = _span(learnt, at), _span(reported, at)
    if begin is None:
        return Clock(remark="when the site learnt of it is not recorded")
    if end is not None:
        return _reported(begin, end, limit)
    now = datetime.combine(at + timedelta(days=1), time())
    first, last = (limit - (now - moment.replace(tzinfo=None)) / HOUR for moment in begin)
    status = "due" if first >= 0 else "overdue" if last < 0 else "unknown"
    return Clock(status, first, last, UNCLEAR if status == "unknown" else None)


def _reported(
    begin: tuple[datetime, datetime], end: tuple[datetime, datetime], limit: int
) -> Clock:
    begin, end = _comparable(begin, end[0]), _comparable(end, begin[0])
    least, most = (end[0] - begin[1]) / HOUR, (end[1] - begin[0]) / HOUR
    if most < 0:
        return Clock(remark=BEFORE)
    least = max(least, 0.0)
    if most <= limit:
        return Clock("reported in time", least, most)
    if least > limit:
        return Clock("reported late", least, most)
    return Clock("unknown", least, most, UNCLEAR)


def _comparable(span: tuple[datetime, datetime], other: datetime) -> tuple[datetime, datetime]:
    """A span without a zone beside a moment with one: as it may lie in any zone."""
    if span[0].tzinfo is not None or other.tzinfo is None:
        return span
    first, last = (moment.replace(tzinfo=UTC) for moment in span)
    return first - EAST, last + WEST


def _span(text: str | None, at: date) -> tuple[datetime, datetime] | None:
    """The first and the last possible minute up to the end of a day; None where there is none."""
    if text is None:
        return None
    try:
        day = partial_date(text)
    except ValueError:
        return None
    if day.first is None or day.last is None or day.first > at:
        return None
    if day.time is not None:
        moment = datetime.fromisoformat(text)
        return moment, moment if len(day.time) > 2 else moment + HOUR - MINUTE
    after = datetime.combine(min(day.last, at) + timedelta(days=1), time())
    return datetime.combine(day.first, time()), after - MINUTE
