"""`pilotage audit`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage audit published.yaml --json > audit.json"


def audit(
    paper: Annotated[
        str,
        typer.Argument(metavar="PUBLISHED", help="A published.yaml, or a study that holds one."),
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Also what holds, and what could not be checked.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, complete.")] = False,
    limit: Annotated[
        float,
        typer.Option("--limit", min=1, metavar="SECONDS", help="No search goes on for longer."),
    ] = 50.0,
) -> None:
    """Hold a paper's numbers against each other; no data are needed.

    Percentages against counts, means and SDs against the number of subjects, medians, ranges, P
    values, the same fact in two places, groups within groups, denominators and dates; then all
    claims at once. Each finding is a question to the authors, with the arithmetic and what would
    mend it. Exit 1 when a number is impossible, or inconsistent with others.
    """
    with plain_errors(), steps("Reading", "Arithmetic", "Together") as step:
        step()
        from pilotage.publication import read_published
        from pilotage.publication.audit import audit as audited

        found = audited(read_published(_file(paper)), progress=step, limit=limit)
    if as_json:
        from pilotage.publication.audit.as_json import document

        typer.echo(json.dumps(document(found), indent=1, ensure_ascii=False))
    else:
        from pilotage.publication.audit.terminal import lines

        for line in lines(found, every=every):
            typer.echo(line)
    if not found.sound:
        raise typer.Exit(1)


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
