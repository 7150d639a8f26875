"""Where an entry stands: its subject, contact, form and page, and what is known around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from pilotage.capture.actions.entries import entry_at, version_of
from pilotage.capture.actions.looking import known_names
from pilotage.capture.content import answer_of, answers_of, last_versions
from pilotage.capture.entry_forms import FormPage, fields_of, open_items
from pilotage.capture.models import Contact, Entry, Subject
from pilotage.capture.planned import planned, planned_form
from pilotage.capture.prepared import Prepared
from pilotage.capture.views.page import subject_seen
from pilotage.conditions import Value
from pilotage.forms.answer import Answer

Answers = dict[str, Answer]


@dataclass(frozen=True)
class Place:
    """One form of one subject, begun or not; `contact` None for a page of a log.

    `page` and `known` are looked up once; a place lives as long as its request.
    """

    subject: Subject
    contact: Contact | None
    form: str
    repeat: int
    entry: Entry | None

    @cached_property
    def page(self) -> FormPage:
        return fields_of(planned_form(self.form, self.version), self.form, get_language())

    @property
    def version(self) -> str:
        """The version of the protocol whose questions these are."""
        return self.entry.protocol_version if self.entry else version_of(self.contact)

    @cached_property
    def known(self) -> dict[str, Value]:
        """What the subject's other entries say, by the names of conditions."""
        return known_names(self.subject, leave_out=self.entry, at=self.contact)

    def checked(self) -> "Place":
        """The place itself. Raises Http404 for a form that the study does not have."""
        _planned_form(self.form)
        return self

    @property
    def address(self) -> str:
        """Where the form is filled in."""
        if self.contact is not None:
            place = (self.subject.usubjid, self.contact.pk, self.form, self.repeat)
            return reverse("entry_at", args=place)
        return reverse("new_entry", args=(self.subject.usubjid, self.form, self.repeat))

    @property
    def score_address(self) -> str:
        return f"{self.address}score/"

    @property
    def back(self) -> str:
        """The page that the form belongs to."""
        if self.contact is not None:
            return reverse("visit", args=(self.subject.usubjid, self.contact.pk))
        return reverse("log", args=(self.subject.usubjid, self.form))


def place_of_entry(request: HttpRequest, usubjid: str, entry: int) -> Place:
    """The place of an entry that exists. Raises Http404 where the person may not see it."""
    subject = subject_seen(request, usubjid, "see_record")
    found = get_object_or_404(Entry.objects.select_related("contact"), subject=subject, pk=entry)
    if found.form not in planned_form(found.form, found.protocol_version).protocol.forms:
        raise Http404
    return Place(subject, found.contact, found.form, found.repeat, found)


def place_at(
    request: HttpRequest, usubjid: str, contact: int | None, form: str, repeat: int | None
) -> Place:
    """The place of a form at a contact, or in a log; without `repeat` the next page of the log."""
    subject = subject_seen(request, usubjid, "see_record")
    _planned_form(form)
    at = _contact(subject, contact) if contact is not None else None
    if repeat is None:
        last = _last_page.first(subject.pk, form)
        return Place(subject, at, form, (last or 0) + 1, None)
    return Place(subject, at, form, repeat, entry_at(subject, at, form, repeat))


def _contact(subject: Subject, contact: int) -> Contact:
    found = _contacts.first(subject.pk, contact)
    if found is None:
        raise Http404
    return found


_contacts = Prepared(lambda subject, pk: Contact.objects.filter(subject=subject, pk=pk))
_last_page = Prepared(
    lambda subject, form: (
        Entry.objects.filter(subject=subject, contact=None, form=form)
        .order_by("-repeat")
        .values_list("repeat", flat=True)[:1]
    )
)


def answers_of_all(entries: Iterable[Entry]) -> dict[int, Answers]:
    """The answers of several entries, by entry. One query."""
    return {
        entry: {item: answer_of(version) for item, version in versions.items()}
        for entry, versions in last_versions(each.pk for each in entries).items()
    }


def answers_at(entry: Entry, event: int) -> Answers:
    """The answers of an entry as they stood after an event."""
    versions = last_versions([entry.pk], event).get(entry.pk, {})
    return {item: answer_of(version) for item, version in versions.items()}


def answers_now(entry: Entry | None) -> Answers:
    """The answers of an entry as they stand; none of one that was not begun."""
    return {} if entry is None else answers_of(entry)


def _planned_form(form: str) -> None:
    if form not in planned().protocol.forms:
        raise Http404


def open_labels(place: Place, answers: Answers) -> tuple[str, ...]:
    """The labels of the required questions that nobody has answered."""
    page = place.page
    return tuple(page.label_of(item) for item in open_items(page, answers, place.known))
