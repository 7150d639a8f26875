"""Whether the record is what the audit trail says, and the trail what it was."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from pilotage.capture import trail
from pilotage.capture.checkpoints import Left
from pilotage.capture.content import holds
from pilotage.capture.cuts import SNAPSHOT, digest_of
from pilotage.capture.models import (
    AuditEvent,
    Checkpoint,
    DataCut,
    Signature,
    StoredFile,
    User,
)
from pilotage.capture.replay import Fault, Replay, differences
from pilotage.capture.triggers import missing_triggers, strange_triggers
from pilotage.snapshot.manifest import MANIFEST

MOST = 200
"""So many faults are told one by one."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `proven` says up to where a checkpoint from outside speaks for the trail
    (0: there was none), `open` what nobody can prove from here."""

    events: int
    last: str
    faults: tuple[Fault, ...]
    proven: int
    open: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def verify(checkpoints: Sequence[Left] = ()) -> Verified:
    """Look at every event, every row and every signature. Reads only, as of one moment.

    Never raises for what it finds: what cannot be read is a fault.
    """
    with _one_moment():
        chain = _Chain(checkpoints)
        faults = [
            *_told("the trail", chain.faults()),
            *_told("the tables", _of_tables(chain.replay)),
            *_told("the signatures", _of_signatures()),
            *_told("the files", _of_files()),
            *_told("the data cuts", _of_cuts()),
            *_told("the checkpoints", _of_checkpoints(chain, checkpoints)),
            *_told("the database", _of_database()),
        ]
    proven = max((left.seq for left in checkpoints if not faults), default=0)
    said = _open(chain, proven, given=bool(checkpoints))
    return Verified(chain.seq, chain.last, tuple(faults), proven, said)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read the database as of one moment, while others go on writing."""
    begin = "BEGIN"
    if connection.vendor == "postgresql":
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    # by hand: a transaction of Django's would keep every writer of SQLite waiting
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


class _Chain:
    """The trail, event by event. `hashes` are those of the first event and of checkpoints."""

    def __init__(self, checkpoints: Sequence[Left] = ()) -> None:
        self.asked_for = {1, *(left.seq for left in checkpoints)}
        self.replay = Replay()
        self.seq = 0
        self.hash = trail.ZERO
        self.at: datetime | None = None
        self.hashes: dict[int, tuple[str, str]] = {}

    @property
    def last(self) -> str:
        return trail.moment(self.at) if self.at else ""

    def faults(self) -> Iterator[Fault]:
        self.asked_for |= set(Checkpoint.objects.values_list("seq", flat=True))
        names = dict(User.objects.values_list("pk", "username"))
        for event in AuditEvent.objects.order_by("seq").iterator(2000):
            where = f"event {event.seq}"
            yield from self._place(event, where)
            yield from self._words(event, where)
            if event.user_id is not None and names.get(event.user_id) != event.user_name:
                yield Fault(where, "the account that it names has another name")
            self.seq, self.hash, self.at = event.seq, event.hash, event.at
            if event.seq in self.asked_for:
                self.hashes[event.seq] = event.hash, trail.moment(event.at)
            self.replay.follow(event)
        if not self.seq:
            yield Fault("the trail", "it has no event")

    def _place(self, event: AuditEvent, where: str) -> Iterator[Fault]:
        if event.seq != self.seq + 1:
            first, last = self.seq + 1, event.seq - 1
            missing = f"event {first} is" if first == last else f"events {first} to {last} are"
            yield Fault(where, f"{missing} missing before it")
        if event.previous != self.hash:
            yield Fault(where, "it does not follow upon the event before it")
        if event.hash != trail.hash_of(event):
            yield Fault(where, "it was changed: its hash is not that of its content")
        if (event.action == trail.OPENED) != (event.seq == 1):
            yield Fault(where, "a record is opened once, by its first event")
        back = self.at is not None and event.at < self.at
        if back and event.action != trail.CLOCK_WENT_BACK:
            yield Fault(where, "its time lies before that of the event before it")

    def _words(self, event: AuditEvent, where: str) -> Iterator[Fault]:
        try:
            same = trail.canonical(json.loads(event.details)) == event.details
        except (ValueError, RecursionError):
            same = False
        if not same:
            yield Fault(where, "its details are not written as the application writes them")


def _of_tables(replay: Replay) -> Iterator[Fault]:
    yield from replay.faults
    yield from differences(replay.tables)


