"""The screening log: who was screened, what each criterion says, and why somebody did not enter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pilotage.capture.models import Subject
from pilotage.capture.planned import planned
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.today import rows, today
from pilotage.capture.views.page import allowed, sites


@allowed("see_record")
def screening(request: HttpRequest) -> HttpResponse:
    subjects = list(
        Subject.objects.filter(site__in=sites(request, "see_record")).order_by("usubjid")
    )
    told = reviews_of(subjects, today())
    logged = {row["USUBJID"]: row for row in rows(told.found, "screening_log")}
    table = planned().protocol.eligibility
    criteria = [] if table is None else [*table.inclusion, *table.exclusion]
    lines = [
        {
            "subject": subject,
            "log": logged.get(subject.usubjid),
            "answers": [logged.get(subject.usubjid, {}).get(c.id) for c in criteria],
        }
        for subject in subjects
    ]
    context = {"lines": lines, "criteria": criteria, "behind": told.behind}
    return render(request, "capture/pages/screening.html", context)
