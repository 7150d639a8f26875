"""`pilotage backup`."""

from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.serve import needs_capture
from pilotage.terminal import plain_errors

EXAMPLE = "pilotage backup --data pilotage-data --out backup-2026-11-23.zip"

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="A file that does not exist yet.")]


def backup(out: Out, data: Data = Path("pilotage-data")) -> None:
    """Copy the whole record into one file while the server runs.

    The copy is of one moment. It holds the record, its audit trail and the data cuts, but not the
    secret key: keep DIR/secret.key apart.
    """
    with plain_errors():
        needs_capture("pilotage backup")
        from pilotage.capture.serving import open_data

        open_data(data)
        from pilotage.capture.backup import make_backup

        made = make_backup(out)
    typer.echo(f"{out}: {sum(made.counts.values())} rows, {len(made.files)} files")
    typer.echo(f"audit trail: event {made.seq}, SHA-256 {made.hash}")
