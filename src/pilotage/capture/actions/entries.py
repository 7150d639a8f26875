"""Saving a form: only what differs becomes a version, and every version has its event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import Act, Actor, acting
from pilotage.capture.actions.asking import QueriesChanged, ask
from pilotage.capture.actions.looking import Looked, look_at
from pilotage.capture.actions.refused import Locked, Overtaken, Refused
from pilotage.capture.actions.signatures import void_signatures
from pilotage.capture.content import answer_of, as_columns, last_versions
from pilotage.capture.models import AuditEvent, Contact, Entry, ItemVersion, Query, Subject
from pilotage.capture.planned import planned, version_on_day
from pilotage.capture.prepared import Prepared
from pilotage.capture.states import ENTRY, after
from pilotage.forms.answer import MISSING, Answer

OPEN: Final = Answer()

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save wrote: the items that changed, the queries that edit checks opened and closed.

    `event` is None where nothing differed. `voided` are the names under the signatures that the
    change took away.
    """

    entry: Entry | None
    event: AuditEvent | None
    changed: tuple[str, ...] = ()
    queries_opened: tuple[Query, ...] = ()
    queries_closed: tuple[Query, ...] = ()
    voided: tuple[str, ...] = ()


def save_entry(
    subject: Subject,
    *,
    contact: Contact | None,
    form: str,
    repeat: int = 1,
    answers: Answers,
    by: Actor,
    reason: str = "",
    revision: int | None,
    key: str | None = None,
) -> Saved:
    """Write down the answers of one form.

    `revision` is that of the entry from which the page was made, None where there was no entry.
    Items that `answers` does not name stay as they are; an open answer takes a value back. What was
    answered before changes for a reason only.

    Raises Overtaken where somebody saved since, with both versions; Locked, MissingReason,
    NotPermitted. A rule of the protocol never refuses a save: edit checks ask.
    """
    asked = {
        "subject": subject.usubjid,
        "contact": contact.pk if contact else None,
        "form": form,
        "repeat": repeat,
        "answers": {item: as_columns(answer) for item, answer in answers.items()},
        "reason": reason,
        "revision": revision,
    }
    with acting("entry saved", by=by, key=key, asked=asked) as act:
        if act.earlier is not None:
            return _saved_before(act.earlier)
        found = act.concern(subject, "save_entry")
        _refuse_form(found, contact, form, repeat, answers)
        act.place = _place(form, repeat, contact)
        saving = _Saving(act, found, contact, form, repeat)
        return saving.save(answers, reason, revision)


class _Saving:
    """One save under way."""

    def __init__(
        self, act: Act, subject: Subject, contact: Contact | None, form: str, repeat: int
    ) -> None:
        self.act, self.subject, self.contact, self.form = act, subject, contact, form
        self.entry = entry_at(subject, contact, form, repeat)
        self.new = Entry(
            subject=subject,
            contact=contact,
            form=form,
            repeat=repeat,
            revision=act.seq,
            protocol_version=version_of(contact),
        )
        self.before: dict[str, ItemVersion] = {}
        if self.entry is not None:
            self.before = last_versions([self.entry.pk]).get(self.entry.pk, {})
        self.present = {item: answer_of(version) for item, version in self.before.items()}

    def save(self, answers: Answers, reason: str, revision: int | None) -> Saved:
        if self.entry is not None and self.entry.locked:
            raise Locked(_("This entry is locked: %(place)s") % {"place": self.act.place})
        changed = {
            item: answer
            for item, answer in answers.items()
            if answer != self.present.get(item, OPEN)
        }
        if not changed:
            # also where somebody else saved in between: both wrote the same
            self.act.silent = True
            return Saved(self.entry, None)
        if revision != (self.entry.revision if self.entry else None):
            raise _overtaken(self.present, changed)
        corrected = [item for item in changed if not self.present.get(item, OPEN).is_open]
        self.act.reason = reason.strip()
        if corrected:
            self.act.because(reason, of=_("to change %(items)s") % {"items": ", ".join(corrected)})
        return self._write(changed, corrected)

    def _write(self, changed: Answers, corrected: list[str]) -> Saved:
        answers = {**self.present, **changed}
        looked = look_at(self.subject, self.contact, self.form, answers, self.entry)
        entry = self._entry(looked)
        oldest = min((self.before[item].event_id for item in corrected), default=None)
        voided: tuple[str, ...] = ()
        if self.entry is not None or self.subject.state == "eligible":
            voided = void_signatures(self.act, self.subject, [entry], corrected=oldest)
        versions = [self._version(entry, item, answer) for item, answer in changed.items()]
        self.act.add_columns(ItemVersion, versions)
        queries = ask(self.act, self.subject, entry, looked, new=self.entry is None)
        self.act.told |= _told(entry, changed, self.present, voided, queries)
        return Saved(
            entry,
            AuditEvent(seq=self.act.seq, at=self.act.at, action=self.act.action),
            tuple(changed),
            queries.opened,
            queries.closed,
            voided,
        )

    def _entry(self, looked: Looked) -> Entry:
        """The entry in the state in which this save leaves it."""
        step = "save with open items" if looked.open_items else "save complete"
        state = after(ENTRY, self.entry.state if self.entry else "", step)
        assert state is not None  # a save is possible in every state
        if self.entry is None:
            self.new.state = state
            return self.act.add(self.new)
        return self.act.change(self.entry, state=state, revision=self.act.seq)

    def _version(self, entry: Entry, item: str, answer: Answer) -> dict[str, Any]:
        """The columns of the next version of an item."""
        number = self.before[item].number + 1 if item in self.before else 1
        return {"entry_id": entry.pk, "item": item, "number": number, **as_columns(answer)}


