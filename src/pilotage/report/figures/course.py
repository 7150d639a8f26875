"""Means and standard errors by analysis visit."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.canvas import Canvas, Counts, Key, Panel, Style, drawing, styles
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell, Column, Figure, Row, Table
from pilotage.report.notes import Notes
from pilotage.report.words import Words
from pilotage.study.sap import ChangeAnalysis, Output, SummaryAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FEW = 5
"""A mean of fewer values is drawn hollow: it moves with every single subject."""

SHIFT = 0.004
"""Share of the axis by which series stand beside each other, so that error bars stay apart."""


@dataclass(frozen=True, slots=True)
class Point:
    week: int
    visit: str
    mean: Found
    sem: Found | None
    n: Found

    @property
    def error(self) -> float:
        return value_of(self.sem) or 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the figure: its name, unit, decimals and points in order of time."""

    name: str
    unit: str
    digits: int
    points: tuple[Point, ...]
    style: Style


def course_over_time(output: Output, context: Context) -> Figure:
    """Mean and standard error by analysis visit in the first population of each summary: a line
    for each summary (and group), a panel for each unit. Changes from baseline that the output
    names are told below."""
    notes = context.notes(output)
    series = list(_all_series(output, context, notes))
    for name in output.analyses:
        analysis = context.analysis(name)
        if isinstance(analysis, ChangeAnalysis):
            _tell_change(context, notes, analysis)
    notes.add(context.words("n_figure"))
    if any((point.n.value or 0) < FEW for line in series for point in line.points):
        notes.add(context.words("few", few=formats.count(FEW)))
    return Figure(
        output.id,
        context.number_of(output),
        context.text(output.title),
        _svg(output, context, series),
        "; ".join(_in_words(context, line) for line in series) or context.words("no_values"),
        _numbers(output, context, series),
        notes.all(),
    )


def _all_series(output: Output, context: Context, notes: Notes) -> Iterator[Series]:
    style = styles()
    for name in output.analyses:
        analysis = context.analysis(name)
        if not isinstance(analysis, SummaryAnalysis) or not analysis.by_visit:
            continue
        population = analysis.populations[0]
        absent = context.results.not_collected(name, population)
        if absent is not None:
            told = f"{context.text(analysis.label)}: {context.words('not_collected')}"
            notes.add(f"{told} ({absent.reason})", (absent.id,))
            continue
        notes.add(context.words("shown_in", population=context.population_head(population)))
        levels = context.results.levels(name, population)
        if analysis.by is not None:
            known = context.codes(analysis.by).ordered(level for level in levels if level)
            levels = [level for level in levels if level is None] + [*known]
        for level in levels:
            rows = [r for r in context.results.rows(name, population) if r.level == level]
            yield _series(context, analysis, level, rows, next(style))


def _series(
    context: Context, analysis: SummaryAnalysis, level: str | None, rows: list[Found], style: Style
) -> Series:
    code = next((row.parameter for row in rows if row.parameter), None)
    parameter = context.study.protocol.parameters.get(code or "")
    name = context.text(parameter.label if parameter else analysis.label)
    if level is not None and analysis.by is not None:
        name += f": {context.codes(analysis.by).label(level)}"
    unit = next((row.unit for row in rows if row.unit), parameter.unit if parameter else "")
    digits = context.places(analysis.dataset, analysis.variable, code) + 1
    return Series(name, unit or "", digits, tuple(_points(rows)), style)


def _points(rows: list[Found]) -> Iterator[Point]:
    visits: dict[int, dict[str, Found]] = {}
    for row in rows:
        if row.visit_number is not None:
            visits.setdefault(row.visit_number, {})[row.statistic] = row
    for week, found in sorted(visits.items()):
        mean, n = found.get("mean"), found.get("n")
        if mean is not None and mean.value is not None and n is not None:
            yield Point(week, mean.visit or "", mean, found.get("sem"), n)


def _svg(output: Output, context: Context, series: list[Series]) -> str:
    drawn = [line for line in series if line.points]
    units = [(unit, list(lines)) for unit, lines in groupby(drawn, key=lambda line: line.unit)]
    last = max((point.week for line in drawn for point in line.points), default=1)
    panels = [
        Panel(keys=tuple(Key(line.name, line.style) for line in lines), rows=len(lines))
        for _, lines in units
    ]
    words = context.words
    with drawing(output.id):
        canvas = Canvas(panels or [Panel()], float(last))
        below = words("weeks_from_dose")
        if not units:
            axes = canvas.axes(0, label="", below=below)
            axes.text(0.5, 0.5, words("no_values"), transform=axes.transAxes, ha="center")
        for place, (unit, lines) in enumerate(units):
            label = words("mean_sem_unit", unit=unit) if unit else words("mean_sem")
            axes = canvas.axes(place, label=label, below=below)
            _draw(axes, lines, last)
            canvas.counts(place, [_counts(line, words, alone=len(lines) == 1) for line in lines])
        return canvas.svg()


