"""`pilotage diff`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from pilotage.cli import road
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage diff my-study/versions/1.0 my-study snapshot"
STEPS = (
    "Studies", "Parts", "Eligibility", "Doses", "Advice", "Tables", "Visits", "Results", "Values",
)  # fmt: skip
StudyFolder = "A study folder, the name of a built-in study, or STUDY/versions/ID."


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=StudyFolder)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=StudyFolder)],
    snapshot: Annotated[
        Path | None, typer.Argument(metavar="SNAPSHOT", help="Data to ask what would change.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every difference of the past, not the first few.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, complete.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page too.")
    ] = None,
) -> None:
    """Say in words what changes between two studies.

    Criteria, rules, doses, visits, forms, outcomes and analyses that were added, removed, moved or
    changed, each with file and line, and what it touches: decisions, the data collected, the
    analysis, or words only. With SNAPSHOT also which past decisions, doses, visits, results and
    derived values would come out differently, had NEW ruled from the first day on.
    """
    with plain_errors(), steps(*STEPS) as step:
        step()
        from pilotage.amendments import as_document, as_text, compared, study_at

        first, second = study_at(old), study_at(new)
        if html is not None:
            inputs = {"old study": first.folder, "new study": second.folder}
            data = {} if snapshot is None else {"snapshot": snapshot}
            refuse_among_inputs(html.parent, {**inputs, **data})
        cut = None if snapshot is None else road.cut_for(second, snapshot)
        step()
        found = compared(first, second, cut, step=step)
        if html is not None:
            from pilotage.amendments.page import page

            html.parent.mkdir(parents=True, exist_ok=True)
            html.write_text(page(found), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(as_document(found), indent=1, ensure_ascii=False))
    else:
        lines = [str(html)] if html is not None else as_text(found, every=every)
        typer.echo("\n".join(lines))
