"""From a number of the report to the answers behind it: result, rows, lines, versions, events."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from pilotage.capture.building import snapshot_of_cut
from pilotage.capture.models import DataCut
from pilotage.capture.planned import planned
from pilotage.capture.result_rows import (
    COLUMNS,
    DatasetRow,
    Part,
    ResultTrace,
    rows_behind,
    trace_result,
)
from pilotage.capture.tracing import Typed, typed
from pilotage.capture.views.page import allowed
from pilotage.datasets import derive
from pilotage.findings import InputErrors

MOST = 60
"""Rows of a dataset that are shown of each part; of more, the first."""


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


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are one part of what a number rests on, with how many more there are."""

    part: str
    count: int
    rows: list[Shown]
    more: int


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
            results.append(trace_result(planned(), snapshot, result, subject=subject, most=MOST))
        except InputErrors as wrong:
            problems += [str(finding) for finding in wrong.findings]
    for told in request.GET.getlist("row")[:3]:
        dataset, _space, keys = told.partition(" ")
        if dataset.lower() in ("adsl", "adqs", "adrs", "adtte", "adlb", "adae", "adex"):
            found = rows_behind(
                planned(), snapshot, derive(planned(), snapshot), dataset.lower(), _keys(keys)
            )
            rows += [row for row in found if row.row.cells or row.behind]
    if not results and not rows and not problems:
        problems.append(_("Nothing says where this comes from."))
    context = {
        "cut": cut,
        "results": [{**each.result, "VALUE": _number(each.result["VALUE"])} for each in results],
        "untold": [each.untold for each in results if each.untold],
        "groups": list(_groups(cut, rows, results)),
        "problems": problems,
    }
    return render(request, "capture/pages/trace.html", context)


def _groups(cut: DataCut, rows: list[DatasetRow], results: list[ResultTrace]) -> Iterator[Group]:
    """Rows that are shown as they are, then those of each part of the results, each once: several
    results of one cell rest on the same rows."""
    if rows:
        every = _once(rows)
        yield Group("", len(every), list(_shown(cut, every[:MOST])), max(len(every) - MOST, 0))
    for part in COLUMNS:
        every = _once(row for result in results for row in result.rows if row.part == part)
        if every:
            count = len({name for result in results for name in _named(result, part)})
            yield Group(part, count, list(_shown(cut, every[:MOST])), count - len(every[:MOST]))


def _named(result: ResultTrace, part: Part) -> Iterator[tuple[str, str]]:
    dataset = "ADSL" if part == "subjects" else result.result["DATASET"]
    return ((dataset, name) for name in result.named[part])


def _once(rows: Iterable[DatasetRow]) -> list[DatasetRow]:
    """Each row once."""
    return list({(row.row.where, row.subject): row for row in rows}.values())


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