def _of_signatures() -> Iterator[Fault]:
    signatures = Signature.objects.filter(voided_by=None)
    for signature in signatures.select_related(
        "subject", "entry__subject", "entry__contact"
    ).iterator(500):
        if not holds(signature):
            words = "what it is bound to is not what stands there"
            yield Fault(f"signature {signature.pk} of {signature.printed_name}", words)


def _of_files() -> Iterator[Fault]:
    for file in StoredFile.objects.iterator(20):
        if hashlib.sha256(bytes(file.content)).hexdigest() != file.sha256:
            yield Fault(f"file {file.sha256[:12]}…", "its content was changed")


def _of_cuts() -> Iterator[Fault]:
    """Whether the files of every data cut are those that were written."""
    for cut in DataCut.objects.order_by("pk"):
        where = f"data cut {cut.name}"
        folder = Path(settings.DATA) / cut.folder / SNAPSHOT
        try:
            if digest_of(folder) != cut.digest:
                yield Fault(where, "its manifest is not the one that was written")
                continue
            manifest = json.loads((folder / MANIFEST).read_bytes())["files"]
        except FileNotFoundError:
            yield Fault(where, "its files are gone")
            continue
        present = {path.name for path in folder.iterdir()} - {MANIFEST}
        for name in sorted(present ^ manifest.keys()):
            yield Fault(where, f"{name} was {'added' if name in present else 'taken away'}")
        for name in sorted(present & manifest.keys()):
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != manifest[name]["sha256"]:
                yield Fault(where, f"{name} was changed")


def _of_checkpoints(chain: _Chain, checkpoints: Sequence[Left]) -> Iterator[Fault]:
    for row in Checkpoint.objects.iterator(2000):
        if chain.hashes.get(row.seq, ("", ""))[0] != row.hash:
            yield Fault(f"event {row.seq}", "its hash is not the one that left the server")
    for left in checkpoints:
        where = f"checkpoint of event {left.seq}"
        if chain.hashes.get(1, ("", ""))[0] != left.record:
            words = "it is of another record, or the trail was written anew from its first event"
            yield Fault(where, words)
        elif left.seq > chain.seq:
            yield Fault(where, f"the trail ends at event {chain.seq}: its end was cut off")
        elif chain.hashes.get(left.seq) != (left.hash, left.at):
            yield Fault(where, "the trail has another event there: it was written anew")


def _of_database() -> Iterator[Fault]:
    for name in missing_triggers(connection):
        yield Fault(f"trigger {name}", "it is missing, switched off, or not as it was made")
    for name in strange_triggers(connection):
        yield Fault(f"trigger {name}", "Pilotage did not make it: it may change what is written")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(20)")
            said = [str(row[0]) for row in cursor.fetchall()]
        yield from (Fault("the database file", words) for words in said if words != "ok")


def _told(what: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    """The faults; and what could not be looked at to its end, which is never taken for sound."""
    try:
        yield from faults
    except Exception as problem:
        # whatever somebody put there in place of a value may break any library on the way
        kind = type(problem).__name__
        yield Fault(what, f"it cannot be read to its end ({kind}: {problem})")


def _open(chain: _Chain, proven: int, *, given: bool) -> tuple[str, ...]:
    """What this look cannot prove."""
    after = [
        "That what was entered is true: the trail shows who wrote what and when, not whether it was"
        " so.",
        "That the application wrote every event: whoever can write to the database can add one at"
        " the end that looks like any other, together with its rows.",
        "What happened beside the record: who looked at the screen, who knows a password.",
        "That nobody else can sign in: second factors, sessions and the tokens of programs are kept"
        " beside the record, and whoever can write to the database can change them.",
        "That a report or an export is the one that was built: only the files of data cuts are"
        " looked at.",
    ]
    if not proven and given:
        words = "Anything about the trail beyond the faults above: a checkpoint proves a sound one."
        return (words, *after)
    if not proven:
        words = (
            "That the trail is the one that was written: without a checkpoint from outside, its end"
            " may have been cut off, the whole of it written anew, or an older copy put in its"
            " place. Give --checkpoint FILE with a file that left the server."
        )
        return (words, *after)
    if proven < chain.seq:
        words = (
            f"That events {proven + 1} to {chain.seq} are all that were written after the"
            f" checkpoint: what came after event {proven} may have been cut off or written anew."
        )
    else:
        words = f"That nothing was written after event {proven} and cut off again."
    return (words, *after)
