"""One's own account: password, second factor, tokens of programs, language, roles."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.clock import now
from pilotage.capture.models import User
from pilotage.capture.permissions import may_somewhere
from pilotage.capture.sign_in import sessions, throttle
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.noted import Noted, note
from pilotage.capture.sign_in.second_factor import (
    new_secret,
    picture,
    recovery_codes_left,
    set_second_factor,
)
from pilotage.capture.sign_in.tokens import DAYS, MOST_DAYS, close_token, make_token
from pilotage.capture.views.page import person
from pilotage.capture.views.sign_in import SECRET, address_of, changed_password, waiting


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What stands in the account; each part of the page is a form of its own."""
    user = person(request)
    if request.method == "GET":
        return _page(request, user)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _page(request, user, status=400)
    try:
        return act(request, user)
    except Refused as refused:
        said = {"wrong": str(refused), "at": request.POST.get("act", "")}
        return _page(request, user, said, 400)


def _password(request: HttpRequest, user: User) -> HttpResponse:
    _sure(request, user, count_only=True)
    changed = changed_password(user, request.POST)
    throttle.take_back(user.username, address_of(request))
    sessions.go_on(request, changed)
    return redirect("account")


def _new_factor(request: HttpRequest, user: User) -> HttpResponse:
    """Show a new secret; the present one holds until a code shows that the app has the new."""
    _sure(request, user)
    secret = request.session[SECRET] = new_secret()
    return _page(request, user, {"secret": secret, "picture": picture(user, secret)})


def _confirm_factor(request: HttpRequest, user: User) -> HttpResponse:
    secret = request.session.get(SECRET, "")
    with transaction.atomic():
        codes = set_second_factor(user, secret, request.POST.get("code", "")) if secret else None
        if codes is not None:
            note(Noted.FACTOR_SET, user)
    if codes is None:
        words = _("The code does not belong to this secret. Is the clock of your device right?")
        said = {"wrong": words, "at": "new_factor"}
        shown = {"secret": secret, "picture": picture(user, secret)} if secret else {}
        return _page(request, user, {**said, **shown}, 400)
    sessions.go_on(request, user)
    return _page(request, user, {"codes": codes})


def _token(request: HttpRequest, user: User) -> HttpResponse:
    _sure(request, user)
    name = request.POST.get("token_name", "").strip()[:80]
    if not name:
        raise Refused(_("Give the token a name, such as that of the program that uses it."))
    return _page(request, user, {"token": make_token(user, name, _days(request))})


def _days(request: HttpRequest) -> int:
    """For how long the token is to hold."""
    typed = request.POST.get("days", "") or str(DAYS)
    if not (
        typed.isascii() and typed.isdigit() and len(typed) < 5 and 1 <= int(typed) <= MOST_DAYS
    ):
        raise Refused(_("A token holds for 1 to %(most)s days.") % {"most": MOST_DAYS})
    return int(typed)


def _close_token(request: HttpRequest, user: User) -> HttpResponse:
    number = request.POST.get("token", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        close_token(user, int(number))
    return redirect("account")


ACTS: dict[str, Callable[[HttpRequest, User], HttpResponse]] = {
    "password": _password,
    "new_factor": _new_factor,
    "confirm_factor": _confirm_factor,
    "token": _token,
    "close_token": _close_token,
}


def _sure(request: HttpRequest, user: User, *, count_only: bool = False) -> None:
    """Raise Refused unless the password was typed again; tries are counted as at the sign-in."""
    address = address_of(request)
    wait = throttle.begin_try(user.username, address)
    if wait:
        raise Refused(waiting(wait))
    if count_only:  # the act judges the password itself
        return
    if not user.check_password(request.POST.get("password", "")):
        note(Noted.REFUSED, user, "account", address)
        raise Refused(_("The present password is not right."))
    throttle.take_back(user.username, address)


def _page(
    request: HttpRequest, user: User, said: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    roles = user.memberships.select_related("site").order_by("-since")
    context = {
        "person": user,
        "memberships": roles,
        "left": recovery_codes_left(user),
        "may_confirm": may_somewhere(user, "confirm_identity"),
        "tokens": ApiToken.objects.filter(user=user).order_by("-made"),
        "now": now(),
        "days": DAYS,
        "most_days": MOST_DAYS,
        **(said or {}),
    }
    return render(request, "capture/account/account.html", context, status=status)
