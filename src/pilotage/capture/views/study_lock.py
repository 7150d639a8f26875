"""The lock of the whole study: before the last data cut it closes, and two people open it again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture import policies
from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.locking import lock_study, study_is_locked
from pilotage.capture.actions.unlocking import ask_to_unlock, asked_for, unlock_study
from pilotage.capture.models import User
from pilotage.capture.permissions import may, may_everywhere
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person


@allowed("see_cuts", everywhere=True)
@require_http_methods(["GET", "POST"])
def study_lock(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            messages.success(request, _act(request, Actor(person(request))))
            return redirect("study_lock")
        except Refused as refused:
            messages.error(request, str(refused))
    context = {**_standing(person(request)), "key": new_key()}
    return render(request, "capture/pages/study_lock.html", context)


def _act(request: HttpRequest, by: Actor) -> str:
    typed = request.POST
    key, password = typed.get("key"), typed.get("password", "")
    match typed.get("act"):
        case "lock":
            lock_study(by=by, key=key)
            return _("The study is locked.")
        case "ask to unlock":
            reason = typed.get("reason", "")
            ask_to_unlock(None, by=by, password=password, reason=reason, key=key)
            return _("The unlocking is asked for: another person has to agree.")
        case "unlock":
            unlock_study(by=by, password=password, key=key)
            return _("The study is unlocked.")
    raise Http404


def _standing(user: User) -> dict[str, Any]:
    """How the lock stands, and what the person may do about it."""
    locked = study_is_locked()
    asked = asked_for(None) if locked else None
    own = asked is not None and asked.user_id == user.pk
    return {
        "locked": locked,
        "against": [] if locked else policies.against_locking_study(),
        "asked": asked,
        "own": own,
        "may_lock": not locked and may(user, "lock_record", None) is not None,
        "may_ask": locked and asked is None and may_everywhere(user, "unlock_record"),
        "may_unlock": asked is not None and not own and may_everywhere(user, "agree_to_unlock"),
    }
