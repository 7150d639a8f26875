"""The common form of the figures: panels with a key above and counts under each axis."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

from pilotage.report import formats
from pilotage.report.glyphs import drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 6.85
"""Inches, the width of the text on an A4 page: type in figures is as large as it says."""

LEFT, RIGHT = 0.62, 0.16
"""Inches beside a plot."""

KEY, GAP, TICKS, ROW, LABEL, BETWEEN = 0.18, 0.1, 0.28, 0.15, 0.27, 0.16
"""Inches from top to bottom: a line of title or key, the space below them, the labels of the ticks,
a row of counts, the label of the axis, the space between panels."""

PLOT = {1: 2.1, 2: 1.75}
"""Height of a plot, with one panel or two beside each other."""

CHARACTERS, TICK = 17.0, 0.48
"""Characters in an inch of title or key; inches that a tick needs."""

LineStyle = Literal["-", "--", "-.", ":"]

INK, SOFT, GRID = "#1b1b1b", "#595959", "#e4e4e4"

STYLES: tuple[tuple[str, str, LineStyle], ...] = (
    ("#0b5c8a", "o", "-"), ("#c2571a", "s", "--"), ("#3d7a37", "^", "-."), ("#7a3d78", "D", ":"),
    ("#8c6d1f", "v", "-"), ("#45505a", "P", "--"),
)  # fmt: skip
"""Colour, marker and line: told apart in grey too."""

STEPS = (1, 2, 4, 8, 12, 24, 48, 96)
"""Weeks between ticks: the first that leaves room for their labels is taken."""


@dataclass(frozen=True, slots=True)
class Style:
    colour: str
    marker: str
    line: LineStyle


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the key: the name of a series and how it is drawn."""

    name: str
    style: Style


