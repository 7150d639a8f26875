"""Checkpoints: the hash of an event that leaves the server, as a file or on a signed page.

Whoever has the whole database can write the whole trail anew. What was carried away before does not
change with it.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from pilotage.capture import trail
from pilotage.capture.actions.acting import Actor, acting, rows_written
from pilotage.capture.actions.refused import Refused
from pilotage.capture.models import AuditEvent, Checkpoint

KIND: Final = "pilotage checkpoint 1"
LARGEST: Final = 10_000
"""Bytes. A checkpoint has about 300."""


@dataclass(frozen=True, slots=True)
class Left:
    """A checkpoint: event `seq` of the record that begins with the hash `record` has this hash."""

    study: str
    record: str
    seq: int
    at: str
    hash: str

    @property
    def line(self) -> str:
        """What is printed on a signed page."""
        return f"audit trail: event {self.seq} of {self.at}, SHA-256 {self.hash}"

    def text(self) -> str:
        """What stands in a file."""
        return json.dumps({"kind": KIND, **asdict(self)}, indent=2) + "\n"


def leave_checkpoint(*, left_as: str, by: Actor, key: str | None = None) -> Left:
    """Take the hash of the last event out of the server; that it left is an event of its own.

    `left_as` says how: `file …`, `signed page …`.
    """
    if not 0 < len(left_as) <= 200:
        raise Refused(_("Say in at most 200 characters how the checkpoint leaves."))
    with acting("checkpoint left", by=by, key=key, asked={"left_as": left_as}) as act:
        if act.earlier is not None:
            (pk,) = rows_written(act.earlier, Checkpoint)
            return _left(AuditEvent.objects.get(seq=Checkpoint.objects.get(pk=pk).seq))
        act.permit("leave_checkpoint", None, somewhere=True)
        last = AuditEvent.objects.get(seq=act.before.seq)
        act.place = left_as
        act.add(Checkpoint(seq=last.seq, hash=last.hash, at=act.at, left_as=left_as))
        return _left(last)


def read_checkpoint(content: bytes) -> Left:
    """The checkpoint of a file. Raises ValueError for anything that is not exactly one."""
    if len(content) > LARGEST:
        raise ValueError("is too large for a checkpoint")
    try:
        found = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise ValueError("is not a checkpoint: it is no JSON document") from None
    names = ("kind", "study", "record", "seq", "at", "hash")
    if not isinstance(found, dict) or set(found) != set(names) or found["kind"] != KIND:
        raise ValueError(f"is not a checkpoint: it needs exactly {', '.join(names)}")
    good = (
        isinstance(found["study"], str)
        and type(found["seq"]) is int
        and 0 < found["seq"] < 2**63
        and all(_matches(r"[0-9a-f]{64}", found[name]) for name in ("record", "hash"))
        and _matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", found["at"])
    )
    if not good:
        raise ValueError("is not a checkpoint: one of its values cannot be")
    return Left(**{name: found[name] for name in names[1:]})


def _left(event: AuditEvent) -> Left:
    first = AuditEvent.objects.get(seq=1)
    study = json.loads(first.details)["study"]
    return Left(study, first.hash, event.seq, trail.moment(event.at), event.hash)


def _matches(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names stand in it once each."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands in it twice")
    return found
