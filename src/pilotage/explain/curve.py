"""The course of a subject as a drawing: the score that the response is judged by, the doses below
it, and what happened on the way."""

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pilotage.analysis.results import SCHEMA
from pilotage.explain.case import Case
from pilotage.explain.facts import response_classification
from pilotage.report.context import Context
from pilotage.report.figures.history import (
    History,
    headline_population,
    histories,
    ladder,
)
from pilotage.report.figures.key import (
    dose_samples,
    draw_key,
    key_height,
    mark_samples,
    mark_style,
    shade,
    thickness,
)
from pilotage.report.figures.lettering import lines
from pilotage.report.figures.sheet import GRID, INK, WIDTH, Sheet, drawing, weeks_axis
from pilotage.report.figures.swimmer import week_of
from pilotage.report.lookup import Lookup
from pilotage.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT, PLOT, DOSES, EVENTS, BELOW = 0.55, 0.12, 1.9, 0.3, 0.22, 0.5
"""Inches: beside the plot, the plot, the strip of doses below it and of events above it, the ticks
and their label."""

Points = list[tuple[float, float]]


def curve(case: Case) -> tuple[str, str]:
    """The drawing as SVG, and the words that stand for it; both empty where there is nothing to
    draw: no dose, or no score that a response is judged by."""
    context = _context(case)
    told = histories(context)
    if not told or response_classification(case) is None:
        return "", ""
    history, points = told[0], _points(case)
    return _svg(case, context, history, points), _in_words(case, history, points)


def _context(case: Case) -> Context:
    """The subject alone, counted whatever the plan's population is."""
    bare = Context(case.study, case.datasets, Lookup(pl.DataFrame(schema=SCHEMA)), Words())
    counted = case.datasets.adsl.with_columns(pl.lit("Y").alias(headline_population(bare)))
    return replace(bare, datasets=replace(case.datasets, adsl=counted))


def _parameter(case: Case) -> str:
    found = response_classification(case)
    assert found is not None
    return found[1].parameter


def _points(case: Case) -> Points:
    """Weeks since the first dose and values; the baseline stands at week 0."""
    code = _parameter(case)
    dataset = case.datasets.adqs
    if case.protocol.parameters[code].domain == "LB":
        dataset = case.datasets.adlb
    known = pl.col("AVAL").is_not_null() & pl.col("ADY").is_not_null()
    chosen = (pl.col("ABLFL") == "Y").fill_null(False) | (pl.col("ADY") > 1)
    rows = dataset.filter((pl.col("PARAMCD").cast(pl.String) == code) & known & chosen)
    return [
        (0.0 if row["ABLFL"] == "Y" else week_of(row["ADY"]), row["AVAL"])
        for row in rows.sort("ADY", "ASEQ").to_dicts()
    ]


def _svg(case: Case, context: Context, history: History, points: Points) -> str:
    parameter = case.protocol.parameters[_parameter(case)]
    label = f"{case.text(parameter.label)}, {parameter.unit}"
    samples = [*dose_samples(context, [history]), *mark_samples(context, [history])]
    above = key_height(samples, WIDTH - 0.1) + 0.1
    across, tall = WIDTH - LEFT - RIGHT, EVENTS + PLOT + DOSES
    doses = [week_of(dose.last + 1) for dose in history.doses]
    marks = [week_of(mark.day) for mark in history.marks]
    last = max([1.0, *(week for week, _ in points), *doses, *marks])
    with drawing(f"{case.subject} {case.at}"):
        sheet = Sheet(above + tall + BELOW, context.stamp)
        draw_key(sheet, samples, 0.05, 0.03, WIDTH - 0.1)
        axes = sheet.axes(LEFT, above, across, tall)
        weeks_axis(axes, last, across)
        _draw(axes, history, points, steps=len(ladder(context)))
        sheet.text(WIDTH / 2, above + tall + 0.38, context.words("weeks_from_dose"), ha="center")
        side = (lines(label, tall) or [""])[0]
        sheet.text(0.1, above + tall / 2, side, rotation=90, ha="center")
        return sheet.svg()


def _draw(axes: "Axes", history: History, points: Points, *, steps: int) -> None:
    top = max([1.0, *(value for _, value in points)]) * 1.08
    low, high = -top * DOSES / PLOT, top * (1 + EVENTS / PLOT)
    axes.set_ylim(low, high)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= top])
    axes.spines["left"].set_bounds(0, top)
    for dose in history.doses:
        left, right = week_of(dose.first), week_of(dose.last + 1)
        tall = -low * 0.72 * thickness(dose.rank, steps)
        colour = shade(dose.rank, steps)
        axes.broken_barh([(left, right - left)], (low, tall), facecolors=colour)
    weeks, values = [week for week, _ in points], [value for _, value in points]
    axes.plot(weeks, values, color=INK, linewidth=1, marker=".", markersize=4, zorder=3)
    at = dict(points)
    for mark in history.marks:
        week = week_of(mark.day)
        beside = mark.kind in ("event", "serious")
        if beside or week in at:
            height = top * (1 + EVENTS / PLOT / 2) if beside else at[week]
            style = mark_style(mark.kind, 6.5)
            axes.plot(week, height, linestyle="none", zorder=4, clip_on=False, **style)


def _in_words(case: Case, history: History, points: Points) -> str:
    parameter = case.protocol.parameters[_parameter(case)]
    told = [f"{value:g} in week {week:.0f}" for week, value in points]
    doses = [f"{dose.step} from day {dose.first} to {dose.last}" for dose in history.doses]
    marks = [f"{mark.label} on day {mark.day}" for mark in history.marks]
    said = [
        f"{case.text(parameter.label)}: {', '.join(told) or 'no value'}",
        f"doses: {', '.join(doses) or 'none'}",
        *([f"marks: {', '.join(marks)}"] if marks else []),
    ]
    return "; ".join(said)
