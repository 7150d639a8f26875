"""`pilotage restore`."""

from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.serve import needs_capture
from pilotage.findings import InputErrors, error
from pilotage.terminal import plain_errors, say

EXAMPLE = "pilotage restore backup-2026-11-23.zip --data pilotage-data --key secret.key"

File = Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")]
Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="A new or an empty directory.")]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="The secret key kept apart.", show_default=False),
]
NewKey = Annotated[
    bool, typer.Option("--rekey", help="It is lost: every second factor is set anew.")
]
Checkpoints = Annotated[
    list[Path] | None,
    typer.Option(
        "--checkpoint",
        metavar="FILE",
        help="A checkpoint that left the server.",
        show_default=False,
    ),
]
Lost = Annotated[
    str, typer.Option(metavar="REASON", help="Accept that events after the backup are lost.")
]


def restore(
    file: File,
    data: Data,
    key: Key = None,
    rekey: NewKey = False,
    checkpoint: Checkpoints = None,
    lost: Lost = "",
) -> None:
    """Put a backup into an empty directory, and verify it whole.

    Every part is compared with its hash, the database is checked, the audit trail is followed from
    its first event, rows are counted. With a checkpoint from outside it is found out whether the
    copy is older than the record was. Where anything is not in order, nothing is left behind.
    """
    with plain_errors():
        needs_capture("pilotage restore")
        if (key is None) != rekey:
            words = (
                "give --key FILE with the secret.key that was kept apart, or --rekey if it is lost"
            )
            raise InputErrors([error("pilotage restore", words)])
        if key is not None and not key.is_file():
            raise InputErrors([error(str(key), "does not exist")])
        from pilotage.capture import restoring, serving

        done = restoring.restore(
            file,
            data,
            key=key,
            checkpoints=checkpoint or (),
            loss_accepted=lost,
            begin=serving.open_data,
        )
    typer.echo(f"{data}: restored as of event {done.manifest.seq} of {done.manifest.made}")
    if done.lost:
        say(f"warning: {done.lost} events that a checkpoint knows of are lost")
    if not checkpoint:
        say("note: without --checkpoint nobody can tell whether a later copy exists")
    if done.account:
        name, password = done.account
        typer.echo(f"account {name}  password {password}  (for one use)")
