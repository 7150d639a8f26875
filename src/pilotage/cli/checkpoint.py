"""`pilotage checkpoint`."""

from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.serve import needs_capture
from pilotage.cli.verify_trail import open_record
from pilotage.terminal import plain_errors

EXAMPLE = "pilotage checkpoint --data pilotage-data --out checkpoint-2026-11-23.json"

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="A file that does not exist yet.")]


def checkpoint(out: Out, data: Data = Path("pilotage-data")) -> None:
    """Write the last hash of the audit trail into a file.

    Keep the file where nobody who can write to the database can write: with the investigator, with
    the monitor, on paper. `pilotage verify-trail --checkpoint FILE` holds the trail beside it.
    """
    with plain_errors():
        needs_capture("pilotage checkpoint")
        open_record(data)
        from pilotage.capture.actions.acting import Actor
        from pilotage.capture.checkpoints import leave_checkpoint

        # the file first: a checkpoint of which the trail says that it left has a place to be
        with out.open("x", encoding="utf-8") as file:
            try:
                left = leave_checkpoint(
                    left_as=f"file {out.name}"[:200], by=Actor.system("pilotage checkpoint")
                )
                file.write(left.text())
            except BaseException:
                out.unlink()
                raise
    typer.echo(f"{out}: {left.line}")
    typer.echo("Keep it away from this machine.")
