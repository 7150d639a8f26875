"""Means and standard errors by analysis visit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.canvas import Canvas, Counts, Key, Panel, Style, styles
from pilotage.report.figures.changes import first_p, tell_change
from pilotage.report.figures.finish import finished
from pilotage.report.figures.sheet import INK, drawing
from pilotage.report.layouts.sheet import FEW
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.report.notes import Notes
from pilotage.report.words import Words
from pilotage.study.sap import ChangeAnalysis, Output, SummaryAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIGNS = "*†‡§¶"
"""The signs of comparisons, in the order of the output's analyses."""

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

    code: str | None
    name: str
    unit: str
    digits: int
    points: tuple[Point, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class Sign:
    """A comparison with baseline: its sign stands above a point of the course of a parameter, with
    its P value in the key; `told` says in full what was compared."""

    sign: str
    code: str
    week: int | None
    p: str
    told: str


def course_over_time(output: Output, context: Context) -> Figure:
    """Mean and standard error by analysis visit in the first population of each summary: a line
    for each summary (and group), a panel for each unit, up to the week that the output names.
    Changes from baseline that it names are told below; their P values stand at their point."""
    notes = context.notes(output)
    series = list(_all_series(output, context, notes))
    drawn = [line for line in map(_of_enough, series) if line.points]
    if any(len(_of_enough(line).points) < len(line.points) for line in series):
        key = "few_left_out" if drawn else "few"
        notes.add(context.words(key, few=formats.count(FEW)))
    drawn = drawn or [line for line in series if line.points]
    signs = list(_signs(output, context, notes, drawn))
    notes.add(context.words("n_figure"))
    columns = (
        Column(context.words("visit")),
        *(Column(context.words(key), "number") for key in ("n", "mean", "sem")),
    )
    marks = Notes()
    return finished(
        output,
        context,
        svg=_svg(output, context, drawn, signs),
        words="; ".join([*(_in_words(context, line) for line in series), *(s.told for s in signs)]),
        columns=columns,
        rows=list(_rows(context, series, marks)),
        notes=notes,
        marks=marks.all(),
    )


def _of_enough(line: Series) -> Series:
    """The line without the points of few values."""
    return replace(line, points=tuple(p for p in line.points if (p.n.value or 0) >= FEW))


def _signs(output: Output, context: Context, notes: Notes, series: list[Series]) -> Iterator[Sign]:
    """The changes that the output names; one with a P value gets a sign where its point is drawn,
    which nobody could tell for a parameter with several lines."""
    signs = iter(SIGNS)
    codes = [line.code for line in series]
    points = {(line.code, point.week) for line in series for point in line.points}
    for name in output.analyses:
        analysis = context.analysis(name)
        if not isinstance(analysis, ChangeAnalysis) or analysis.by_visit:
            continue
        tested = first_p(context, analysis)
        shown = (analysis.parameter, analysis.week) in points and codes.count(
            analysis.parameter
        ) == 1
        sign = next(signs, "") if tested and shown else ""
        tell_change(context, notes, analysis, mark=sign)
        if tested and sign:
            label = context.text(analysis.label)
            told = f"{sign} {tested[1]}, {label}"
            yield Sign(sign, analysis.parameter, analysis.week, tested[1], told)


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
            if output.until_week is not None:
                rows = [r for r in rows if (r.visit_number or 0) <= output.until_week]
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
    return Series(code, name, unit or "", digits, tuple(_points(rows)), style)


def _points(rows: list[Found]) -> Iterator[Point]:
    visits: dict[int, dict[str, Found]] = {}
    for row in rows:
        if row.visit_number is not None:
            visits.setdefault(row.visit_number, {})[row.statistic] = row
    for week, found in sorted(visits.items()):
        mean, n = found.get("mean"), found.get("n")
        if mean is not None and mean.value is not None and n is not None:
            yield Point(week, mean.visit or "", mean, found.get("sem"), n)


def _svg(output: Output, context: Context, series: list[Series], signs: list[Sign]) -> str:
    units = [(unit, list(lines)) for unit, lines in groupby(series, key=lambda line: line.unit)]
    last = max((point.week for line in series for point in line.points), default=1)
    panels = [
        Panel(
            keys=tuple(Key(line.name, line.style) for line in lines),
            remarks=_remarks(context, _of(signs, lines)),
            rows=len(lines),
        )
        for _, lines in units
    ]
    words = context.words
    with drawing(output.id):
        visits = sorted({float(point.week) for line in series for point in line.points})
        canvas = Canvas(panels or [Panel()], float(last), mark=context.stamp, visits=visits)
        below = words("weeks_from_dose")
        if not units:
            axes = canvas.axes(0, label="", below=below)
            axes.text(0.5, 0.5, words("no_values"), transform=axes.transAxes, ha="center")
        for place, (unit, lines) in enumerate(units):
            label = words("mean_sem_unit", unit=unit) if unit else words("mean_sem")
            axes = canvas.axes(place, label=label, below=below)
            _draw(axes, lines, last, _of(signs, lines))
            canvas.counts(place, [_counts(line, words, alone=len(lines) == 1) for line in lines])
        return canvas.svg()


def _remarks(context: Context, signs: list[Sign]) -> tuple[str, ...]:
    """The P values of a panel, in one line; the footnotes say what was compared, and how."""
    if not signs:
        return ()
    return (context.words("against", tests=", ".join(f"{s.sign} {s.p}" for s in signs)),)


def _of(signs: list[Sign], lines: list[Series]) -> list[Sign]:
    """The signs of points of these lines."""
    return [sign for sign in signs if any(line.code == sign.code for line in lines)]


def _counts(line: Series, words: Words, *, alone: bool) -> Counts:
    at = [(float(point.week), int(point.n.value or 0)) for point in line.points]
    return Counts(line.style, at, label=words("n") if alone else "")


def _draw(axes: "Axes", lines: list[Series], last: int, signs: list[Sign]) -> None:
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
            own = [s.sign for s in signs if (s.code, s.week) == (line.code, point.week)]
            axes.annotate(
                " ".join(own), (week, mean + point.error), xytext=(0, 2), size=9, color=INK,
                textcoords="offset points", ha="center", va="bottom",
            )  # fmt: skip
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


def _rows(context: Context, series: list[Series], marks: Notes) -> Iterator[Row]:
    for line in series:
        name = f"{line.name}, {line.unit}" if line.unit else line.name
        yield Row((Cell(name),), heading=True)
        for point in line.points:
            yield _row(context, point, line.digits, marks)


def _row(context: Context, point: Point, digits: int, notes: Notes) -> Row:
    sem, few = point.sem, (point.n.value or 0) < FEW
    told = context.words("few_values", few=formats.count(FEW))
    reason = sem.reason if sem is not None and sem.value is None else None
    return Row(
        (
            Cell(point.visit),
            Cell(
                formats.count(point.n.value),
                (point.n.id,),
                marks=(notes.mark(told),) if few else (),
            ),
            Cell(formats.number(point.mean.value, digits), (point.mean.id,)),
            Cell(
                formats.number(value_of(sem), digits + 1),
                () if sem is None else (sem.id,),
                marks=(notes.mark(reason),) if reason else (),
            ),
        ),
        level=1,
    )
