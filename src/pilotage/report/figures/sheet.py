"""The paper that figures are drawn on: inches from the upper left corner, fixed settings, SVG."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pilotage.report import formats
from pilotage.report.glyphs import FAMILY, drawable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

WIDTH = 6.85
"""Inches, the width of the text on an A4 page: type in figures is as large as it says."""

TALLEST = 8.4
"""Inches, the height that leaves room for title and footnotes on an A4 page."""

INK, SOFT, GRID, WARN = "#1b1b1b", "#595959", "#e4e4e4", "#8a3b00"

MARK = 0.13
"""Inches for the mark below a drawing."""

STEPS = (1, 2, 4, 8, 12, 24, 48, 96)
"""Weeks between ticks: the first that leaves room for their labels is taken."""

TICK, NARROW_TICK = 0.48, 0.32
"""Inches that a tick of weeks needs, with air and without."""

Points = Sequence[tuple[float, float]]


class Sheet:
    """A drawing of a height. Places are inches from its left edge and from its upper edge. A mark
    stands below it in the right corner."""

    def __init__(self, height: float, mark: str = "") -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.height = height = height + (MARK if mark else 0)
        self.drawing = Figure(figsize=(WIDTH, height))
        turned = Affine2D().scale(1 / WIDTH, -1 / height).translate(0, 1)
        self.inches = turned + self.drawing.transFigure
        self.shares: list[Axes] = []
        self.named: list[Axes] = []
        if mark:
            place = (WIDTH - 0.04, height - MARK / 2)
            self.text(*place, mark, size=6, ha="right", color=WARN)

    def text(self, x: float, y: float, text: str, *, size: float = 8, **how: Any) -> None:
        """A line of text, its middle at `y`; `ha` says which part of it stands at `x`."""
        how = {"va": "center", "color": INK, **how}
        self.drawing.text(x, y, drawable(text), transform=self.inches, size=size, **how)

    def name(self, x: float, y: float, text: str, *, size: float = 6.5) -> None:
        """A text over lines, in a white halo."""
        from matplotlib.patheffects import withStroke

        halo = [withStroke(linewidth=1.8, foreground="white")]
        self.text(x, y, text, size=size, path_effects=halo, zorder=6)

    def box(self, left: float, top: float, width: float, height: float, **how: Any) -> None:
        """A rectangle."""
        from matplotlib.patches import Rectangle

        how = {"linewidth": 0, **how}
        self._add(Rectangle((left, top), width, height, **how))

    def shape(self, corners: Points, *, clip: "Path | None" = None, **how: Any) -> None:
        """A closed shape, or what lies of it within a path."""
        from matplotlib.patches import Polygon

        shape = Polygon(list(corners), closed=True, **how)
        self._add(shape)
        if clip is not None:
            shape.set_clip_path(clip, self.inches)

    def path(self, path: "Path", **how: Any) -> None:
        from matplotlib.patches import PathPatch

        self._add(PathPatch(path, **how))

    def line(self, points: Points, **how: Any) -> None:
        from matplotlib.lines import Line2D

        how = {"color": SOFT, "linewidth": 0.8, **how}
        self._add(Line2D([x for x, _ in points], [y for _, y in points], **how))

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        from matplotlib.patches import FancyArrowPatch

        arrow = FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=7, shrinkA=0, shrinkB=0, color=SOFT
        )
        arrow.set_linewidth(0.9)
        self._add(arrow)

    def marker(self, x: float, y: float, marker: str, **how: Any) -> None:
        self.line([(x, y)], marker=marker, linestyle="none", **how)

    def axes(self, left: float, top: float, width: float, height: float) -> "Axes":
        """A plot; what hides nothing of it is drawn below its lines."""
        place = (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH)
        axes = self.drawing.add_axes((*place, height / self.height))
        axes.set_axisbelow(True)
        return axes

    def values(self, axes: "Axes", at: Sequence[float], labels: Sequence[str]) -> None:
        """Ticks of values with texts of their own."""
        axes.set_yticks(list(at), [drawable(label) for label in labels])
        self.named.append(axes)

    def svg(self) -> str:
        """The drawing as SVG text, without date and with fixed identifiers. Ticks of values are
        written as the report writes numbers."""
        for axes in self.drawing.axes:
            if axes not in self.named:
                low, high = axes.get_ylim()
                at = [tick for tick in axes.get_yticks() if low <= tick <= high]
                shares = axes in self.shares
                axes.set_yticks(at, formats.percents(at) if shares else formats.alike(at))
        out = io.StringIO()
        self.drawing.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        text = out.getvalue()
        return text[text.index("<svg") :]

    def _add(self, artist: Any) -> None:
        artist.set_transform(self.inches)
        self.drawing.add_artist(artist)


def ticks_of_weeks(
    last: float, room: float, *, each: float = TICK, visits: Sequence[float] = ()
) -> list[float]:
    """Weeks from 0 to the last one, as many as an axis of so many inches has room for. Where every
    visit can have a tick, the ticks stand at visits."""
    fitting = [s for s in STEPS if last / s < room / each] or [STEPS[-1]]
    at_visits = (s for s in fitting if len(visits) > 1 and all(v % s == 0 for v in visits))
    step = next(at_visits, fitting[0])
    return [float(week) for week in range(0, int(last) + 1, step)]


def weeks_axis(
    axes: "Axes",
    last: float,
    room: float,
    *,
    named: bool = True,
    each: float = TICK,
    visits: Sequence[float] = (),
) -> None:
    """An axis of weeks from 0 to the last one, with a small margin at either end; each tick needs
    so many inches."""
    margin = last * 0.02
    axes.set_xlim(-margin, last + margin)
    ticks = ticks_of_weeks(last, room, each=each, visits=visits)
    axes.set_xticks(ticks, [formats.plain(tick) for tick in ticks] if named else [""] * len(ticks))


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
        "font.family": [FAMILY],
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
        "hatch.linewidth": 0.5,
        "savefig.facecolor": "white",
    }
