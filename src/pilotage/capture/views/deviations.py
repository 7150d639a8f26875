"""Departures from the protocol, as the record shows them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pilotage.capture.models import Subject
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.today import rows, today
from pilotage.capture.views.page import allowed, paged, sites


@allowed("see_record")
def deviations(request: HttpRequest) -> HttpResponse:
    subjects = Subject.objects.filter(site__in=sites(request, "see_record")).order_by("usubjid")
    told = reviews_of(subjects, today())
    found = rows(told.found, "dv")
    kinds = sorted({row["DVCAT"] for row in found})
    kind = request.GET.get("kind", "")
    if kind in kinds:
        found = [row for row in found if row["DVCAT"] == kind]
    else:
        kind = ""
    context = {
        "page": paged(request, found),
        "behind": told.behind,
        "kinds": kinds,
        "kind": kind,
        "query": f"kind={kind}&",
    }
    return render(request, "capture/pages/deviations.html", context)
