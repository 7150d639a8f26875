"""`pilotage claims`."""

from pathlib import Path
from typing import Annotated

import typer

from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage claims paper.xml --out published.yaml; pilotage audit published.yaml"


def claims(
    paper: Annotated[
        Path, typer.Argument(metavar="PAPER", help="A paper as plain text, JATS XML or HTML.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The file to write; it must not exist.")
    ] = Path("published.yaml"),
    section: Annotated[
        str, typer.Option("--section", metavar="NAME", help="Where text without headings stands.")
    ] = "",
) -> None:
    """Draft the published.yaml of a paper by pattern.

    Every number becomes a claim with its sentence, or stands in a list at the end of the file.
    Groups, variables and times are never guessed: they are marked TO COMPLETE. The draft loads as
    it is, and the audit reads it.
    """
    with plain_errors(), steps("Reading", "Writing") as step:
        step()
        from pilotage.findings import InputErrors, error
        from pilotage.publication.drafting import draft_claims, lines, yaml_text
        from pilotage.publication.drafting.draft import PREFIXES

        under = next((name for name in PREFIXES if name == section), None)
        if section and under is None:
            words = f"'{section}' is no section; one of {', '.join(PREFIXES)}"
            raise InputErrors([error("--section", words)])
        _refuse_what_exists(out)
        draft = draft_claims(paper, under)
        text = yaml_text(draft)
        step()
        _write(text, out)
    for line in lines(draft, text, out):
        typer.echo(line)


def _refuse_what_exists(out: Path) -> None:
    import os

    from pilotage.findings import InputErrors, error

    if os.path.lexists(out):
        words = "is there already, and may hold the work of a person; name another file with --out"
        raise InputErrors([error(str(out), words)])


def _write(text: str, out: Path) -> None:
    """The whole file or none. A draft that could not be read again is refused."""
    from pilotage.findings import InputErrors, error
    from pilotage.output import all_or_nothing
    from pilotage.study.yaml_reader import LARGEST_FILE

    content = text.encode("utf-8")
    if len(content) > LARGEST_FILE:
        words = (
            f"the draft would have {len(content):,} bytes, more than can be read again "
            f"({LARGEST_FILE:,}); draft the paper in parts"
        )
        raise InputErrors([error(str(out), words)])
    with all_or_nothing(out.parent) as folder:
        (folder / out.name).write_bytes(content)
