"""The page of a subject: how things stand, the course as a drawing, visits, laboratory, events."""

from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pilotage.capture.models import Contact, Entry, Subject
from pilotage.capture.planned import planned
from pilotage.capture.present import record_of
from pilotage.capture.reviewing import marks, reviews_of
from pilotage.capture.states import ENTRY_STATES, OPEN_QUERIES
from pilotage.capture.today import alerts, today
from pilotage.capture.views.lives import drawing_of, life_of
from pilotage.capture.views.page import allowed, part, subject_seen
from pilotage.study.protocol import text_of


@allowed("see_record")
def subject(request: HttpRequest, usubjid: str) -> HttpResponse:
    who = subject_seen(request, usubjid, "see_record")
    day = today()
    told = reviews_of([who], day)
    found = told.found
    contacts = found[usubjid].contacts.to_dicts() if found else []
    contacts.sort(key=lambda row: row["DONE"] or row["TARGET"] or day)
    context = {
        "subject": who,
        "day": day,
        "behind": told.behind,
        "alerts": alerts(found, day),
        "contacts": _made(who),
        "coming": [c for c in contacts if c["STATUS"] in ("due", "overdue", "upcoming")][:6],
        "missed": [c for c in contacts if c["STATUS"] == "missed"],
        "logs": _logs(who),
        "doses": found[usubjid].doses.to_dicts() if found else [],
        "states": ENTRY_STATES,
        "last": marks([who])[usubjid],
        "signatures": who.signatures.filter(entry=None).select_related("event"),
    }
    return render(request, "capture/pages/subject.html", context)


@allowed("see_record")
def subject_laboratory(request: HttpRequest, usubjid: str) -> HttpResponse:
    """Laboratory values in time with their grades, a row per test."""
    who = subject_seen(request, usubjid, "see_record")
    known = record_of(who)
    frame = None if known is None else known.datasets.adlb
    context = {"tests": [] if frame is None else _tests(frame), "subject": who}
    return part(request, "capture/parts/laboratory.html", context, heading=_("Laboratory"))


@allowed("see_record")
def subject_life(request: HttpRequest, usubjid: str) -> HttpResponse:
    """The life of the subject as decisions with their reasons."""
    who = subject_seen(request, usubjid, "see_record")
    life = life_of(usubjid, marks([who])[usubjid], today())
    heading = _("Decisions with their reasons")
    context = {"life": life, "subject": who}
    return part(request, "capture/parts/life.html", context, heading=heading)


@allowed("see_record")
def subject_drawing(request: HttpRequest, usubjid: str) -> HttpResponse:
    """The course as a drawing (SVG). It is a picture of its own: its styles are its own as well."""
    who = subject_seen(request, usubjid, "see_record")
    svg, _words = drawing_of(usubjid, marks([who])[usubjid], today())
    if not svg:
        raise Http404
    answer = HttpResponse(svg, content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


def _made(who: Subject) -> list[dict[str, Any]]:
    """The contacts that took place, each with its entries and what is open in them."""
    language = get_language()
    forms = planned().protocol.forms
    entries = Entry.objects.filter(subject=who).prefetch_related("queries")
    by_contact: dict[int | None, list[dict[str, Any]]] = {}
    for entry in entries.order_by("pk"):
        label = text_of(forms[entry.form].label, language) if entry.form in forms else entry.form
        open_queries = sum(query.state in OPEN_QUERIES for query in entry.queries.all())
        row = {"entry": entry, "label": label, "queries": open_queries}
        by_contact.setdefault(entry.contact_id, []).append(row)
    return [
        {"contact": contact, "entries": by_contact.get(contact.pk, [])}
        for contact in Contact.objects.filter(subject=who)
    ]


def _logs(who: Subject) -> list[dict[str, Any]]:
    """The logs of the study with the pages that were begun."""
    language = get_language()
    pages = list(Entry.objects.filter(subject=who, contact=None).order_by("form", "repeat"))
    return [
        {
            "form": code,
            "label": text_of(form.label, language),
            "pages": [page for page in pages if page.form == code],
        }
        for code, form in planned().protocol.forms.items()
        if form.repeating
    ]


def _tests(adlb: pl.DataFrame) -> list[dict[str, Any]]:
    """Each parameter with its values in the order of time; a grade where the criteria give one."""
    columns = ["PARAM", "AVAL", "AVALU", "ADT", "LBORNRLO", "LBORNRHI", "ATOXGR", "ABLFL"]
    kept = adlb.filter(pl.col("AVAL").is_not_null() & pl.col("ADT").is_not_null())
    present = [column for column in columns if column in kept.columns]
    found: dict[str, dict[str, Any]] = {}
    for row in kept.sort("PARAMCD", "ADT").select(present).to_dicts():
        test = found.setdefault(row["PARAM"], {"name": row["PARAM"], "values": []})
        test["unit"] = row.get("AVALU")
        test["values"].append(row)
    return list(found.values())
