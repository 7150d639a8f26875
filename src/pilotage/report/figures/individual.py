"""The course of a score in each subject: small panels with dose steps, responses and relapses."""

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import polars as pl

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.finish import finished
from pilotage.report.figures.history import (
    History,
    headline_population,
    histories,
    ladder,
    source_of,
    sources_of,
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
from pilotage.report.figures.lettering import ending, lines
from pilotage.report.figures.sheet import (
    GRID,
    INK,
    NARROW_TICK,
    TALLEST,
    WIDTH,
    Sheet,
    drawing,
    weeks_axis,
)
from pilotage.report.figures.swimmer import week_of
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.study.sap import Output

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT, BETWEEN, HEAD, STRIP, BELOW = 0.55, 0.08, 0.12, 0.27, 0.13, 0.48
"""Inches: beside all panels, between two, the name above one, the strip of doses below its plot,
the ticks and the label below all."""

TALLEST_PLOT, LOWEST_PLOT = 1.0, 0.4

BESIDE, MOST_BESIDE, MOST = 5, 10, 100
"""Panels in a row, in a row when there are many, and in the figure."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value; `week` is 0 for the baseline, whenever it was taken, `day` its study day."""

    day: int
    week: float
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Subject:
    history: History
    points: tuple[Point, ...]


def individual_courses(output: Output, context: Context) -> Figure:
    """A panel for each treated subject: the output's parameter from baseline on, the dose steps in
    a strip below, marks where a response began and where a relapse was seen."""
    code = output.parameters[0] if output.parameters else ""
    notes = context.notes(output)
    population = context.population_head(headline_population(context))
    notes.add(context.words("shown_in", population=population))
    everyone = _subjects(output, context, code)
    shown = everyone[:MOST]
    if len(shown) < len(everyone):
        notes.add(
            context.words("first_of", n=formats.count(MOST), all=formats.count(len(everyone)))
        )
    if shown:
        notes.add(context.words("dose_strip"))
    parameter = context.study.protocol.parameters.get(code)
    name = context.text(parameter.label) if parameter else code
    label = f"{name}, {parameter.unit}" if parameter else name
    digits = max(context.places(dataset, "AVAL", code) for dataset in ("ADQS", "ADLB"))
    return finished(
        output,
        context,
        svg=_svg(output, context, shown, label),
        words=f"{name}: {_in_words(context, shown, digits)}" if shown else "",
        columns=[
            Column(context.words("subject")), Column(context.words("baseline"), "number"),
            Column(context.words("lowest"), "number"), Column(context.words("last"), "number"),
            Column(context.words("day_and_value")),
        ],
        rows=[_row(each, digits) for each in shown],
        notes=notes,
    )  # fmt: skip


def _subjects(output: Output, context: Context, code: str) -> list[Subject]:
    rows = pl.concat([_measured(context.datasets.adqs), _measured(context.datasets.adlb)]).filter(
        (pl.col("PARAMCD") == code)
        & pl.col("AVAL").is_not_null()
        & ((pl.col("ABLFL") == "Y") | (pl.col("ADY") > 1)).fill_null(False)
    )
    if output.until_week is not None:
        rows = rows.filter(pl.col("ADY") <= output.until_week * 7 + 1)
    points: dict[str, list[Point]] = {}
    for row in rows.sort("ADY", "ASEQ").iter_rows(named=True):
        week = 0.0 if row["ABLFL"] == "Y" else week_of(row["ADY"])
        point = Point(row["ADY"], week, row["AVAL"], source_of(row["DATASET"], row))
        points.setdefault(row["USUBJID"], []).append(point)
    return [
        Subject(history, tuple(points.get(history.subject, ())))
        for history in histories(context, events=False)
    ]


def _measured(frame: pl.DataFrame) -> pl.DataFrame:
    dataset = "ADQS" if "QSTESTCD" in frame.columns else "ADLB"
    wanted = pl.col("USUBJID", "PARAMCD").cast(pl.String)
    return frame.select(wanted, "ASEQ", "ADY", "AVAL", "ABLFL", DATASET=pl.lit(dataset))


# -- the drawing -----------------------------------------------------------------------------------


def _svg(output: Output, context: Context, shown: list[Subject], label: str) -> str:
    everyone = [each.history for each in shown]
    samples = [*dose_samples(context, everyone), *mark_samples(context, everyone)]
    above = key_height(samples, WIDTH - 0.1) + 0.08
    beside = _beside(len(shown), TALLEST - above - BELOW)
    rows = max(1, ceil(len(shown) / beside))
    across = (WIDTH - LEFT - RIGHT - BETWEEN * (beside - 1)) / beside
    free = (TALLEST - above - BELOW) / rows - HEAD - STRIP
    plot = max(LOWEST_PLOT, min(TALLEST_PLOT, free))
    tall = HEAD + plot + STRIP
    last = _last_week(output, shown)
    top_value = max((p.value for each in shown for p in each.points), default=1.0)
    with drawing(output.id):
        sheet = Sheet(above + rows * tall + BELOW, context.stamp)
        draw_key(sheet, samples, 0.05, 0.03, WIDTH - 0.1)
        for place, each in enumerate(shown):
            left = LEFT + (across + BETWEEN) * (place % beside)
            top = above + tall * (place // beside) + HEAD
            axes = sheet.axes(left, top, across, plot + STRIP)
            lowest = place + beside >= len(shown)
            weeks_axis(axes, last, across, named=lowest, each=NARROW_TICK)
            _draw(context, axes, each, top_value, strip=STRIP / plot, until=last)
            if place % beside:
                axes.tick_params(labelleft=False)
            sheet.text(left, top - 0.08, ending(each.history.subject, across, 7.5), size=7.5)
        if not shown:
            axes = sheet.axes(LEFT, above + HEAD, across, plot)
            axes.set_xticks([])
            sheet.values(axes, [], [])
            axes.text(0.5, 0.5, context.words("no_values"), transform=axes.transAxes, ha="center")
        bottom = above + rows * tall
        sheet.text(WIDTH / 2, bottom + 0.38, context.words("weeks_from_dose"), ha="center")
        side = lines(label, rows * tall)[0]
        sheet.text(0.1, above + rows * tall / 2, side, rotation=90, ha="center")
        return sheet.svg()


def _beside(panels: int, room: float) -> int:
    """Panels in a row: few, unless then a panel would be too low."""
    for beside in range(BESIDE, MOST_BESIDE):
        if room / max(1, ceil(panels / beside)) - HEAD - STRIP >= LOWEST_PLOT:
            return max(1, min(beside, panels))
    return MOST_BESIDE


def _last_week(output: Output, shown: list[Subject]) -> float:
    if output.until_week is not None:
        return float(output.until_week)
    weeks = [point.week for each in shown for point in each.points]
    doses = [week_of(dose.last + 1) for each in shown for dose in each.history.doses]
    return max([1.0, *weeks, *doses])


def _draw(
    context: Context, axes: "Axes", each: Subject, top: float, *, strip: float, until: float
) -> None:
    """`strip` is the height of the strip of doses as a share of the plot."""
    low, high = -strip * top * 1.1, top * 1.1
    axes.set_ylim(low, high)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.tick_params(labelsize=7, length=2)
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= high])
    axes.spines["left"].set_bounds(0, high)
    steps = len(ladder(context))
    for dose in each.history.doses:
        left = week_of(dose.first)
        right = min(week_of(dose.last + 1), until)
        tall = -low * 0.72 * thickness(dose.rank, steps)
        if right > left:
            colour = shade(dose.rank, steps)
            axes.broken_barh([(left, right - left)], (low, tall), facecolors=colour)
    weeks = [point.week for point in each.points]
    values = [point.value for point in each.points]
    axes.plot(weeks, values, color=INK, linewidth=0.8, zorder=3)
    axes.plot(weeks, values, ".", color=INK, markersize=2.4, zorder=3)
    at = {point.week: point.value for point in each.points}
    for mark in each.history.marks:
        if (week := week_of(mark.day)) in at:
            style = mark_style(mark.kind, 4.6)
            axes.plot(week, at[week], linestyle="none", zorder=4, clip_on=False, **style)