@dataclass(frozen=True, slots=True)
class Counts:
    """A row under an axis: one number at each of some places of the axis. The row is named by its
    label, else by the marker of its series."""

    style: Style
    at: Sequence[tuple[float, int]]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel needs room for: title and key above its plot, rows of counts below."""

    title: str = ""
    keys: tuple[Key, ...] = ()
    rows: int = 0

    def lines(self, width: float) -> list[tuple[Key | None, str]]:
        """Title and key as lines of text of a width in inches."""
        title = wrap(drawable(self.title), int(width * CHARACTERS))
        lines: list[tuple[Key | None, str]] = [(None, line) for line in title]
        for key in self.keys:
            first, *rest = wrap(drawable(key.name), int((width - 0.4) * CHARACTERS)) or [""]
            lines += [(key, first), *((Key("", key.style), line) for line in rest)]
        return lines

    @property
    def below(self) -> float:
        return TICKS + ROW * self.rows + LABEL


def styles() -> "cycle[Style]":
    """Styles for any number of series, one after the other."""
    return cycle(Style(*style) for style in STYLES)


class Canvas:
    """A figure of panels, one or two beside each other, all with the same axis of weeks."""

    def __init__(self, panels: Sequence[Panel], last: float, *, beside: Literal[1, 2] = 1) -> None:
        """`last` is the last week; `beside` says how many panels stand beside each other."""
        from matplotlib.figure import Figure

        self.last, self.beside, self.panels = max(last, 1.0), beside, list(panels)
        self.plot = WIDTH / beside - LEFT - RIGHT
        self.tops: list[float] = []
        y = 0.06
        for start in range(0, len(self.panels), beside):
            row = self.panels[start : start + beside]
            above = max(len(panel.lines(self.plot)) for panel in row) * KEY + GAP
            self.tops += [y + above] * len(row)
            y += above + PLOT[beside] + max(panel.below for panel in row) + BETWEEN
        self.height = y - BETWEEN
        self.drawing = Figure(figsize=(WIDTH, self.height))
        self.shares: list[Axes] = []
        for place, panel in enumerate(self.panels):
            self._head(place, panel.lines(self.plot))

    def axes(self, place: int, *, label: str, below: str, shares: bool = False) -> "Axes":
        """The axes of a panel, with the label of its values and the label below it; `shares` are
        read as per cent."""
        left, top, height = self._left(place), self.tops[place], PLOT[self.beside]
        axes = self.drawing.add_axes(
            (
                left / WIDTH,
                1 - (top + height) / self.height,
                self.plot / WIDTH,
                height / self.height,
            )
        )
        if shares:
            self.shares.append(axes)
        margin = self.last * 0.02
        axes.set_xlim(-margin, self.last + margin)
        axes.set_xticks(self.ticks(), [formats.plain(tick) for tick in self.ticks()])
        axes.set_ylabel(drawable(label))
        axes.grid(axis="y", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        bottom = top + height + self.panels[place].below - 0.1
        self._text(left + self.plot / 2, bottom, below, ha="center", size=8)
        return axes

    def ticks(self) -> list[float]:
        """Ticks from 0 to the last week."""
        step = next((s for s in STEPS if self.last / s < self.plot / TICK), STEPS[-1])
        return [float(week) for week in range(0, int(self.last) + 1, step)]

    def counts(self, place: int, rows: Sequence[Counts]) -> None:
        """Rows of counts under a panel; where they would touch, the less round weeks give way."""
        left, top = self._left(place), self.tops[place] + PLOT[self.beside] + TICKS
        shown = self._apart(sorted({at for row in rows for at, _ in row.at}))
        for line, row in enumerate(rows):
            y = top + ROW * (line + 0.5)
            if row.label:
                self._text(left - 0.12, y, row.label, ha="right", size=7)
            else:
                self._marker(left - 0.3, y, row.style)
            for at, count in row.at:
                if at in shown:
                    x = left + self._along(at)
                    self._text(x, y, formats.count(count), ha="center", size=7)

    def svg(self) -> str:
        """The drawing as SVG text, without date and with fixed identifiers."""
        for axes in self.drawing.axes:
            low, high = axes.get_ylim()
            at = [tick for tick in axes.get_yticks() if low <= tick <= high]
            axes.set_yticks(at, formats.percents(at) if axes in self.shares else formats.alike(at))
        out = io.StringIO()
        self.drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        text = out.getvalue()
        return text[text.index("<svg") :]

    def _apart(self, weeks: Sequence[float]) -> set[float]:
        """Weeks whose counts do not touch: first, last, those at ticks, then the others."""
        at_ticks = self.ticks()
        ends = {weeks[0], weeks[-1]} if weeks else set()
        order = sorted(weeks, key=lambda week: (week not in ends, week not in at_ticks, week))
        chosen: set[float] = set()
        for week in order:
            if all(abs(self._along(week) - self._along(other)) > 0.2 for other in chosen):
                chosen.add(week)
        return chosen

    def _along(self, week: float) -> float:
        """Inches from the left end of a plot."""
        margin = self.last * 0.02
        return (week + margin) / (self.last + 2 * margin) * self.plot

    def _left(self, place: int) -> float:
        return WIDTH / self.beside * (place % self.beside) + LEFT

    def _head(self, place: int, lines: list[tuple[Key | None, str]]) -> None:
        left = self._left(place)
        y = self.tops[place] - GAP - KEY * (len(lines) - 0.5)
        for key, line in lines:
            if key is not None and key.name:
                self._marker(left + 0.14, y, key.style, line=True)
            self._text(left + (0 if key is None else 0.36), y, line, ha="left", size=8)
            y += KEY

    def _marker(self, x: float, y: float, style: Style, *, line: bool = False) -> None:
        from matplotlib.lines import Line2D

        half = 0.14 if line else 0.0
        drawn = Line2D(
            [(x - half) / WIDTH, x / WIDTH, (x + half) / WIDTH],
            [1 - y / self.height] * 3,
            color=style.colour,
            marker=style.marker,
            linestyle=style.line if line else "none",
            markersize=4.5,
            markevery=[1],
            linewidth=1.4,
        )
        self.drawing.add_artist(drawn)

    def _text(self, x: float, y: float, text: str, **how: Any) -> None:
        self.drawing.text(
            x / WIDTH, 1 - y / self.height, drawable(text), va="center", color=INK, **how
        )


@contextmanager
def drawing(salt: str) -> Iterator[None]:
    """Draw with the settings of the report, whatever the machine's own are; `salt` makes the
    identifiers within a figure."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_settings(salt))
        yield


def _settings(salt: str) -> Any:
    return {
        "svg.hashsalt": salt,
        "svg.fonttype": "path",
        "text.parse_math": False,
        "text.usetex": False,
        "font.family": ["DejaVu Sans"],
        "font.size": 8,
        "axes.labelsize": 8,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "axes.edgecolor": SOFT,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "savefig.facecolor": "white",
    }
