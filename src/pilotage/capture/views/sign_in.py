"""The way in: password, a new one at the first time, second factor; and the way out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from pilotage.capture.actions import Refused
from pilotage.capture.actions.access import set_password
from pilotage.capture.actions.acting import Actor
from pilotage.capture.first_start import is_demonstration
from pilotage.capture.models import User
from pilotage.capture.navigation import first_page
from pilotage.capture.sign_in import sessions, throttle
from pilotage.capture.sign_in.noted import Noted, note
from pilotage.capture.sign_in.second_factor import (
    has_second_factor,
    holds,
    is_readable,
    new_secret,
    next_code,
    picture,
    set_second_factor,
)

SECRET = "secret"
"""Session key of the secret that an authenticator app is being given."""


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The password, of an account by its name."""
    said = request.session.pop("said", "")
    context: dict[str, Any] = {"said": said, "demonstration": _demonstration()}
    context["next"] = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST":
        name, address = request.POST.get("name", "").strip(), address_of(request)
        context["name"] = name
        wait = throttle.begin_try(name, address)
        if wait:
            return _page(request, "sign_in", {**context, "wrong": waiting(wait)}, 429)
        user = authenticate(request, username=name, password=request.POST.get("password", ""))
        if isinstance(user, User):
            throttle.take_back(name, address)
            where = request.session.get("next", "")
            sessions.begin_half(request, user)
            request.session["next"] = request.POST.get("next") or where
            return redirect(_next_step(user))
        note(Noted.REFUSED, User.objects.filter(username=name).first(), "password", address)
        context["wrong"] = _("The name or the password is not right.")
        return _page(request, "sign_in", context, 400)
    return _page(request, "sign_in", context)


@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The one-time password gives way to one that only its person knows."""
    user = sessions.half_user(request)
    if user is None or not user.must_change_password:
        return redirect("sign_in")
    if request.method == "GET":
        return _page(request, "new_password", {})
    try:
        changed = changed_password(user, request.POST)
    except Refused as refused:
        return _page(request, "new_password", {"wrong": str(refused)}, 400)
    where = request.session.get("next", "")
    sessions.begin_half(request, changed)
    request.session["next"] = where
    return redirect(_next_step(changed))


def changed_password(user: User, typed: QueryDict) -> User:
    """The user with the password that was typed, twice and after the present one."""
    new = typed.get("new_password", "")
    if new != typed.get("new_password_again", ""):
        raise Refused(_("The two new passwords differ."))
    return set_password(user, new, old=typed.get("password", ""), by=Actor(user))


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor of somebody whose password was right."""
    user = sessions.half_user(request)
    if user is None or user.must_change_password or not has_second_factor(user):
        return redirect("sign_in")
    if not is_readable(user):
        words = _("Your second factor can no longer be read. An administrator can set it anew.")
        return _page(request, "code", {"wrong": words, "closed": True}, 403)
    shown = {"demonstration_code": next_code(user)} if _demonstration() else {}
    if request.method == "GET":
        return _page(request, "code", shown)
    address = address_of(request)
    wait = throttle.begin_try(user.username, address)
    if wait:
        return _page(request, "code", {"wrong": waiting(wait), **shown}, 429)
    if not holds(user, request.POST.get("code", "")):
        note(Noted.REFUSED, user, "second factor", address)
        wrong = _("The code is not right, or was used.")
        return _page(request, "code", {"wrong": wrong, **shown}, 400)
    return redirect(_enter(request, user))


@require_http_methods(["GET", "POST"])
def first_second_factor(request: HttpRequest) -> HttpResponse:
    """Nobody works without a second factor: here it is set, and the recovery codes are shown."""
    user = sessions.half_user(request)
    if user is None or user.must_change_password or has_second_factor(user):
        return redirect("sign_in")
    secret = request.session.setdefault(SECRET, new_secret())
    context = {"secret": secret, "picture": picture(user, secret)}
    if request.method == "GET":
        return _page(request, "first_second_factor", context)
    codes = set_second_factor(user, secret, request.POST.get("code", ""))
    if codes is None:
        wrong = _("The code does not belong to this secret. Is the clock of your device right?")
        return _page(request, "first_second_factor", {**context, "wrong": wrong}, 400)
    note(Noted.FACTOR_SET, user)
    return _page(request, "recovery_codes", {"codes": codes, "onward": _enter(request, user)})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        note(Noted.SIGNED_OUT, request.user)
    sessions.sign_out(request)
    request.session["said"] = _("You have signed out.")
    return redirect("sign_in")


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; the server has replaced a trusted proxy by who asked it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def waiting(seconds: int) -> str:
    words = _("Too many tries failed. Wait %(seconds)d seconds, then try again.")
    return words % {"seconds": seconds}


def _demonstration() -> bool:
    """Are the subjects and the staff invented? Both the command and the record have to say so."""
    return bool(settings.SYNTHETIC) and is_demonstration()


def _next_step(user: User) -> str:
    if user.must_change_password:
        return reverse("sign_in_password")
    return reverse("sign_in_code" if has_second_factor(user) else "sign_in_second_factor")


def _enter(request: HttpRequest, user: User) -> str:
    """Sign in; where to go."""
    where = request.session.get("next", "")
    if where == reverse("home"):
        where = ""  # nobody asked for it: it is where the address of the server leads
    sessions.begin(request, user)
    throttle.succeeded(user, address_of(request))
    note(Noted.SIGNED_IN, user)
    own = url_has_allowed_host_and_scheme(where, {request.get_host()}, request.is_secure())
    return where if where and own else first_page(user)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"capture/account/{name}.html", context, status=status)
