"""`pilotage cohort`."""

from typing import Annotated

import typer

from pilotage.cli.arguments import OutFolder, Seed, StudyName, Subjects
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage cohort lenalidomide_cle --out snapshot --seed 1"


def cohort(
    study: StudyName,
    out: OutFolder,
    seed: Seed = 1,
    subjects: Subjects = 15,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a snapshot that is there.")
    ] = False,
) -> None:
    """Write a snapshot of subjects invented by the study's rules.

    They follow the schedule and the decision tables of the study; synthetic.yaml says what they are
    like. The manifest says that they are invented.
    """
    with plain_errors(), steps("Synthetic cohort") as step:
        from pilotage.courses import write_cohort
        from pilotage.output import left_as_it_was
        from pilotage.study import load_study, study_folder

        refuse_among_inputs(out, {"study": study_folder(study)})
        step()
        planned = load_study(study)
        with left_as_it_was(out):
            write_cohort(
                planned, out, seed=seed, subjects=subjects, replace=replace, progress=step.part
            )
    typer.echo(f"{out}: {subjects} synthetic subjects, seed {seed}")
