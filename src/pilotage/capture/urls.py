"""Every address of the application. None carries patient data: a subject stands by its code."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from pilotage.capture.api import api
from pilotage.capture.views.entry_addresses import entry_addresses

VIEWS = "pilotage.capture.views"

PAGES: tuple[tuple[str, str, str], ...] = (
    ("sign-in/", "sign_in.sign_in", "sign_in"),
    ("sign-in/password/", "sign_in.new_password", "sign_in_password"),
    ("sign-in/second-factor/", "sign_in.first_second_factor", "sign_in_second_factor"),
    ("sign-in/code/", "sign_in.code", "sign_in_code"),
    ("sign-out/", "sign_in.sign_out", "sign_out"),
    ("account/", "account.account", "account"),
    ("identity/", "identity.identity", "identity"),
    ("users/", "users.users", "users"),
    ("users/<int:number>/", "users.user", "user"),
    ("", "home.home", "home"),
    ("subjects/", "subjects.subjects", "subjects"),
    ("subjects/<str:usubjid>/", "subject.subject", "subject"),
    ("subjects/<str:usubjid>/laboratory/", "subject.subject_laboratory", "subject_laboratory"),
    ("subjects/<str:usubjid>/life/", "subject.subject_life", "subject_life"),
    ("subjects/<str:usubjid>/drawing.svg", "subject.subject_drawing", "subject_drawing"),
    ("subjects/<str:usubjid>/eligibility/", "eligibility.eligibility", "eligibility"),
    ("subjects/<str:usubjid>/copy/", "leaving.subject_copy", "subject_copy"),
    ("subjects/<str:usubjid>/closing/", "closing.closing", "closing"),
    ("subjects/<str:usubjid>/release/", "release.release", "release"),
    ("subjects/<str:usubjid>/entries/<int:entry>/acts/", "entry_acts.entry_acts", "entry_acts"),
    ("screening/", "screening.screening", "screening"),
    ("calendar/", "calendar.calendar", "calendar"),
    ("calendar/calendar.ics", "calendar.calendar_file", "calendar_file"),
    ("queries/", "queries.queries", "queries"),
    ("queries/<int:number>/", "queries.query", "query"),
    ("deviations/", "deviations.deviations", "deviations"),
    ("import/", "files.files", "files"),
    ("trail/", "trail.trail", "trail"),
    ("trail/audit-trail.csv", "trail.trail_file", "trail_file"),
    ("trail/checkpoint/", "leaving.checkpoint_file", "checkpoint_file"),
    ("cuts/", "cuts.cuts", "cuts"),
    ("cuts/<str:name>/", "cuts.cut", "cut"),
    ("cuts/<str:name>/build/", "cuts.build_report", "build_report"),
    ("cuts/<str:name>/progress/", "cuts.report_progress", "report_progress"),
    ("cuts/<str:name>/file/<path:place>", "cuts.cut_file", "cut_file"),
    ("cuts/<str:name>/report/", "cuts.report_page", "report_page"),
    ("cuts/<str:name>/trace/", "trace.trace", "trace"),
    ("cuts/<str:name>/report/<path:place>", "cuts.report_file", "report_file"),
    ("study/", "study.study", "study"),
    ("study/lock/", "study_lock.study_lock", "study_lock"),
    ("study/check/", "study.study_check", "study_check"),
)
"""Address, view below `views`, name."""


def alive(request: HttpRequest) -> HttpResponse:
    """For what watches over the server: it answers."""
    return HttpResponse("alive\n", content_type="text/plain")


def _view(place: str) -> Callable[..., Any]:
    """A view by module and name. One that cannot be found stops the start: an address that is
    missing in silence would be a page that nobody misses until it is needed."""
    module, _, name = place.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"{VIEWS}.{module}"), name)
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    *entry_addresses,  # first: every save comes this way
    *(path(address, _view(place), name=name) for address, place, name in PAGES),
    path("language/", set_language, name="language"),
    path("alive/", alive, name="alive"),
    path("api/", api.urls),
]

handler400 = "pilotage.capture.views.errors.bad_request"
handler403 = "pilotage.capture.views.errors.refused"
handler404 = "pilotage.capture.views.errors.not_found"
handler500 = "pilotage.capture.views.errors.failed"
