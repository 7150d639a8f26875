"""The record of a rehearsal: how it says that it is one, and the time that it goes by.

While entries are played, the time is that of the lines. Afterwards it goes on from the last day of
the rehearsal as fast as that of the server: how far it is ahead stands in the last event of the
playing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from json import loads
from typing import Any, Final

from django.db import transaction

from pilotage.capture import clock, trail
from pilotage.capture.actions.acting import Actor, acting
from pilotage.capture.first_start import has_record, is_demonstration, open_record
from pilotage.capture.models import AuditEvent
from pilotage.capture.playing.reading import Entries

PLAYED: Final = "rehearsal played"
SYSTEM: Final = Actor.system("rehearsal")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the record says: the SHA-256 of its entries and their last day; `ahead` of the server's
    clock once they were played to their end."""

    entries: str
    until: date
    ahead: timedelta | None


def present_rehearsal() -> Rehearsal | None:
    """The rehearsal of the open record; None where it is none, or where there is no record yet."""
    said = trail.rehearsal() if has_record() else None
    if said is None or not is_demonstration():
        return None
    last = AuditEvent.objects.filter(action=PLAYED).order_by("seq").last()
    ahead = None if last is None else timedelta(seconds=loads(last.details)["ahead_seconds"])
    return Rehearsal(said["entries"], date.fromisoformat(said["until"]), ahead)


def time_of_record() -> clock.Invented | None:
    """The time that the open record goes by; None for that of the server."""
    found = present_rehearsal()
    if found is None:
        return None
    if found.ahead is None:
        return _still(_last_moment())
    ahead = found.ahead
    return clock.Invented(lambda: clock.system_time() + ahead, found.until)


def stand_at(moment: datetime) -> None:
    """Let the time stand still, until it is told anew."""
    clock.follow(_still(moment))


def _still(moment: datetime) -> clock.Invented:
    return clock.Invented(lambda: moment)


def _last_moment() -> datetime:
    at = trail.head().at
    assert at is not None  # the record is marked
    return at


@transaction.atomic
def open_rehearsal(entries: Entries) -> None:
    """Open a record as the rehearsal of these entries, at the time of the first; one that was
    opened before (`against` says whether it may) goes on at its own time."""
    if has_record():
        clock.follow(time_of_record())
        open_record(demonstration=True)
        return
    stand_at(min((act.at for act in entries.acts), default=_morning(entries)))
    open_record(demonstration=True)
    asked = {"entries": entries.digest, "until": entries.last_day.isoformat()}
    with acting(trail.REHEARSAL, by=SYSTEM, key=f"{entries.mark}mark", asked=asked) as act:
        act.told = dict(asked)


def _morning(entries: Entries) -> datetime:
    """The last day, from its first moment on."""
    return datetime.combine(entries.last_day, time(), UTC)


def finish(entries: Entries, told: Mapping[str, Any]) -> None:
    """Say that all was played, and let the time go on from the last day."""
    stand_at(max(_last_moment(), _morning(entries)))
    ahead = (clock.now() - clock.system_time()).total_seconds()
    with acting(PLAYED, by=SYSTEM, key=f"{entries.mark}played", asked={}) as act:
        act.told = {**told, "ahead_seconds": ahead}
    clock.follow(time_of_record())


def against(entries: Entries | None) -> list[str]:
    """What stands against playing entries (None: none are to be played) into the record that is
    open; nothing where there is none yet."""
    if not has_record():
        return []
    found = present_rehearsal()
    if entries is None:
        unfinished = found is not None and found.ahead is None
        words = "the rehearsal was not played to its end; go on with --load and the same file"
        return [words] if unfinished else []
    if found is None:
        return ["the record is no rehearsal; --load needs a data directory of its own"]
    if found.entries != entries.digest:
        return [
            f"the record is the rehearsal of another file (SHA-256 {found.entries[:12]}, not "
            f"{entries.digest[:12]}); --load needs a data directory of its own"
        ]
    return []
