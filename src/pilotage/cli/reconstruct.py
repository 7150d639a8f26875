"""`pilotage reconstruct`."""

from typing import Annotated

import typer

from pilotage.cli.arguments import OutFolder, Seed, StudyName
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage reconstruct lenalidomide_cle --out snapshot --seed 5"


def reconstruct(
    study: StudyName,
    out: OutFolder,
    seed: Seed = 5,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a snapshot that is there.")
    ] = False,
) -> None:
    """Invent subjects who meet what a paper prints.

    Says which of the paper's numbers exclude each other, which of them the study follows, and what
    the cohort does not meet. The cohort is evidence of nothing.
    """
    with plain_errors(), steps("Study", "Variables", "Verdicts", "Subjects", "Writing") as step:
        from importlib.util import find_spec

        from pilotage.findings import InputErrors, error
        from pilotage.output import left_as_it_was
        from pilotage.publication.reconstruct import write_reconstruction
        from pilotage.study import load_study, study_folder

        if find_spec("ortools") is None:
            words = "is not installed; this command needs it: pip install 'pilotage[check]'"
            raise InputErrors([error("ortools", words)])
        refuse_among_inputs(out, {"study": study_folder(study)})
        step()
        planned = load_study(study)
        with left_as_it_was(out):
            cohort = write_reconstruction(planned, out, seed=seed, replace=replace, step=step)
    for line in cohort.lines():
        typer.echo(line)
    typer.echo(f"{out}: {len(cohort.solution)} synthetic subjects, seed {seed}")