def entry_at(subject: Subject, contact: Contact | None, form: str, repeat: int) -> Entry | None:
    """The entry of a form at a contact, or a page of a log, where it was begun."""
    if contact is None:
        return _in_log.first(subject.pk, form, repeat)
    return _at_contact.first(subject.pk, contact.pk, form, repeat)


_in_log = Prepared(
    lambda subject, form, repeat: Entry.objects.filter(
        subject=subject, contact=None, form=form, repeat=repeat
    )
)
_at_contact = Prepared(
    lambda subject, contact, form, repeat: Entry.objects.filter(
        subject=subject, contact=contact, form=form, repeat=repeat
    )
)


def version_of(contact: Contact | None) -> str:
    """The protocol version in force on the day of a contact; the present one where the day is not
    known to the day, before the first version, and for a log."""
    return version_on_day(contact.held_on if contact else "")


def _overtaken(present: Answers, changed: Answers) -> Overtaken:
    theirs = {item: present.get(item, OPEN) for item in changed}
    return Overtaken(
        _("Somebody else saved this form since you opened it. Nothing of yours was written."),
        theirs=theirs,
        ours=changed,
    )


def _told(
    entry: Entry,
    changed: Answers,
    before: Answers,
    voided: tuple[str, ...],
    queries: QueriesChanged,
) -> dict[str, Any]:
    """What the event says besides its rows: the answers of before, and what the save brought."""
    return {
        "entry": entry.pk,
        "before": {item: as_columns(before[item]) for item in changed if item in before},
        "changed": list(changed),
        "queries_opened": [query.pk for query in queries.opened],
        "queries_closed": [query.pk for query in queries.closed],
        "voided": list(voided),
    }


def _saved_before(event: AuditEvent) -> Saved:
    """The answer that the same save gave."""
    told = json.loads(event.details)
    queries = Query.objects.in_bulk([*told["queries_opened"], *told["queries_closed"]])
    return Saved(
        Entry.objects.get(pk=told["entry"]),
        event,
        tuple(told["changed"]),
        tuple(queries[key] for key in told["queries_opened"]),
        tuple(queries[key] for key in told["queries_closed"]),
        tuple(told["voided"]),
    )


def _place(form: str, repeat: int, contact: Contact | None) -> str:
    numbered = form if repeat == 1 else f"{form} {repeat}"
    return f"{contact.label}: {numbered}" if contact else numbered


def _refuse_form(
    subject: Subject, contact: Contact | None, form: str, repeat: int, answers: Answers
) -> None:
    """Raise Refused for what no page of the application asks."""
    if form not in planned().protocol.forms:
        raise Refused(_("The study has no form %(form)s.") % {"form": form})
    if contact is not None and contact.subject_id != subject.pk:
        raise Refused(_("This contact is another subject's."))
    if repeat < 1:
        raise Refused(_("Pages of a form are counted from 1."))
    for item, answer in answers.items():
        if not 0 < len(item) <= 60:
            raise Refused(_("An item has a name of 1 to 60 characters."))
        if answer.missing and (answer.value or answer.missing not in MISSING):
            words = _("%(item)s: a value, or one of %(words)s.")
            raise Refused(words % {"item": item, "words": ", ".join(MISSING)})
