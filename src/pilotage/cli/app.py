"""The application that the commands belong to, and the options that come before any command."""

from typing import Annotated

import typer

app = typer.Typer(
    name="pilotage",
    help="Run a small clinical trial from its study folder to its report.",
    epilog="Start with: pilotage demo --out demo-output",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from pilotage import __version__

        typer.echo(f"pilotage {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass
