"""`pilotage audit`."""

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli.arguments import seconds
from pilotage.progress import Steps
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.publication import Published
    from pilotage.publication.audit import Audit

EXAMPLE = "pilotage audit published.yaml --html audit.html"


def audit(
    paper: Annotated[
        str,
        typer.Argument(metavar="PUBLISHED", help="A published.yaml, or a study that holds one."),
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Also what holds, and what could not be checked.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, complete.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page: the sentences, marked."),
    ] = None,
    limit: Annotated[
        float,
        typer.Option("--limit", metavar="SECONDS", help="No search goes on for longer."),
    ] = 50.0,
) -> None:
    """Hold the numbers of a paper against each other.

    Percentages against counts, means and SDs against the number of subjects, medians, ranges, P
    values, the same fact in two places, groups within groups, denominators and dates; then all
    claims at once. Each finding is a question to the authors, with the arithmetic and what would
    mend it. Exit 1 when a number is impossible, or inconsistent with others.
    """
    with plain_errors(), steps("Reading", "Arithmetic", "Together") as step:
        found = _audited(paper, html, limit, step)
    if as_json:
        from pilotage.publication.audit.as_json import document

        typer.echo(json.dumps(document(found), indent=1, ensure_ascii=False))
    elif html is not None:
        typer.echo(str(html))
    else:
        from pilotage.publication.audit.terminal import lines

        for line in lines(found, every=every):
            typer.echo(line)
    if not found.sound:
        raise typer.Exit(1)


def _audited(paper: str, html: Path | None, limit: float, step: Steps) -> "Audit":
    """The audit; with `html` its page is written there too, or nothing."""
    step()
    seconds("--limit", limit)
    file = _file(paper)
    if html is not None:
        _refuse_inputs(html, file)
    from pilotage.publication.audit import audit as audited

    published = _published(file)
    with _place_for(html) as stage:
        found = audited(published, progress=step, limit=limit)
        if html is not None and stage is not None:
            from pilotage.publication.audit.html import page

            (stage / html.name).write_text(page(found), "utf-8")
    return found


def _published(file: Path) -> "Published":
    """The claims of the file. Raises InputErrors; for a file that was never meant to be claims, as
    the text of a paper, with what makes claims of it."""
    from pilotage.findings import InputErrors, error
    from pilotage.publication import read_published

    try:
        return read_published(file)
    except InputErrors:
        if _is_meant_as_claims(file):
            raise
        words = f"is no published.yaml; if it is a paper, draft one with: pilotage claims {file}"
        raise InputErrors([error(str(file), words)]) from None


def _is_meant_as_claims(file: Path) -> bool:
    """By its name, or by a line that begins a part of such a file; a mistake in it is then told by
    its line."""
    if file.suffix in (".yaml", ".yml"):
        return True
    with file.open("rb") as lines:
        begun = {line.partition(b":")[0].strip(b"\"' ") for line in lines if b":" in line}
    return bool(begun & {b"pilotage", b"claims"})


def _place_for(html: Path | None) -> AbstractContextManager[Path | None]:
    """Where the page is made before it moves into its place; asked for before the long search."""
    if html is None:
        return nullcontext()
    from pilotage.output import all_or_nothing

    return all_or_nothing(html.parent)


def _refuse_inputs(html: Path, file: Path) -> None:
    """Raise InputErrors for a page in place of the paper's file, or inside the folder of a study:
    there no verdict is kept."""
    from pilotage.cli.places import refuse_among_inputs
    from pilotage.findings import InputErrors, error
    from pilotage.study.files import PROTOCOL

    if html.is_dir():
        raise InputErrors([error(str(html), "is a folder; name a file to write to")])
    if html.exists() and html.samefile(file):
        words = "is the file that is to be audited; name another one"
        raise InputErrors([error(str(html), words)])
    if (file.parent / PROTOCOL).is_file():
        refuse_among_inputs(html.parent, {"study": file.parent})


def _file(paper: str) -> Path:
    """The file itself, or that of the study. Raises InputErrors where there is neither."""
    if Path(paper).is_file():
        return Path(paper)
    from pilotage.findings import InputErrors, error
    from pilotage.publication.load import FILE
    from pilotage.study import study_folder

    if Path(paper).suffix in (".yaml", ".yml"):
        raise InputErrors([error(paper, "there is no such file")])
    found = study_folder(paper) / FILE
    if not found.is_file():
        words = f"the study has no {FILE}; write one: docs/reference/published.md"
        raise InputErrors([error(paper, words)])
    return found
