"""What an administrator did to the access of others, and a second person confirms: roles that were
granted, and accounts whose password was reset."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.confirming import (
    CONFIRMATION,
    COUNTERSIGNATURE,
    against_confirming,
    confirm_identity,
    confirm_role,
)
from pilotage.capture.actions.password import in_doubt
from pilotage.capture.models import Membership, User
from pilotage.capture.permissions import sites_of
from pilotage.capture.views.keys import new_key, number_of
from pilotage.capture.views.page import allowed, person


@allowed("confirm_identity")
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            messages.success(request, _confirmed(request))
            return redirect("identity")
        except Refused as refused:
            messages.error(request, str(refused))
    by = person(request)
    context = {"rows": _rows(by), "roles": _roles(by)}
    return render(request, "capture/users/identity.html", context)


def _confirmed(request: HttpRequest) -> str:
    """What was confirmed: a role, or who uses an account."""
    typed = request.POST
    by, password = Actor(person(request)), typed.get("password", "")
    reason, key = typed.get("reason", ""), typed.get("key")
    if typed.get("role"):
        role = get_object_or_404(Membership, pk=number_of(typed["role"]))
        confirm_role(role, by=by, password=password, reason=reason, key=key)
        return _("It is confirmed: the role holds.")
    shown = get_object_or_404(User, pk=number_of(typed.get("user", "")))
    confirm_identity(shown, by=by, password=password, reason=reason, key=key)
    return _("It is confirmed: the person may work and sign again.")


def waiting_roles() -> QuerySet[Membership]:
    """The roles that wait for a second person, the oldest first."""
    found = Membership.objects.filter(until=None, awaits__in=(CONFIRMATION, COUNTERSIGNATURE))
    return found.filter(user__is_active=True).select_related("user", "site").order_by("pk")


def _roles(by: User) -> list[dict[str, Any]]:
    """The roles that wait at the sites of this person or at all, and those of another site that
    nobody else could confirm, each with what stands against it that this person does."""
    here = {None, *sites_of(by, "confirm_identity")}
    found = ((role, against_confirming(role, by)) for role in waiting_roles())
    return [
        {"role": role, "against": against, "key": new_key()}
        for role, against in found
        if not against or role.site in here
    ]


def _rows(by: User) -> list[dict[str, Any]]:
    """The open accounts in doubt whose roles are at the sites of this person or at all, with the
    reset, and whether this person may confirm them."""
    here = Q(memberships__site=None) | Q(memberships__site__in=sites_of(by, "confirm_identity"))
    users = User.objects.filter(here, is_active=True, memberships__until=None)
    found = ((user, in_doubt(user)) for user in users.order_by("pk").distinct())
    return [
        {"user": user, "reset": reset, "may": by.pk not in (user.pk, reset.user_id),
         "key": new_key()}
        for user, reset in found
        if reset is not None
    ]  # fmt: skip
