"""`pilotage new`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from pilotage.terminal import plain_errors

EXAMPLE = "pilotage new my-study && pilotage check my-study"


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that is empty or does not exist yet.")
    ],
) -> None:
    """Make a small study that loads, to be turned into your own.

    Its files say in comments what each part is for; change one thing after the other and let
    `pilotage check` look at it.
    """
    with plain_errors():
        from pilotage.courses.schema import write_schema
        from pilotage.output import left_as_it_was
        from pilotage.simulation import schema as of_simulation
        from pilotage.study import new_study
        from pilotage.study.new import SCHEMAS

        with left_as_it_was(folder):
            made = new_study(folder)
            write_schema(made / SCHEMAS.name)
            of_simulation.write_schema(made / SCHEMAS.name)
    typer.echo(f"{made} is ready; next: pilotage check {shlex.quote(str(made))}")
