"""Users and access: accounts, their roles from and until, sites, and who could enter on a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pilotage.capture import permissions
from pilotage.capture.actions import Refused, access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.confirming import CONFIRMATION, COUNTERSIGNATURE
from pilotage.capture.clock import now
from pilotage.capture.models import Membership, Site, User
from pilotage.capture.sign_in.noted import Noted, note
from pilotage.capture.sign_in.passwords import one_time_password
from pilotage.capture.sign_in.second_factor import has_second_factor, remove_second_factor
from pilotage.capture.sign_in.tokens import close_all_tokens
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person

EVERY_SITE = "*"
"""What the page sends for a role at all sites: nobody gets that by leaving a choice out."""


@allowed("see_access")
@require_http_methods(["GET", "POST"])
def users(request: HttpRequest) -> HttpResponse:
    """Every account, every site, and the access list as of a day."""
    if request.method == "GET":
        return _users(request)
    act = {"add_user": _add_user, "add_site": _add_site}.get(request.POST.get("act", ""))
    if act is None:
        return _users(request, status=400)
    try:
        return act(request, Actor(person(request)))
    except Refused as refused:
        said = {"wrong": str(refused), "at": request.POST.get("act"), "typed": request.POST}
        return _users(request, said, 400)


@allowed("see_access")
@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, number: int) -> HttpResponse:
    """One account: its roles, and what can be done with it."""
    shown = get_object_or_404(User, pk=number)
    if request.method == "GET":
        return _user(request, shown)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _user(request, shown, status=400)
    try:
        return act(request, shown, Actor(person(request)))
    except Refused as refused:
        said = {"wrong": str(refused), "typed": request.POST}
        return _user(request, shown, said, 400)


def _add_user(request: HttpRequest, by: Actor) -> HttpResponse:
    password = one_time_password()
    typed = request.POST
    made = access.add_user(
        typed.get("user_name", "").strip(),
        by=by,
        first_name=typed.get("first_name", ""),
        last_name=typed.get("last_name", ""),
        password=password,
        key=typed.get("key"),
    )
    return _user(request, made, _once(made, password))


def _add_site(request: HttpRequest, by: Actor) -> HttpResponse:
    typed = request.POST
    access.add_site(
        typed.get("code", "").strip(), typed.get("name", "").strip(), by=by, key=typed.get("key")
    )
    messages.success(request, _("The site is added."))
    return redirect("users")


def _grant(request: HttpRequest, shown: User, by: Actor) -> HttpResponse:
    code = request.POST.get("site", "")
    if not code:
        raise Refused(_("Choose the site of the role, or all sites."))
    site = None if code == EVERY_SITE else get_object_or_404(Site, code=code)
    granted = access.grant_role(
        shown, request.POST.get("role", ""), site, by=by, key=request.POST.get("key")
    )
    messages.success(request, _HOW_IT_HOLDS[granted.awaits])
    return redirect("user", shown.pk)


_HOW_IT_HOLDS = {
    "": gettext_lazy("The role is granted; it holds from now on."),
    CONFIRMATION: gettext_lazy(
        "The role is granted. It holds when an investigator or a data manager has confirmed it on "
        "the page Confirm access."
    ),
    COUNTERSIGNATURE: gettext_lazy(
        "The role is granted and holds, since nobody is there yet who could confirm it. Every page "
        "Today says so until a second person has confirmed it."
    ),
}


def _end(request: HttpRequest, shown: User, by: Actor) -> HttpResponse:
    number = request.POST.get("membership", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    membership = get_object_or_404(Membership, pk=int(number), user=shown)
    access.end_role(
        membership, by=by, reason=request.POST.get("reason", ""), key=request.POST.get("key")
    )
    messages.success(request, _("The role has ended; the sessions of the account as well."))
    return redirect("user", shown.pk)


@transaction.atomic
def _close(request: HttpRequest, shown: User, by: Actor) -> HttpResponse:
    access.close_user(
        shown, by=by, reason=request.POST.get("reason", ""), key=request.POST.get("key")
    )
    close_all_tokens(shown)
    messages.success(request, _("The account is closed. What its person did stays in the record."))
    return redirect("user", shown.pk)


def _reopen(request: HttpRequest, shown: User, by: Actor) -> HttpResponse:
    access.reopen_user(
        shown, by=by, reason=request.POST.get("reason", ""), key=request.POST.get("key")
    )
    messages.success(request, _("The account is open again."))
    return redirect("user", shown.pk)


@transaction.atomic
def _reset(request: HttpRequest, shown: User, by: Actor) -> HttpResponse:
    """A new password for one use, for somebody who lost the password or the second factor. The
    administrator cannot work as this person: nothing is signed before the password is changed."""
    if by.user == shown:
        raise Refused(
            _("Your own password and second factor are changed on your own account page.")
        )
    password = one_time_password()
    changed = access.set_password(shown, password, by=by, key=request.POST.get("key"))
    if has_second_factor(shown):
        remove_second_factor(shown)
        note(Noted.FACTOR_TAKEN, by.user, shown.username)
    close_all_tokens(shown)
    return _user(request, changed, _once(changed, password))


ACTS: dict[str, Callable[[HttpRequest, User, Actor], HttpResponse]] = {
    "grant": _grant,
    "end": _end,
    "close": _close,
    "reopen": _reopen,
    "reset": _reset,
}


def _once(shown: User, password: str) -> dict[str, str]:
    """The password to show, unless the form was sent before and another one holds."""
    if shown.check_password(password):
        return {"password": password}
    return {
        "wrong": _("This was sent before; the password was shown then. Reset it if it is lost.")
    }


def _users(
    request: HttpRequest, said: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    day = _day(request)
    context = {
        "users": User.objects.order_by("username"),
        "sites": Site.objects.order_by("code"),
        "access": access_on(day),
        "day": day,
        "may_manage": permissions.may(person(request), "manage_accounts", None),
        "keys": {"user": new_key(), "site": new_key()},
        **(said or {}),
    }
    return render(request, "capture/users/users.html", context, status=status)


def _user(
    request: HttpRequest, shown: User, said: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    roles = Membership.objects.filter(user=shown).select_related("site").order_by("-since")
    context = {
        "shown": shown,
        "memberships": roles,
        "roles": permissions.ROLES,
        "sites": Site.objects.order_by("code"),
        "second_factor": has_second_factor(shown),
        "own": shown == request.user,
        "may_manage": permissions.may(person(request), "manage_accounts", None),
        "key": new_key(),
        **(said or {}),
    }
    return render(request, "capture/users/user.html", context, status=status)


def access_on(day: date) -> QuerySet[Membership]:
    """Every role that somebody held at some time of a day (UTC)."""
    begin = datetime.combine(day, time(), UTC)
    end = begin + timedelta(days=1)
    held = Q(until__isnull=True) | Q(until__gt=begin)
    found = Membership.objects.filter(held, since__lt=end).exclude(awaits__in=permissions.RESTING)
    found = found.select_related("user", "site")
    return found.order_by("user__username", "role", "site__code", "since")


def _day(request: HttpRequest) -> date:
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return now().date()
    return day if day.year < 9999 else now().date()
