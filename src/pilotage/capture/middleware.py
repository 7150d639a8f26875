"""The gate: nobody passes it without password and second factor, nor after the session ended."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode

from pilotage.capture.models import User
from pilotage.capture.sign_in import sessions

PUBLIC = frozenset(
    {"sign_in", "sign_in_code", "sign_in_password", "sign_in_second_factor", "language", "alive"}
)
"""Names of the addresses that are open to everybody. No other is."""
TOKEN = "api/"
"""Addresses that begin so ask for a token instead of a session (`api.py`)."""


class Gate:
    """Ends sessions that are over, and sends everybody who has none to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self._end_what_is_over(request)
        return self.get_response(request)

    def _end_what_is_over(self, request: HttpRequest) -> None:
        user = get_user(request)
        if not isinstance(user, User):
            return
        request.user = user  # the person, not the stand-in by which Django puts off the question
        why = sessions.ended(request.session, user)
        if why:
            sessions.end(request)
            request.session["said"] = why
        else:
            sessions.seen(request.session)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in PUBLIC or match.route.startswith(TOKEN):
            return None
        if isinstance(request.user, User):
            return None
        return _sent_away(request)


def _sent_away(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a part of a page: what was typed into it stays there
        return HttpResponse(status=401, headers={"HX-Trigger": "signed-out"})
    if request.method in ("GET", "HEAD"):
        page = resolve_url(settings.LOGIN_URL)
        return HttpResponseRedirect(f"{page}?{urlencode({'next': request.get_full_path()})}")
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    context = {"typed": typed, "whole": not request.FILES and len(typed) + 1 >= len(request.POST)}
    return render(request, "capture/account/not_saved.html", context, status=401)
