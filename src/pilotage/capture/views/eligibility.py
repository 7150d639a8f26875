"""Eligibility: what each criterion says, what is missing, and the signature under it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotage.capture.actions import Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.subjects import enrol, record_screen_failure, sign_eligibility
from pilotage.capture.advice import advice_on
from pilotage.capture.content import content_of_subject
from pilotage.capture.models import Subject
from pilotage.capture.permissions import may
from pilotage.capture.planned import planned
from pilotage.capture.policies import Verdict, must_be_known, never_known
from pilotage.capture.reviewing import reviews_of
from pilotage.capture.today import today
from pilotage.capture.views.keys import new_key
from pilotage.capture.views.page import allowed, person, subject_seen
from pilotage.explain.words import inputs_words
from pilotage.rules import Advice, missing_tests
from pilotage.study.protocol import text_of

VERDICTS: Mapping[bool | None, Verdict] = {
    True: "eligible",
    False: "not eligible",
    None: "not known",
}

BEFORE_ENTRY = ("screening", "eligible")
"""The states of a subject that was not entered yet."""


@allowed("see_record")
@require_http_methods(["GET", "POST"])
def eligibility(request: HttpRequest, usubjid: str) -> HttpResponse:
    who = subject_seen(request, usubjid, "see_record")
    advice = advice_on(who, _judged_on(who))
    if request.method == "POST":
        try:
            _act(request, who, advice)
            return redirect("eligibility", usubjid)
        except Refused as refused:
            messages.error(request, str(refused))
    user = person(request)
    context = {
        "subject": who,
        "advice": advice,
        "day": advice.on if advice else today(),
        "verdict": VERDICTS[advice.eligible] if advice else "",
        "criteria": _criteria(advice) if advice else [],
        "missing": _missing(advice) if advice else [],
        "needed": sorted((must_be_known() - never_known()) & set(unknown_in(advice))),
        "never_known": sorted(must_be_known() & never_known()),
        "seen": content_of_subject(who),
        "signatures": who.signatures.filter(entry=None).select_related("event"),
        "may_sign": may(user, "sign_eligibility", who.site) and who.state == "screening",
        "may_enrol": may(user, "enrol_subject", who.site) and who.state == "eligible",
        "may_fail": may(user, "screen_subject", who.site) and who.state in BEFORE_ENTRY,
        "reason": request.POST.get("reason", ""),
        "key": new_key(),
    }
    return render(request, "capture/pages/eligibility.html", context)


def _judged_on(who: Subject) -> date:
    """Today, while the subject is screened; afterwards the day on which it was judged for entry."""
    found = reviews_of([who], today()).found.get(who.usubjid)
    if who.state in BEFORE_ENTRY or found is None or found.screening_log.is_empty():
        return today()
    judged: date | None = found.screening_log.item(0, "JUDGED")
    return judged or today()


def _act(request: HttpRequest, who: Subject, advice: Advice | None) -> None:
    by, key = Actor(person(request)), request.POST.get("key")
    reason = request.POST.get("reason", "").strip()
    wanted = request.POST.get("act")
    if wanted == "sign":
        sign_eligibility(
            who,
            by=by,
            password=request.POST.get("password", ""),
            seen=request.POST.get("seen", ""),
            verdict=VERDICTS[advice.eligible if advice else None],
            unknown=unknown_in(advice),
            reason=reason,
            key=key,
        )
        messages.success(request, _("Eligibility is signed."))
    elif wanted == "enrol":
        enrol(who, by=by, key=key)
        messages.success(request, _("The subject is enrolled."))
    elif wanted == "fail":
        record_screen_failure(who, by=by, reason=reason, key=key)
        messages.success(request, _("The screen failure is recorded."))
    else:
        raise Http404


def unknown_in(advice: Advice | None) -> list[str]:
    """The criteria that are not known from what was entered."""
    answers = advice.eligibility if advice else ()
    return [answer.criterion.id for answer in answers if answer.passed is None]


def _criteria(advice: Advice) -> list[dict[str, Any]]:
    language, names = get_language(), planned().namespace
    return [
        {
            "id": answer.criterion.id,
            "kind": answer.kind,
            "why": text_of(answer.criterion.why, language),
            "passed": answer.passed,
            "values": inputs_words(
                [advice.inputs[name] for name in answer.inputs if name in advice.inputs], names
            ),
            "source": ", ".join(answer.criterion.sources),
        }
        for answer in advice.eligibility
    ]


def _missing(advice: Advice) -> list[dict[str, Any]]:
    """What is still wanted, the cheapest first."""
    names = planned().namespace
    return [
        {
            "words": " ".join(inputs_words([test.input], names)),
            "criteria": ", ".join(test.criteria),
            "cost": test.cost,
        }
        for test in missing_tests(advice)
    ]
