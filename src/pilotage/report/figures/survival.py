"""Kaplan-Meier curves with their intervals, censored subjects and numbers at risk."""

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
from pilotage.study.sap import Output, TimeToEventAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


MOST_BANDS = 2
"""More curves in a panel are drawn without intervals, which would hide each other."""


@dataclass(frozen=True, slots=True)
class Step:
    """The curve at one time: how many were at risk just before, and the survival after it."""

    week: float
    at_risk: int
    survival: Found
    low: Found | None
    high: Found | None


@dataclass(frozen=True, slots=True)
class Curve:
    """One analysis, or one group of it."""

    analysis: str
    group: str
    steps: tuple[Step, ...]
    style: Style

    @property
    def name(self) -> str:
        return f"{self.analysis}: {self.group}" if self.group else self.analysis


def time_to_event(output: Output, context: Context) -> Figure:
    """A curve for each analysis (and group) in its first population, from 1 at week 0 to the last
    time of anyone; under the axis the number at risk."""
    notes = context.notes(output)
    curves = list(_curves(output, context, notes))
    return Figure(
        output.id,
        context.number_of(output),
        context.text(output.title),
        _svg(output, context, curves),
        "; ".join(_in_words(context, curve) for curve in curves) or context.words("no_values"),
        _numbers(output, context, curves),
        notes.all(),
    )


def _curves(output: Output, context: Context, notes: Notes) -> Iterator[Curve]:
    for name in output.analyses:
        analysis = context.analysis(name)
        if not isinstance(analysis, TimeToEventAnalysis):
            continue
        style = styles()
        population = analysis.populations[0]
        label = context.text(analysis.label)
        level = formats.level(analysis.level)
        notes.add(context.words("steps", interval=analysis.interval, level=level))
        notes.add(context.words("shown_in", population=context.population_head(population)))
        levels = context.results.levels(name, population)
        codes = context.codes(analysis.by or "")
        if analysis.by is not None:
            levels = [*codes.ordered(level for level in levels if level)]
        for group in levels:
            rows = [r for r in context.results.rows(name, population) if r.level == group]
            name_of_group = "" if group is None else codes.label(group)
            curve = Curve(label, name_of_group, tuple(_steps(rows)), next(style))
            _tell_median(context, notes, analysis, curve.name, rows)
            if curve.steps:
                yield curve


def _steps(rows: list[Found]) -> Iterator[Step]:
    at: dict[float, dict[str, Found]] = {}
    for row in rows:
        if row.at is not None:
            at.setdefault(row.at, {})[row.statistic] = row
    for week, found in sorted(at.items()):
        survival = found["survival"]
        yield Step(week, survival.n or 0, survival, found.get("low"), found.get("high"))


def _tell_median(
    context: Context,
    notes: Notes,
    analysis: TimeToEventAnalysis,
    title: str,
    rows: list[Found],
) -> None:
    """A footnote with events, subjects, and the median with its interval or why there is none."""
    one = {row.statistic: row for row in rows if row.at is None}
    events, median = one.get("events"), one.get("median")
    if events is None or median is None:
        return
    words = context.words
    told = words("events_of", events=formats.count(events.value), n=formats.count(events.n))
    if median.value is None:
        shown = f"{told}; {median.reason}"
    else:
        low, high = (value_of(one.get(name)) for name in ("median_low", "median_high"))
        level = formats.level(analysis.level)
        weeks, bounds = formats.weeks(median.value), formats.open_interval(low, high, digits=1)
        shown = f"{told}; {words('median_of', median=weeks, level=level, bounds=bounds)}"
    used = (events, median, one.get("median_low"), one.get("median_high"))
    notes.add(f"{title}: {shown}.", tuple(row.id for row in used if row is not None))


def _svg(output: Output, context: Context, curves: list[Curve]) -> str:
    """A panel for each analysis, since each counts its weeks from a day of its own; the groups of
    an analysis share one."""
    analyses = [list(group) for _, group in groupby(curves, key=lambda curve: curve.analysis)]
    panels = [_panel(group) for group in analyses]
    last = max((curve.steps[-1].week for curve in curves), default=1.0)
    words = context.words
    label, below = words("without_event"), words("weeks_from_start")
    with drawing(output.id):
        canvas = Canvas(panels or [Panel()], last, beside=1 if len(panels) < 2 else 2)
        if not analyses:
            axes = canvas.axes(0, label=label, below=below)
            axes.text(0.5, 0.5, words("no_values"), transform=axes.transAxes, ha="center")
        for place, group in enumerate(analyses):
            axes = canvas.axes(place, label=label, below=below, shares=True)
            _draw(axes, group)
            name = words("at_risk") if len(group) == 1 else ""
            at = [[(tick, _at_risk(curve, tick)) for tick in canvas.ticks()] for curve in group]
            rows = [Counts(c.style, n, name) for c, n in zip(group, at, strict=True)]
            canvas.counts(place, rows)
        return canvas.svg()


