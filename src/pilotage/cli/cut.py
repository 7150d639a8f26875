"""`pilotage cut`."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.terminal import plain_errors, say, steps

EXAMPLE = "pilotage cut lenalidomide_cle --data pilotage-data --name interim-1"

Data = Annotated[
    Path, typer.Option("--data", metavar="DIR", help="The data directory of the record.")
]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="What the cut is called.")]
Day = Annotated[
    datetime | None,
    typer.Option(
        "--on", metavar="DATE", formats=["%Y-%m-%d"], help="The day of the cut; else today."
    ),
]


def cut(
    study: StudyName,
    name: Name,
    data: Data = Path("pilotage-data"),
    on: Day = None,
    event: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="As it stood after this event; else as it stands."),
    ] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Lock the cut: it is analysed.")] = False,
) -> None:
    """Freeze the record as it stands into a snapshot folder.

    The folder is DIR/cuts/NAME/snapshot; every other command reads it. The same record gives the
    same bytes, and the audit trail keeps the hash of its manifest.
    """
    with plain_errors(), steps("Record", "Tables") as step:
        step()
        open_record("cut", study, data)
        step()
        folder, digest, refused = _cut(name, on, event, lock=lock)
    for line in refused:
        say(f"{line}: to be corrected before this cut can be analysed")
    typer.echo(f"{data / folder}\nSHA-256 of its manifest: {digest}")


def open_record(command: str, study: str, data: Path) -> None:
    """Tell Django of a record and its study. Raises InputErrors where there is no record, and for
    other study files than those under which it is kept."""
    from pilotage.cli import serve, verify_trail
    from pilotage.findings import InputErrors, error
    from pilotage.study import load_study

    digest = load_study(study).digest
    serve.needs_capture(f"pilotage {command}")
    verify_trail.open_record(data)
    from django.conf import settings

    from pilotage.capture.first_start import is_demonstration
    from pilotage.capture.trail import study_of_record

    settings.STUDY, settings.SYNTHETIC = study, is_demonstration()
    kept = study_of_record() or {}
    if kept.get("digest") != digest:
        words = f"its record is kept under other files of the study {kept.get('study')}"
        raise InputErrors([error(str(data), f"{words}; start 'pilotage serve' with these first")])


def _cut(
    name: str, on: datetime | None, event: int | None, *, lock: bool
) -> tuple[str, str, list[str]]:
    from pilotage.capture.actions import Refused
    from pilotage.capture.actions.acting import Actor
    from pilotage.capture.actions.cutting import cut_data, lock_cut
    from pilotage.capture.cuts import SNAPSHOT
    from pilotage.findings import InputErrors, error

    by = Actor.system("pilotage cut")
    try:
        made = cut_data(name, by=by, day=on.date() if on else None, head=event)
        if lock:
            made = lock_cut(made, by=by)
    except Refused as refused:
        first, *lines = str(refused).splitlines()
        raise InputErrors([error(name, first), *(error(name, line) for line in lines)]) from None
    told = json.loads(made.event.details)
    return f"{made.folder}/{SNAPSHOT}", made.digest, told["refused"]
