"""Kaplan-Meier curves with their intervals, censored subjects and numbers at risk."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.canvas import Canvas, Counts, Key, Panel
from pilotage.report.figures.curves import (
    Curve,
    CurveAnalysis,
    Step,
    at_risk,
    censored,
    curves_of,
    stairs,
)
from pilotage.report.figures.finish import finished
from pilotage.report.figures.sheet import drawing
from pilotage.report.layouts.times import tell_both_ways
from pilotage.report.lookup import value_of
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.report.notes import Notes
from pilotage.study.sap import Output

if TYPE_CHECKING:
    from matplotlib.axes import Axes


MOST_BANDS = 2
"""More curves in a panel are drawn without intervals, which would hide each other."""


def time_to_event(output: Output, context: Context) -> Figure:
    """A curve for each analysis (and group) in its first population, survival or cumulative
    incidence, from week 0 to the last time of anyone; under the axis the number at risk."""
    notes = context.notes(output)
    curves = list(curves_of(output, context, notes))
    tell_both_ways(context, notes, output)
    marks = Notes()
    return finished(
        output,
        context,
        svg=_svg(output, context, curves),
        words="; ".join(_in_words(context, curve) for curve in curves),
        columns=_columns(output, context, curves),
        rows=list(_rows(context, curves, marks)),
        notes=notes,
        marks=marks.all(),
    )


def _svg(output: Output, context: Context, curves: list[Curve]) -> str:
    """A panel for each analysis, since each counts its weeks from a day of its own; the groups of
    an analysis share one."""
    analyses = [list(group) for _, group in groupby(curves, key=lambda curve: curve.analysis)]
    panels = [_panel(group) for group in analyses]
    last = max((curve.steps[-1].week for curve in curves), default=1.0)
    words = context.words
    below = words("weeks_from_start")
    with drawing(output.id):
        beside: Literal[1, 2] = 1 if len(panels) < 2 else 2
        canvas = Canvas(panels or [Panel()], last, beside=beside, mark=context.stamp)
        if not analyses:
            axes = canvas.axes(0, label=words("without_event"), below=below)
            axes.text(0.5, 0.5, words("no_values"), transform=axes.transAxes, ha="center")
        for place, group in enumerate(analyses):
            axes = canvas.axes(place, label=_height_of(context, group[0]), below=below, shares=True)
            _draw(axes, group)
            name = words("at_risk") if len(group) == 1 else ""
            at = [[(tick, at_risk(curve, tick)) for tick in canvas.ticks()] for curve in group]
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
        weeks, heights = stairs(curve)
        style = curve.style
        (line,) = axes.plot(weeks, heights, color=style.colour, linestyle=style.line, linewidth=1.5)
        line.set_drawstyle("steps-post")
        if len(group) <= MOST_BANDS:
            _band(axes, curve)
        seen = list(censored(curve))
        at, height = [week for week, _ in seen], [height for _, height in seen]
        axes.plot(at, height, "|", color=style.colour, markersize=7, markeredgewidth=1.1)


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


def _in_words(context: Context, curve: Curve) -> str:
    points = ", ".join(
        f"{context.words('week').lower()} {formats.weeks(step.week)}"
        f" {formats.percent(value_of(step.height))}"
        for step in curve.steps
    )
    return f"{curve.name}, {_height_of(context, curve).lower()}: {points}"


def _height_of(context: Context, curve: Curve) -> str:
    """What the height of a curve is called."""
    return context.words("cumulative_incidence" if curve.rising else "without_event")


def _columns(output: Output, context: Context, curves: list[Curve]) -> tuple[Column, ...]:
    """The interval is named with its level, and the height with its kind, when all curves have the
    same."""
    words = context.words
    levels = {
        formats.level(analysis.level)
        for name in output.analyses
        if isinstance(analysis := context.analysis(name), CurveAnalysis)
    }
    one = len(levels) == 1
    interval = words("interval", level=levels.pop()) if one else words("interval_mixed")
    heights = {curve.rising: _height_of(context, curve) for curve in curves}
    height = heights.popitem()[1] if len(heights) == 1 else words("proportion")
    heads = (words("at_risk"), height, interval)
    return (Column(words("week")), *(Column(head, "number") for head in heads))


def _rows(context: Context, curves: list[Curve], marks: Notes) -> Iterator[Row]:
    mixed = len({curve.rising for curve in curves}) > 1
    for curve in curves:
        kind = f" ({_height_of(context, curve).lower()})" if mixed else ""
        yield Row((Cell(f"{curve.name}{kind}"),), heading=True)
        for step in curve.steps:
            yield _row(step, marks)


def _row(step: Step, notes: Notes) -> Row:
    height, low, high = step.height, step.low, step.high
    own = (height.id,)
    bounds = tuple(row.id for row in (low, high) if row is not None)
    reasons = [row.reason for row in (low, high) if row is not None and row.reason]
    return Row(
        (
            Cell(formats.weeks(step.week), own),
            Cell(formats.count(step.at_risk), own),
            Cell(formats.percent(height.value, 1), own),
            Cell(
                formats.percent_interval(value_of(low), value_of(high)),
                bounds,
                marks=tuple(notes.mark(reason) for reason in reasons[:1]),
            ),
        ),
        level=1,
    )