def _in_words(context: Context, shown: list[Subject], digits: int) -> str:
    def told(each: Subject) -> str:
        if not each.points:
            return f"{each.history.subject} {context.words('no_values').lower()}"
        lowest = min(each.points, key=lambda point: (point.value, point.week))
        first, last = each.points[0], each.points[-1]
        three = [formats.number(point.value, digits) for point in (first, lowest, last)]
        weeks = formats.weeks(lowest.week), formats.weeks(last.week)
        return context.words(
            "course_told", subject=each.history.subject, first=three[0], lowest=three[1],
            lowest_week=weeks[0], last=three[2], last_week=weeks[1],
        )  # fmt: skip

    return "; ".join(told(each) for each in shown)


def _row(each: Subject, digits: int) -> Row:
    def cell(point: Point | None) -> Cell:
        return Cell(formats.number(point.value, digits), source=point.source) if point else Cell(
            formats.NONE
        )  # fmt: skip

    later = [point for point in each.points if point.week]
    before = next((point for point in each.points if not point.week), None)
    lowest = min(later, key=lambda point: (point.value, point.week), default=None)
    told = [f"{formats.count(p.day)}: {formats.number(p.value, digits)}" for p in each.points]
    source = sources_of(point.source for point in each.points)
    return Row(
        (
            Cell(each.history.subject, source=each.history.source),
            cell(before),
            cell(lowest),
            cell(later[-1] if later else None),
            Cell("; ".join(told) or formats.NONE, source=source),
        )
    )
