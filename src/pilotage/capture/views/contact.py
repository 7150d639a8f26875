"""A new contact: one that the schedule plans, or an unscheduled one, with the day it took place."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.models import Contact, Subject
from pilotage.capture.planned import planned
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.today import today
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person, subject_seen
from pilotage.rules.departures import Review
from pilotage.study.protocol import text_of

UNSCHEDULED = "unscheduled"
NEAREST = ("overdue", "due", "unknown", "upcoming", "missed")
"""In this order of their states contacts are offered; the others, which were done with another
visit of their day, stand apart."""


@allowed("open_contact")
@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest, usubjid: str) -> HttpResponse:
    who = subject_seen(request, usubjid, "open_contact")
    told = reviews_of([who], today())
    choices = _choices(who, told.found.get(usubjid))
    held_on = request.POST.get("held_on", "").strip()
    wanted = request.POST.get("planned", "")
    if request.method == "POST":
        chosen = next((each for each in choices if each["id"] == wanted), None)
        if chosen is None:
            messages.error(request, _("Choose the visit or test that took place."))
        else:
            try:
                made = open_contact(
                    who,
                    by=Actor(person(request)),
                    planned="" if wanted == UNSCHEDULED else wanted,
                    number=chosen["number"],
                    label=chosen["label"],
                    held_on=held_on,
                    order=chosen["order"],
                    key=request.POST.get("key"),
                )
                return redirect("visit", usubjid, made.pk)
            except Refused as refused:
                messages.error(request, str(refused))
    context = {
        "subject": who,
        "behind": told.behind,
        "choices": choices,
        "held_on": held_on,
        "wanted": wanted,
        "apart": sum(each.get("apart", False) for each in choices),
        "apart_chosen": any(each.get("apart") and each["id"] == wanted for each in choices),
        "day": today(),
        "key": new_key(),
    }
    return render(request, "capture/pages/new_contact.html", context)


def _choices(who: Subject, review: Review | None) -> list[dict[str, Any]]:
    """What may be entered: the planned contacts that were not entered yet, what waits first."""
    language, schedule = get_language(), planned().protocol.schedule
    entered = set(Contact.objects.filter(subject=who).values_list("planned", flat=True))
    found: list[dict[str, Any]] = []
    known: set[str] = set()
    rows = review.contacts.to_dicts() if review else []
    order = {visit.id: at for at, visit in enumerate(schedule.visits)}
    for row in sorted(rows, key=_nearness):
        code = row["ID"] if row["KIND"] == "visit" else f"{row['ID']} {row['DAY']}"
        if row["KIND"] not in ("visit", "test") or code in entered or code in known:
            continue
        known.add(code)
        found.append(
            {
                "id": code,
                "label": row["LABEL"],
                "number": row["VISITNUM"],
                "order": order.get(row["ID"], len(order)),
                "target": row["TARGET"],
                "first": row["FIRST"],
                "last": row["LAST"],
                "status": row["STATUS"],
                "apart": row["STATUS"] not in NEAREST,
            }
        )
    for at, visit in enumerate(schedule.visits):
        if visit.id not in known and visit.id not in entered and not rows:
            label = text_of(visit.label, language)
            found.append(
                {
                    "id": visit.id,
                    "label": label,
                    "number": visit.number,
                    "order": at,
                    "apart": False,
                }
            )
    if schedule.unscheduled is not None:
        label = text_of(schedule.unscheduled.label, language)
        found.append({"id": UNSCHEDULED, "label": label, "number": None, "order": len(order)})
    return found


def _nearness(row: dict[str, Any]) -> tuple[int, date]:
    state = row["STATUS"]
    return NEAREST.index(state) if state in NEAREST else len(NEAREST), row["TARGET"] or date.max
