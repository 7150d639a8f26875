"""The declared decision: in words, as a plot of its boundaries, and look by look."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pilotage.report import formats
from pilotage.report.figures.key import Sample
from pilotage.report.figures.sheet import GRID, INK, SOFT
from pilotage.report.model import Cell, Column, Figure, Note, Row, Table
from pilotage.simulation.design.told import boundaries
from pilotage.simulation.design_report.plots import (
    Panel,
    plotted,
    ticks_across,
    whole_ticks,
)
from pilotage.simulation.model import Bayes, Decision, Exact, Simon
from pilotage.statistics.interim import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACCEPT: dict[str, Any] = {"marker": "^", "color": "#134e7d", "linestyle": "-", "markersize": 7}
GIVE_UP: dict[str, Any] = {
    "marker": "v", "color": "#c2571a", "linestyle": "--", "markersize": 7,
    "markerfacecolor": "white",
}  # fmt: skip
TOXIC: dict[str, Any] = {"marker": "X", "color": INK, "linestyle": ":", "markersize": 7}
"""Form, fill and line of the three boundaries, so that none needs its colour."""

ABOVE_IT, BELOW_IT, BELOW_CROSS = (0, 6), (0, -6), (-1, -5)
"""Points between a mark and its number."""

ASIDE, OF_THE_WAY = 9.0, 0.35
"""How far a toxicity boundary stands to the right of its look: so many points, and at most that
share of the way to the next look. It may be the same count as another boundary."""


CROSSES = "Crosses stand a little to the right of their look, so that they hide no other mark."


def in_words(decision: Decision) -> Iterator[str]:
    """What is declared, as sentences; every number of it was chosen."""
    null = formats.level(decision.null)
    yield f"A true success rate of {null} or less is not worth more trials."
    match decision:
        case Exact():
            level = formats.level(decision.level)
            yield (
                "One exact one-sided binomial test at the end, without a look before it: accepted "
                f"are the numbers of successes that together come at most {level} of the times "
                f"where the true rate is {null}."
            )
        case Simon():
            alternative = formats.level(decision.alternative)
            yield (
                f"Simon's two stages, {decision.criterion}: a rate of {null} is accepted with a "
                f"chance of at most {formats.level(decision.alpha)}, and one of {alternative} "
                f"missed with at most {formats.level(decision.beta)}."
            )
        case Bayes():
            yield from _bayes(decision, null)


def _bayes(decision: Bayes, null: str) -> Iterator[str]:
    prior = ", ".join(formats.plain(part) for part in decision.prior)
    success, futility = formats.level(decision.success), formats.level(decision.futility)
    yield (
        f"Looks after {_listed(decision.looks)} subjects and at the end, with a beta({prior}) "
        f"prior of the rate: accepted at the end where it is at least {success} probable that the "
        f"rate is above {null}, given up at any look where it is less than {futility} probable."
    )
    if decision.early_success is not None:
        yield (
            "A look before the end accepts where it is at least "
            f"{formats.level(decision.early_success)} probable."
        )
    toxicity = decision.toxicity
    if toxicity is not None:
        prior = ", ".join(formats.plain(part) for part in toxicity.prior)
        yield (
            "Stopped as too toxic where it is at least "
            f"{formats.level(toxicity.stop)} probable that more than "
            f"{formats.level(toxicity.limit)} of subjects have a toxicity, with a "
            f"beta({prior}) prior; a subject has one whose treatment a laboratory value stopped "
            "by the day of the endpoint."
        )


def looks_in_words(plan: Plan) -> Iterator[str]:
    """What follows from it, look by look."""
    last = plan.looks[-1]
    for look in plan.looks:
        yield f"After {look.n} subjects: {boundaries(look, last=look is last)}."


def boundary_table(plan: Plan, number: str) -> Table:
    rows = tuple(
        Row(
            (
                Cell(formats.count(look.n)),
                Cell(_bound(look.accept_at, look.n, "or more")),
                Cell(_bound(look.give_up_at, look.n, "or fewer")),
                Cell(_bound(look.toxic_at, look.n, "or more")),
            )
        )
        for look in plan.looks
    )
    columns = (
        Column("Subjects judged"),
        Column("Accept, successes"),
        Column("Give up, successes"),
        Column("Too toxic, toxicities"),
    )
    return Table(f"{_name(plan)}-numbers", number, "Boundaries at each look", columns, rows)


def boundary_figure(plan: Plan, number: str) -> Figure:
    """The boundaries over the number of subjects judged."""
    kinds = list(_kinds(plan))
    samples = [Sample("marker", name, _mark(how)) for name, how, _ in kinds]
    counted = "Successes" if len(kinds) < 3 else "Successes, or toxicities"
    toxic = any(how is TOXIC for _, how, _ in kinds)
    svg = plotted(
        _name(plan),
        [Panel(lambda axes: _draw(axes, plan), "Subjects judged", f"{counted} so far, subjects")],
        samples=samples,
    )
    return Figure(
        _name(plan),
        number,
        f"What ends a trial of {plan.n} subjects",
        svg,
        words=f"Boundaries of the decision. {' '.join(looks_in_words(plan))}",
        numbers=boundary_table(plan, number),
        notes=(
            Note(
                "The thin line is as many successes as subjects. A boundary holds at the looks "
                "alone; lines between them only lead the eye. A look judges the first so many "
                "subjects, in the order of their inclusion." + (f" {CROSSES}" if toxic else "")
            ),
        ),
    )


def _name(plan: Plan) -> str:
    """The identifier of what is shown of a plan; no two plans of a report have one size."""
    return f"boundaries-{plan.n}"


def _kinds(plan: Plan) -> Iterator[tuple[str, dict[str, Any], list[tuple[int, int]]]]:
    """Each boundary that there is: its name, how it is drawn, its places."""
    reached: list[tuple[str, dict[str, Any], list[tuple[int, int | None]]]] = [
        ("accept: so many successes or more", ACCEPT, [(k.n, k.accept_at) for k in plan.looks]),
        ("give up: so many successes or fewer", GIVE_UP, [(k.n, k.give_up_at) for k in plan.looks]),
        ("too toxic: so many toxicities or more", TOXIC, [(k.n, k.toxic_at) for k in plan.looks]),
    ]
    for name, how, places in reached:
        there = [(n, at) for n, at in places if at is not None and 0 <= at <= n]
        if there:
            yield name, how, there


def _draw(axes: "Axes", plan: Plan) -> None:
    axes.plot([0, plan.n], [0, plan.n], color=SOFT, linewidth=0.6)
    for look in plan.looks:
        axes.axvline(look.n, color=GRID, linewidth=0.8)
    axes.set_xlim(0, plan.n * 1.05)
    axes.set_ylim(-0.13 * plan.n, plan.n * 1.06)
    ticks_across(axes, whole_ticks(plan.n))
    axes.set_yticks(whole_ticks(plan.n, 8))
    for _, how, places in _kinds(plan):
        _boundary(axes, how, places, aside=_aside(axes, plan) if how is TOXIC else 0.0)


def _boundary(
    axes: "Axes", how: dict[str, Any], places: list[tuple[int, int]], *, aside: float
) -> None:
    """The marks of a boundary, so many points to the right of their looks, each with its number."""
    from matplotlib.patheffects import withStroke
    from matplotlib.transforms import ScaledTranslation

    figure = axes.get_figure()
    assert figure is not None
    shifted = axes.transData + ScaledTranslation(aside / 72, 0, figure.dpi_scale_trans)
    looks, counts = [n for n, _ in places], [at for _, at in places]
    above = 2.1 if how is TOXIC else 2.2
    axes.plot(looks, counts, linewidth=1.1, transform=shifted, zorder=above, **how)
    across, up = BELOW_CROSS if how is TOXIC else BELOW_IT if how is GIVE_UP else ABOVE_IT
    side: dict[str, Any] = {
        "ha": "left" if how is TOXIC else "center", "va": "bottom" if up > 0 else "top",
        "path_effects": [withStroke(linewidth=1.6, foreground="white")],
    }  # fmt: skip
    for n, at in places:
        axes.annotate(
            formats.count(at), (n, at), xytext=(aside + across, up), size=7, color=INK,
            textcoords="offset points", **side,
        )  # fmt: skip


def _aside(axes: "Axes", plan: Plan) -> float:
    """Points by which the toxicity boundary is shifted."""
    figure = axes.get_figure()
    assert figure is not None
    wide = axes.get_window_extent().width / figure.dpi * 72
    sizes = [0, *(look.n for look in plan.looks)]
    nearest = min(after - before for before, after in pairwise(sizes))
    return min(ASIDE, OF_THE_WAY * nearest * wide / axes.get_xlim()[1])


def _mark(how: dict[str, Any]) -> dict[str, Any]:
    """The mark of a boundary without its line."""
    kept = {key: value for key, value in how.items() if key != "linestyle"}
    return {**kept, "markersize": 6}


def _bound(at: int | None, n: int, side: str) -> str:
    """A boundary that so many subjects can reach; a dash for none."""
    return f"{at} {side}" if at is not None and 0 <= at <= n else formats.NONE


def _listed(looks: tuple[int, ...]) -> str:
    *first, last = map(str, looks)
    return f"{', '.join(first)} and {last}" if first else last
