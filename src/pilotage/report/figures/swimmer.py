"""A lane for each subject: dose steps from the first dose on, with what happened on the way."""

from math import ceil
from typing import TYPE_CHECKING

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.finish import finished
from pilotage.report.figures.history import (
    Dose,
    History,
    Mark,
    headline_population,
    histories,
    ladder,
    sources_of,
)
from pilotage.report.figures.key import (
    Sample,
    dose_samples,
    draw_key,
    key_height,
    mark_samples,
    mark_style,
    shade,
    thickness,
)
from pilotage.report.figures.lettering import cut, ending, width
from pilotage.report.figures.sheet import (
    GRID,
    SOFT,
    TALLEST,
    WIDTH,
    Sheet,
    drawing,
    weeks_axis,
)
from pilotage.report.model import Cell, Column, Figure, Row
from pilotage.study.sap import Output

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LANE, LABEL = 0.25, 0.11
"""Inches: height of a lane when there is room, and the least that its label needs."""

NAME, REASON = 1.3, 1.25
"""Inches that names of subjects and reasons of the end may take."""

ABOVE, BELOW = 0.14, 0.5


def week_of(day: float) -> float:
    """Weeks elapsed since the first dose, which is day 1."""
    return (day - 1) / 7


def swimmer(output: Output, context: Context) -> Figure:
    """The treated subjects, longest first: a bar for each dose step, a line to the last contact,
    marks for responses, relapses and adverse events."""
    notes = context.notes(output)
    known = "ae" in context.datasets.collected
    if not known:
        notes.add(f"{context.words('event_mark')}: {context.words('not_collected')}")
    lanes = sorted(histories(context), key=lambda each: (-each.days, each.subject))
    population = context.population_head(headline_population(context))
    notes.add(context.words("shown_in", population=population))
    if lanes:
        notes.add(context.words("swimmer_bars"))
    heads = ("subject", "days_treated", "days_followed", "doses_taken", "happenings")
    numeric = ("days_treated", "days_followed")
    return finished(
        output,
        context,
        svg=_svg(output, context, lanes),
        words=_in_words(context, lanes) if lanes else "",
        columns=[Column(context.words(h), "number" if h in numeric else "left") for h in heads],
        rows=[_row(context, lane) for lane in lanes],
        notes=notes,
    )


def _svg(output: Output, context: Context, lanes: list[History]) -> str:
    key = _key(context, lanes)
    above = key_height(key, WIDTH - 0.1) + ABOVE
    lane = min(LANE, (TALLEST - above - BELOW) / max(len(lanes), 1))
    plot = max(lane * len(lanes), 0.6)
    with drawing(output.id):
        sheet = Sheet(above + plot + BELOW, context.stamp)
        draw_key(sheet, key, 0.05, 0.03, WIDTH - 0.1)
        names = min(max((width(each.subject) for each in lanes), default=0.4), NAME) + 0.12
        across = WIDTH - names - max((_beyond(each, lanes) for each in lanes), default=0.1)
        axes = sheet.axes(names, above, across, plot)
        last = week_of(max((each.days for each in lanes), default=7) + 1)
        weeks_axis(axes, last, across)
        axes.set_ylim(len(lanes) or 1, 0)
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        _name_lanes(sheet, axes, lanes, lane)
        for place, each in enumerate(lanes):
            _draw_lane(axes, each, place, steps=len(ladder(context)), lane=lane)
            if each.end and lane >= LABEL:
                x = names + across * (week_of(each.days + 1) / last * 0.96 + 0.02) + 0.1
                y = above + lane * (place + 0.5)
                sheet.text(x, y, cut(each.end, REASON, 7), size=7, color=SOFT)
        if not lanes:
            axes.text(0.5, 0.5, context.words("no_values"), transform=axes.transAxes, ha="center")
        sheet.text(
            names + across / 2, above + plot + 0.4, context.words("weeks_from_dose"), ha="center"
        )
        return sheet.svg()


def _key(context: Context, lanes: list[History]) -> list[Sample]:
    line = Sample("line", context.words("without_drug"), {"color": SOFT, "linewidth": 0.9})
    ongoing = any(each.ongoing for each in lanes)
    arrow = {"marker": ">", "color": SOFT, "markersize": 5}
    more = [Sample("marker", context.words("treatment_ongoing"), arrow)] if ongoing else []
    doses, marks = dose_samples(context, lanes), mark_samples(context, lanes)
    return [*doses, line, *marks, *more] if lanes else []


