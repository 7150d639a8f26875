"""A visit: its forms with their state and what is open; and the pages of a log."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from pilotage.capture.entry_forms import Field
from pilotage.capture.models import Contact, Entry, Query, Subject
from pilotage.capture.planned import planned
from pilotage.capture.states import OPEN_QUERIES
from pilotage.capture.views.after_saving import forms_at, logs_at, saved_panel
from pilotage.capture.views.page import allowed, sites, subject_seen
from pilotage.capture.views.place import (
    Place,
    answers_of_all,
    open_labels,
)
from pilotage.capture.views.sheet import answer_words
from pilotage.forms.answer import Answer
from pilotage.study.protocol import text_of


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form of a visit: where it stands, and what nobody has answered yet."""

    place: Place
    label: str
    state: str
    open_labels: tuple[str, ...]
    queries: int


@dataclass(frozen=True, slots=True)
class LogRow:
    """A log of the subject: its pages, and where a new one is begun."""

    form: str
    label: str
    pages: tuple[Entry, ...]


@allowed("see_record")
@require_GET
def visit(request: HttpRequest, usubjid: str, contact: int) -> HttpResponseBase:
    """The forms of a visit, those that are open first to hand."""
    subject = subject_seen(request, usubjid, "see_record")
    held = get_object_or_404(Contact, subject=subject, pk=contact)
    rows = list(_forms(subject, held))
    begun = [row for row in rows if row.state in ("", "started")]
    context: dict[str, Any] = {
        "subject": subject,
        "contact": held,
        "rows": rows,
        "next": begun[0] if begun else None,
        "logs": list(_logs(subject, held)),
        "others": _other_forms(subject, held, {row.place.form for row in rows}),
        "may_enter": subject.site in sites(request, "save_entry"),
        "saved": saved_panel(request, subject, request.GET.get("saved", "")),
    }
    return render(request, "capture/visit/visit.html", context)


@allowed("see_record")
@require_GET
def log(request: HttpRequest, usubjid: str, form: str) -> HttpResponseBase:
    """Every page of a log of a subject, a row each."""
    subject = subject_seen(request, usubjid, "see_record")
    place = Place(subject, None, form, 1, None)
    page = place.checked().page
    entries = list(
        Entry.objects.filter(subject=subject, contact=None, form=form).order_by("repeat")
    )
    answers = answers_of_all(entries)
    shown = page.fields[:8]
    rows = [
        (entry, [_told(field, answers.get(entry.pk, {}).get(field.item)) for field in shown])
        for entry in entries
    ]
    context = {
        "subject": subject,
        "page": page,
        "columns": [field.label for field in shown],
        "rows": rows,
        "may_enter": subject.site in sites(request, "save_entry"),
        "saved": saved_panel(request, subject, request.GET.get("saved", "")),
    }
    return render(request, "capture/visit/log.html", context)


def _told(field: Field, answer: Answer | None) -> str:
    """An answer in the list of a log; nothing where there is none."""
    return "" if answer is None or answer.is_open else answer_words(field, answer)


def _forms(subject: Subject, contact: Contact) -> Iterator[FormRow]:
    """A row for each planned form, and for each other one that was begun."""
    entries = {
        each.form: each
        for each in Entry.objects.filter(subject=subject, contact=contact).order_by("-repeat")
    }
    asked = Counter(
        Query.objects.filter(entry__contact=contact, state__in=OPEN_QUERIES)
        .order_by()
        .values_list("entry_id", flat=True)
    )
    answers = answers_of_all(entries.values())
    for form in dict.fromkeys([*forms_at(contact), *entries]):
        entry = entries.get(form)
        place = Place(subject, contact, form, entry.repeat if entry else 1, entry)
        opened: tuple[str, ...] = ()
        if entry is not None and entry.state == "started":
            opened = open_labels(place, answers.get(entry.pk, {}))
        yield FormRow(
            place,
            place.page.label,
            entry.state if entry else "",
            opened,
            asked[entry.pk] if entry else 0,
        )


def _logs(subject: Subject, contact: Contact) -> Iterator[LogRow]:
    forms = planned().protocol.forms
    pages = list(Entry.objects.filter(subject=subject, contact=None).order_by("repeat"))
    at_visit = logs_at(contact)
    others = [code for code, form in forms.items() if form.repeating and code not in at_visit]
    for form in (*at_visit, *others):
        own = tuple(page for page in pages if page.form == form)
        yield LogRow(form, text_of(forms[form].label, get_language()), own)


def _other_forms(subject: Subject, contact: Contact, listed: set[str]) -> list[tuple[str, str]]:
    """Forms that the plan does not ask for here, with the address at which each is begun."""
    return [
        (
            text_of(form.label, get_language()),
            reverse("entry_at", args=(subject.usubjid, contact.pk, code, 1)),
        )
        for code, form in planned().protocol.forms.items()
        if code not in listed and not form.repeating
    ]
