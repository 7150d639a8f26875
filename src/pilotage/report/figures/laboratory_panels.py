"""Panels of laboratory values: a line for each subject on bands of toxicity grades."""

from dataclasses import dataclass
from math import ceil, floor, log, log10
from typing import TYPE_CHECKING, Literal

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.figures.grades import Band
from pilotage.report.figures.labels import Box, Labels
from pilotage.report.figures.lettering import cut, ending
from pilotage.report.figures.sheet import INK, WIDTH, Sheet, drawing, weeks_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT, PLOT, HEAD, TICKS, BELOW = 0.5, 0.3, 1.5, 0.24, 0.3, 0.26
"""Inches: beside a panel, its plot, its title, the labels of its ticks; the label of all axes."""

NAME = 0.9
"""Inches that the name of a subject may take."""

NAMED_FROM = 2
"""The grade from which a subject is drawn in ink and named."""

SHADES = {1: "#fdf1cf", 2: "#f9d5a0", 3: "#efa884", 4: "#d87a68"}

PALE = "#8795a1"

TICKS_WITHIN = (
    (1, 2, 5),
    (1, 1.5, 2, 3, 5, 7),
    (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9),
)
"""Ticks within a power of ten: the first choice that gives three or more."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a subject; `week` is 0 for the baseline, whenever it was taken, `day` its study
    day."""

    subject: str
    day: int
    week: float
    value: float
    grade: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Course:
    """A panel: all values of a parameter, and the bands of its grades. `worst` is the worst value
    of each subject after baseline, among those that could be graded."""

    name: str
    unit: str
    digits: int
    direction: Literal["low", "high"]
    values: tuple[Value, ...]
    bands: tuple[Band, ...]

    @property
    def worst(self) -> dict[str, Value]:
        low = 1 if self.direction == "low" else -1
        found: dict[str, Value] = {}
        for value in self.values:
            if value.grade is None or value.week == 0:
                continue
            known = found.get(value.subject)
            if known is None or (-value.grade, low * value.value) < (
                -(known.grade or 0), low * known.value
            ):  # fmt: skip
                found[value.subject] = value
        return found


def draw_courses(courses: list[Course], context: Context, salt: str) -> str:
    """The panels as SVG, two beside each other; all with the same axis of weeks."""
    beside = 2 if len(courses) > 1 else 1
    across, tall = WIDTH / beside - LEFT - RIGHT, HEAD + PLOT + TICKS
    last = max((value.week for course in courses for value in course.values), default=1.0)
    rows = max(1, ceil(len(courses) / beside))
    with drawing(salt):
        sheet = Sheet(rows * tall + BELOW, context.stamp)
        for place, course in enumerate(courses):
            left = WIDTH / beside * (place % beside) + LEFT
            top = tall * (place // beside) + HEAD
            axes = sheet.axes(left, top, across, PLOT)
            weeks_axis(axes, max(last, 1.0), across)
            _draw(sheet, axes, course, Box(left, top, left + across, top + PLOT))
            sheet.text(left, top - 0.1, cut(f"{course.name}, {course.unit}", across - 0.25))
            sheet.text(
                left + across + 0.15, top - 0.1, context.words("grade"), size=6.5, ha="center"
            )
        if not courses:
            axes = sheet.axes(LEFT, HEAD, across, PLOT)
            sheet.values(axes, [], [])
            axes.set_xticks([])
            axes.text(0.5, 0.5, context.words("no_values"), transform=axes.transAxes, ha="center")
        sheet.text(WIDTH / 2, rows * tall + 0.1, context.words("weeks_from_dose"), ha="center")
        return sheet.svg()


def span(course: Course) -> tuple[float, float]:
    """The values of the axis: all that were measured, and the bands up to grade 2."""
    positive = [value.value for value in course.values if value.value > 0] or [1.0]
    mild = [band for band in course.bands if 0 < band.grade <= NAMED_FROM]
    edges = [edge for band in mild for edge in (band.low, band.high) if 0 < edge < float("inf")]
    low, high = min([*positive, *edges]), max([*positive, *edges])
    spare = (high / low) ** 0.1 if high > low else 1.2
    return low / spare, high * spare


def ticks(low: float, high: float) -> list[float]:
    """Round values between two bounds of a logarithmic axis."""
    found: list[float] = []
    for within in TICKS_WITHIN:
        powers = range(floor(log10(low)), ceil(log10(high)) + 1)
        found = [round(digit * 10.0**power, 9) for power in powers for digit in within]
        found = [value for value in found if low <= value <= high]
        if len(found) > 2:
            break
    return found


def _draw(sheet: Sheet, axes: "Axes", course: Course, box: Box) -> None:
    low, high = span(course)
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    axes.minorticks_off()
    at = ticks(low, high)
    sheet.values(axes, at, [formats.plain(tick) for tick in at])

    def height_of(value: float) -> float:
        share = (log(min(max(value, low), high)) - log(low)) / (log(high) - log(low))
        return box.bottom - share * (box.bottom - box.top)

    for band in course.bands:
        if band.grade and band.high > low and band.low < high:
            under, over = max(band.low, low), min(band.high, high)
            axes.axhspan(under, over, color=SHADES[band.grade], linewidth=0, zorder=0)
            y = (height_of(under) + height_of(over)) / 2
            if height_of(under) - height_of(over) > 0.1:
                name = formats.count(band.grade)
                sheet.text(box.right + 0.15, y, name, size=6.5, ha="center")
    _lines(axes, course, low)
    names = Labels(box)
    first, last = axes.get_xlim()
    for subject, worst in sorted(course.worst.items()):
        if (worst.grade or 0) >= NAMED_FROM:
            x = box.left + (worst.week - first) / (last - first) * (box.right - box.left)
            name = ending(subject, NAME, 6.5)
            place = names.place(x, height_of(worst.value), name, 6.5)
            if place is not None:
                sheet.name(*place, name)


def _lines(axes: "Axes", course: Course, low: float) -> None:
    """A line for each subject; what is not above 0 lies on the lower edge."""
    worst = course.worst
    lines: dict[str, list[Value]] = {}
    for value in course.values:
        lines.setdefault(value.subject, []).append(value)
    for subject, values in lines.items():
        bad = (worst[subject].grade or 0) >= NAMED_FROM if subject in worst else False
        weeks = [value.week for value in values]
        heights = [max(value.value, low) for value in values]
        colour, layer = (INK, 3) if bad else (PALE, 2)
        axes.plot(weeks, heights, color=colour, linewidth=0.9 if bad else 0.6, zorder=layer)
        graded = [(w, h) for w, h, v in zip(weeks, heights, values, strict=True)
                  if (v.grade or 0) >= NAMED_FROM]  # fmt: skip
        if graded:
            axes.plot(*zip(*graded, strict=True), "o", color=INK, markersize=3, zorder=4)
        elif len(values) == 1:
            axes.plot(weeks, heights, "o", color=colour, markersize=2.5, zorder=layer)
