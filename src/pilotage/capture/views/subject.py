"""The page of a subject: how things stand, the course as a drawing, visits, laboratory, events."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pilotage.capture.entry_forms import fields_of
from pilotage.capture.models import Contact, Entry, Subject
from pilotage.capture.permissions import may
from pilotage.capture.planned import planned
from pilotage.capture.present import record_of
from pilotage.capture.reviewing import marks, reviews_of
from pilotage.capture.states import ENTRY_STATES, OPEN_QUERIES
from pilotage.capture.today import alerts, today
from pilotage.capture.views.lives import drawing_of, life_of
from pilotage.capture.views.page import allowed, part, person, subject_seen
from pilotage.study.protocol import text_of

UNFOLDED: Final = 3
"""The last contacts whose forms are listed at once; those of an earlier one unfold, unless
something is open in it."""
FEW: Final = 3
"""Forms that are listed at once at any contact."""


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
        "logs": _logs(who),
        "doses": found[usubjid].doses.to_dicts() if found else [],
        "may_open": bool(may(person(request), "open_contact", who.site)),
        "may_enter": bool(may(person(request), "save_entry", who.site)),
        "may_see_trail": bool(may(person(request), "see_trail", who.site)),
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
    days, tests = ([], []) if frame is None else _tests(frame)
    context = {"days": days, "tests": tests, "subject": who}
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
    """The contacts that took place, the last first, each with its entries and what is open in
    them; `alike` is the state of all its entries where they are folded away."""
    language = get_language()
    forms = planned().protocol.forms
    entries = Entry.objects.filter(subject=who).prefetch_related("queries")
    by_contact: dict[int | None, list[dict[str, Any]]] = {}
    for entry in entries.order_by("pk"):
        label = text_of(forms[entry.form].label, language) if entry.form in forms else entry.form
        open_queries = sum(query.state in OPEN_QUERIES for query in entry.queries.all())
        row = {"entry": entry, "label": label, "queries": open_queries}
        by_contact.setdefault(entry.contact_id, []).append(row)
    made = Contact.objects.filter(subject=who).order_by("held_on", "order", "pk").reverse()
    return [
        {
            "contact": contact,
            "entries": by_contact.get(contact.pk, []),
            "alike": "" if at < UNFOLDED else _alike(by_contact.get(contact.pk, [])),
        }
        for at, contact in enumerate(made)
    ]


def _alike(entries: list[dict[str, Any]]) -> str:
    """The one state of all entries of a contact, where nothing is open in them; else nothing."""
    states = {row["entry"].state for row in entries}
    waits = "started" in states or any(row["queries"] for row in entries)
    return states.pop() if len(states) == 1 and not waits and len(entries) > FEW else ""


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


def _tests(adlb: pl.DataFrame) -> tuple[list[date], list[dict[str, Any]]]:
    """The days of the samples, the last first, and each test with its value at baseline and on
    every such day (None where there is none); a grade where the criteria give one."""
    columns = ["PARAMCD", "PARAM", "AVAL", "AVALU", "ADT", "ANRLO", "ANRHI", "ATOXGR", "ABLFL"]
    kept = adlb.filter(pl.col("AVAL").is_not_null() & pl.col("ADT").is_not_null())
    present = [column for column in columns if column in kept.columns]
    values = kept.sort("ADT").select(present).to_dicts()
    days = sorted({value["ADT"] for value in values}, reverse=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for value in values:
        found.setdefault(value["PARAMCD"], []).append({**value, "flag": _flag(value)})
    labels = _labels()
    order = [*labels, *sorted(found.keys() - labels.keys())]
    return days, [_test(found[code], labels.get(code), days) for code in order if code in found]


def _test(
    values: Sequence[Mapping[str, Any]], label: str | None, days: Sequence[date]
) -> dict[str, Any]:
    by_day = {value["ADT"]: value for value in values}
    baseline = next((value for value in values if value.get("ABLFL") == "Y"), None)
    name = values[0]["PARAM"]
    return {
        "name": label if name in (None, values[0]["PARAMCD"]) else name,
        "unit": values[0].get("AVALU"),
        "cells": [baseline, *(by_day.get(day) for day in days)],
    }


def _flag(value: Mapping[str, Any]) -> str:
    """Whether a value lies outside its limits of normal; nothing where they are not known."""
    low, high = value.get("ANRLO"), value.get("ANRHI")
    if low is not None and value["AVAL"] < low:
        return "low"
    return "high" if high is not None and value["AVAL"] > high else ""


def _labels() -> dict[str, str]:
    """What the forms of the study call each laboratory test, in their order."""
    study, language = planned(), get_language()
    pages = (fields_of(study, form, language) for form in study.protocol.forms)
    return {
        field.analyte: field.label
        for page in pages
        for field in page.fields
        if field.analyte and field.is_laboratory
    }
