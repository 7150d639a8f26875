"""What is done to an entry besides filling it in: its history, source verification, signature,
lock, and a question to the site."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.locking import lock_entry, unlock_entry
from pilotage.capture.actions.queries import open_query
from pilotage.capture.actions.signatures import MEANINGS
from pilotage.capture.actions.signing import sign_entry
from pilotage.capture.actions.verifying import verify_entry
from pilotage.capture.advice import dose_verdict
from pilotage.capture.content import answers_of, content_of, holds
from pilotage.capture.entry_forms import FormPage, fields_of
from pilotage.capture.models import Entry
from pilotage.capture.permissions import may
from pilotage.capture.planned import planned, planned_form
from pilotage.capture.states import ENTRY, after
from pilotage.capture.views.keys import new_key, number_of
from pilotage.capture.views.page import allowed, part, person, subject_seen
from pilotage.explain.words import inputs_words

Act = Callable[[HttpRequest, Entry, Actor], str]


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def entry_acts(request: HttpRequest, usubjid: str, entry: int) -> HttpResponse:
    """The panel below a form; what is done in it leads back to the form."""
    subject = subject_seen(request, usubjid, "see_record")
    entries = Entry.objects.select_related("subject", "subject__site", "contact")
    found = entries.filter(pk=entry, subject=subject).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act(request, found, Actor(person(request))))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("entry", usubjid, entry)
    heading = _("History, signatures, queries")
    return part(request, "capture/parts/entry_acts.html", _context(request, found), heading=heading)


def _verify(request: HttpRequest, entry: Entry, by: Actor) -> str:
    revision = number_of(request.POST.get("revision", ""))
    verify_entry(entry, by=by, revision=revision, key=request.POST.get("key"))
    return _("The entry is verified against the source.")


def _sign(request: HttpRequest, entry: Entry, by: Actor) -> str:
    sign_entry(
        entry,
        by=by,
        password=request.POST.get("password", ""),
        meaning=request.POST.get("meaning", ""),
        seen=request.POST.get("seen", ""),
        key=request.POST.get("key"),
    )
    return _("The entry is signed.")


def _lock(request: HttpRequest, entry: Entry, by: Actor) -> str:
    lock_entry(entry, by=by, key=request.POST.get("key"))
    return _("The entry is locked.")


def _unlock(request: HttpRequest, entry: Entry, by: Actor) -> str:
    reason = request.POST.get("reason", "").strip()
    unlock_entry(entry, by=by, reason=reason, key=request.POST.get("key"))
    return _("The entry is unlocked.")


def _ask(request: HttpRequest, entry: Entry, by: Actor) -> str:
    text, item = request.POST.get("text", "").strip(), request.POST.get("item", "")
    open_query(entry.subject, entry=entry, item=item, text=text, by=by, key=request.POST.get("key"))
    return _("The query is opened.")


ACTS: Mapping[str, Act] = {
    "verify": _verify, "sign": _sign, "lock": _lock, "unlock": _unlock, "ask": _ask,
}  # fmt: skip


def _context(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    user, site = person(request), entry.subject.site
    page = fields_of(
        planned_form(entry.form, entry.protocol_version), entry.form, get_language() or "en"
    )
    open_ = not entry.locked and not entry.subject.locked
    return {
        "entry": entry,
        "subject": entry.subject,
        "history": _history(entry, page),
        "items": [(field.item, page.label_of(field.item)) for field in page.fields],
        "queries": entry.queries.prefetch_related("messages").order_by("pk"),
        "signatures": [
            {"signature": each, "holds": holds(each)}
            for each in entry.signatures.select_related("event").order_by("pk")
        ],
        "dose": _dose(entry),
        "seen": content_of(entry),
        "meanings": MEANINGS,
        "key": new_key(),
        "may_ask": may(user, "open_query", site) and open_,
        "may_verify": may(user, "verify_entry", site) and open_ and _follows(entry, "verify"),
        "may_sign": may(user, "sign_entry", site) and open_ and _follows(entry, "sign"),
        "may_lock": may(user, "lock_record", site) and open_,
        "may_unlock": may(user, "unlock_record", site) and entry.locked,
    }


def _dose(entry: Entry) -> dict[str, Any] | None:
    """The dose on the form beside what the protocol says; None where the form names none."""
    found = dose_verdict(entry.subject, entry.form, answers_of(entry))
    if found is None:
        return None
    names = planned().namespace
    return {"comparison": found, "missing": inputs_words(found.missing, names)}


def _follows(entry: Entry, act: str) -> bool:
    return after(ENTRY, entry.state, act) is not None


def _history(entry: Entry, page: FormPage) -> list[dict[str, Any]]:
    """Every version of every item, the newest first."""
    versions = entry.versions.select_related("event").order_by("-event_id", "item")
    return [
        {"version": version, "label": page.label_of(version.item), "event": version.event}
        for version in versions
    ]
