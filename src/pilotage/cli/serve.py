"""`pilotage serve`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.terminal import counting, plain_errors, say, steps

if TYPE_CHECKING:
    from pilotage.capture.serving import Started

EXAMPLE = "pilotage serve lenalidomide_cle --demo"
DATA, DEMO_DATA = Path("pilotage-data"), Path("pilotage-demo")
REHEARSAL_DATA = Path("pilotage-rehearsal")

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where the record is kept.", show_default=False),
]
Amended = Annotated[
    str, typer.Option(metavar="REASON", help="Go on under changed study files, and record why.")
]
Load = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Play a rehearsal's entries.jsonl first, with invented subjects and their times.",
        exists=True,
        dir_okay=False,
        show_default=False,
    ),
]


def serve(
    study: StudyName,
    data: Data = None,
    demo: Annotated[bool, typer.Option("--demo", help="With invented subjects.")] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Serve a study that has open errors.")
    ] = False,
    load: Load = None,
    load_only: Annotated[
        bool, typer.Option("--load-only", help="End once --load is played; serve nothing.")
    ] = False,
    amended: Amended = "",
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to open.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="Port.")] = 8000,
) -> None:
    """Conduct the trial: serve its pages here, until Ctrl-C.

    The first start makes the data directory (pilotage-data; pilotage-demo with --demo,
    pilotage-rehearsal with --load) with the database, and prints the first account with a password
    for one use. Every start looks at the settings and refuses those that are unsafe, each with its
    reason. A play that was interrupted goes on where it was; a second one writes nothing.
    """
    _refuse_unlike(demo=demo, load=load, load_only=load_only)
    with plain_errors():
        needs_capture("pilotage serve")
        from pilotage.capture.listening import listen, review_all, settle
        from pilotage.capture.serving import STEPS, Wanted, start

        where = data or (REHEARSAL_DATA if load else DEMO_DATA if demo else DATA)
        wanted = Wanted(
            study, where, host, demo=demo, rehearse=rehearse, amended=amended, load=load
        )
        with steps(*STEPS) as step:
            started = start(wanted, step)
        _play(started)
        if load_only:
            settle()
            return
        server = listen(host, port)
    _tell(started, where, f"http://{_shown(host)}:{server.effective_port}/")
    review_all()
    server.run()
    server.close()
    settle()
    typer.echo("Stopped.")


def _refuse_unlike(*, demo: bool, load: Path | None, load_only: bool) -> None:
    """Options that do not go together."""
    if demo and load:
        raise typer.BadParameter("has subjects of its own; leave --demo out", param_hint="--load")
    if load_only and not load:
        raise typer.BadParameter("needs --load FILE", param_hint="--load-only")


def _play(started: "Started") -> None:
    """Play the rehearsal that was asked for, and say what it asked of the staff."""
    if started.rehearsal is None:
        return
    with counting("Acts") as progress:
        words, file = started.rehearsal.play(progress)
    for line in words:
        typer.echo(line)
    typer.echo(f"Burden: {file}")


def _tell(started: "Started", data: Path, address: str) -> None:
    if started.open_errors:
        say("not live: the study has open errors; no real subject may be entered")
    for account in started.accounts:
        role = f"  ({account.role})" if account.role else ""
        typer.echo(f"account {account.name}  password {account.password}{role}")
    typer.echo(f"Record: {data}")
    typer.echo(f"Open {address}  (Ctrl-C stops)")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def needs_capture(command: str) -> None:
    """Raise InputErrors where the packages of the web application are missing."""
    from importlib.util import find_spec

    from pilotage.findings import InputErrors, error

    missing = [name for name in ("django", "waitress", "allauth") if find_spec(name) is None]
    if missing:
        words = f"{', '.join(missing)} not installed; run pip install 'pilotage[capture]'"
        raise InputErrors([error(command, words)])
