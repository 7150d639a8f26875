"""What a person is told once a form is saved: its scores beside earlier ones, grades, questions."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.translation import get_language

from pilotage.capture.entry_forms import (
    FormPage,
    LabResult,
    LiveScore,
    fields_of,
    laboratory_results,
    open_items,
    score_of,
)
from pilotage.capture.models import Contact, Entry, Query, Subject
from pilotage.capture.planned import planned
from pilotage.capture.states import OPEN_QUERIES
from pilotage.capture.views.place import (
    Answers,
    Place,
    answers_now,
    answers_of_all,
)
from pilotage.capture.views.response import response_on
from pilotage.capture.views.sheet import Remarks
from pilotage.forms.filled import FilledContact
from pilotage.forms.planned import plan_of
from pilotage.report.formats import plain


@dataclass(frozen=True, slots=True)
class EarlierScore:
    """A score of the same form at an earlier contact, and the change since (None: not known)."""

    held_on: str
    label: str
    total: float | None
    change: float | None

    @property
    def written(self) -> str:
        """The total, and in brackets the change since; a dash where it is not known."""
        if self.total is None:
            return "–"
        if self.change is None:
            return plain(self.total)
        rise = "+" if self.change > 0 else ""
        return f"{plain(self.total)} ({rise}{plain(self.change)})"


@dataclass(frozen=True, slots=True)
class SavedScore:
    """A score that was just saved, beside the earlier ones, the last first."""

    score: LiveScore
    earlier: tuple[EarlierScore, ...]


@dataclass(frozen=True, slots=True)
class SavedPanel:
    """What became of the form that was saved."""

    entry: Entry
    page: FormPage
    open_labels: tuple[str, ...]
    scores: tuple[SavedScore, ...]
    response: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, LabResult], ...]
    queries: tuple[tuple[str, str], ...]


def remarks_on(place: Place, answers: Answers) -> Remarks:
    """What is said beside the answers of a form that was begun; nothing on a blank one."""
    if place.entry is None:
        return Remarks()
    said: dict[str, list[str]] = {}
    for item, words in _questions_about(place.entry):
        said.setdefault(item, []).append(words)
    return Remarks(
        said=said,
        results=laboratory_results(planned(), place.page, answers),
        open=open_items(place.page, answers, place.known),
    )


def saved_panel(request: HttpRequest, subject: Subject, entry: str) -> SavedPanel | None:
    """The panel for the entry of the subject that the address names; None for any other."""
    if not (entry.isascii() and entry.isdigit()):
        return None
    found = Entry.objects.filter(subject=subject, pk=int(entry)).select_related("contact").first()
    if found is None or found.form not in planned().protocol.forms:
        return None
    page = fields_of(planned(), found.form, get_language())
    place = Place(subject, found.contact, found.form, found.repeat, found)
    answers = answers_now(found)
    results = laboratory_results(planned(), page, answers)
    return SavedPanel(
        entry=found,
        page=page,
        open_labels=tuple(page.label_of(item) for item in open_items(page, answers, place.known)),
        scores=tuple(_beside_earlier(found, page, answers)),
        response=tuple(response_on(found)),
        results=tuple((page.label_of(item), result) for item, result in results.items()),
        queries=tuple((page.label_of(item), words) for item, words in _questions_about(found)),
    )


def next_place(place: Place) -> Place | None:
    """The next form of the contact that is not complete: after this one first, then from the
    beginning; None where none is left, and in a log."""
    if place.contact is None:
        return None
    forms = forms_at(place.contact)
    begun = {
        (each.form, each.repeat): each
        for each in Entry.objects.filter(subject=place.subject, contact=place.contact)
    }
    start = forms.index(place.form) + 1 if place.form in forms else 0
    for form in (*forms[start:], *forms[:start]):
        entry = begun.get((form, 1))
        if form != place.form and (entry is None or entry.state == "started"):
            return replace(place, form=form, repeat=1, entry=entry)
    return None


def forms_at(contact: Contact) -> tuple[str, ...]:
    """The forms that the plan asks for at a contact, in its order, without those that are logs."""
    forms = planned().protocol.forms
    return tuple(form for form in _planned_at(contact) if not forms[form].repeating)


def logs_at(contact: Contact) -> tuple[str, ...]:
    """The logs that the plan looks into at a contact."""
    forms = planned().protocol.forms
    return tuple(form for form in _planned_at(contact) if forms[form].repeating)


def _planned_at(contact: Contact) -> tuple[str, ...]:
    filled = FilledContact(
        contact.planned, contact.number, contact.label, contact.held_on, contact.order
    )
    return plan_of(planned()).forms(filled)


def _beside_earlier(entry: Entry, page: FormPage, answers: Answers) -> list[SavedScore]:
    scores = score_of(page, answers)
    if not scores or entry.contact is None:
        return [SavedScore(score, ()) for score in scores]
    others = Entry.objects.filter(subject=entry.subject, form=entry.form, contact__isnull=False)
    earlier = sorted(
        (each for each in others.select_related("contact").exclude(pk=entry.pk)
         if each.contact and each.contact.held_on < entry.contact.held_on),
        key=lambda each: each.contact.held_on if each.contact else "",
        reverse=True,
    )  # fmt: skip
    totals = {
        each.pk: {s.code: s.total for s in score_of(page, found)}
        for each in earlier
        for found in (answers_of_all(earlier).get(each.pk, {}),)
    }
    return [
        SavedScore(score, tuple(_earlier(each, score, totals[each.pk]) for each in earlier))
        for score in scores
    ]


def _earlier(entry: Entry, score: LiveScore, totals: dict[str, float | None]) -> EarlierScore:
    before = totals.get(score.code)
    known = before is not None and score.total is not None
    assert entry.contact is not None
    return EarlierScore(
        entry.contact.held_on,
        entry.contact.label,
        before,
        score.total - before if known and score.total is not None and before is not None else None,
    )


def _questions_about(entry: Entry) -> list[tuple[str, str]]:
    """Item and words of every open query about the entry."""
    queries = Query.objects.filter(entry=entry, state__in=OPEN_QUERIES).prefetch_related("messages")
    return [
        (query.item, message.text)
        for query in queries.order_by("pk")
        for message in list(query.messages.all())[:1]
    ]
