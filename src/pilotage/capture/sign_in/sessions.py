"""When a session begins, what it rests on, and why it ends."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _

from pilotage.capture.clock import now as present
from pilotage.capture.models import User
from pilotage.capture.permissions import held_now
from pilotage.capture.prepared import Prepared

HALF = "half"
"""Session key of somebody whose password was right and whose second factor is still asked."""
HALF_SECONDS = 10 * 60
SEEN_EVERY = 30
"""Seconds between two notes of when the person was last seen: not a write with every request."""
BACKEND = "pilotage.capture.sign_in.who_asks.People"


def begin_half(request: HttpRequest, user: User) -> None:
    """The password was right. Nobody is signed in yet."""
    request.session.flush()
    request.session[HALF] = {
        "user": user.pk,
        "since": _seconds(),
        "hash": user.get_session_auth_hash(),
    }
    request.session.set_expiry(HALF_SECONDS)


def half_user(request: HttpRequest) -> User | None:
    """Whose password was right in this session, ten minutes ago at most."""
    half = request.session.get(HALF)
    if not half or _seconds() - half["since"] > HALF_SECONDS:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == half["hash"] else None


def renew_half(request: HttpRequest, user: User) -> None:
    """The password was changed on the way in."""
    begin_half(request, user)


def begin(request: HttpRequest, user: User) -> None:
    """Sign in: password and second factor were right. The session gets a new key.

    The secret behind the forms' tokens stays, so that what was typed into a page before its session
    ended can still be sent; signing out changes it.
    """
    tokens = request.META.get("CSRF_COOKIE")
    request.session.flush()
    login(request, user, backend=BACKEND)
    if tokens:
        request.META["CSRF_COOKIE"] = tokens
    now = _seconds()
    request.session.update({"begun": now, "seen": now, "rests_on": rests_on(user)})
    request.session.set_expiry(0)


def go_on(request: HttpRequest, user: User) -> None:
    """Keep this session, and this alone, over a change that its person made to the account."""
    begun = request.session.get("begun", 0)
    begin(request, user)
    request.session["begun"] = begun


def ended(session: Any, user: User) -> str:
    """Why the session is over; empty while it holds."""
    now = _seconds()
    if now - session.get("seen", 0) > settings.IDLE_MINUTES * 60:
        return _("You were signed out after %(minutes)d minutes without activity.") % {
            "minutes": settings.IDLE_MINUTES
        }
    if now - session.get("begun", 0) > settings.SESSION_HOURS * 3600:
        return _("You were signed out: a session lasts %(hours)d hours at most.") % {
            "hours": settings.SESSION_HOURS
        }
    if session.get("rests_on") != rests_on(user, remember=True):
        return _("You were signed out: your roles or your second factor were changed.")
    return ""


def seen(session: Any) -> None:
    if _seconds() - session.get("seen", 0) > SEEN_EVERY:
        session["seen"] = _seconds()


def end(request: HttpRequest) -> None:
    logout(request)


def sign_out(request: HttpRequest) -> None:
    logout(request)
    rotate_token(request)


def rests_on(user: User, *, remember: bool = False) -> list[int]:
    """The roles that hold now and the second factor: a session ends when they change. (When the
    password changes, Django ends it.) With `remember` the request asks for the roles this once."""
    return [
        *(key for key, _role, _site in held_now(user, remember=remember)),
        -1,
        *_factors(user.pk),
    ]


_factors = Prepared(
    lambda user: (
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
)


def _seconds() -> int:
    return int(present().timestamp())
