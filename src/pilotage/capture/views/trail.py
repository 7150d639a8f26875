"""The audit trail: filtered on the page, and as a file of all that the person may see."""

import csv
from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pilotage.capture.actions.access import note
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import AuditEvent, Subject
from pilotage.capture.permissions import may_somewhere
from pilotage.capture.spreadsheet import harmless
from pilotage.capture.trail_seen import events_seen
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, paged, person, sites
from pilotage.capture.views.synthetic import file_name

COLUMNS = (
    "seq", "at", "user_name", "role", "action", "site", "subject", "place", "reason", "details",
    "previous", "hash",
)  # fmt: skip

FILTERS = ("subject", "action", "user", "from", "to")


@allowed("see_trail")
def trail(request: HttpRequest) -> HttpResponse:
    seen = events_seen(person(request))
    chosen = _chosen(request, seen)
    asked = {
        name: request.GET.get(name, "") for name in ("subject", "action", "user", "from", "to")
    }
    context = {
        "key": new_key(),
        "may_leave": may_somewhere(person(request), "leave_checkpoint"),
        "page": paged(request, chosen.order_by("-seq")),
        "asked": asked,
        "actions": list(seen.order_by("action").values_list("action", flat=True).distinct()),
        "subjects": list(
            Subject.objects.filter(site__in=sites(request, "see_trail"))
            .order_by("usubjid")
            .values_list("usubjid", flat=True)
        ),
        "query": "".join(f"{name}={value}&" for name, value in asked.items() if value),
        "last": seen.order_by("-seq").first(),
    }
    return render(request, "capture/pages/trail.html", context)


@allowed("see_trail")
@require_GET
def trail_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every event that the filters leave, as CSV; a cell that a spreadsheet would run is quoted."""
    note("exported", by=Actor(person(request)), place="audit-trail.csv")
    chosen = _chosen(request, events_seen(person(request))).order_by("seq")
    answer = StreamingHttpResponse(_lines(chosen), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name("audit-trail.csv")}"'
    return answer


class _Line:
    """A file of one line: what is written comes back."""

    def write(self, text: str) -> str:
        return text


def _lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for event in events.values_list(*COLUMNS).iterator(chunk_size=2000):
        cells = (value.isoformat() if hasattr(value, "isoformat") else value for value in event)
        yield writer.writerow([harmless(str(cell)) for cell in cells])


def _chosen(request: HttpRequest, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    asked = request.GET
    if asked.get("subject"):
        events = events.filter(subject=asked["subject"])
    if asked.get("action"):
        events = events.filter(action=asked["action"])
    if asked.get("user"):
        events = events.filter(user_name=asked["user"])
    for name, compared in (("from", "at__date__gte"), ("to", "at__date__lte")):
        day = _day(asked.get(name, ""))
        if day is not None:
            events = events.filter(Q((compared, day)))
    return events


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
