"""Scenarios for the tests of the design report, with numbers that are written down and not
simulated, so that nothing has to be compiled."""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from simulated_studies import study

from pilotage.courses.nature import Nature
from pilotage.report.model import Document, Figure, Part, Prose, Table
from pilotage.simulation.burdens import Counts, Rehearsals, rows_of
from pilotage.simulation.burdens.counts import COUNTED
from pilotage.simulation.design.decisions import plan_of
from pilotage.simulation.design_report.document import design_document
from pilotage.simulation.design_report.points import Point, names_of
from pilotage.simulation.load import load_simulation
from pilotage.simulation.model import Bayes, Simulation, Toxicity
from pilotage.simulation.scenarios import Case, cases
from pilotage.simulation.trials.characteristics import Characteristic
from pilotage.study import Study

STUDY = study("lenalidomide_cle")

SHARES = {"ACCEPTED": "share of trials", "GIVEN_UP": "share of trials",
          "TOO_TOXIC": "share of trials", "EARLY": "share of trials",
          "COVERAGE_95": "share of trials", "TRUE_RATE": "share of subjects",
          "BIAS": "share of subjects", "RELAPSED": "share of subjects",
          "TOX_IN_TIME": "share of subjects"}  # fmt: skip
OTHERS = {"N": "subjects of a trial", "DURATION_DAYS": "days of a trial",
          "DOSE_DAYS": "days of a subject", "VISITS": "of a subject",
          "VISITS_OF_TRIAL": "of a trial", "SAMPLES": "of a subject",
          "UNKNOWN_DECISIONS": "of a subject"}  # fmt: skip

NUMBERS: Mapping[str, tuple[float, float]] = {
    "ACCEPTED": (0.9321, 0.0035), "TRUE_RATE": (0.6, 0.0012), "RELAPSED": (0.84, 0.002),
    "N": (15, 0), "DURATION_DAYS": (1514.4, 3.6), "DOSE_DAYS": (406.2, 1.3),
    "VISITS": (19.986, 0.03), "VISITS_OF_TRIAL": (299.8, 0.45), "UNKNOWN_DECISIONS": (0, 0),
    "SUCCESSES_8": (0.4, 0.01), "SUCCESSES_9": (0.6, 0.01),
}  # fmt: skip
"""A number of each kind, with its error."""

TOXIC = Bayes(kind="bayes", null=0.4, looks=(5, 10), toxicity=Toxicity(limit=0.1, stop=0.8))


@functools.cache
def loaded(name: str) -> tuple[Simulation, Nature]:
    """simulation.yaml and synthetic.yaml of a study, by the name of its folder."""
    return load_simulation(study(name))


def characteristic(name: str, value: float, error: float, **more: Any) -> Characteristic:
    units = {**SHARES, **OTHERS}
    unit = "share of trials" if name.startswith("SUCCESSES_") else units[name]
    made = Characteristic(name, name.lower(), unit, value, error)
    return dataclasses.replace(made, **more)


def points(
    scenario: str = "base",
    settings: Mapping[str, float] | None = None,
    *,
    decision: Any = None,
    numbers: Iterable[Mapping[str, tuple[float, float]]] = (),
    of: Study = STUDY,
    silent: tuple[str, ...] = ("row 5 of stopping: review.consent is not described",),
) -> tuple[Point, ...]:
    """The points of a scenario or grid; `numbers` change NUMBERS, one after the other."""
    simulation, nature = loaded(of.folder.name)
    if decision is not None:
        simulation = simulation.model_copy(update={"decision": decision})
    found = cases(nature, simulation, scenario, settings or {})
    more = [*numbers, *({} for _ in found)]
    return tuple(
        _point(case, name, {**NUMBERS, **changed}, silent)
        for case, name, changed in zip(found, names_of(found), more, strict=False)
    )


def _point(
    case: Case, name: str, numbers: Mapping[str, tuple[float, float]], silent: tuple[str, ...]
) -> Point:
    subjects = case.simulation.trial.subjects
    made = {each: characteristic(each, *number) for each, number in numbers.items()}
    return Point(name, case, plan_of(case.simulation), 2000, subjects, 7, made, silent)


GRID = [
    {"ACCEPTED": (0.1 * at, 0.005), "TRUE_RATE": (0.2 + 0.1 * at, 0.002),
     "DURATION_DAYS": (1500 + 40 * at, 3.0)}
    for at in range(5)
]  # fmt: skip
"""What the numbers of the grid are."""


@functools.cache
def of_base() -> Document:
    """The report on the files as they stand."""
    return report(points())


@functools.cache
def of_grid() -> Document:
    """The report on the grid."""
    return report(points("effect", numbers=GRID))


def rehearsed(some: tuple[Point, ...], count: int = 4) -> tuple[Point, ...]:
    """The points with so many rehearsals, the later ones with more alerts; one matter never comes
    up."""
    return tuple(
        dataclasses.replace(
            point,
            rehearsals=count,
            numbers={**point.numbers, **{row.name: row for row in _counted(place, count)}},
        )
        for place, point in enumerate(some)
    )


def _counted(place: int, count: int) -> Iterator[Characteristic]:
    never = COUNTED[2].name
    made = tuple(
        Counts(number, number, 10, 3, {
            each.name: 0 if each.name == never else 10 * (at + place + number)
            for at, each in enumerate(COUNTED)
        })
        for number in range(1, count + 1)
    )  # fmt: skip
    return rows_of(Rehearsals(5, made))


def report(some: tuple[Point, ...], of: Study = STUDY) -> Document:
    return design_document(of, loaded(of.folder.name)[0], some)


def part(document: Document, name: str) -> Any:
    """The part of the document with that id."""
    return next(each for each in document.parts if each.id == name)


def every_table(document: Document) -> list[Table]:
    """Every table, those of figures too."""
    found = [document.populations]
    for each in document.parts:
        found += [each.numbers] if isinstance(each, Figure) else []
        found += [each] if isinstance(each, Table) else []
    return found


def rows(table: Table) -> dict[str, tuple[str, ...]]:
    """The texts of each row by its label."""
    return {
        row.cells[0].text: tuple(cell.text for cell in row.cells[1:])
        for row in table.rows
        if not row.heading
    }


def sentences(some: Part) -> str:
    assert isinstance(some, Prose)
    return " ".join(cell.text for passage in some.passages for cell in passage.sentences)
