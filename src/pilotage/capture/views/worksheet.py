"""Forms on paper: for a visit when the system is down, and all forms of the study, blank."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from pilotage.capture.entry_forms import fields_of
from pilotage.capture.models import Contact
from pilotage.capture.planned import planned
from pilotage.capture.views.after_saving import forms_at, logs_at
from pilotage.capture.views.page import allowed, subject_seen
from pilotage.capture.views.sheet import Sheet, sheet
from pilotage.conditions import describe
from pilotage.study.namespace import namespace
from pilotage.study.protocol import text_of


@allowed("see_record")
@require_GET
def worksheet(request: HttpRequest, usubjid: str, contact: int) -> HttpResponseBase:
    """The blank forms of one visit of one subject."""
    subject = subject_seen(request, usubjid, "see_record")
    held = get_object_or_404(Contact, subject=subject, pk=contact)
    context = {
        "title": held.label,
        "usubjid": subject.usubjid,
        "site": subject.site.code,
        "sheets": _blank((*forms_at(held), *logs_at(held))),
    }
    return render(request, "capture/worksheet/worksheet.html", context)


@allowed("see_study")
@require_GET
def visit_worksheet(request: HttpRequest, visit: str) -> HttpResponseBase:
    """The blank forms of a planned visit, for any subject."""
    known = {each.id: each for each in planned().protocol.schedule.visits}
    if visit not in known:
        raise Http404
    context = {
        "title": text_of(known[visit].label, get_language()),
        "sheets": _blank(known[visit].forms),
    }
    return render(request, "capture/worksheet/worksheet.html", context)


@allowed("see_study")
@require_GET
def blank_forms(request: HttpRequest) -> HttpResponseBase:
    """Every form of the study, blank."""
    context = {"title": "", "sheets": _blank(tuple(planned().protocol.forms))}
    return render(request, "capture/worksheet/worksheet.html", context)


def _blank(forms: tuple[str, ...]) -> list[Sheet]:
    """The forms with nothing in them; every question stands on paper, with its condition."""
    language = get_language()
    names = namespace(planned().protocol, language)
    sheets = []
    for form in forms:
        page = fields_of(planned(), form, language)
        conditions = {
            field.item: describe(field.when, names, language=language or "en")
            for field in page.fields
            if field.when is not None
        }
        every = frozenset(field.item for field in page.fields)
        sheets.append(sheet(page, {}, every, conditions=conditions))
    return sheets