def _beyond(each: History, lanes: list[History]) -> float:
    """Inches that the reason of the end needs to the right of the plot."""
    if not each.end:
        return 0.14
    spare = 1 - each.days / max(lane.days for lane in lanes)
    return max(0.14, min(width(each.end, 7), REASON) + 0.2 - spare * (WIDTH - NAME - REASON))


def _name_lanes(sheet: Sheet, axes: "Axes", lanes: list[History], lane: float) -> None:
    """Names beside the lanes; where lanes are too thin for all, every second, third…"""
    every = max(1, ceil(LABEL / lane - 1e-9))
    size = 8 if lane >= 0.15 else 7
    shown = list(enumerate(lanes))[::every]
    names = [ending(each.subject, NAME, size) for _, each in shown]
    sheet.values(axes, [place + 0.5 for place, _ in shown], names)
    axes.tick_params(axis="y", labelsize=size)


def _draw_lane(axes: "Axes", each: History, place: int, *, steps: int, lane: float) -> None:
    from matplotlib.markers import CARETRIGHTBASE

    middle, size = place + 0.5, min(5.5, lane * 72 * 0.4)
    end = week_of(each.days + 1)
    axes.plot([0, end], [middle, middle], color=SOFT, linewidth=0.9, solid_capstyle="butt")
    for dose in each.doses:
        left, high = week_of(dose.first), 0.62 * thickness(dose.rank, steps)
        long = week_of(dose.last + 1) - left
        colour = shade(dose.rank, steps)
        axes.broken_barh([(left, long)], (middle - high / 2, high), facecolors=colour, zorder=2)
    if each.ongoing:
        axes.plot(
            [end], [middle], marker=CARETRIGHTBASE, color=SOFT, markersize=size, clip_on=False
        )
    for mark in each.marks:
        lifted = 0.3 if mark.kind in ("event", "serious") else 0.0
        style = mark_style(mark.kind, size)
        axes.plot(
            [week_of(mark.day)], [middle - lifted], linestyle="none", zorder=4, clip_on=False,
            **style,
        )  # fmt: skip


def _in_words(context: Context, lanes: list[History]) -> str:
    words = context.words
    treated = [each.treated for each in lanes]
    followed = [each.followed for each in lanes if each.followed is not None]
    parts = [
        words("swimmer_spans", n=formats.count(len(lanes)),
              treated=_range(treated), followed=_range(followed)),
    ]  # fmt: skip
    for sample in mark_samples(context, lanes):
        with_it = [e for e in lanes if any(_name(context, m) == sample.name for m in e.marks)]
        parts.append(f"{sample.name}: {formats.count_of(len(with_it), len(lanes))}")
    ongoing = sum(each.ongoing for each in lanes)
    parts.append(f"{words('treatment_ongoing')}: {formats.count_of(ongoing, len(lanes))}")
    parts += [f"{each.subject}: {each.end}" for each in lanes if each.end]
    return "; ".join(parts)


def _name(context: Context, mark: Mark) -> str:
    names = {"event": context.words("event_mark"), "serious": context.words("serious_mark")}
    return names.get(mark.kind, mark.label)


def _range(values: list[int]) -> str:
    if not values:
        return formats.NONE
    low, high = formats.count(min(values)), formats.count(max(values))
    return low if low == high else f"{low}–{high}"


def _row(context: Context, each: History) -> Row:
    doses = "; ".join(_dose_text(context, dose) for dose in each.doses)
    marks = [f"{mark.label} {formats.count(mark.day)}" for mark in each.marks]
    ends = [each.end] if each.end else []
    return Row(
        (
            Cell(each.subject, source=each.source),
            Cell(formats.count(each.treated), source=each.source),
            Cell(formats.count(each.followed), source=each.source),
            Cell(doses or formats.NONE, source=sources_of(dose.source for dose in each.doses)),
            Cell(
                "; ".join([*marks, *ends]) or formats.NONE,
                source=sources_of(mark.source for mark in each.marks),
            ),
        )
    )


def _dose_text(context: Context, dose: Dose) -> str:
    days = _range([dose.first, dose.last])
    return f"{dose.step or context.words('other_dose')} {days}"