def _counts(line: Series, words: Words, *, alone: bool) -> Counts:
    at = [(float(point.week), int(point.n.value or 0)) for point in line.points]
    return Counts(line.style, at, label=words("n") if alone else "")


def _draw(axes: "Axes", lines: list[Series], last: int) -> None:
    for turn, line in enumerate(lines):
        shift = (turn - (len(lines) - 1) / 2) * SHIFT * 2 * last
        weeks = [point.week + shift for point in line.points]
        means = [point.mean.value or 0.0 for point in line.points]
        errors = [point.error for point in line.points]
        colour = line.style.colour
        axes.plot(weeks, means, color=colour, linestyle=line.style.line, linewidth=1.3)
        axes.errorbar(
            weeks, means, yerr=errors, fmt="none", ecolor=colour, capsize=2.2, elinewidth=0.9
        )
        for week, mean, point in zip(weeks, means, line.points, strict=True):
            hollow = (point.n.value or 0) < FEW
            face = "white" if hollow else colour
            axes.plot(week, mean, line.style.marker, color=colour, mfc=face, markersize=4.5)
    if all((p.mean.value or 0.0) - p.error >= 0 for line in lines for p in line.points):
        axes.set_ylim(bottom=0)
    visits = sorted({float(point.week) for line in lines for point in line.points})
    axes.set_xticks(visits, minor=True)


def _in_words(context: Context, line: Series) -> str:
    points = ", ".join(
        f"{point.visit} {formats.number(point.mean.value, line.digits)}"
        f" ({formats.size(point.n.n or 0)})"
        for point in line.points
    )
    return f"{line.name}, {context.words('mean').lower()}: {points or context.words('no_values')}"


def _numbers(output: Output, context: Context, series: list[Series]) -> Table:
    words = context.words
    columns = (
        Column(words("visit")),
        *(Column(words(key), "number") for key in ("n", "mean", "sem")),
    )
    rows: list[Row] = []
    notes = Notes()
    for line in series:
        name = f"{line.name}, {line.unit}" if line.unit else line.name
        rows.append(Row((Cell(name),), heading=True))
        rows += [_row(point, line.digits, notes) for point in line.points]
    return Table(
        f"{output.id}-numbers",
        context.number_of(output),
        context.text(output.title),
        columns,
        tuple(rows),
        notes.all(),
        empty=words("no_values"),
    )


def _row(point: Point, digits: int, notes: Notes) -> Row:
    sem = point.sem
    reason = sem.reason if sem is not None and sem.value is None else None
    return Row(
        (
            Cell(point.visit),
            Cell(formats.count(point.n.value), (point.n.id,)),
            Cell(formats.number(point.mean.value, digits), (point.mean.id,)),
            Cell(
                formats.number(value_of(sem), digits + 1),
                () if sem is None else (sem.id,),
                marks=(notes.mark(reason),) if reason else (),
            ),
        ),
        level=1,
    )


def _tell_change(context: Context, notes: Notes, analysis: ChangeAnalysis) -> None:
    """A footnote with the mean change, its interval, and the first P value with its method."""
    population = analysis.populations[0]

    def find(statistic: str) -> Found | None:
        return context.results.find(analysis.id, population, statistic, visit=analysis.week)

    names = ("mean_change", "mean_change_low", "mean_change_high")
    mean, low, high = (find(name) for name in names)
    label = context.text(analysis.label)
    if mean is None or mean.value is None:
        reason = (mean.reason if mean else None) or context.words("no_result")
        notes.add(f"{label}: {reason}.", (mean.id,) if mean else ())
        return
    digits = context.places(analysis.dataset, "AVAL", analysis.parameter) + 1
    change = formats.with_bounds(
        mean.value, value_of(low), value_of(high), digits=digits, bounds=digits
    )
    level = formats.level(analysis.level)
    text = f"{label}: {context.words('mean_change', level=level).lower()} {change}"
    p = find(f"p_{analysis.tests[0]}") if analysis.tests else None
    if p is not None and p.value is not None:
        shown = formats.p_value(p.value, significance=context.study.sap.significance)
        text += f"; P {shown if shown[0] in '<>' else f'= {shown}'} ({p.method})"
    found = tuple(row.id for row in (mean, low, high, p) if row is not None)
    notes.add(f"{text}.", found)
