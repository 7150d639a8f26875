"""Panels of pairs: a line for each subject, means with standard errors beside the lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.canvas import STYLES
from pilotage.report.figures.lettering import cut, lines, width
from pilotage.report.figures.sheet import GRID, INK, SOFT, WIDTH, Sheet, drawing
from pilotage.report.lookup import Found, value_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT, PLOT, HEAD, LINE, BETWEEN = 0.5, 0.06, 2.0, 0.28, 0.14, 0.12
"""Inches: beside a plot, its height, its title, a line of text below it, between two rows."""

PAIR, LONGEST = 0.86, 1.5
"""Inches that a group takes across, at least and at most."""

FREE = 0.86
"""The share of the plot below the P values."""

SHARE = 0.24
"""Where a mean stands beside its end of the lines, in distances between the two ends."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two values of a subject."""

    subject: str
    before: float
    after: float
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects and what the results say of them; `p` is the first P value, `shown_p` its text."""

    name: str
    pairs: tuple[Pair, ...]
    found: Mapping[str, Found | None]
    p: Found | None
    shown_p: str


@dataclass(frozen=True, slots=True)
class Panel:
    letter: str
    name: str
    unit: str
    digits: int
    groups: tuple[Group, ...]
    limits: tuple[float, ...]


def draw_panels(panels: list[Panel], context: Context, salt: str) -> str:
    """The panels as SVG, as many beside each other as there is room for."""
    groups = max((len(panel.groups) for panel in panels), default=1)
    beside = max(1, min(len(panels) or 1, int(WIDTH / (LEFT + RIGHT + PAIR * groups))))
    across = min(WIDTH / beside - LEFT - RIGHT, LONGEST * groups)
    below = [_below(panel, across) for panel in panels]
    rows = max(1, ceil(len(panels) / beside))
    talls = [
        HEAD + PLOT + LINE * (0.5 + max(below[row * beside : (row + 1) * beside], default=1))
        for row in range(rows)
    ]
    with drawing(salt):
        sheet = Sheet(sum(talls) + BETWEEN * rows, context.stamp)
        for place, panel in enumerate(panels):
            left = (LEFT + across + RIGHT) * (place % beside) + LEFT
            top = sum(talls[: place // beside]) + BETWEEN * (place // beside) + HEAD
            axes = sheet.axes(left, top, across, PLOT)
            _draw(sheet, axes, context, panel, left, top, across)
        if not panels:
            axes = sheet.axes(LEFT, HEAD, WIDTH - LEFT - RIGHT, PLOT)
            axes.set_xticks([])
            sheet.values(axes, [], [])
            axes.text(0.5, 0.5, context.words("no_values"), transform=axes.transAxes, ha="center")
        return sheet.svg()


def _below(panel: Panel, across: float) -> int:
    """Lines of text below the ticks: the name of a group and its number of subjects."""
    room = across / len(panel.groups) - 0.06
    return 2 + max(len(lines(group.name, room, 7)) for group in panel.groups)


def _draw(
    sheet: Sheet,
    axes: "Axes",
    context: Context,
    panel: Panel,
    left: float,
    top: float,
    across: float,
) -> None:
    title = cut(f"{panel.name}, {panel.unit}", across + LEFT - 0.26)
    if panel.letter:
        sheet.text(left - LEFT + 0.04, top - 0.15, panel.letter, size=10, weight="bold")
    sheet.text(left - LEFT + 0.24, top - 0.15, title)
    axes.set_xlim(-0.7, len(panel.groups) * 2.4 - 0.7)
    axes.set_xticks([])
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    bottom, upper = span(panel)
    axes.set_ylim(bottom, upper)
    for limit in panel.limits:
        if bottom < limit < bottom + (upper - bottom) * FREE:
            axes.axhline(limit, color=SOFT, linewidth=0.8, linestyle=":", zorder=1)
    step = across / (len(panel.groups) * 2.4)
    for place, group in enumerate(panel.groups):
        x = place * 2.4
        _draw_group(axes, group, x, place)
        at = left + (x + 0.7) * step
        if group.shown_p:
            sheet.line([(at, top + 0.16), (at + step, top + 0.16)], linewidth=0.7)
            sheet.text(at + step / 2, top + 0.08, group.shown_p, size=6.5, ha="center")
        _name(sheet, context, group, at, top + PLOT, step)


def span(panel: Panel) -> tuple[float, float]:
    """The values of the axis: all of the subjects, a limit of normal that is near them, and free
    room above for the P values. It begins at 0 where that wastes little."""
    values = [value for g in panel.groups for p in g.pairs for value in (p.before, p.after)]
    low, high = min(values), max(values)
    wide = (high - low) or abs(high) or 1.0
    near = [each for each in panel.limits if low - 0.3 * wide < each < high + 0.3 * wide]
    low, high = min([low, *near]), max([high, *near])
    bottom = 0.0 if 0 <= low < high / 2 else low - 0.06 * wide
    return bottom, bottom + (high + 0.03 * wide - bottom) / FREE


def _draw_group(axes: "Axes", group: Group, x: float, place: int) -> None:
    colour, marker, _ = STYLES[place % len(STYLES)]
    for pair in group.pairs:
        axes.plot([x, x + 1], [pair.before, pair.after], color=colour, linewidth=0.7, alpha=0.65)
        axes.plot([x, x + 1], [pair.before, pair.after], marker, color=colour, markersize=2.6)
    for end, at in (("baseline", x - SHARE), ("visit", x + 1 + SHARE)):
        mean, sem = (value_of(group.found[f"{name}_{end}"]) for name in ("mean", "sem"))
        if mean is not None:
            axes.errorbar(
                [at], [mean], yerr=[sem or 0.0], fmt="D", color=INK, markersize=3.6, capsize=2.4,
                elinewidth=0.9, zorder=4,
            )  # fmt: skip


def _name(
    sheet: Sheet, context: Context, group: Group, x: float, bottom: float, step: float
) -> None:
    """Below the lines: their two ends, the name of the group, how many subjects it has."""
    for end, at in (("before", x), ("after", x + step)):
        text = context.words(end)
        size = 6.5 if width(text, 6.5) < step else 5.5
        sheet.text(at, bottom + LINE * 0.6, text, size=size, ha="center", color=SOFT)
    room = step * 2.4 - 0.06
    told = [*lines(group.name, room, 7), formats.size(len(group.pairs))]
    for line, text in enumerate(told):
        y = bottom + LINE * (line + 1.7)
        sheet.text(x + step / 2, y, text, size=7, ha="center")
