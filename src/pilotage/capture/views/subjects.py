"""The list of subjects, and a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.subjects import screen_subject
from pilotage.capture.models import Subject
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.states import OPEN_QUERIES
from pilotage.capture.today import today
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person, sites


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def subjects(request: HttpRequest) -> HttpResponse:
    """Every subject with its state, what comes next and what is open; a nurse screens a new one."""
    may_screen = sites(request, "screen_subject")
    if request.method == "POST":
        site = get_object_or_404(may_screen, code=request.POST.get("site", ""))
        try:
            made = screen_subject(
                site,
                by=Actor(person(request)),
                usubjid=request.POST.get("usubjid", "").strip(),
                key=request.POST.get("key"),
            )
            words = _("%(code)s is in screening. Go on with “Enter a visit”.")
            messages.success(request, words % {"code": made.usubjid})
            return redirect("subject", made.usubjid)
        except Refused as refused:
            messages.error(request, str(refused))
    seen = Subject.objects.filter(site__in=sites(request, "see_record")).select_related("site")
    chosen = list(seen.order_by("usubjid").prefetch_related("queries"))
    day = today()
    told = reviews_of(chosen, day)
    found = told.found
    table = []
    for subject in chosen:
        contacts = found[subject.usubjid].contacts.to_dicts() if subject.usubjid in found else []
        coming = [c for c in contacts if c["STATUS"] in ("overdue", "due", "upcoming")]
        open_queries = sum(query.state in OPEN_QUERIES for query in subject.queries.all())
        table.append(
            {
                "subject": subject,
                "next": min(coming, key=lambda c: (c["TARGET"] is None, c["TARGET"]), default=None),
                "overdue": sum(c["STATUS"] == "overdue" for c in contacts),
                "queries": open_queries,
            }
        )
    context = {
        "rows": table,
        "sites": may_screen,
        "key": new_key(),
        "day": day,
        "behind": told.behind,
    }
    return render(request, "capture/pages/subjects.html", context)
