"""What a figure really shows: the sheets that were drawn, and the boxes of their texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from unittest.mock import patch

from pilotage.report.figures.sheet import Sheet

SLACK = 0.01
"""Inches by which the boxes of two texts may meet: letters do not fill their box."""


@dataclass(frozen=True)
class TextBox:
    """Inches from the left and from the bottom of the drawing."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: "TextBox") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across > SLACK and up > SLACK


@dataclass
class Drawn:
    """A drawing with everything that a test may ask about it."""

    sheet: Sheet
    texts: list[TextBox]

    @property
    def words(self) -> list[str]:
        return [box.text for box in self.texts]

    def overlaps(self) -> list[tuple[str, str]]:
        return [(a.text, b.text) for a, b in combinations(self.texts, 2) if a.meets(b)]

    def clipped(self) -> list[str]:
        """Texts that reach beyond the paper."""
        wide, tall = self.sheet.drawing.get_size_inches()
        return [
            box.text
            for box in self.texts
            if box.left < 0 or box.bottom < 0 or box.right > wide or box.top > tall
        ]


@contextmanager
def sheets() -> Iterator[list[Drawn]]:
    """Collects every drawing that is made."""
    found: list[Drawn] = []
    original = Sheet.svg

    def svg(sheet: Sheet) -> str:
        made = original(sheet)
        found.append(Drawn(sheet, boxes_of(sheet)))
        return made

    with patch.object(Sheet, "svg", svg):
        yield found


def boxes_of(sheet: Sheet) -> list[TextBox]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure = sheet.drawing
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    made = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent(renderer)
            edges = (value / figure.dpi for value in box.extents)
            made.append(TextBox(text.get_text(), *edges))
    return made
