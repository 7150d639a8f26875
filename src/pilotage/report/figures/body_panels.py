"""Body maps as a drawing: a row for each subject, the body before and after, front and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pilotage.instruments.instrument import Instrument, Item
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.body import SIDES, TALL, WIDE, draw_body, drawable_regions
from pilotage.report.figures.key import Sample, draw_key, key_height
from pilotage.report.figures.lettering import cut, lines
from pilotage.report.figures.sheet import GRID, SOFT, TALLEST, WIDTH, Sheet, drawing

NAMES, HEAD, LINE, HIGHEST, LOW = 1.45, 0.36, 0.15, 2.3, 0.55
"""Inches: the column of names, the titles above a row, a line of text, the tallest body, and the
height of a row that shows nobody."""

BOLD = 0.9
"""A line of bold type holds so much of what one of plain type holds."""

MOST_LEVELS = 5
"""Items with more values are drawn in four classes."""

FILLS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#fbdcb9", "hatch": "----", "edgecolor": "#c98b52"},
    {"facecolor": "#f0a063", "hatch": "////", "edgecolor": "#6e2600"},
    {"facecolor": "#c2541a", "hatch": "xxxx", "edgecolor": "#ffe9d6"},
    {"facecolor": "#6b1f00", "hatch": "++++", "edgecolor": "#e0a27c"},
)
"""The fills from mild to severe: darker and with another pattern."""

NOTHING: dict[str, Any] = {"facecolor": "white", "edgecolor": "#9a9a9a"}
UNKNOWN: dict[str, Any] = {"facecolor": "#ececec", "hatch": "\\\\\\\\", "edgecolor": "#8a8a8a"}


@dataclass(frozen=True, slots=True)
class View:
    """A body at an assessment: the value of each region, and totals as label, value, source."""

    title: str
    values: Mapping[str, float | None]
    sources: Mapping[str, str]
    totals: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SubjectMap:
    """A subject before and after; without views `problem` says why nothing is shown."""

    subject: str
    views: tuple[View, ...]
    problem: str


def draw_maps(
    maps: list[SubjectMap],
    instrument: Instrument,
    items: Mapping[str, Item],
    context: Context,
    salt: str,
) -> str:
    """The rows as SVG. Bodies are as tall as the page allows."""
    samples = _samples(context, instrument, items, maps)
    above = key_height(samples, WIDTH - 0.1) + 0.1
    shown = sum(bool(made.views) for made in maps)
    room = TALLEST - above - LOW * (len(maps) - shown) - 0.15
    tall = min(HIGHEST, room / max(shown, 1) - HEAD - 0.1)
    total = sum(HEAD + tall + 0.1 if made.views else LOW for made in maps)
    with drawing(salt):
        sheet = Sheet(above + max(total, LOW) + 0.15, context.stamp)
        draw_key(sheet, samples, 0.05, 0.03, WIDTH - 0.1)
        y = above
        for made in maps:
            sheet.line([(0.05, y), (WIDTH - 0.05, y)], color=GRID)
            below = _name(sheet, made, y)
            if made.views:
                _totals(sheet, made, below + 0.05)
                _bodies(sheet, context, made, items, top=y, tall=tall)
                y += HEAD + tall + 0.1
            else:
                text = cut(made.problem, WIDTH - NAMES - 0.1)
                sheet.text(NAMES + 0.1, y + LOW / 2, text, color=SOFT)
                y += LOW
        return sheet.svg()


def _name(sheet: Sheet, made: SubjectMap, y: float) -> float:
    """The name in bold; returns where it ends."""
    told = lines(made.subject, (NAMES - 0.15) * BOLD)[:3]
    for place, line in enumerate(told):
        sheet.text(0.05, y + 0.2 + LINE * place, line, weight="bold")
    return y + 0.2 + LINE * len(told)


def _bodies(
    sheet: Sheet,
    context: Context,
    made: SubjectMap,
    items: Mapping[str, Item],
    *,
    top: float,
    tall: float,
) -> None:
    across = (WIDTH - NAMES - 0.1) / 2
    wide = tall * WIDE / TALL
    for place, view in enumerate(made.views):
        left = NAMES + across * place
        gap = (across - 2 * wide) / 3
        sheet.text(left + across / 2, top + 0.14, cut(view.title, across - 0.1), ha="center")
        looks = {code: look(items[code], view.values.get(code)) for code in items}
        for turn, side in enumerate(SIDES):
            x = left + gap + (wide + gap) * turn
            draw_body(sheet, side, looks, left=x, top=top + HEAD, tall=tall)
            name = context.words(side)
            sheet.text(x + wide / 2, top + HEAD - 0.08, name, size=6.5, ha="center", color=SOFT)


def _totals(sheet: Sheet, made: SubjectMap, y: float) -> None:
    """Each total before and after, from `y` downwards."""
    before, after = made.views
    now = {label: value for label, value, _ in after.totals}
    for label, value, _ in before.totals:
        told = f"{label}: {value} → {now.get(label, formats.NONE)}"
        for line in lines(told, NAMES - 0.15, 7):
            sheet.text(0.05, y, line, size=7)
            y += LINE
        y += 0.05


def levels(item: Item) -> list[tuple[float, float]]:
    """The classes of an item above 0, as lowest and highest value: each value its own, or quarters
    of the scale where there are many."""
    values = [value for value in item.allowed if value]
    if len(values) <= MOST_LEVELS - 1:
        return [(value, value) for value in values]
    top = max(values)
    edges = [0, *(top * quarter / 4 for quarter in (1, 2, 3, 4))]
    classes = []
    for low, high in pairwise(edges):
        inside = [value for value in values if low < value <= high]
        if inside:
            classes.append((float(min(inside)), float(max(inside))))
    return classes


def look(item: Item, value: float | None) -> dict[str, Any]:
    """How a region is filled: by the class of its value."""
    if value is None:
        return {**UNKNOWN, "linewidth": 0.4}
    if not value:
        return {**NOTHING, "linewidth": 0.4}
    classes = levels(item)
    place = next((at for at, (_, high) in enumerate(classes) if value <= high), len(classes) - 1)
    return {**_fill(place, len(classes)), "linewidth": 0.4}


def _fill(place: int, of: int) -> dict[str, Any]:
    """The fill of a class; of two classes the milder and the darker, of one the middle one."""
    chosen = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}.get(of, (0, 1, 2, 3))
    return FILLS[chosen[min(place, len(chosen) - 1)]]


def _samples(
    context: Context, instrument: Instrument, items: Mapping[str, Item], maps: list[SubjectMap]
) -> list[Sample]:
    """The classes of the first item, nothing, and not known where it occurs; then what cannot be
    drawn."""
    if not items:
        return []
    item = next(iter(items.values()))
    made = [Sample("box", "0", {**NOTHING, "linewidth": 0.5})]
    for place, (low, high) in enumerate(levels(item)):
        name = formats.plain(low) if low == high else f"{formats.plain(low)}–{formats.plain(high)}"
        made.append(Sample("box", name, {**_fill(place, len(levels(item))), "linewidth": 0.5}))
    views = [view for each in maps for view in each.views]
    if any(view.values.get(code) is None for view in views for code in items):
        made.append(Sample("box", context.words("not_known"), {**UNKNOWN, "linewidth": 0.5}))
    known = {code for side in SIDES for code in drawable_regions(side)}
    lost = [region.label for region in instrument.regions
            if region.code in items and region.code not in known]  # fmt: skip
    if lost:
        made.append(Sample("line", context.words("not_on_body", regions=", ".join(lost)), {}))
    return [Sample("title", f"{item.group.capitalize()}:"), *made]
