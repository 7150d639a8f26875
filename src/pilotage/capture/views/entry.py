"""One form of one subject: shown, filled in, saved; nothing that was typed is lost on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pilotage.capture.actions import Locked, MissingReason, Overtaken, Refused, Repeated
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import Saved, save_entry
from pilotage.capture.entry_forms import Mistake, asked, open_items, read_posted, score_of
from pilotage.capture.entry_forms.reading import without_value
from pilotage.capture.permissions import may
from pilotage.capture.views.after_saving import next_place, remarks_on, saved_panel
from pilotage.capture.views.collision import Collision, collided
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person
from pilotage.capture.views.pictures import with_pictures
from pilotage.capture.views.place import (
    Answers,
    Place,
    answers_now,
    place_at,
    place_of_entry,
)
from pilotage.capture.views.sheet import MISSING_WORDS, Remarks, answer_words, sheet
from pilotage.forms.answer import Answer


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows besides the place: the answers in it and what is said about them."""

    answers: Answers
    remarks: Remarks
    revision: int | None
    key: str
    reason: str = ""
    reason_wanted: bool = False
    changes: tuple[tuple[str, str, str], ...] = ()
    collision: Collision | None = None
    problem: str = ""
    status: int = 200


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, usubjid: str, entry: int) -> HttpResponseBase:
    """A form that was begun."""
    return _entry(request, place_of_entry(request, usubjid, entry))


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def entry_at(
    request: HttpRequest, usubjid: str, form: str, contact: int | None = None,
    repeat: int | None = None,
) -> HttpResponseBase:  # fmt: skip
    """A form at a contact or a page of a log, begun or not."""
    return _entry(request, place_at(request, usubjid, contact, form, repeat))


@allowed("see_record")
@require_POST
def score(
    request: HttpRequest, usubjid: str, form: str, repeat: int, contact: int | None = None
) -> HttpResponseBase:
    """The live score of what is typed so far, and which questions are asked now. Writes nothing."""
    place = place_at(request, usubjid, contact, form, repeat)
    page = place.page
    answers, _mistakes = read_posted(page, request.POST.dict())
    known = place.known
    context = {
        "scores": score_of(page, answers),
        "asked": sorted(asked(page, answers, known)),
        "open": len(open_items(page, answers, known)),
        "live": True,
    }
    return render(request, "capture/entry/live.html", context)


def _entry(request: HttpRequest, place: Place) -> HttpResponseBase:
    if request.method == "POST":
        return _save(request, place)
    answers = answers_now(place.entry)
    shown = Shown(
        answers,
        remarks_on(place, answers),
        place.entry.revision if place.entry else None,
        new_key(),
    )
    return _page(request, place, shown)


def _save(request: HttpRequest, place: Place) -> HttpResponseBase:
    if may(person(request), "save_entry", place.subject.site) is None:
        raise PermissionDenied
    answers, mistakes = read_posted(place.page, request.POST.dict())
    if request.POST.get("act") == "no_value":
        answers, mistakes = _rest_without_value(request, place, answers, mistakes)
    answers, about_pictures = with_pictures(request, place, answers)
    posted = Shown(
        answers,
        Remarks(mistakes=(*mistakes, *about_pictures)),
        _revision(request.POST.get("revision", "")),
        request.POST.get("key") or new_key(),
        reason=request.POST.get("reason", ""),
    )
    if posted.remarks.mistakes:
        words = _("Nothing is saved yet: something has to be put right first.")
        return _page(request, place, replace(posted, problem=words, status=422))
    try:
        saved = _write(request, place, posted)
    except Refused as refused:
        return _page(request, place, _refused(place, posted, refused))
    if saved.entry is None:
        words = _("Nothing was answered yet, so there was nothing to save.")
        return _page(request, place, replace(posted, problem=words, status=422))
    address = _onward(place, request.POST.get("act", ""))
    return _gone(request, f"{address}?saved={saved.entry.pk}")


