"""How many successes a trial had: a bar for each number, the exact chance beside it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pilotage.report import formats
from pilotage.report.figures.key import Sample
from pilotage.report.figures.sheet import INK
from pilotage.report.model import Cell, Column, Figure, Note, Row, Table
from pilotage.simulation.design_report import amounts
from pilotage.simulation.design_report.plots import (
    Panel,
    plotted,
    ticks_across,
    whole_ticks,
)
from pilotage.simulation.design_report.points import Point
from pilotage.simulation.trials.characteristics import Characteristic

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "SUCCESSES_"

SEEN = 0.00005
"""A smaller chance is 0.00 %."""

MOST_PANELS = 6
"""More scenarios than so many are not drawn."""

PLAIN: dict[str, Any] = {"facecolor": "#b9cfdf", "edgecolor": "#134e7d", "linewidth": 0.7}
ACCEPTED: dict[str, Any] = {**PLAIN, "facecolor": "#5f9fc9", "hatch": "////"}
EXACT: dict[str, Any] = {
    "marker": "o", "color": INK, "markerfacecolor": "white", "markeredgewidth": 1.1,
    "markersize": 4,
}  # fmt: skip


def successes_figure(points: Sequence[Point], number: str) -> Figure:
    """A panel for each point, of which a number of successes is known."""
    shown = list(points[:MOST_PANELS])
    beside = 1 if len(shown) == 1 else 2
    highest = max(map(_highest, shown))
    svg = plotted(
        "successes",
        [
            Panel(
                partial(_draw, point=point, highest=highest, ticks=16 // beside),
                "Successes in a trial, subjects",
                "Trials",
                shares=True,
                name="" if len(shown) == 1 else point.name,
            )
            for point in shown
        ],
        samples=list(_samples(shown)),
        beside=beside,
        tall=2.5 if beside == 1 else 1.6,
    )
    return Figure(
        "successes",
        number,
        "How many successes a trial had",
        svg,
        words=" ".join(map(_in_words, shown)),
        numbers=_table(shown, number),
        notes=tuple(Note(text) for text in _notes(points)),
    )


def _highest(point: Point) -> float:
    """What the tallest bar, its line or an exact chance reaches."""
    tops = [share.value + amounts.reach(share.error) for _, share in numbers_of(point)]
    return max([*tops, *expected(point).values()], default=1.0)


def numbers_of(point: Point) -> list[tuple[int, Characteristic]]:
    """The share of trials with each number of successes, in order."""
    found = [
        (int(name.removeprefix(NAME)), each)
        for name, each in point.numbers.items()
        if name.startswith(NAME) and name.removeprefix(NAME).isdigit()
    ]
    return sorted(found, key=lambda one: one[0])


def accepted_from(point: Point) -> int | None:
    """The number of successes that is accepted at the end; None where a trial may end before, so
    that the number alone does not say how it ended."""
    looks = point.plan.looks
    if len(looks) > 1 or looks[0].toxic_at is not None:
        return None
    return looks[0].accept_at


def expected(point: Point) -> Mapping[int, float]:
    """The exact chance of each number of successes at the scenario's own rate: the binomial
    distribution, and with looks that of the paths through them. Subjects are independent and all
    alike, so that nothing else is needed; but whether a toxicity goes with a success matters, so
    that there is none where toxicity is watched and not fixed at 0."""
    known = {k: share.exact for k, share in numbers_of(point) if share.exact is not None}
    if known or point.toxicity > 0:
        return known
    found: dict[int, float] = {}
    for end in point.at(point.rate[0]).ends:
        found[end.successes] = found.get(end.successes, 0.0) + end.chance
    return found


def _draw(axes: "Axes", *, point: Point, highest: float, ticks: int) -> None:
    needed = accepted_from(point)
    found = numbers_of(point)
    for look, accepted in ((PLAIN, False), (ACCEPTED, True)):
        some = [
            (k, share) for k, share in found if (needed is not None and k >= needed) is accepted
        ]
        at, high = [k for k, _ in some], [share.value for _, share in some]
        axes.bar(at, high, 0.8, zorder=2, **look)
    unsure = [(k, share) for k, share in found if share.error]
    if unsure:
        axes.errorbar(
            [k for k, _ in unsure], [share.value for _, share in unsure], linestyle="none",
            yerr=[amounts.reach(share.error) for _, share in unsure], color=INK,
            elinewidth=0.8, capsize=1.5, zorder=3,
        )  # fmt: skip
    exact = expected(point)
    axes.plot(list(exact), list(exact.values()), zorder=4, linestyle="none", **EXACT)
    axes.set_xlim(-0.6, point.plan.n + 0.6)
    axes.set_ylim(0, min(1.05, 1.05 * highest))
    ticks_across(axes, whole_ticks(point.plan.n, ticks))


def _samples(points: Sequence[Point]) -> Iterator[Sample]:
    judged = [point for point in points if accepted_from(point) is not None]
    yield Sample("box", "simulated" if not judged else "simulated, not accepted", PLAIN)
    if judged:
        yield Sample("box", "simulated, accepted", ACCEPTED)
    if any(map(expected, points)):
        yield Sample("marker", "exact, at the same true rate", EXACT)


def _in_words(point: Point) -> str:
    parts = [
        f"{successes}: {formats.percent(share.value, 1)}" for successes, share in numbers_of(point)
    ]
    return f"{point.name}, trials by their number of successes: {', '.join(parts)}."


def _notes(points: Sequence[Point]) -> Iterator[str]:
    yield (
        "Lines on the bars: intervals of 95 % for the Monte-Carlo error. A number of successes "
        "that no trial had has no bar."
    )
    if any(map(expected, points)):
        yield (
            "Exact: the binomial probabilities, along the paths through the looks, at the success "
            "rate of the scenario; where that rate is itself simulated, at its estimate."
        )
    if len(points) > MOST_PANELS:
        yield (
            f"Of {len(points)} scenarios the first {MOST_PANELS} are drawn; "
            "operating_characteristics.csv has all."
        )


def _table(points: Sequence[Point], number: str) -> Table:
    rows: list[Row] = []
    level = 1 if len(points) > 1 else 0
    exact = any(map(expected, points))
    for point in points:
        if level:
            rows.append(Row((Cell(point.name),), heading=True))
        rows += _rows(point, level, exact=exact)
    columns = [Column("Successes"), Column("Trials", "number")]
    columns += [Column("Exact", "number")] if exact else []
    title = "Trials by their number of successes"
    return Table("successes-numbers", number, title, tuple(columns), tuple(rows))


def _rows(point: Point, level: int, *, exact: bool) -> Iterator[Row]:
    """A row for each number of successes that a trial had, or could well have had."""
    shares = {successes: (each.value, each.error) for successes, each in numbers_of(point)}
    chances = expected(point)
    shown = [k for k in range(point.plan.n + 1) if k in shares or chances.get(k, 0) >= SEEN]
    none = (0.0, 0.0 if point.trials > 1 else None)
    texts = amounts.column((shares.get(k, none) for k in shown), share=True)
    for k, text in zip(shown, texts, strict=True):
        cells = [Cell(formats.count(k)), Cell(text)]
        if exact:
            cells.append(Cell(formats.percent(chances.get(k, 0.0) if chances else None, 2)))
        yield Row(tuple(cells), level)
