"""The design report as a document of the report's own model, for its HTML and its PDF."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count

from pilotage import __version__
from pilotage.report import formats
from pilotage.report.model import Cell, Document, Headline, Part
from pilotage.report.words import Words
from pilotage.simulation.design_report import amounts, burden, decision, prose, settings
from pilotage.simulation.design_report.points import Point, axis_of, of_each_plan
from pilotage.simulation.design_report.power import power_figure
from pilotage.simulation.design_report.prose import LANGUAGE
from pilotage.simulation.design_report.successes import successes_figure
from pilotage.simulation.design_report.sweep import sweep_figure
from pilotage.simulation.design_report.tables import MOST_COMPARED, compared, side_by_side
from pilotage.simulation.model import Simulation
from pilotage.study import Study

MOST_ANSWERS = 6
"""More scenarios are answered by a table alone."""

MOST_PLANS = 3
"""More plans are told in words, without a figure each."""

OF_A_TRIAL = (
    ("N", "Subjects", ""), ("DURATION_DAYS", "Duration", " days"),
    ("ALERTS_OF_TRIAL", "Alerts", ""), ("QUERIES_OF_TRIAL", "Queries", ""),
)  # fmt: skip
"""What is answered first of a single scenario, with its label and its unit."""

FILES = ("simulation.yaml", "synthetic.yaml")


def design_document(study: Study, written: Simulation, points: Sequence[Point]) -> Document:
    """The report on the points; `written` is simulation.yaml as it stands in the study. Its date
    is that of the latest version of the protocol, so that the same run gives the same bytes."""
    words = Words(LANGUAGE)
    identity = study.protocol.study
    day = max(version.date for version in study.protocol.versions)
    return Document(
        title=study.text(identity.short_title, LANGUAGE),
        subtitle=f"Design report by simulation: {study.text(identity.title, LANGUAGE)}",
        synthetic=True,
        language=LANGUAGE,
        date=formats.day(day),
        headlines=tuple(_headlines(points)),
        populations=settings.chosen_table(study, written, points),
        facts=tuple(_facts(study, points, words)),
        parts=tuple(_parts(study, written, points)),
        dated=words("protocol_date"),
    )


def _headlines(points: Sequence[Point]) -> Iterator[Headline]:
    yield Headline("", (Cell(f"{Words(LANGUAGE)('synthetic_line')}."),))
    plan = points[0].plan
    if all(point.plan == plan for point in points):
        answers = tuple(Cell(words) for words in decision.looks_in_words(plan))
        yield Headline("What ends the trial", answers)
    null = points[0].at(points[0].simulation.decision.null)
    rate = formats.level(null.p)
    type_1 = f"accepted with a chance of {formats.percent(null.accepted, 2)}"
    if points[0].watches_toxicity:
        type_1 += ", where no subject has a toxicity"
    yield Headline("Type I error, exact", (Cell(f"a true success rate of {rate} is {type_1}"),))
    shown = points[:MOST_ANSWERS]
    yield Headline("Chance to accept, simulated", tuple(Cell(_accepted(p)) for p in shown))
    for name, label, unit in OF_A_TRIAL:
        one = points[0].get(name) if len(points) == 1 else None
        if one is not None:
            told = Cell(f"{amounts.alone(*one)}{unit}")
            yield Headline(f"{label} of a trial, on average", (told,))


def _accepted(point: Point) -> str:
    accepted = point.get("ACCEPTED")
    chance = formats.NONE if accepted is None else amounts.alone(*accepted, share=True)
    rate = amounts.alone(*point.rate, share=True)
    return f"{point.name}: {chance} of {point.trials:,} trials, at a success rate of {rate}"


def _parts(study: Study, written: Simulation, points: Sequence[Point]) -> Iterator[Part]:
    """Everything after what was chosen, in order."""
    tables, figures, sections = (_numbered(kind) for kind in ("Table", "Figure", "Section"))

    fixed = points[0].fixed
    yield prose.warning(study, points, next(sections))
    yield settings.scenario_table(points, number=next(tables))
    if not fixed:
        yield settings.truth_table(points, number=next(tables))
        if written.fitted_to:
            yield settings.fitted_table(written, number=next(tables))
    yield prose.declared(study, points, next(sections))
    for point in of_each_plan(points)[:MOST_PLANS]:
        yield decision.boundary_figure(point.plan, next(figures))
    yield power_figure(points, next(figures))
    yield successes_figure(points, next(figures))
    if len(points) > 1:
        beside = side_by_side(points, number=next(tables))
        yield beside
        if axis := axis_of(points):
            yield sweep_figure(points, axis, beside, next(figures))
    if len(points) <= MOST_COMPARED:
        yield from _compared(points, tables)
        if points[0].rehearsals:
            yield burden.rehearsed_table(points, number=next(tables))
            yield burden.matters_figure(points, next(figures))
    yield prose.left_out(points, next(sections))
    if points[0].silent and not fixed:
        yield prose.silent_table(points, next(tables))
    yield prose.again(study, points, next(sections))


def _compared(points: Sequence[Point], tables: Iterator[str]) -> Iterator[Part]:
    """Every characteristic of every point."""
    yield compared(
        points, ("decision", "estimate"), name="characteristics", number=next(tables),
        title="The decision and the estimate",
    )  # fmt: skip
    if points[0].fixed:
        return
    yield compared(
        points, ("subjects",), name="subjects", number=next(tables),
        title="What becomes of the subjects",
    )  # fmt: skip
    yield compared(
        points, ("exposure", "load"), name="load", number=next(tables),
        title="Exposure, and the load on those who conduct the trial",
    )  # fmt: skip


def _numbered(kind: str) -> Iterator[str]:
    """'Table 1', 'Table 2'…"""
    return (f"{kind} {number}" for number in count(1))


def _facts(study: Study, points: Sequence[Point], words: Words) -> Iterator[tuple[str, str]]:
    """What every reader must be able to check; no time and nothing of the machine."""
    identity, first = study.protocol.study, points[0]
    version = max(study.protocol.versions, key=lambda each: each.date)
    yield words("study"), f"{identity.id}: {study.text(identity.title, LANGUAGE)}"
    yield words("data"), words("data_synthetic")
    yield words("protocol_version"), f"{version.id}, {formats.day(version.date)}"
    yield words("study_digest"), study.digest
    for name in FILES:
        content = (study.folder / name).read_bytes()
        yield f"{name}, SHA-256", hashlib.sha256(content).hexdigest()
    yield "Scenarios", "; ".join(dict.fromkeys(point.case.name for point in points))
    yield "Trials of each", f"{first.trials:,}"
    if first.rehearsals:
        yield "Rehearsals of each", f"{first.rehearsals:,}"
    yield "Seed", str(first.seed)
    yield words("rounding"), words("rounding_rule")
    yield words("software"), f"Pilotage {__version__}"
