"""Accounts whose password somebody else reset: who confirms that the own person uses them again."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.access import confirm_identity
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.password import in_doubt
from pilotage.capture.models import User
from pilotage.capture.permissions import sites_of
from pilotage.capture.views.keys import new_key, number_of
from pilotage.capture.views.page import allowed, person


@allowed("confirm_identity")
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        shown = get_object_or_404(User, pk=number_of(request.POST.get("user", "")))
        try:
            confirm_identity(
                shown,
                by=Actor(person(request)),
                password=request.POST.get("password", ""),
                reason=request.POST.get("reason", ""),
                key=request.POST.get("key"),
            )
            messages.success(request, _("It is confirmed: the person may sign again."))
            return redirect("identity")
        except Refused as refused:
            messages.error(request, str(refused))
    return render(request, "capture/users/identity.html", {"rows": _rows(person(request))})


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
