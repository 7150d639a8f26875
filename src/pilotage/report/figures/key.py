"""The key above a figure: samples with their names, from left to right, in as many lines as needed.

Here too is how doses and happenings look, the same in every figure: doses by shade and thickness,
happenings by colour and form, so that both can be told apart in grey.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pilotage.report.context import Context
from pilotage.report.figures.history import History, ladder
from pilotage.report.figures.lettering import lines, width
from pilotage.report.figures.sheet import INK, Sheet

LINE, SAMPLE, AFTER = 0.18, 0.24, 0.16
"""Inches: height of a line of the key, room for a sample, space behind a name."""

SHADES = ("#cfe1ee", "#9ec6df", "#5f9fc9", "#2c74a8", "#134e7d", "#082b4c")
OTHER_DOSE = "#b5b5b5"

MARKS: dict[str, dict[str, Any]] = {
    "best": {"marker": "o", "markerfacecolor": INK, "markeredgecolor": "white"},
    "second": {"marker": "o", "markerfacecolor": "white", "markeredgecolor": INK},
    "relapse": {"marker": "v", "markerfacecolor": "#d1480b", "markeredgecolor": "white"},
    "event": {"marker": "D", "markerfacecolor": "white", "markeredgecolor": "#7a3d78"},
    "serious": {"marker": "D", "markerfacecolor": "#7a3d78", "markeredgecolor": "white"},
}
"""Form and colour of each kind of happening."""

LARGER = {"best": 1.0, "second": 0.9, "relapse": 1.15, "event": 0.62, "serious": 0.75}
"""Size of each form against the size of the figure's marks, so that all look alike."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample of the key: a box, a line or a marker, and its name; a title is a name alone.
    `share` is the height of a box."""

    form: Literal["box", "line", "marker", "title"]
    name: str
    how: dict[str, Any] = field(default_factory=dict)
    share: float = 1.0


Placed = tuple[float, int, str, Sample | None]
"""Inches from the left, number of the line, text, and the sample before it."""


def key_height(samples: Sequence[Sample], room: float) -> float:
    """Inches that the key takes in a width."""
    return LINE * (1 + max((line for _, line, _, _ in _placed(samples, room)), default=-1))


def draw_key(sheet: Sheet, samples: Sequence[Sample], left: float, top: float, room: float) -> None:
    for across, line, text, sample in _placed(samples, room):
        x, y = left + across, top + LINE * (line + 0.5)
        if sample is not None:
            _draw(sheet, sample, x, y)
        sheet.text(x + (0 if _title(sample) else SAMPLE), y, text, size=7.5)


def _placed(samples: Sequence[Sample], room: float) -> list[Placed]:
    placed: list[Placed] = []
    x, line = 0.0, 0
    for sample in samples:
        long = (0 if _title(sample) else SAMPLE) + width(sample.name, 7.5)
        if x and x + long > room:
            x, line = 0.0, line + 1
        first, *rest = lines(sample.name, room - SAMPLE, 7.5) or [""]
        placed.append((x, line, first, sample))
        for more in rest:
            line += 1
            placed.append((x, line, more, None))
        x += long + AFTER if not rest else room
    return placed


def _title(sample: Sample | None) -> bool:
    return sample is not None and sample.form == "title"


def _draw(sheet: Sheet, sample: Sample, x: float, y: float) -> None:
    match sample.form:
        case "box":
            high = 0.11 * sample.share
            sheet.box(x, y - high / 2, 0.18, high, **sample.how)
        case "line":
            sheet.line([(x, y), (x + 0.18, y)], **sample.how)
        case "marker":
            sheet.marker(x + 0.1, y, **sample.how)


def shade(rank: int, of: int) -> str:
    """The colour of a step of a ladder with so many steps; the lowest is the lightest."""
    if rank == 0:
        return OTHER_DOSE
    place = (len(SHADES) - 2) if of < 2 else round((rank - 1) / (of - 1) * (len(SHADES) - 2))
    return SHADES[min(place, len(SHADES) - 1)] if of < len(SHADES) else _between(rank, of)


def _between(rank: int, of: int) -> str:
    return SHADES[round((rank - 1) / (of - 1) * (len(SHADES) - 1))]


def thickness(rank: int, of: int) -> float:
    """The height of a step's bar, as a share of the highest step's."""
    return 1.0 if rank == 0 or of < 2 else 0.5 + 0.5 * (rank - 1) / (of - 1)


def dose_samples(context: Context, histories: Iterable[History]) -> list[Sample]:
    """The steps of the ladder that were taken, and doses that are no step of it."""
    steps = ladder(context)
    taken = {dose.rank for history in histories for dose in history.doses}
    made = [
        Sample("box", step, {"facecolor": shade(rank, len(steps))}, thickness(rank, len(steps)))
        for rank, step in enumerate(steps, 1)
        if rank in taken
    ]
    if 0 in taken:
        made.append(Sample("box", context.words("other_dose"), {"facecolor": OTHER_DOSE}))
    return made


def mark_samples(context: Context, histories: Iterable[History]) -> list[Sample]:
    """The happenings that occurred, in the order of MARKS. Events share a name."""
    names = {"event": context.words("event_mark"), "serious": context.words("serious_mark")}
    found: dict[str, str] = {}
    for history in histories:
        for mark in history.marks:
            found.setdefault(mark.kind, names.get(mark.kind, mark.label))
    return [Sample("marker", found[kind], mark_style(kind, 5.5)) for kind in MARKS if kind in found]


def mark_style(kind: str, size: float) -> dict[str, Any]:
    """How a happening is drawn when the marks of the figure have a size in points."""
    return {**MARKS[kind], "markersize": size * LARGER[kind], "markeredgewidth": 0.7}
