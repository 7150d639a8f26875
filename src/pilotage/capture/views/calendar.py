"""The calendar: every planned contact of every subject, and as a file for a calendar program."""

from datetime import date

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pilotage.capture.models import Subject
from pilotage.capture.planned import planned
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.today import rows, today
from pilotage.capture.views.page import allowed, paged, sites
from pilotage.capture.views.synthetic import file_name
from pilotage.rules.appointments import appointments

WAITING = ("overdue", "due", "upcoming", "unknown")


@allowed("see_record")
def calendar(request: HttpRequest) -> HttpResponse:
    day, wrong = _asked_day(request.GET.get("on", ""))
    only, subject = request.GET.get("show", "waiting"), request.GET.get("subject", "")
    subjects = list(
        Subject.objects.filter(site__in=sites(request, "see_record")).order_by("usubjid")
    )
    chosen = [s for s in subjects if subject in ("", s.usubjid)]
    told = reviews_of(chosen, day)
    found = rows(told.found, "contacts")
    if only == "waiting":
        found = [row for row in found if row["STATUS"] in WAITING]
    found.sort(key=lambda row: (row["TARGET"] or row["DONE"] or date.max, row["USUBJID"]))
    context = {
        "page": paged(request, found),
        "day": day,
        "behind": told.behind,
        "wrong": wrong,
        "show": only,
        "subject": subject,
        "subjects": subjects,
        "query": f"on={day}&show={'all' if only == 'all' else 'waiting'}&subject={subject}&",
    }
    return render(request, "capture/pages/calendar.html", context)


@allowed("see_record")
def calendar_file(request: HttpRequest) -> HttpResponse:
    """What is still to come, as an iCalendar file: codes, never names."""
    day = today()
    subjects = Subject.objects.filter(site__in=sites(request, "see_record"))
    frames = [each.contacts for each in reviews_of(subjects, day).found.values()]
    invented = settings.SYNTHETIC
    text = b""
    if frames:
        text = appointments(planned(), pl.concat(frames), cut=day, synthetic=invented)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name("contacts.ics")}"'
    return answer


def _asked_day(text: str) -> tuple[date, str]:
    if not text:
        return today(), ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today(), _("%(text)s is not a day; write it as 2026-11-23") % {"text": text[:20]}
