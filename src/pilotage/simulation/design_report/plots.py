"""The paper of the plots: a key above, labelled axes with units, told apart without colours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilotage.report import formats
from pilotage.report.figures.canvas import STYLES
from pilotage.report.figures.key import Sample, draw_key, key_height
from pilotage.report.figures.sheet import GRID, WIDTH, Sheet, drawing
from pilotage.report.glyphs import drawable
from pilotage.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT = 0.68, 0.2
"""Inches beside a plot."""

ABOVE, TICKS, LABEL, BETWEEN = 0.12, 0.26, 0.24, 0.24
"""Inches: below the key, the labels of the ticks, the label of the axis, between rows of panels."""

TALL = 2.5
HEAD = 0.2
"""Inches for the name of a panel."""

Draw = Callable[["Axes"], None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot; `draw` puts the data in. `across` and `up` say what the axes mean; `shares` going
    up are read as per cent. Names go up the side in place of numbers, the first on top, the last
    at 0."""

    draw: Draw
    across: str
    up: str
    shares: bool = False
    name: str = ""
    names: tuple[str, ...] = ()


def plotted(
    salt: str,
    panels: Sequence[Panel],
    *,
    samples: Sequence[Sample] = (),
    beside: int = 1,
    tall: float = TALL,
    left: float = LEFT,
) -> str:
    """The panels as SVG, so many of them beside each other, each with so many inches `left` of it;
    the same input gives the same text."""
    across = WIDTH / beside - left - RIGHT
    above = key_height(samples, WIDTH - left - RIGHT) + ABOVE if samples else ABOVE
    head = HEAD if any(panel.name for panel in panels) else 0.0
    row = head + tall + TICKS + LABEL
    rows = -(-len(panels) // beside)
    with drawing(salt):
        sheet = Sheet(above + rows * row + (rows - 1) * BETWEEN, Words()("synthetic_mark"))
        draw_key(sheet, samples, left, 0.03, WIDTH - left - RIGHT)
        for place, panel in enumerate(panels):
            at = WIDTH / beside * (place % beside) + left
            top = above + place // beside * (row + BETWEEN) + head
            if panel.name:
                sheet.text(at, top - HEAD / 2, panel.name, size=7.5)
            axes = sheet.axes(at, top, across, tall)
            if panel.shares:
                sheet.shares.append(axes)
            axes.grid(axis="y", color=GRID, linewidth=0.6)
            axes.set_ylabel(drawable(panel.up))
            panel.draw(axes)
            if panel.names:
                sheet.values(axes, range(len(panel.names)), panel.names[::-1])
            sheet.text(at + across / 2, top + tall + TICKS + 0.08, panel.across, ha="center")
        return sheet.svg()


def ticks_across(axes: "Axes", at: Sequence[float], *, shares: bool = False) -> None:
    """Ticks of the axis that runs to the right, written as the report writes numbers."""
    axes.set_xticks(list(at), formats.percents(at) if shares else formats.alike(at))


def styled(place: int) -> dict[str, Any]:
    """Colour and marker of a series; after the last style they begin again."""
    colour, marker, _ = STYLES[place % len(STYLES)]
    return {
        "color": colour, "marker": marker, "markerfacecolor": "white", "markeredgecolor": colour,
        "markeredgewidth": 1.2, "markersize": 5.5,
    }  # fmt: skip


def whole_ticks(last: int, most: int = 16) -> list[float]:
    """Whole numbers from 0 to the last, at most so many of them."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if last / s <= most)
    return [float(at) for at in range(0, last + 1, step)]
