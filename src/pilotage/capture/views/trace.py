"""From a number of the report to the answers behind it: result, rows, lines, versions, events."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from pilotage.capture.building import snapshot_of_cut
from pilotage.capture.models import DataCut
from pilotage.capture.planned import planned
from pilotage.capture.result_rows import DatasetRow, ResultTrace, rows_behind, trace_result
from pilotage.capture.tracing import Typed, typed
from pilotage.capture.views.page import allowed
from pilotage.datasets import derive
from pilotage.findings import InputErrors

MOST = 60
"""Rows of a dataset that are shown; of more, the first."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the snapshot with what was typed into it."""

    where: str
    cells: dict[str, str]
    typed: list[Typed]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of a dataset with the lines behind it."""

    where: str
    subject: str
    cells: dict[str, str]
    lines: list[Line]


@allowed("see_cuts", everywhere=True)
def trace(request: HttpRequest, name: str) -> HttpResponse:
    cut = get_object_or_404(DataCut, name=name)
    subject = request.GET.get("subject") or None
    problems: list[str] = []
    results: list[ResultTrace] = []
    rows: list[DatasetRow] = []
    snapshot = snapshot_of_cut(cut)
    for result in request.GET.getlist("result")[:3]:
        try:
            results.append(trace_result(planned(), snapshot, result, subject=subject))
        except InputErrors as wrong:
            problems += [str(finding) for finding in wrong.findings]
    for told in request.GET.getlist("row")[:3]:
        dataset, _space, keys = told.partition(" ")
        if dataset.lower() in ("adsl", "adqs", "adrs", "adtte", "adlb", "adae", "adex"):
            found = rows_behind(
                planned(), snapshot, derive(planned(), snapshot), dataset.lower(), keys.split()
            )
            rows += [row for row in found if row.row.cells or row.behind]
    if not results and not rows and not problems:
        problems.append(_("Nothing says where this comes from."))
    every = _once([*rows, *(row for result in results for row in result.rows)])
    context = {
        "cut": cut,
        "results": [{**each.result, "VALUE": _number(each.result["VALUE"])} for each in results],
        "untold": [each.untold for each in results if each.untold],
        "rows": list(_shown(cut, every[:MOST])),
        "more": max(len(every) - MOST, 0),
        "problems": problems,
    }
    return render(request, "capture/pages/trace.html", context)


def _once(rows: list[DatasetRow]) -> list[DatasetRow]:
    """Each row once: several results of one cell rest on the same rows."""
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def _number(value: float | None) -> str | None:
    """As the results frame has it, unrounded."""
    return None if value is None else f"{value:.15g}"


def _keys(text: str) -> list[str]:
    """The keys of rows (USUBJID.ASEQ) in a text; a column that is named beside them is none."""
    return [key for key in text.split() if key.rpartition(".")[2].isdecimal()]


def _shown(cut: DataCut, rows: list[DatasetRow]) -> Iterator[Shown]:
    behind = typed(cut, [line for row in rows for line in row.behind])
    for row in rows:
        lines = [
            Line(
                line.line.where,
                dict(line.cells),
                behind.get((line.subject, line.domain, line.number), []),
            )
            for line in row.behind
        ]
        yield Shown(row.row.where, row.subject, dict(row.row.cells), lines)
