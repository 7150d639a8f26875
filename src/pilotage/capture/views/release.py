"""Handing out the treatment: what the protocol's rules say today, and the record that it may be."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture import policies
from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.subjects import release_treatment
from pilotage.capture.advice import advice_on
from pilotage.capture.permissions import may
from pilotage.capture.planned import planned
from pilotage.capture.policies import Release
from pilotage.capture.today import today
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person, subject_seen
from pilotage.explain.words import inputs_words
from pilotage.rules import UNKNOWN, Advice, Decision

BEFORE, OFF = "before start", "off treatment"


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, usubjid: str) -> HttpResponse:
    who = subject_seen(request, usubjid, "see_record")
    advice = advice_on(who, today())
    verdict = verdict_of(advice)
    told = _told(advice) if advice else []
    if request.method == "POST":
        words = [each["why"] for each in told]
        by, key = Actor(person(request)), request.POST.get("key")
        try:
            release_treatment(who, by=by, verdict=verdict, told=words, key=key)
            messages.success(request, _("The release is recorded."))
            return redirect("release", usubjid)
        except Refused as refused:
            messages.error(request, str(refused))
    context = {
        "subject": who,
        "day": today(),
        "verdict": verdict,
        "told": told,
        "against": policies.against_release(who, verdict),
        "may_release": may(person(request), "release_treatment", who.site) and not who.locked,
        "key": new_key(),
    }
    return render(request, "capture/pages/release.html", context)


def verdict_of(advice: Advice | None) -> Release:
    """What the protocol's rules say of handing out the treatment: its rules of dispensing, the
    reasons to stop, and that treatment is under way or to begin."""
    if advice is None:
        return "not known"
    rules = _rules(advice)
    if any(_stands_against(rule) for rule in rules) or _is_off(advice):
        return "blocked"
    return "not known" if any(rule.action == UNKNOWN for rule in rules) else "allowed"


def _rules(advice: Advice) -> list[Decision]:
    """What speaks of handing out. Before the first dose a reason to stop counts only where it is
    known: the protocol asks about them once treatment is under way."""
    asked = advice.phase != BEFORE
    stopping = [rule for rule in advice.stopping if asked or rule.action != UNKNOWN]
    return [*advice.dispensing, *stopping]


def _stands_against(rule: Decision) -> bool:
    return rule.action not in (UNKNOWN, None)


def _known(rule: Decision) -> list[str]:
    return [name for name in rule.inputs if name not in rule.missing]


def _is_off(advice: Advice) -> bool:
    """Whether there is nothing to hand out: the dose is to be stopped, or treatment has ended and
    no rule begins it again."""
    if advice.dosing.action == "stop":
        return True
    return advice.phase == OFF and advice.dosing.action not in ("start", "reintroduce")


def _told(advice: Advice) -> list[dict[str, Any]]:
    """Each rule that speaks, with the values that it rests on."""
    names = planned().namespace
    rules = [rule for rule in _rules(advice) if rule.action is not None]
    if _is_off(advice):
        why = advice.dosing.reason if advice.dosing.action == "stop" else _("Treatment has ended")
        rules.append(Decision("stop", why, advice.dosing.source))
    return [
        {
            "blocks": _stands_against(rule),
            "why": rule.reason,
            "missing": inputs_words([advice.inputs[name] for name in rule.missing], names),
            "values": inputs_words(
                [advice.inputs[name] for name in _known(rule) if name in advice.inputs], names
            ),
            "source": ", ".join(rule.source),
        }
        for rule in rules
    ]
