"""Taking in the rows of a file: all of them or none, each through the action that saves a form."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pilotage.capture.actions.acting import SYSTEM, Actor, acting
from pilotage.capture.actions.entries import Saved, save_entry
from pilotage.capture.actions.refused import NotPermitted, Refused
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.content import answers_of
from pilotage.capture.imports import ImportedRow
from pilotage.capture.models import AuditEvent, Contact, Entry, Subject
from pilotage.capture.permissions import may, may_somewhere, sites_of
from pilotage.capture.planned import planned
from pilotage.findings import Finding, InputErrors, error
from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledContact
from pilotage.forms.planned import plan_of
from pilotage.study.names import did_you_mean

SHOWN = 5
"""So many differing items of a line are named."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows: entries written, and rows that the record held already; the lines
    of the file that each event brought."""

    file: str
    saved: tuple[Saved, ...] = ()
    unchanged: int = 0
    lines: tuple[tuple[int, ...], ...] = ()


def import_rows(
    rows: Sequence[ImportedRow],
    *,
    file: str,
    content: bytes,
    by: Actor,
    reason: str = "",
    open_contacts: bool = False,
    key: str | None = None,
) -> Report:
    """Write the rows of a file that was read into the record.

    A row belongs to the contact of its subject on its day; where there is none it is refused, or
    with `open_contacts` an unscheduled one is opened. A page of a log is a new one, unless the
    record holds it already. A value that stands there and differs is refused without a `reason`.

    Raises InputErrors with every row that cannot be taken, having written nothing; Refused where
    the same file came under the same key.
    """
    if key is not None and AuditEvent.objects.filter(key=key).exists():
        raise Refused(_("This file was imported already."))
    if not rows:
        raise Refused(_("The file has no rows."))
    taking = _Taking(file, by, reason, open_contacts)
    with transaction.atomic():
        for row in rows:
            taking.row(row)
        if taking.mistakes:
            raise InputErrors(taking.mistakes)
        _note(taking, content, key)
    return Report(file, tuple(taking.saved), taking.unchanged, tuple(taking.lines))


def _note(taking: "_Taking", content: bytes, key: str | None) -> None:
    """One event names the file, with its SHA-256, and the events that it brought."""
    events = [saved.event.seq for saved in taking.saved if saved.event is not None]
    told = {
        "file": taking.file,
        "sha256": hashlib.sha256(content).hexdigest(),
        "events": [min(events), max(events)] if events else [],
        "entries": len(taking.saved),
        "unchanged": taking.unchanged,
    }
    with acting("rows imported", by=taking.by, key=key, asked=told) as act:
        act.role, act.site = taking.role or SYSTEM, taking.site()
        act.place, act.reason, act.told = taking.file, taking.reason.strip(), told


@dataclass(slots=True)
class _Taking:
    """The rows that are being taken, and what stands against them."""

    file: str
    by: Actor
    reason: str
    open_contacts: bool
    saved: list[Saved] = field(default_factory=list)
    lines: list[tuple[int, ...]] = field(default_factory=list)
    unchanged: int = 0
    mistakes: list[Finding] = field(default_factory=list)
    role: str = ""
    known: dict[str, Subject | None] = field(default_factory=dict)

    def site(self) -> str:
        """The code of the site, where all rows belong to one."""
        codes = {subject.site.code for subject in self.known.values() if subject is not None}
        return codes.pop() if len(codes) == 1 else ""

    def wrong(self, row: ImportedRow, words: str) -> None:
        self.mistakes.append(error(f"{self.file}:{row.lines[0]}", words))

    def row(self, row: ImportedRow) -> None:
        subject = self._subject(row)
        if subject is None:
            return
        repeating = planned().protocol.forms[row.form].repeating
        contact = None if repeating else self._contact(row, subject)
        if contact is None and not repeating:
            return
        entry = self._page(row, subject) if repeating else self._entry(row, subject, contact)
        present = answers_of(entry) if entry else {}
        if all(present.get(item) == answer for item, answer in row.answers.items()):
            self.unchanged += 1
        elif self._may_change(row, present):
            self._save(row, subject, contact, entry)

    def _subject(self, row: ImportedRow) -> Subject | None:
        if row.subject not in self.known:
            seen = self._subjects()
            found = seen.select_related("site").filter(usubjid=row.subject).first()
            self.known[row.subject] = found
            if found is None:
                hint = did_you_mean(row.subject, list(seen.values_list("usubjid", flat=True)))
                self.wrong(row, f"there is no subject '{row.subject}'{hint}")
            elif self.by.user is not None:
                self.role = may(self.by.user, "import_rows", found.site) or ""
        return self.known[row.subject]

    def _subjects(self) -> QuerySet[Subject]:
        """The subjects of whose sites rows may be taken in. That there is one of another site is
        told to nobody, neither by a refusal nor by a hint."""
        if self.by.user is None:
            return Subject.objects.all()
        if not may_somewhere(self.by.user, "import_rows"):
            words = _("%(name)s has no role that allows it here: %(permission)s")
            told = {"name": self.by.user_name, "permission": "import rows"}
            raise NotPermitted(words % told)
        return Subject.objects.filter(site__in=sites_of(self.by.user, "import_rows"))

    def _contact(self, row: ImportedRow, subject: Subject) -> Contact | None:
        """The contact of the day: the one whose plan has the form, where there are several."""
        on_day = list(Contact.objects.filter(subject=subject, held_on=row.day).order_by("order"))
        if not on_day and self.open_contacts:
            return self._opened(row, subject)
        plan = plan_of(planned())
        planning = [
            c for c in on_day
            if row.form in plan.forms(FilledContact(c.planned, c.number, c.label, c.held_on))
        ]  # fmt: skip
        fitting = planning if len(on_day) > 1 else on_day
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            labels = ", ".join(contact.label for contact in fitting)
            self.wrong(row, f"{row.subject} has several contacts on {row.day}: {labels}")
        else:
            self.wrong(row, f"{row.subject} has no contact on {row.day} that fills {row.form}")
        return None

    def _opened(self, row: ImportedRow, subject: Subject) -> Contact:
        unscheduled = planned().protocol.schedule.unscheduled
        label = planned().text(unscheduled.label) if unscheduled else "Unscheduled"
        return open_contact(subject, by=self.by, label=label, held_on=row.day)

    def _entry(self, row: ImportedRow, subject: Subject, contact: Contact | None) -> Entry | None:
        pages = Entry.objects.filter(subject=subject, contact=contact, form=row.form)
        return pages.filter(repeat=1).first()

    def _page(self, row: ImportedRow, subject: Subject) -> Entry | None:
        """The page of a log that says the same; None for a new one."""
        pages = Entry.objects.filter(subject=subject, contact=None, form=row.form)
        said = (page for page in pages if answers_of(page) == dict(row.answers))
        return next(said, None)

    def _may_change(self, row: ImportedRow, present: dict[str, Answer]) -> bool:
        differing = [
            f"{item} is {there.value or there.missing} in the record, {answer.value} in the file"
            for item, answer in row.answers.items()
            if not (there := present.get(item, Answer())).is_open and there != answer
        ]
        if not differing or self.reason.strip():
            return True
        said = "; ".join(differing[:SHOWN])
        self.wrong(row, f"{row.subject}, {row.form} of {row.day}: {said}; a change needs a reason")
        return False

    def _save(
        self, row: ImportedRow, subject: Subject, contact: Contact | None, entry: Entry | None
    ) -> None:
        repeat = 1
        if contact is None:
            pages = Entry.objects.filter(subject=subject, contact=None, form=row.form)
            repeat = max(pages.values_list("repeat", flat=True), default=0) + 1
        try:
            saved = save_entry(
                subject,
                contact=contact,
                form=row.form,
                repeat=repeat,
                answers=row.answers,
                by=self.by,
                reason=self.reason,
                revision=entry.revision if entry else None,
            )
        except Refused as refused:
            self.wrong(row, f"{row.subject}: {refused}")
            return
        self.saved.append(saved)
        self.lines.append(row.lines)