def _write(request: HttpRequest, place: Place, posted: Shown) -> Saved:
    """Save what was posted. A new page of a log whose number somebody else took in the meantime
    gets the next number: it is another page, not another version of theirs."""
    while True:
        try:
            return save_entry(
                place.subject,
                contact=place.contact,
                form=place.form,
                repeat=place.repeat,
                answers=posted.answers,
                by=Actor(person(request)),
                reason=posted.reason,
                revision=posted.revision,
                key=posted.key,
            )
        except Overtaken:
            if place.contact is not None or posted.revision is not None:
                raise
            place = replace(place, repeat=place.repeat + 1)


def _onward(place: Place, act: str) -> str:
    """Where to after saving: the same form, another page of the log, else the next open form; when
    none is left, the page that the form belongs to."""
    if act == "stay":
        return place.address
    if act == "another":
        return reverse("new_entry", args=(place.subject.usubjid, place.form))
    onward = next_place(place)
    return onward.address if onward else place.back


def _refused(place: Place, posted: Shown, refused: Refused) -> Shown:
    """The page again with what was typed, and what is needed to save it."""
    match refused:
        case MissingReason():
            changes = tuple(_changes(place, posted.answers))
            return replace(posted, problem=str(refused), reason_wanted=True, changes=changes,
                           status=422)  # fmt: skip
        case Overtaken() | Repeated():
            met = collided(place, posted.answers, posted.revision)
            return replace(
                posted,
                answers=met.merged,
                collision=met,
                revision=met.revision,
                key=new_key(),
                problem=str(refused),
                reason_wanted=bool(met.changed),
                status=409,
            )
        case Locked():
            return replace(posted, problem=str(refused), status=423)
    return replace(posted, problem=str(refused), status=409)


def _changes(place: Place, answers: Mapping[str, Answer]) -> Iterator[tuple[str, str, str]]:
    """Label, saved answer and new answer of everything that was answered before and differs."""
    before = answers_now(place.entry)
    for field in place.page.fields:
        was, now = before.get(field.item, Answer()), answers.get(field.item, Answer())
        if not was.is_open and now != was:
            yield field.label, answer_words(field, was), answer_words(field, now)


def _rest_without_value(
    request: HttpRequest, place: Place, answers: Answers, mistakes: tuple[Mistake, ...]
) -> tuple[Answers, tuple[Mistake, ...]]:
    """Every question that is asked and open gets the same word and reason, as the person wished."""
    filled, problem = without_value(
        answers,
        asked(place.page, answers, place.known),
        word=request.POST.get("all-missing", ""),
        why=request.POST.get("all-why", "").strip(),
    )
    if problem:
        messages.error(request, problem)
        return answers, (*mistakes, Mistake("", problem))
    return filled, mistakes


def _page(request: HttpRequest, place: Place, shown: Shown) -> HttpResponse:
    page, known = place.page, place.known
    may_enter = may(person(request), "save_entry", place.subject.site) is not None
    locked = place.subject.locked or (place.entry is not None and place.entry.locked)
    opened = open_items(page, shown.answers, known)
    context: dict[str, Any] = {
        "place": place,
        "shown": shown,
        "sheet": sheet(page, shown.answers, asked(page, shown.answers, known), shown.remarks),
        "scores": score_of(page, shown.answers),
        "open": len(opened),
        "asked_of_all": shown.remarks.said.get("", ()),
        "missing_words": [(word, _(word)) for word in MISSING_WORDS],
        "writable": may_enter and not locked,
        "locked": locked,
        "begun": place.entry is not None,
        "next": next_place(place),
        "saved": saved_panel(request, place.subject, request.GET.get("saved", "")),
    }
    return render(request, "capture/entry/entry.html", context, status=shown.status)


def _gone(request: HttpRequest, address: str) -> HttpResponseBase:
    """On to another page; a form that was sent from within the page is told where to go."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _revision(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
