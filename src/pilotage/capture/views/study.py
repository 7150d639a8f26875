"""The study as it is written: protocol, rules in words, what the proofs found, versions."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pilotage.capture.planned import planned
from pilotage.capture.views.page import allowed, part
from pilotage.check import study_findings
from pilotage.conditions import Condition, describe
from pilotage.findings import Finding
from pilotage.study import Study
from pilotage.study.protocol import text_of


@allowed("see_study")
def study(request: HttpRequest) -> HttpResponse:
    known, language = planned(), get_language()
    protocol = known.protocol
    context = {
        "known": known,
        "protocol": protocol,
        "condition": text_of(protocol.study.condition, language),
        "tables": _tables(known, language),
        "visits": [
            {"visit": v, "label": text_of(v.label, language), "forms": len(v.forms)}
            for v in protocol.schedule.visits
        ],
        "forms": [(code, text_of(f.label, language)) for code, f in protocol.forms.items()],
        "headings": sorted(known.headings.items()),
    }
    return render(request, "capture/pages/study.html", context)


@allowed("see_study")
def study_check(request: HttpRequest) -> HttpResponse:
    """What `pilotage check` finds. It takes seconds: the page asks for it once it is shown."""
    findings = _findings(planned().digest)
    open_errors = sum(finding.open_error for finding in findings)
    context = {"findings": findings, "open_errors": open_errors}
    heading = _("Proofs over the rules")
    return part(request, "capture/parts/findings.html", context, heading=heading)


@lru_cache(maxsize=4)
def _findings(digest: str) -> tuple[Finding, ...]:
    """Kept by the digest of the study: the same study has the same findings."""
    return tuple(study_findings(planned()))


def _tables(known: Study, language: str | None) -> list[dict[str, Any]]:
    """Every decision table with its conditions in words."""
    protocol = known.protocol
    rules = protocol.eligibility
    found = [
        (_("Inclusion"), rules.inclusion if rules else ()),
        (_("Exclusion"), rules.exclusion if rules else ()),
        (_("Dosing"), protocol.dosing.rows if protocol.dosing else ()),
        (_("Stopping"), protocol.stopping.rows if protocol.stopping else ()),
        (_("Dispensing"), protocol.dispensing.rows if protocol.dispensing else ()),
        (_("Activities"), protocol.schedule.activities.rows),
        (_("Deviations"), protocol.deviations.rows if protocol.deviations else ()),
    ]
    return [
        {"name": name, "rows": [_row(row, known, language) for row in rows]}
        for name, rows in found
        if rows
    ]


def _row(row: Any, known: Study, language: str | None) -> dict[str, Any]:
    words = _("not stated")
    if isinstance(row.when, Condition):
        words = describe(row.when, known.namespace, language=language or "en")
    sources = row.source if isinstance(row.source, tuple) else (row.source,)
    act = " ".join(filter(None, (getattr(row, "do", ""), getattr(row, "to", None))))
    return {
        "id": getattr(row, "id", ""),
        "words": words,
        "do": act,
        "why": text_of(row.why, language),
        "source": ", ".join(source for source in sources if source),
    }
