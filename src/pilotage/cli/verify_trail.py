"""`pilotage verify-trail`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.serve import needs_capture
from pilotage.plural import counted
from pilotage.terminal import plain_errors, say

if TYPE_CHECKING:
    from pilotage.capture.checkpoints import Left
    from pilotage.capture.verify_trail import Verified

EXAMPLE = "pilotage verify-trail --data pilotage-data --checkpoint checkpoint.json"

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory.")]
Checkpoints = Annotated[
    list[Path] | None,
    typer.Option(
        "--checkpoint",
        metavar="FILE",
        help="A checkpoint that left the server; may be given again.",
        show_default=False,
    ),
]


def verify_trail(data: Data = Path("pilotage-data"), checkpoint: Checkpoints = None) -> None:
    """Look whether the record is what its audit trail says.

    Every event, row, signature, file and trigger is looked at; nothing is written, and the server
    may go on. What cannot be proven is said as well. Exit 1 when anything is not as it was written.
    """
    with plain_errors():
        needs_capture("pilotage verify-trail")
        open_record(data)
        left = [_read(file) for file in checkpoint or ()]
        from pilotage.capture.verify_trail import verify

        found = verify(left)
    _tell(found, MOST)
    if not found.sound:
        raise typer.Exit(1)


MOST = 50
"""So many faults are told one by one; the others are counted."""


def open_record(data: Path) -> None:
    """Tell Django of the record in a data directory. Raises InputErrors where there is none."""
    import os

    from pilotage.capture.serving import open_data
    from pilotage.capture.surroundings import DATABASE
    from pilotage.findings import InputErrors, error

    if not os.environ.get("DATABASE_URL") and not (data / DATABASE).is_file():
        words = "there is no record here; name the directory that pilotage serve uses with --data"
        raise InputErrors([error(str(data), words)])
    open_data(data)
    from pilotage.capture.first_start import has_record

    if not has_record():
        raise InputErrors([error(str(data), "its database holds no record")])


def _read(file: Path) -> "Left":
    from pilotage.capture.checkpoints import LARGEST, read_checkpoint
    from pilotage.findings import InputErrors, error

    with file.open("rb") as content:
        read = content.read(LARGEST + 1)
    try:
        return read_checkpoint(read)
    except ValueError as problem:
        raise InputErrors([error(str(file), str(problem))]) from None


def _tell(found: "Verified", most: int) -> None:
    for fault in found.faults[:most]:
        say(str(fault))
    if len(found.faults) > most:
        say(f"and {len(found.faults) - most} faults more")
    looked_at = f"{found.events} events, the last of {found.last}"
    if found.sound:
        typer.echo(f"Sound: {looked_at}.")
    else:
        faults = counted(len(found.faults), "fault")
        typer.echo(f"NOT SOUND: {faults} in {looked_at}.")
    if found.proven:
        typer.echo(f"Proven by the checkpoint: events 1 to {found.proven}.")
    typer.echo("Not proven:")
    for words in found.open:
        typer.echo(f"- {words}")
