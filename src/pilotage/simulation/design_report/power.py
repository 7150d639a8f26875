"""The chance to accept over the true success rate, exactly, with what the simulation found."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

from pilotage.report import formats
from pilotage.report.figures.canvas import LineStyle
from pilotage.report.figures.key import Sample
from pilotage.report.figures.sheet import INK, SOFT
from pilotage.report.model import Cell, Column, Figure, Note, Row, Table
from pilotage.simulation.design_report import amounts
from pilotage.simulation.design_report.plots import Panel, plotted, styled, ticks_across
from pilotage.simulation.design_report.points import Point, of_each_plan
from pilotage.simulation.model import Simon

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 50
"""Parts into which the rates from 0 to 1 are cut; a size of many subjects is cut into fewer."""
FEW_STEPS = 20
MANY = 200

MOST_NAMED = 6
"""More scenarios share one mark."""

OWN: dict[str, Any] = {"marker": "x", "color": INK, "markersize": 4.5, "markeredgewidth": 1.0}
"""What is exact at the scenario's own rates, where toxicity is watched."""

LINES: tuple[LineStyle, ...] = ("-", "--", "-.", ":")
Curve = list[tuple[float, float]]

TABLED = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9)


def power_figure(points: Sequence[Point], number: str) -> Figure:
    """A curve for each plan that the points have, and the place of each point."""
    first = points[0]
    curves = [list(_curve(point)) for point in of_each_plan(points)]
    svg = plotted(
        "power",
        [
            Panel(
                lambda axes: _draw(axes, points, curves),
                "True success rate",
                "Chance to accept",
                shares=True,
            )
        ],
        samples=list(_samples(points)),
    )
    return Figure(
        "power",
        number,
        "The chance to accept, over the true success rate",
        svg,
        words=_in_words(points),
        numbers=_table(first, number),
        notes=tuple(Note(text) for text in _notes(points)),
    )


def _curve(point: Point) -> Iterator[tuple[float, float]]:
    steps = STEPS if point.plan.n <= MANY else FEW_STEPS
    for step in range(steps + 1):
        yield step / steps, point.at(step / steps).accepted


def _draw(axes: "Axes", points: Sequence[Point], curves: list[Curve]) -> None:
    decision = points[0].simulation.decision
    for curve, line in zip(curves, cycle(LINES)):
        axes.plot(*zip(*curve, strict=True), color=INK, linewidth=1.4, linestyle=line)
    axes.axvline(decision.null, color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    if isinstance(decision, Simon):
        axes.axvline(decision.alternative, color=SOFT, linewidth=0.9, linestyle=(0, (1, 2)))
    for place, point in enumerate(points):
        accepted = point.get("ACCEPTED")
        if accepted is None:
            continue
        (rate, off), (chance, error) = point.rate, accepted
        look = styled(_style(points, place))
        axes.errorbar(
            [rate], [chance], xerr=amounts.reach(off), yerr=amounts.reach(error),
            capsize=2.5, elinewidth=1.0, linestyle="none", zorder=4, **look,
        )  # fmt: skip
        if point.watches_toxicity:
            own = point.at(rate, toxicity=point.toxicity).accepted
            axes.plot([rate], [own], linestyle="none", zorder=5, **OWN)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    ticks_across(axes, [step / 10 for step in range(11)], shares=True)


def _style(points: Sequence[Point], place: int) -> int:
    return place if len(points) <= MOST_NAMED else 0


def _samples(points: Sequence[Point]) -> Iterator[Sample]:
    decision = points[0].simulation.decision
    plans = of_each_plan(points)
    for point, line in zip(plans, cycle(LINES)):
        name = "exact" if len(plans) == 1 else f"exact, {point.plan.n} subjects"
        if point.watches_toxicity:
            name = f"{name}, without a toxicity"
        yield Sample("line", name, {"color": INK, "linewidth": 1.4, "linestyle": line})
    null = formats.level(decision.null)
    yield Sample("line", f"not worth more trials: {null}", {"linestyle": (0, (4, 3))})
    if isinstance(decision, Simon):
        named = f"to be found: {formats.level(decision.alternative)}"
        yield Sample("line", named, {"linestyle": (0, (1, 2))})
    if points[0].watches_toxicity:
        yield Sample("marker", "exact, with the scenario's toxicity", OWN)
    if len(points) > MOST_NAMED:
        yield Sample("marker", "simulated, a mark for each scenario", styled(0))
        return
    for place, point in enumerate(points):
        yield Sample("marker", f"simulated: {point.name}", styled(place))


def _in_words(points: Sequence[Point]) -> str:
    decision = points[0].simulation.decision
    said = [
        f"At a true rate of {formats.level(rate)} the chance to accept is "
        f"{amounts.percent(points[0].at(rate).accepted)}."
        for rate in dict.fromkeys((decision.null, 0.5, 0.8))
    ]
    for point in points:
        accepted = point.get("ACCEPTED")
        if accepted is not None:
            said.append(
                f"Simulated, {point.name}: a rate of {amounts.alone(*point.rate, share=True)}, "
                f"accepted in {amounts.alone(*accepted, share=True)} of trials."
            )
    return " ".join(said)


def _notes(points: Sequence[Point]) -> Iterator[str]:
    first = points[0]
    yield (
        "The curve is exact: the binomial probabilities of every path through the looks, each "
        "subject a success with the true rate, independently of the others."
    )
    yield (
        "A mark stands at the success rate of all simulated subjects of a scenario and at the "
        "share of its trials that were accepted, with intervals of 95 % for the Monte-Carlo error."
    )
    yield (
        f"At {formats.level(first.simulation.decision.null)} the height of the curve is the "
        "type I error."
    )
    if first.watches_toxicity:
        yield (
            "The curve is that of subjects without a toxicity; each toxicity makes it lower. A "
            "cross is what is exact at the scenario's own rates of success and of toxicity, taken "
            "as independent of each other."
        )


def _table(point: Point, number: str) -> Table:
    decision = point.simulation.decision
    rates = {decision.null, *TABLED}
    if isinstance(decision, Simon):
        rates.add(decision.alternative)
    rows = []
    for rate in sorted(rates):
        does = point.at(rate)
        rows.append(
            Row(
                (
                    Cell(formats.level(rate)),
                    Cell(amounts.percent(does.accepted)),
                    Cell(amounts.percent(does.early)),
                    Cell(formats.number(does.expected_n, 1)),
                )
            )
        )
    columns = (
        Column("True success rate", "number"),
        Column("Chance to accept", "number"),
        Column("Chance to end early", "number"),
        Column("Expected subjects", "number"),
    )
    title = "What the decision does, exactly"
    if point.watches_toxicity:
        title += ", where no subject has a toxicity"
    return Table("power-numbers", number, title, columns, tuple(rows))
