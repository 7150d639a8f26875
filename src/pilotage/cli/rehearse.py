"""`pilotage rehearse`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import OutFolder, Seed, StudyName
from pilotage.cli.places import refuse_among_inputs
from pilotage.progress import Steps
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.study import Study

EXAMPLE = "pilotage rehearse lenalidomide_cle --out rehearsal --seed 1"


def rehearse(
    study: StudyName,
    out: OutFolder,
    seed: Seed = 1,
    subjects: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Number of subjects.")
    ] = 15,
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="A scenario of simulation.yaml.")
    ] = "base",
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Another true value; may be repeated."),
    ] = None,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave the report out.")] = False,
) -> None:
    """Rehearse a trial with invented subjects, to its report.

    DIR then holds entries.jsonl, every act of the site in the order of time, with late entries,
    typing errors and lost samples, which 'pilotage serve --load' plays; snapshot/, the record at
    the end; truth.jsonl, which the record cannot know; the alert burden; and the finished report.
    simulation.yaml says what goes wrong and how often. The manifest, the report and the head of
    the entries say that it is synthetic.
    """
    with plain_errors(), steps("Study", "Rehearsal", "Files", "Report") as step:
        from pilotage.output import all_or_nothing
        from pilotage.simulation.refusals import refuse_open_errors, settings_of
        from pilotage.simulation.rehearsal import (
            refuse_what_is_there,
            rehearse,
            summary,
            told,
            write_rehearsal,
        )
        from pilotage.study import load_study, study_folder

        step()
        refuse_among_inputs(out, {"study": study_folder(study)})
        refuse_what_is_there(out)
        settings = settings_of(set_ or ())
        planned = load_study(study)
        refuse_open_errors(planned)
        step()
        made = rehearse(
            planned, seed=seed, subjects=subjects, scenario=scenario, settings=settings,
            progress=step.part,
        )  # fmt: skip
        found = told(made)
        step()
        headlines: tuple[str, ...] = ()
        with all_or_nothing(out) as stage:
            write_rehearsal(stage, found)
            if not no_report:
                headlines = _report(planned, stage, step)
    for line in (*summary(found), *headlines):
        typer.echo(line)
    typer.echo(f"{out}: a rehearsal with {subjects} subjects, seed {seed}")


def _report(planned: "Study", stage: Path, step: Steps) -> tuple[str, ...]:
    """The report of the rehearsal, by the way of any snapshot; its headlines."""
    from pilotage.cli.road import cut_for
    from pilotage.report.road import reported
    from pilotage.simulation.rehearsal import REPORT, SNAPSHOT

    folder = stage / REPORT
    folder.mkdir()
    step()
    return reported(planned, cut_for(planned, stage / SNAPSHOT), folder)[1]
