"""The record as filled forms: as it stands, or as it stood after an event."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet

from pilotage.capture.models import AuditEvent, Contact, Entry, ItemVersion, Subject
from pilotage.capture.rows import table_of
from pilotage.forms.answer import Answer, Missing
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject


@dataclass(frozen=True, slots=True)
class Recorded:
    """Subjects with their contacts, and every form of theirs that has an answer."""

    subjects: tuple[FilledSubject, ...]
    forms: tuple[FilledForm, ...]


def recorded(subjects: Iterable[Subject] | None = None, *, until: int | None = None) -> Recorded:
    """What was filled in of some subjects (of all, where none are named), as of event `until` where
    one is given. Four queries, whatever the number of subjects."""
    chosen = Subject.objects.select_related("site").order_by("usubjid")
    if subjects is not None:
        chosen = chosen.filter(pk__in=[subject.pk for subject in subjects])
    contacts = Contact.objects.filter(subject__in=chosen).order_by("held_on", "order", "pk")
    entries = Entry.objects.filter(subject__in=chosen).order_by("pk")
    if until is not None:
        chosen, contacts = chosen.filter(event__lte=until), contacts.filter(event__lte=until)
        entries = entries.filter(event__lte=until)
    before = {} if until is None else _contacts_before(until)
    held: dict[int, FilledContact] = {}
    by_subject: dict[int, list[FilledContact]] = {}
    for contact in contacts:
        held[contact.pk] = _filled(contact, before.get(contact.pk, {}))
        by_subject.setdefault(contact.subject_id, []).append(held[contact.pk])
    people = list(chosen)
    return Recorded(
        tuple(
            FilledSubject(who.usubjid, who.site.code, tuple(by_subject.get(who.pk, ())))
            for who in people
        ),
        tuple(_forms(entries, {who.pk: who.usubjid for who in people}, held, until)),
    )


def _forms(
    entries: QuerySet[Entry],
    codes: Mapping[int, str],
    held: Mapping[int, FilledContact],
    until: int | None,
) -> list[FilledForm]:
    versions = ItemVersion.objects.filter(entry__in=entries.order_by())
    if until is not None:
        versions = versions.filter(event__lte=until)
    answers: dict[int, dict[str, Answer]] = {}
    numbers: dict[int, dict[str, int]] = {}
    # rows of plain values: there are thousands of them, and a page waits
    for entry, item, number, value, unit, low, high, missing, why in versions.order_by(
        "entry_id", "item", "number"
    ).values_list("entry_id", "item", "pk", "value", "unit", "low", "high", "missing", "why"):
        said = Answer(value, unit, low, high, cast(Missing, missing), why)
        answers.setdefault(entry, {})[item] = said
        numbers.setdefault(entry, {})[item] = number
    return [
        FilledForm(
            codes[entry.subject_id],
            None if entry.contact_id is None else held[entry.contact_id],
            entry.form,
            entry.repeat,
            answers[entry.pk],
            numbers[entry.pk],
            entry.pk,
        )
        for entry in entries
        if entry.pk in answers
    ]


def _filled(contact: Contact, before: Mapping[str, Any]) -> FilledContact:
    return FilledContact(
        contact.planned,
        contact.number,
        before.get("label", contact.label),
        before.get("held_on", contact.held_on),
        contact.order,
    )


def _contacts_before(until: int) -> dict[int, dict[str, Any]]:
    """What contacts said after event `until`, where a later event changed them."""
    table = table_of(Contact)
    later = AuditEvent.objects.filter(
        seq__gt=until, details__contains=f'"table":"{table}","was"'
    ).order_by("-seq")
    found: dict[int, dict[str, Any]] = {}
    for details in later.values_list("details", flat=True):
        for row in json.loads(details)["rows"]:
            if row["table"] == table and "was" in row:
                found.setdefault(row["id"], {}).update(row["was"])
    return found
