"""The end of the work on a subject: entries signed together, participation ended, locks."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture import policies
from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.locking import lock_subject
from pilotage.capture.actions.signatures import MEANINGS
from pilotage.capture.actions.signing import sign_entries
from pilotage.capture.actions.subjects import complete_participation, take_back, withdraw
from pilotage.capture.actions.unlocking import ask_to_unlock, asked_for, unlock_subject
from pilotage.capture.content import answers_by_entry, contents_of
from pilotage.capture.entry_forms import FormPage, fields_of
from pilotage.capture.models import Entry, Subject, User
from pilotage.capture.permissions import may
from pilotage.capture.planned import planned_form
from pilotage.capture.states import ENTRY, SUBJECT, after
from pilotage.capture.views.keys import new_key, number_of
from pilotage.capture.views.page import allowed, person, subject_seen
from pilotage.capture.views.sheet import answer_words
from pilotage.forms.answer import Answer

Act = Callable[[HttpRequest, Subject, Actor], str]


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest, usubjid: str) -> HttpResponse:
    who = subject_seen(request, usubjid, "see_record")
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act(request, who, Actor(person(request))))
            return redirect("closing", usubjid)
        except Refused as refused:
            messages.error(request, str(refused))
            who.refresh_from_db()
    user, site = person(request), who.site
    may_sign = bool(may(user, "sign_entry", site)) and not who.locked
    may_end = bool(may(user, "end_participation", site)) and not who.locked
    every = request.method == "GET" and request.GET.get("tick") == "all"
    rows = _unsigned(who, set(request.POST.getlist("entry")), every) if may_sign else []
    context = {
        "subject": who,
        "rows": rows,
        "entered": Entry.objects.filter(subject=who).exists(),
        "groups": _by_contact(rows),
        "every": every,
        "meanings": MEANINGS,
        "against": policies.against_locking_subject(who),
        "may_sign": may_sign,
        "may_end": may_end and after(SUBJECT, who.state, "complete") is not None,
        "may_take_back": bool(may(user, "take_back", site))
        and after(SUBJECT, who.state, "take back") is not None,
        "may_lock": bool(may(user, "lock_record", site)) and not who.locked,
        **_unlocking(user, who),
        "reason": request.POST.get("reason", ""),
        "key": new_key(),
    }
    return render(request, "capture/pages/closing.html", context)


def _unsigned(who: Subject, chosen: set[str], every: bool) -> list[dict[str, Any]]:
    """The entries that may be signed, with all that stands in them: what is signed is seen.

    `chosen` are the entries that were ticked on the page that was sent; `every` ticks them all.
    """
    language = get_language() or "en"
    entries = [
        entry
        for entry in Entry.objects.filter(subject=who, locked=False)
        .select_related("subject", "contact")
        .order_by("contact__held_on", "contact__order", "pk")
        if after(ENTRY, entry.state, "sign") is not None
    ]
    contents, answers = contents_of(entries), answers_by_entry([entry.pk for entry in entries])
    rows = []
    for entry in entries:
        study = planned_form(entry.form, entry.protocol_version)
        page = fields_of(study, entry.form, language)
        rows.append(
            {
                "entry": entry,
                "chosen": every or str(entry.pk) in chosen,
                "label": page.label,
                "seen": contents[entry.pk],
                "answers": [
                    {"label": page.label_of(item), "words": _words(page, item, answer)}
                    for item, answer in answers.get(entry.pk, {}).items()
                    if not answer.is_open
                ],
            }
        )
    return rows


def _words(page: FormPage, item: str, answer: Answer) -> str:
    field = page.field(item)
    return answer_words(field, answer) if field else f"{answer.value} {answer.unit}".strip()


def _by_contact(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of each contact together, and those of the logs."""
    groups: dict[int | None, dict[str, Any]] = {}
    for row in rows:
        contact = row["entry"].contact
        group = groups.setdefault(row["entry"].contact_id, {"contact": contact, "rows": []})
        group["rows"].append(row)
    return list(groups.values())


def _sign(request: HttpRequest, who: Subject, by: Actor) -> str:
    chosen = request.POST.getlist("entry")
    seen = {number_of(each): request.POST.get(f"seen-{each}", "") for each in chosen}
    signed = sign_entries(
        who,
        seen,
        by=by,
        password=request.POST.get("password", ""),
        meaning=request.POST.get("meaning", ""),
        key=request.POST.get("key"),
    )
    return _("Signed: %(n)d entries.") % {"n": len(signed)}


def _complete(request: HttpRequest, who: Subject, by: Actor) -> str:
    complete_participation(who, by=by, reason=_reason(request), key=request.POST.get("key"))
    return _("The end of participation is recorded.")


def _withdraw(request: HttpRequest, who: Subject, by: Actor) -> str:
    withdraw(who, by=by, reason=_reason(request), key=request.POST.get("key"))
    return _("The withdrawal is recorded.")


def _take_back(request: HttpRequest, who: Subject, by: Actor) -> str:
    take_back(who, by=by, reason=_reason(request), key=request.POST.get("key"))
    return _("It is taken back.")


def _lock(request: HttpRequest, who: Subject, by: Actor) -> str:
    lock_subject(who, by=by, key=request.POST.get("key"))
    return _("The subject is locked.")


def _unlocking(user: User, who: Subject) -> dict[str, Any]:
    """Who asked for the unlocking, and whether the person may ask for it or agree to it."""
    asked = asked_for(who) if who.locked else None
    own = asked is not None and asked.user_id == user.pk
    agrees = asked is not None and not own and may(user, "agree_to_unlock", who.site)
    return {
        "asked": asked,
        "own": own,
        "may_ask": who.locked and asked is None and bool(may(user, "unlock_record", who.site)),
        "may_unlock": bool(agrees),
    }


def _ask_to_unlock(request: HttpRequest, who: Subject, by: Actor) -> str:
    typed = request.POST
    password, key = typed.get("password", ""), typed.get("key")
    ask_to_unlock(who, by=by, password=password, reason=_reason(request), key=key)
    return _("The unlocking is asked for: another person has to agree.")


def _unlock(request: HttpRequest, who: Subject, by: Actor) -> str:
    unlock_subject(
        who, by=by, password=request.POST.get("password", ""), key=request.POST.get("key")
    )
    return _("The subject is unlocked.")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


ACTS: Mapping[str, Act] = {
    "sign": _sign, "complete": _complete, "withdraw": _withdraw, "take back": _take_back,
    "lock": _lock, "ask to unlock": _ask_to_unlock, "unlock": _unlock,
}  # fmt: skip
