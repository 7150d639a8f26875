"""Write the design report beside the tables of a simulation."""

from collections.abc import Sequence
from pathlib import Path

from pilotage.output import write_whole
from pilotage.report.html import render_html
from pilotage.report.typeset import render_pdf
from pilotage.simulation.design.decisions import plan_of
from pilotage.simulation.design_report.document import design_document
from pilotage.simulation.design_report.points import Point, names_of
from pilotage.simulation.load import FILE
from pilotage.simulation.model import Simulation
from pilotage.simulation.trials.characteristics import characteristics
from pilotage.simulation.trials.results import NONE, Rehearsed
from pilotage.simulation.trials.run import Simulated
from pilotage.study.part import read_part

HTML, PDF = "design.html", "design.pdf"


def write_design_report(
    folder: Path, done: Sequence[Simulated], rehearsed: Rehearsed = NONE
) -> Path:
    """Write design.html and design.pdf on one scenario, or on every point of a grid; returns the
    first. Both are made before either is written, and the same run gives the same bytes."""
    study = done[0].study
    # the file was found sound before anything was simulated
    written = read_part(study.folder / FILE, Simulation).model or done[0].case.simulation
    made = design_document(study, written, points_of(done, rehearsed))
    html, pdf = render_html(made), render_pdf(made)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in ((HTML, html.encode()), (PDF, pdf)):
        write_whole(folder / name, content)
    return folder / HTML


def points_of(done: Sequence[Simulated], rehearsed: Rehearsed = NONE) -> tuple[Point, ...]:
    """What the report shows of each scenario, with what was counted in its rehearsals."""
    counted = [rehearsed.get(each.case.name, ()) for each in done]
    names = names_of([each.case for each in done])
    return tuple(
        Point(
            name=name,
            case=each.case,
            plan=plan_of(each.case.simulation),
            trials=each.trials,
            subjects=each.subjects,
            seed=each.seed,
            numbers={one.name: one for one in characteristics(each, more)},
            silent=each.silent,
            rehearsals=more[0].rehearsals if more else 0,
        )
        for name, each, more in zip(names, done, counted, strict=True)
    )
