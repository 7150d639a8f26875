"""Rows of a file taken into the record: all of them or none, every mistake with its line."""

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.importing import Report, import_rows
from pilotage.capture.import_mapping import read_mapping
from pilotage.capture.imports import LABORATORY, ImportedRow, read_laboratory, read_spreadsheet
from pilotage.capture.planned import planned
from pilotage.capture.views.page import allowed, person
from pilotage.findings import InputErrors

LARGEST = 10 * 1024 * 1024
"""Bytes of a file; a trial of this size has no larger one."""
SHOWN = 200


@allowed("import_rows")
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    report, problems = None, []
    if request.method == "POST":
        try:
            report = _take(request)
        except InputErrors as wrong:
            problems = [str(finding) for finding in wrong.findings]
        except Refused as refused:
            problems = [str(refused)]
    context = {
        "report": report,
        "problems": problems[:SHOWN],
        "more": max(len(problems) - SHOWN, 0),
        "columns": LABORATORY,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "capture/pages/files.html", context)


def _take(request: HttpRequest) -> Report:
    """The same bytes in the same way are the same import: its key is made of them."""
    data, name = _read(request.FILES.get("file"))
    mapping = request.FILES.get("mapping")
    described, mapping_name = _read(mapping) if mapping else (b"", "")
    opens = request.POST.get("open_contacts") == "yes"
    reason = request.POST.get("reason", "").strip()
    rows: tuple[ImportedRow, ...]
    if mapping:
        columns = read_mapping(planned(), described, file=mapping_name)
        rows = read_spreadsheet(planned(), data, columns, file=name)
    else:
        rows = read_laboratory(planned(), data, file=name)
    return import_rows(
        rows,
        file=name,
        content=data,
        by=Actor(person(request)),
        reason=reason,
        open_contacts=opens,
        key=hashlib.sha256(data + b"\0" + described + str(opens).encode()).hexdigest(),
    )


def _read(uploaded: "UploadedFile[bytes] | None") -> tuple[bytes, str]:
    """The bytes and the plain name of a file. Raises Refused for none, and for one too large."""
    if uploaded is None or not uploaded.name:
        raise Refused(_("Choose a file."))
    if (uploaded.size or 0) > LARGEST:
        raise Refused(_("The file is larger than 10 MB."))
    name = "".join(c for c in uploaded.name if c.isprintable() and c not in '/\\"<>')[-80:]
    return uploaded.read(), name or "file.csv"
