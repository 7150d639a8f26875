"""Alerts and queries, as rehearsals of the scenarios had them: a table, and the matters drawn."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pilotage.report.figures.key import Sample
from pilotage.report.model import Cell, Column, Figure, Note, Row, Table
from pilotage.simulation.burdens.counts import COUNTED
from pilotage.simulation.design_report import amounts
from pilotage.simulation.design_report.plots import (
    Panel,
    plotted,
    styled,
    ticks_across,
    whole_ticks,
)
from pilotage.simulation.design_report.points import Point
from pilotage.simulation.design_report.tables import compared
from pilotage.simulation.rehearsal.burden import QUERIES
from pilotage.statistics.distributions import student_quantile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MATTERS = {each.name: each.label.partition(": ")[2] for each in COUNTED if each.is_matter}
"""How a matter is called, by its name."""

LEFT = 2.05
"""Inches for the names of the matters."""
ALONE, BESIDE, MOST = 0.22, 0.08, 0.62
"""Inches for a matter: of one scenario, more for each further one, at most."""
SPREAD = 0.75
"""Of the room of a matter, what several scenarios share."""


def rehearsed_table(points: Sequence[Point], *, number: str) -> Table:
    """Every count but that of the single matters, of a subject, of a trial and of a week of it."""
    return compared(
        points, ("rehearsed",), name="rehearsed", number=number,
        title="Alerts, queries and slips, counted in rehearsals",
        without=tuple(name for matter in MATTERS for name in (matter, f"{matter}_OF_TRIAL")),
        notes=tuple(_notes(points)),
    )  # fmt: skip


def _notes(points: Sequence[Point]) -> Iterator[str]:
    count = points[0].rehearsals
    yield what_counts()
    if count == 1:
        yield "One rehearsal does not tell how far another would lie from it: it has no error."
    else:
        yield (
            f"±: Monte-Carlo standard error over {count:,} rehearsals"
            f"{' of each scenario' if len(points) > 1 else ''}: the standard deviation between "
            "them, divided by the root of their number."
        )
    yield (
        "A rehearsal is recruited and cut on the days of synthetic.yaml, so that it can be longer "
        "or shorter than the trials."
    )


def what_counts() -> str:
    """What an alert and a query are."""
    *queries, last = QUERIES
    return (
        f"Alerts: what the review of the record at the end shows, and the forms that asked. "
        f"Queries are those of them that ask the site ({', '.join(queries)} and "
        f"{last}); the web application asks more."
    )


def matters_figure(points: Sequence[Point], number: str) -> Figure:
    """The alerts of a trial by matter, a mark for each scenario."""
    samples = [Sample("marker", point.name, styled(place)) for place, point in enumerate(points)]
    panel = Panel(
        partial(_draw, points=points), "Alerts of a trial", "", names=(*MATTERS.values(),)
    )
    each = min(ALONE + BESIDE * (len(points) - 1), MOST)
    svg = plotted(
        "alerts", [panel], samples=samples if len(points) > 1 else (),
        tall=each * len(MATTERS) + 0.1, left=LEFT,
    )  # fmt: skip
    return Figure(
        "alerts", number, "Alerts of a trial by their matter", svg,
        words=" ".join(map(_in_words, points)), numbers=_table(points, number),
        notes=tuple(Note(text) for text in _notes_of_matters(points)),
    )  # fmt: skip


def _draw(axes: "Axes", *, points: Sequence[Point]) -> None:
    highest = 1.0
    for place, point in enumerate(points):
        found = _of_trial(point)
        off = SPREAD * (0.5 - (place + 0.5) / len(points))
        axes.errorbar(
            [one[0] for one in found], [len(found) - 1 - at + off for at in range(len(found))],
            xerr=[_reach(point, one[1]) for one in found], linestyle="none",
            elinewidth=0.8, capsize=2, **styled(place),
        )  # fmt: skip
        highest = max(highest, *(one[0] + _reach(point, one[1]) for one in found))
    axes.set_xlim(-0.02 * highest, 1.05 * highest)
    axes.set_ylim(-0.6, len(MATTERS) - 0.4)
    ticks_across(axes, whole_ticks(math.floor(highest), 10))


def _reach(point: Point, error: float | None) -> float:
    """How far an interval of 95 % reaches, of few rehearsals: by the t distribution. None is drawn
    where no error is known."""
    return student_quantile(0.95, point.rehearsals - 1) * error if error else 0.0


def _of_trial(point: Point) -> list[amounts.Number]:
    """How many alerts of each matter a trial had."""
    return [point.get(f"{matter}_OF_TRIAL") or (0.0, None) for matter in MATTERS]


def _in_words(point: Point) -> str:
    said = zip(MATTERS.values(), amounts.column(_of_trial(point)), strict=True)
    return f"{point.name}, alerts of a trial: {', '.join(f'{m} {number}' for m, number in said)}."


def _table(points: Sequence[Point], number: str) -> Table:
    rows: list[Row] = []
    level = 1 if len(points) > 1 else 0
    for point in points:
        if level:
            rows.append(Row((Cell(point.name),), heading=True))
        of_subject = amounts.column(point.get(matter) for matter in MATTERS)
        of_trial = amounts.column(_of_trial(point))
        for matter, trial, subject in zip(MATTERS.values(), of_trial, of_subject, strict=True):
            rows.append(Row((Cell(matter), Cell(trial), Cell(subject)), level))
    columns = (Column("Matter"), Column("Of a trial", "number"), Column("Of a subject", "number"))
    return Table("alerts-numbers", number, "Alerts by their matter", columns, tuple(rows))


def _notes_of_matters(points: Sequence[Point]) -> Iterator[str]:
    count = points[0].rehearsals
    if count > 1:
        yield (
            "Lines on the marks: intervals of 95 % for the Monte-Carlo error, by the t "
            f"distribution for {count:,} rehearsals."
        )
    if any(value == 0 for point in points for value, _ in _of_trial(point)):
        seldom = amounts.two_digits(3 / count)
        yield (
            f"A matter at 0 came up in no rehearsal; what comes {seldom} times in a trial may be "
            f"seen in none of {count:,}."
        )
