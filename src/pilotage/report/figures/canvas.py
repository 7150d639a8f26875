"""The form of figures over weeks: panels with a key above and counts under each axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Literal

from pilotage.report import formats
from pilotage.report.figures.lettering import lines
from pilotage.report.figures.sheet import GRID, WIDTH, Sheet, ticks_of_weeks, weeks_axis
from pilotage.report.glyphs import drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT, RIGHT = 0.62, 0.16
"""Inches beside a plot."""

KEY, GAP, TICKS, ROW, LABEL, BETWEEN = 0.18, 0.1, 0.28, 0.15, 0.27, 0.16
"""Inches from top to bottom: a line of title or key, the space below them, the labels of the ticks,
a row of counts, the label of the axis, the space between panels."""

PLOT = {1: 2.1, 2: 1.75}
"""Height of a plot, with one panel or two beside each other."""

SAMPLE = 0.36
"""Inches for the line and marker of a series in the key."""

LineStyle = Literal["-", "--", "-.", ":"]

STYLES: tuple[tuple[str, str, LineStyle], ...] = (
    ("#0b5c8a", "o", "-"), ("#c2571a", "s", "--"), ("#3d7a37", "^", "-."), ("#7a3d78", "D", ":"),
    ("#8c6d1f", "v", "-"), ("#45505a", "P", "--"),
)  # fmt: skip
"""Colour, marker and line: told apart in grey too."""


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
    """What a panel needs room for: title, key and remarks above its plot, rows of counts below."""

    title: str = ""
    keys: tuple[Key, ...] = ()
    remarks: tuple[str, ...] = ()
    rows: int = 0

    def lines(self, width: float) -> list[tuple[Key | None, str]]:
        """Title, key and remarks as lines of text of a width in inches."""
        made: list[tuple[Key | None, str]] = [(None, line) for line in lines(self.title, width)]
        for key in self.keys:
            first, *rest = lines(key.name, width - SAMPLE) or [""]
            made += [(key, first), *((Key("", key.style), line) for line in rest)]
        return made + [(None, line) for remark in self.remarks for line in lines(remark, width)]

    @property
    def below(self) -> float:
        return TICKS + ROW * self.rows + LABEL


def styles() -> "cycle[Style]":
    """Styles for any number of series, one after the other."""
    return cycle(Style(*style) for style in STYLES)


class Canvas:
    """A figure of panels, one or two beside each other, all with the same axis of weeks."""

    def __init__(
        self,
        panels: Sequence[Panel],
        last: float,
        *,
        beside: Literal[1, 2] = 1,
        mark: str = "",
        visits: Sequence[float] = (),
    ) -> None:
        """`last` is the last week; `beside` says how many panels stand beside each other; the mark
        stands in the corner; `visits` are weeks at which ticks are wanted."""
        self.visits = visits
        self.last, self.beside, self.panels = max(last, 1.0), beside, list(panels)
        self.plot = WIDTH / beside - LEFT - RIGHT
        self.tops: list[float] = []
        y = 0.06
        for start in range(0, len(self.panels), beside):
            row = self.panels[start : start + beside]
            above = max(len(panel.lines(self.plot)) for panel in row) * KEY + GAP
            self.tops += [y + above] * len(row)
            y += above + PLOT[beside] + max(panel.below for panel in row) + BETWEEN
        self.sheet = Sheet(y - BETWEEN, mark)
        for place, panel in enumerate(self.panels):
            self._head(place, panel.lines(self.plot))

    def axes(self, place: int, *, label: str, below: str, shares: bool = False) -> "Axes":
        """The axes of a panel, with the label of its values and the label below it; `shares` are
        read as per cent."""
        left, top, height = self._left(place), self.tops[place], PLOT[self.beside]
        axes = self.sheet.axes(left, top, self.plot, height)
        if shares:
            self.sheet.shares.append(axes)
        weeks_axis(axes, self.last, self.plot, visits=self.visits)
        axes.set_ylabel(drawable(label))
        axes.grid(axis="y", color=GRID, linewidth=0.6)
        bottom = top + height + self.panels[place].below - 0.1
        self.sheet.text(left + self.plot / 2, bottom, below, ha="center")
        return axes

    def ticks(self) -> list[float]:
        """Ticks from 0 to the last week."""
        return ticks_of_weeks(self.last, self.plot, visits=self.visits)

    def counts(self, place: int, rows: Sequence[Counts]) -> None:
        """Rows of counts under a panel; where they would touch, the less round weeks give way."""
        left, top = self._left(place), self.tops[place] + PLOT[self.beside] + TICKS
        shown = self._apart(sorted({at for row in rows for at, _ in row.at}))
        for line, row in enumerate(rows):
            y = top + ROW * (line + 0.5)
            if row.label:
                self.sheet.text(left - 0.12, y, row.label, ha="right", size=7)
            else:
                self._marker(left - 0.3, y, row.style)
            for at, count in row.at:
                if at in shown:
                    x = left + self._along(at)
                    self.sheet.text(x, y, formats.count(count), ha="center", size=7)

    def svg(self) -> str:
        return self.sheet.svg()

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

    def _head(self, place: int, head: list[tuple[Key | None, str]]) -> None:
        left = self._left(place)
        y = self.tops[place] - GAP - KEY * (len(head) - 0.5)
        for key, line in head:
            if key is not None and key.name:
                self._marker(left + 0.14, y, key.style, line=True)
            self.sheet.text(left + (0 if key is None else SAMPLE), y, line, ha="left")
            y += KEY

    def _marker(self, x: float, y: float, style: Style, *, line: bool = False) -> None:
        half = 0.14 if line else 0.0
        self.sheet.line(
            [(x - half, y), (x, y), (x + half, y)],
            color=style.colour,
            marker=style.marker,
            linestyle=style.line if line else "none",
            markersize=4.5,
            markevery=[1],
            linewidth=1.4,
        )
