"""`pilotage serve`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import StudyName
from pilotage.terminal import plain_errors, say, steps

if TYPE_CHECKING:
    from pilotage.capture.serving import Started

EXAMPLE = "pilotage serve lenalidomide_cle --demo"
DATA, DEMO_DATA = Path("pilotage-data"), Path("pilotage-demo")

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Where the record is kept.", show_default=False),
]
Amended = Annotated[
    str, typer.Option(metavar="REASON", help="Go on under changed study files, and record why.")
]


def serve(
    study: StudyName,
    data: Data = None,
    demo: Annotated[bool, typer.Option("--demo", help="With invented subjects.")] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Serve a study that has open errors.")
    ] = False,
    amended: Amended = "",
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to open.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="N", help="Port.")] = 8000,
) -> None:
    """Conduct the trial: serve its pages here, until Ctrl-C.

    The first start makes the data directory (pilotage-data; pilotage-demo with --demo) with the
    database, and prints the first account with a password for one use. Every start looks at the
    settings and refuses those that are unsafe, each with its reason.
    """
    with plain_errors():
        needs_capture("pilotage serve")
        from pilotage.capture.serving import STEPS, Wanted, listen, review_all, settle, start

        where = data or (DEMO_DATA if demo else DATA)
        wanted = Wanted(study, where, host, demo=demo, rehearse=rehearse, amended=amended)
        with steps(*STEPS) as step:
            started = start(wanted, step)
        server = listen(host, port)
    _tell(started, where, f"http://{_shown(host)}:{server.effective_port}/")
    review_all()
    server.run()
    server.close()
    settle()
    typer.echo("Stopped.")


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
