"""What becomes of the design along the values of a grid with one axis."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from pilotage.report.figures.canvas import STYLES
from pilotage.report.figures.key import Sample
from pilotage.report.figures.lettering import cut
from pilotage.report.figures.sheet import WIDTH
from pilotage.report.model import Figure, Note, Table
from pilotage.simulation.design_report import amounts
from pilotage.simulation.design_report.plots import Panel, plotted, ticks_across
from pilotage.simulation.design_report.points import Point, along

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHARES = {"ACCEPTED": "trials accepted", "TRUE_RATE": "success of a subject",
          "RELAPSED": "relapse of a subject"}  # fmt: skip
OTHERS = {"N": "Subjects of a trial", "DURATION_DAYS": "Duration, days"}

MOST_TICKS = 12
CHANCE = 5
"""Numbers that lie within so many standard errors are drawn by no line of their own."""


def sweep_figure(points: Sequence[Point], axis: str, beside: Table, number: str) -> Figure:
    """Shares above; below them the size and the duration of a trial, as far as they differ. Its
    numbers are those of the table of the scenarios beside each other."""
    at = [value for value, _ in along(points, axis)]
    across = cut(axis, WIDTH - 1.2)
    shares = [name for name in SHARES if any(point.get(name) for point in points)]
    draw = partial(_draw_shares, points=points, axis=axis, names=shares)
    panels = [Panel(partial(_with_ticks, draw=draw, at=at), across, "Share", shares=True)]
    for name, label in OTHERS.items():
        found = [one for point in points if (one := point.get(name)) is not None]
        if _differ(found):
            draw = partial(_draw_one, points=points, axis=axis, name=name)
            panels.append(Panel(partial(_with_ticks, draw=draw, at=at), across, label))
    svg = plotted(
        "sweep",
        panels,
        samples=[
            Sample("line", SHARES[name], {**_look(place), "markevery": [0]})
            for place, name in enumerate(shares)
        ],
        tall=2.4 if len(panels) == 1 else 1.6,
    )
    title = "Along the values of the grid"
    numbers = replace(beside, id="sweep-numbers", number=number, title=title)
    words = "The lines between marks only lead the eye."
    if all(point.trials > 1 for point in points):
        words = (
            f"Lines on the marks: intervals of 95 % for the Monte-Carlo error. {words} A "
            "difference of two values has the error of both: the root of the sum of their squares."
        )
    return Figure(
        "sweep", number, title, svg, words=_in_words(points, axis, shares),
        numbers=numbers, notes=(Note(words),),
    )  # fmt: skip


def _differ(found: Sequence[amounts.Number]) -> bool:
    """Are the numbers further apart than chance puts them? Single trials do not tell."""
    values = [value for value, _ in found]
    errors = [error for _, error in found if error is not None]
    if not found or len(errors) < len(found):
        return False
    return max(values) - min(values) > CHANCE * max(errors)


def _with_ticks(axes: "Axes", *, draw: Any, at: Sequence[float]) -> None:
    draw(axes)
    spare = 0.04 * (max(at) - min(at))
    axes.set_xlim(min(at) - spare, max(at) + spare)
    every = -(-len(at) // MOST_TICKS)
    ticks_across(axes, at[::every])


def _draw_shares(axes: "Axes", *, points: Sequence[Point], axis: str, names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        _line(axes, points, axis, name, place)
    axes.set_ylim(-0.02, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])


def _draw_one(axes: "Axes", *, points: Sequence[Point], axis: str, name: str) -> None:
    _line(axes, points, axis, name, 0)
    axes.set_ylim(0, 1.12 * axes.get_ylim()[1])


def _line(axes: "Axes", points: Sequence[Point], axis: str, name: str, place: int) -> None:
    found = [(value, one) for value, p in along(points, axis) if (one := p.get(name)) is not None]
    axes.errorbar(
        [value for value, _ in found], [one[0] for _, one in found],
        yerr=[amounts.reach(one[1]) for _, one in found],
        elinewidth=0.8, capsize=2, linewidth=1.1, **_look(place),
    )  # fmt: skip


def _look(place: int) -> dict[str, Any]:
    colour, marker, line = STYLES[place % len(STYLES)]
    return {
        "color": colour, "marker": marker, "linestyle": line, "markersize": 5,
        "markerfacecolor": "white" if place else colour, "markeredgecolor": colour,
    }  # fmt: skip


def _in_words(points: Sequence[Point], axis: str, names: Sequence[str]) -> str:
    said = []
    for value, point in along(points, axis):
        parts = [
            f"{SHARES[name]} {amounts.alone(*one, share=True)}"
            for name in names
            if (one := point.get(name)) is not None
        ]
        said.append(f"At {value:g}: {', '.join(parts)}.")
    return f"Along {axis}. {' '.join(said)}"
