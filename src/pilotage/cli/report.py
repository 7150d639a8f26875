"""`pilotage report`."""

from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OutFolder, StudyName
from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage report lenalidomide_cle snapshot --out report"

MaybeSnapshot = Annotated[
    Path | None,
    typer.Argument(metavar="SNAPSHOT", help="A folder with dm.csv, ex.csv, qs.csv …"),
]
Shells = Annotated[
    bool, typer.Option("--shells", help="The analysis plan and empty outputs, before any data.")
]


def report(
    study: StudyName, out: OutFolder, snapshot: MaybeSnapshot = None, shells: Shells = False
) -> None:
    """Write the report (HTML, PDF) with its datasets and results.

    DIR then holds report.html, report.pdf and the figures, beside the datasets and results.csv,
    from which every number of the report comes. With --shells, and without a snapshot, it holds
    plan.html and plan.pdf: the analyses in words and every output as an empty shell.
    """
    with plain_errors():
        from pilotage.findings import InputErrors, error

        if shells and snapshot is not None:
            words = "--shells shows the plan before any data; leave the snapshot out"
            raise InputErrors([error(str(snapshot), words)])
        if shells:
            _plan(study, out)
            return
        if snapshot is None:
            words = "a report needs a snapshot (report STUDY SNAPSHOT --out DIR), or --shells"
            raise InputErrors([error(study, words)])
        _report(study, snapshot, out)


def _report(study: str, snapshot: Path, out: Path) -> None:
    with steps("Snapshot", "Datasets", "Results", "Report") as step:
        from pilotage.output import all_or_nothing

        planned, cut = road.read(study, snapshot, out, step, makes=("datasets", "figures"))
        from pilotage.report.road import reported

        with all_or_nothing(out) as stage:
            datasets, headlines = reported(planned, cut, stage, step)
    road.say_findings_about(cut, datasets, out / "datasets")
    road.end_with_report(headlines, out)


def _plan(study: str, out: Path) -> None:
    with steps("Study", "Plan") as step:
        from pilotage.cli.places import refuse_among_inputs
        from pilotage.output import all_or_nothing
        from pilotage.report import write_shells
        from pilotage.study import load_study, study_folder

        refuse_among_inputs(out, {"study": study_folder(study)})
        step()
        planned = load_study(study)
        step()
        with all_or_nothing(out) as stage:
            write_shells(planned, stage)
    typer.echo(str(out / "plan.html"))