def _panel(group: list[Curve]) -> Panel:
    keys = tuple(Key(curve.group, curve.style) for curve in group if curve.group)
    return Panel(title=group[0].analysis, keys=keys, rows=len(group))


def _draw(axes: "Axes", group: list[Curve]) -> None:
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    for curve in group:
        weeks, heights = _stairs(curve)
        style = curve.style
        (line,) = axes.plot(weeks, heights, color=style.colour, linestyle=style.line, linewidth=1.5)
        line.set_drawstyle("steps-post")
        if len(group) <= MOST_BANDS:
            _band(axes, curve)
        seen = list(_censored(curve))
        at, height = [week for week, _ in seen], [height for _, height in seen]
        axes.plot(at, height, "|", color=style.colour, markersize=7, markeredgewidth=1.1)


def _stairs(curve: Curve) -> tuple[list[float], list[float]]:
    """Weeks and heights from the start, where nobody has had the event yet."""
    weeks = [0.0, *(step.week for step in curve.steps)]
    return weeks, [1.0, *(value_of(step.survival) or 0.0 for step in curve.steps)]


def _band(axes: "Axes", curve: Curve) -> None:
    """The pointwise interval, as far as it exists; each bound holds until the next time."""
    bounded = [
        s for s in curve.steps if value_of(s.low) is not None and value_of(s.high) is not None
    ]
    axes.fill_between(
        [step.week for step in bounded],
        [value_of(step.low) or 0.0 for step in bounded],
        [value_of(step.high) or 0.0 for step in bounded],
        step="post", color=curve.style.colour, alpha=0.1, linewidth=0,
    )  # fmt: skip


def _censored(curve: Curve) -> Iterator[tuple[float, float]]:
    """Times at which somebody was censored, and the height of the curve there.

    Of those at risk before a time and not after it, the ones without the event were censored; how
    many had it follows from the step of the curve.
    """
    before = 1.0
    left = [step.at_risk for step in curve.steps[1:]] + [0]
    for step, after in zip(curve.steps, left, strict=True):
        height = value_of(step.survival) or 0.0
        events = round(step.at_risk * (1 - height / before)) if before else 0
        if step.at_risk - after > events:
            yield step.week, height
        before = height


def _at_risk(curve: Curve, week: float) -> int:
    """How many were at risk just before a time."""
    return next((step.at_risk for step in curve.steps if step.week >= week), 0)


def _in_words(context: Context, curve: Curve) -> str:
    points = ", ".join(
        f"{context.words('week').lower()} {formats.weeks(step.week)}"
        f" {formats.percent(value_of(step.survival))}"
        for step in curve.steps
    )
    return f"{curve.name}, {context.words('without_event').lower()}: {points}"


def _numbers(output: Output, context: Context, curves: list[Curve]) -> Table:
    words = context.words
    levels = {
        formats.level(analysis.level)
        for name in output.analyses
        if isinstance(analysis := context.analysis(name), TimeToEventAnalysis)
    }
    interval = (
        words("interval", level=levels.pop()) if len(levels) == 1 else words("interval_mixed")
    )
    heads = (words("at_risk"), words("without_event"), interval)
    columns = (Column(words("week")), *(Column(head, "number") for head in heads))
    rows: list[Row] = []
    notes = Notes()
    for curve in curves:
        rows.append(Row((Cell(curve.name),), heading=True))
        rows += [_row(step, notes) for step in curve.steps]
    return Table(
        f"{output.id}-numbers",
        context.number_of(output),
        context.text(output.title),
        columns,
        tuple(rows),
        notes.all(),
        empty=words("no_values"),
    )


def _row(step: Step, notes: Notes) -> Row:
    survival, low, high = step.survival, step.low, step.high
    own = (survival.id,)
    bounds = tuple(row.id for row in (low, high) if row is not None)
    reasons = [row.reason for row in (low, high) if row is not None and row.reason]
    return Row(
        (
            Cell(formats.weeks(step.week), own),
            Cell(formats.count(step.at_risk), own),
            Cell(formats.percent(survival.value, 1), own),
            Cell(
                formats.percent_interval(value_of(low), value_of(high)),
                bounds,
                marks=tuple(notes.mark(reason) for reason in reasons[:1]),
            ),
        ),
        level=1,
    )
