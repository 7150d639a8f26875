"""One act: whoever writes to the record does it in here, and what was written is one event."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Exists, Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotage.capture import clock, trail
from pilotage.capture.actions.refused import Locked, MissingReason, NotPermitted, Repeated
from pilotage.capture.models import AuditEvent, Site, StudyState, Subject, User
from pilotage.capture.permissions import BY_PEOPLE_ONLY, Permission, may, role_somewhere
from pilotage.capture.prepared import Prepared
from pilotage.capture.rows import Row, row_of, table_of
from pilotage.capture.written import insert, insert_columns, update

SYSTEM: Final = "system"
"""The role of what the application does by itself."""

LONGEST_KEY: Final = 64
_STUDY_LOCKED: Final = gettext_lazy("The study is locked.")

R = TypeVar("R", bound=Model)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or (`user` None) the application under a name."""

    user: User | None
    name: str = ""

    @classmethod
    def system(cls, name: str) -> "Actor":
        return cls(None, name)

    @property
    def user_name(self) -> str:
        return self.name if self.user is None else self.user.username

    @property
    def person(self) -> User:
        """The person. Raises NotPermitted where the application itself would act."""
        if self.user is None:
            raise NotPermitted(_("Only a person can do this."))
        return self.user


@dataclass(slots=True)
class Act:
    """An act under way. `earlier` is the event of the same act done before, by its key.

    `told` is what the event says besides the rows that it changed; `silent` leaves no event, for an
    act that found nothing to do.
    """

    action: str
    by: Actor
    at: datetime
    before: trail.Head
    key: str | None
    asked: str
    earlier: AuditEvent | None = None
    role: str = ""
    site: str = ""
    subject: str = ""
    place: str = ""
    reason: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    silent: bool = False
    _rows: list[Row] = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The number of the event."""
        return self.before.seq + 1

    def permit(self, permission: Permission, site: Site | None, *, somewhere: bool = False) -> None:
        """Raise NotPermitted unless a role of the person allows it; the event names the role.

        `site` None asks for a role at all sites, or (`somewhere`) for one at whatever site.
        """
        self.site = site.code if site else ""
        if self.by.user is None:
            if permission in BY_PEOPLE_ONLY:
                raise NotPermitted(_("Only a person can do this."))
            self.role = SYSTEM
            return
        user = self.by.user
        role = role_somewhere(user, permission) if somewhere else may(user, permission, site)
        if role is None:
            words = _("%(name)s has no role that allows it here: %(permission)s")
            said = permission.replace("_", " ")
            raise NotPermitted(words % {"name": self.by.user_name, "permission": said})
        self.role = role

    def concern(self, subject: Subject, permission: Permission, *, locked: bool = False) -> Subject:
        """The subject as it stands now, for somebody who may do this at its site.

        Raises Locked under a lock of the subject or the study, unless `locked` allows for it.
        """
        found = _subjects(subject.pk)[0]
        self.permit(permission, found.site)
        self.subject = found.usubjid
        if not locked:
            if found.locked:
                raise Locked(_("Subject %(subject)s is locked.") % {"subject": found.usubjid})
            if found.frozen:
                raise Locked(_STUDY_LOCKED)
        return found

    def because(self, reason: str, *, of: str) -> None:
        """Raise MissingReason where none is given; the event keeps it."""
        self.reason = reason.strip()
        if not self.reason:
            raise MissingReason(_("A reason is needed: %(what)s") % {"what": of})

    def add(self, row: R) -> R:
        """Write a new row."""
        return self.add_all([row])[0]

    def add_all(self, rows: Sequence[R]) -> Sequence[R]:
        """Write new rows of one table."""
        if not rows:
            return rows
        made_by_event = "event_id" in rows[0].__dict__
        for row in rows:
            if made_by_event:
                row.__dict__["event_id"] = self.seq
        insert(rows)
        self._rows += [{"table": table_of(row), "id": row.pk, "is": row_of(row)} for row in rows]
        return rows

    def add_columns(self, model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
        """Write new rows of a table, each by its columns; `event_id` is put in."""
        for row in rows:
            row["event_id"] = self.seq
        table = table_of(model)
        for number, row in zip(insert_columns(model, rows), rows, strict=True):
            self._rows.append({"table": table, "id": number, "is": row})

    def change(self, row: R, **values: Any) -> R:
        """Change columns of a row; those that hold the value already are left alone."""
        was = row_of(row)
        for name, value in values.items():
            setattr(row, name, value)
        now = row_of(row)
        changed = [column for column in now if now[column] != was[column]]
        if changed:
            update(row, changed)
            self._rows.append(
                {
                    "table": table_of(row),
                    "id": row.pk,
                    "was": {column: was[column] for column in changed},
                    "is": {column: now[column] for column in changed},
                }
            )
        return row

    def write(self) -> AuditEvent:
        """The event of the act."""
        event = AuditEvent(
            at=self.at,
            user=self.by.user,
            user_name=self.by.user_name,
            role=self.role,
            action=self.action,
            site=self.site,
            subject=self.subject,
            place=self.place,
            reason=self.reason,
            details=trail.canonical({**self.told, "rows": self._rows, "asked": self.asked}),
            key=self.key,
        )
        trail.append(event, self.before)
        return event


@contextmanager
def acting(action: str, *, by: Actor, key: str | None, asked: Mapping[str, Any]) -> Iterator[Act]:
    """Do one act in one transaction, alone with the trail; at its end its event is written.

    `asked` is all that was asked for: the same key with anything else raises Repeated.
    """
    wanted = trail.digest({"action": action, "by": by.user_name, **asked})
    with trail.turn(), transaction.atomic():
        trail.lock()
        earlier = _earlier(key, wanted)
        if earlier is not None:
            before = trail.Head(earlier.seq - 1, earlier.previous)
            yield Act(action, by, earlier.at, before, key, wanted, earlier)
            return
        before, at = trail.ready(clock.now())
        act = Act(action, by, at, before, key, wanted)
        yield act
        if not act.silent:
            act.write()


def _earlier(key: str | None, wanted: str) -> AuditEvent | None:
    """The event that this key has already."""
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY:
        raise Repeated(
            _("The key of a write has 1 to %(most)s characters.") % {"most": LONGEST_KEY}
        )
    found = _events.first(key)
    if found is not None and f'"asked":"{wanted}"' not in found.details:
        raise Repeated(_("This page was sent before with other content; load it again."))
    return found


_events = Prepared(lambda key: AuditEvent.objects.filter(key=key))
_subjects = Prepared(
    lambda pk: (
        Subject.objects.select_related("site")
        .annotate(frozen=Exists(StudyState.objects.filter(state="locked")))
        .filter(pk=pk)
    )
)


def refuse_when_study_locked() -> None:
    """Raise Locked while the study is locked. One query."""
    if StudyState.objects.filter(state="locked").exists():
        raise Locked(_STUDY_LOCKED)


def rows_written(event: AuditEvent, model: type[Model]) -> list[Any]:
    """The keys of the rows of a table that an event added, in their order."""
    rows = json.loads(event.details)["rows"]
    return [r["id"] for r in rows if r["table"] == table_of(model) and "was" not in r]
