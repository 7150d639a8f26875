"""Data cuts: made, locked, and the report that is built from one, read in the browser."""

import mimetypes
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pilotage.capture import building
from pilotage.capture.actions import Refused
from pilotage.capture.actions.access import note
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.cutting import cut_data, lock_cut
from pilotage.capture.cuts import SNAPSHOT
from pilotage.capture.models import AuditEvent, DataCut
from pilotage.capture.permissions import may_everywhere
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person

OWN_STYLES = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'"
"""A built report holds its styles and drawings itself, and no script."""

META_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')

TRACED = f"{OWN_STYLES}; script-src 'self'"
"""Read here, it has one script of ours: a click on a number leads to where it comes from."""


@allowed("see_cuts", everywhere=True)
@require_http_methods(["GET", "POST"])
def cuts(request: HttpRequest) -> HttpResponse:
    name = request.POST.get("name", "").strip()
    if request.method == "POST":
        try:
            made = cut_data(name, by=Actor(person(request)), key=request.POST.get("key"))
            messages.success(request, _("The data cut is written."))
            return redirect("cut", made.name)
        except Refused as refused:
            messages.error(request, str(refused))
    context = {
        "cuts": [_row(each) for each in DataCut.objects.select_related("event").order_by("-pk")],
        "may_cut": may_everywhere(person(request), "cut_data"),
        "name": name,
        "key": new_key(),
    }
    return render(request, "capture/pages/cuts.html", context)


@allowed("see_cuts", everywhere=True)
@require_http_methods(["GET", "POST"])
def cut(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(DataCut.objects.select_related("event"), name=name)
    if request.method == "POST":
        try:
            lock_cut(found, by=Actor(person(request)), key=request.POST.get("key"))
            messages.success(request, _("The data cut is locked."))
            return redirect("cut", name)
        except Refused as refused:
            messages.error(request, str(refused))
    snapshot = _folder(found) / SNAPSHOT
    context = {
        **_row(found),
        "files": sorted(path.name for path in snapshot.iterdir()) if snapshot.is_dir() else [],
        "later": AuditEvent.objects.filter(seq__gt=found.head).exclude(subject="").count(),
        "may_cut": may_everywhere(person(request), "cut_data"),
        "may_take": may_everywhere(person(request), "export_data"),
        "key": new_key(),
    }
    return render(request, "capture/pages/cut.html", context)


@allowed("see_cuts", everywhere=True)
@require_POST
def build_report(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(DataCut, name=name)
    building.build(_folder(found), _folder(found) / SNAPSHOT)
    return redirect("cut", name)


@allowed("see_cuts", everywhere=True)
def report_progress(request: HttpRequest, name: str) -> HttpResponse:
    """The part of the page that tells how far the report is; it asks again while it is built."""
    found = get_object_or_404(DataCut, name=name)
    return render(request, "capture/parts/report.html", _row(found))


@allowed("export_data", everywhere=True)
@require_GET
def cut_file(request: HttpRequest, name: str, place: str) -> FileResponse:
    """A file of a cut: of its snapshot, or of the report built from it. That it was taken is
    recorded."""
    found = get_object_or_404(DataCut, name=name)
    answer = _file(_folder(found), place)
    note("exported", by=Actor(person(request)), place=f"{name}/{place}"[:200])
    return answer


@allowed("see_cuts", everywhere=True)
def report_file(request: HttpRequest, name: str, place: str) -> FileResponse:
    """A page of the built report, to be read here."""
    found = get_object_or_404(DataCut, name=name)
    answer = _file(_folder(found) / building.REPORT, place)
    answer["Content-Security-Policy"] = OWN_STYLES
    answer["Content-Disposition"] = "inline"
    return answer


@allowed("see_cuts", everywhere=True)
def report_page(request: HttpRequest, name: str) -> HttpResponse:
    """The built report, in which every number leads to where it comes from."""
    found = get_object_or_404(DataCut, name=name)
    path = _folder(found) / building.REPORT / "report.html"
    if not path.is_file():
        raise Http404
    page = path.read_text(encoding="utf-8")
    script = format_html(
        '<script src="{}" data-trace="{}" data-words="{}" defer></script></head>',
        static("capture/report_trace.js"),
        reverse("trace", args=[name]),
        _("Where this comes from"),
    )
    back = format_html(
        '<header><p><a href="{}">‹ {}</a></p>',
        reverse("cut", args=[name]),
        _("Back to the data cut %(name)s") % {"name": name},
    )
    page = META_POLICY.sub("", page, count=1).replace("</head>", script, 1)
    page = page.replace("<header>", back, 1)
    return HttpResponse(page, headers={"Content-Security-Policy": TRACED})


def _row(found: DataCut) -> dict[str, Any]:
    folder = _folder(found)
    failed = folder / building.FAILED
    return {
        "cut": found,
        "progress": building.progress(folder),
        "why": failed.read_text(encoding="utf-8") if failed.is_file() else "",
    }


def _folder(found: DataCut) -> Path:
    return settings.DATA / found.folder


def _file(folder: Path, place: str) -> FileResponse:
    """A file below a folder. Raises Http404 for anything that is not there, or lies outside."""
    root, path = folder.resolve(), (folder / place).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Http404
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path.open("rb"), content_type=kind, filename=path.name)
