"""The audit trail: each event bound to the one before it by SHA-256."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from django.db import connection

from pilotage import __version__
from pilotage.capture import clock
from pilotage.capture.models import AuditEvent
from pilotage.capture.planned import planned
from pilotage.capture.prepared import Prepared
from pilotage.capture.written import insert

ZERO: Final = "0" * 64
"""What stands before the first event."""

OPENED: Final = "record opened"
STUDY_CHANGED: Final = "study changed"
CLOCK_WENT_BACK: Final = "clock went back"
CLOCK_ACKNOWLEDGED: Final = "clock acknowledged"
REHEARSAL: Final = "marked as a rehearsal"
"""The event by which a record says that its times are invented as well as its subjects."""
FIRST: Final = 3
"""The mark stands among so many events at the beginning of the record; later it means nothing."""

_WRITER: Final = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
PATIENCE: Final = 20.0
"""Seconds for a turn; then the database itself is asked."""
_LOCK: Final = 7_405_926_318
"""The number of the lock that writers of the trail hold on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last event: its number, its hash and its time; 0 and zeros before the first."""

    seq: int = 0
    hash: str = ZERO
    at: datetime | None = None


def canonical(value: Any) -> str:
    """The one way to write a value as JSON: keys sorted, no spaces. Raises ValueError for numbers
    that JSON does not have."""
    return _WRITER.encode(value)


def digest(value: Any) -> str:
    """The SHA-256 of a value in its one way of writing."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def moment(at: datetime) -> str:
    """A time in the one way in which it is hashed and kept in details: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hash_of(event: AuditEvent) -> str:
    """The SHA-256 over an event and the hash of the one before it."""
    return digest(
        {
            "seq": event.seq,
            "at": moment(event.at),
            "user": event.user_id,
            "user_name": event.user_name,
            "role": event.role,
            "action": event.action,
            "site": event.site,
            "subject": event.subject,
            "place": event.place,
            "reason": event.reason,
            "details": event.details,
            "key": event.key,
            "previous": event.previous,
        }
    )


@contextmanager
def turn() -> Iterator[None]:
    """Let the writers of this process come one after the other, before a transaction begins.

    SQLite knows no queue: a writer who finds another one writing sleeps and tries again, ever
    longer, while others overtake it. Who is inside a transaction has the database already. This
    only saves waiting: what keeps two writers apart is the database.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    mine = _turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if mine:
            _turn.release()


_turn: Final = Lock()


def lock() -> None:
    """Wait until nobody else writes to the trail; held until the transaction ends.

    On SQLite a transaction has this lock from its beginning (IMMEDIATE).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the trail is written inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def head() -> Head:
    """The last event. One query."""
    last = _last.first()
    return Head(*last) if last else Head()


_last = Prepared(lambda: AuditEvent.objects.order_by("-seq").values_list("seq", "hash", "at")[:1])


def append(event: AuditEvent, before: Head) -> Head:
    """Write an event after `before`, which is the last one; the caller holds the lock."""
    event.seq, event.previous = before.seq + 1, before.hash
    event.hash = hash_of(event)
    insert([event])
    return Head(event.seq, event.hash, event.at)


def ready(present: datetime) -> tuple[Head, datetime]:
    """The event after which the next one comes, and its time; the caller holds the lock.

    Opens the record where it has no event yet. Where the clock went back an event says so first.
    Raises RuntimeError for an invented time in a record that is no rehearsal.
    """
    last = head()
    if clock.invented() is not None and last.seq >= FIRST and rehearsal() is None:
        raise RuntimeError("the time of a rehearsal has no place in another record")
    if last.at is None:
        return append(_own(OPENED, present, _study()), last), present
    if clock.went_back(last.at, present):
        told = {"last": moment(last.at), "now": moment(present)}
        return append(_own(CLOCK_WENT_BACK, present, told), last), present
    return last, max(last.at, present)


def rehearsal() -> dict[str, Any] | None:
    """What the mark of a rehearsal says; None for every other record. One query."""
    found = AuditEvent.objects.filter(seq__lte=FIRST, action=REHEARSAL).order_by("seq")
    details = found.values_list("details", flat=True).first()
    return None if details is None else json.loads(details)


def clock_is_doubtful() -> bool:
    """Whether the clock went back and nobody has looked at it since. One query."""
    found = AuditEvent.objects.filter(action__in=(CLOCK_WENT_BACK, CLOCK_ACKNOWLEDGED))
    last = found.order_by("-seq").values_list("action", flat=True).first()
    return last == CLOCK_WENT_BACK


def study_of_record() -> dict[str, Any] | None:
    """The study under which the record is kept, as its last event about it says."""
    found = AuditEvent.objects.filter(action__in=(OPENED, STUDY_CHANGED)).order_by("-seq").first()
    return None if found is None else json.loads(found.details)


def note_study() -> bool:
    """Record that the files of the study are not those of before; whether that is so. To be called
    when the application starts, in a transaction; opens the record where it is empty."""
    lock()
    before, at = ready(clock.now())
    if study_of_record() == _study():
        return False
    append(_own(STUDY_CHANGED, at, _study()), before)
    return True


def _study() -> dict[str, Any]:
    study = planned()
    return {
        "rows": [],
        "study": study.protocol.study.id,
        "version": study.version.id,
        "digest": study.digest,
        "pilotage": __version__,
    }


def _own(action: str, at: datetime, details: dict[str, Any]) -> AuditEvent:
    """An event of the system itself."""
    return AuditEvent(
        at=at,
        user_name="pilotage",
        role="system",
        action=action,
        details=canonical({"rows": [], **details}),
    )
