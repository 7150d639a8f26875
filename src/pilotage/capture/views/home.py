"""Today: recruitment, what is due, what is open, and how clean the data are."""

from collections import Counter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pilotage.capture.models import Entry, Query, Subject
from pilotage.capture.permissions import may_somewhere
from pilotage.capture.planned import planned
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.states import ENTRY_STATES, OPEN_QUERIES
from pilotage.capture.today import LEVELS, alerts, rows, today
from pilotage.capture.views.identity import waiting_roles
from pilotage.capture.views.page import allowed, person, sites

SHOWN = 60
"""Alerts on the page; the rest are counted, and stand in the lists of their own."""


@allowed("see_record")
def home(request: HttpRequest) -> HttpResponse:
    seen = sites(request, "see_record")
    subjects = list(Subject.objects.filter(site__in=seen).order_by("usubjid"))
    day = today()
    told = reviews_of(subjects, day)
    found = told.found
    all_alerts = alerts(found, day)
    contacts = rows(found, "contacts")
    due = [row for row in contacts if row["STATUS"] in ("due", "overdue")]
    context = {
        "day": day,
        "behind": told.behind,
        "waiting_roles": list(waiting_roles().filter(Q(site=None) | Q(site__in=seen))),
        "may_confirm": may_somewhere(person(request), "confirm_role"),
        "subjects": subjects,
        "recruitment": _recruitment(subjects),
        "alerts": all_alerts[:SHOWN],
        "more": max(len(all_alerts) - SHOWN, 0),
        "levels": Counter(dict.fromkeys(LEVELS, 0)) + Counter(a.level for a in all_alerts),
        "due": sorted(due, key=lambda row: (row["STATUS"] != "overdue", row["TARGET"])),
        "may_enter": may_somewhere(person(request), "open_contact"),
        "queries": _queries(seen),
        "cleaning": _cleaning(seen),
    }
    return render(request, "capture/pages/home.html", context)


def _recruitment(subjects: list[Subject]) -> dict[str, Any]:
    """Subjects by state beside the number that the protocol plans."""
    states = Counter(subject.state for subject in subjects)
    wanted = planned().protocol.study.design.planned_subjects
    number = wanted if isinstance(wanted, int) else None
    entered = sum(n for state, n in states.items() if state not in ("screening", "screen failure"))
    return {
        "states": sorted(states.items()),
        "entered": entered,
        "planned": number,
        "share": min(100, round(100 * entered / number)) if number else None,
    }


def _queries(seen: Any) -> dict[str, int]:
    found = Query.objects.filter(subject__site__in=seen).values_list("state", flat=True)
    states = Counter(found)
    return {state: states.get(state, 0) for state in OPEN_QUERIES}


def _cleaning(seen: Any) -> list[dict[str, Any]]:
    """Entries by state, in the order of the work on them."""
    found = Counter(Entry.objects.filter(subject__site__in=seen).values_list("state", flat=True))
    total = sum(found.values())
    before = 0.0
    parts = []
    for state in ENTRY_STATES:
        share = 100 * found.get(state, 0) / total if total else 0
        parts.append({"state": state, "n": found.get(state, 0), "share": share, "from": before})
        before += share
    return parts
