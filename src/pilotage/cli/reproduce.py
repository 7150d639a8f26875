"""`pilotage reproduce`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli import road
from pilotage.cli.arguments import SnapshotFolder, StudyName
from pilotage.progress import Steps
from pilotage.terminal import plain_errors, say_findings, steps

if TYPE_CHECKING:
    from pilotage.publication.reproduce import Reproduction

EXAMPLE = "pilotage reproduce lenalidomide_cle snapshot --out reproduction"


def reproduce(
    study: StudyName,
    snapshot: SnapshotFolder,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write reproduction.csv and .html there too."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, complete.")] = False,
) -> None:
    """Hold a study's published paper against data. Exit 1 when a claim differs.

    Beside each claim stands ours with a verdict; beside one that differs the cause with its
    evidence (no data give the number, other claims exclude it, another rounding, denominator,
    population, time, definition, measure of spread or test, a limit, a subject more or less), or
    what was looked for in vain; beside one that cannot be computed what is not recorded.
    """
    with plain_errors(), steps("Snapshot", "Datasets", "Results", "Claims", "Causes") as step:
        found, about = _held(study, snapshot, out, step)
    if as_json:
        from pilotage.publication.reproduce.as_json import document

        typer.echo(json.dumps(document(found), indent=1, ensure_ascii=False))
    else:
        from pilotage.publication.reproduce.terminal import lines

        for line in lines(found, about):
            typer.echo(line)
        if out is not None:
            typer.echo(str(out / "reproduction.html"))
    if not found.agrees:
        raise typer.Exit(1)


def _held(study: str, snapshot: Path, out: Path | None, step: Steps) -> "tuple[Reproduction, str]":
    """Every claim beside ours, and which paper beside which data."""
    planned, cut = road.read(study, snapshot, out, step)
    from pilotage.publication import load_published

    published = load_published(planned)
    step()
    datasets = road.derived(planned, cut)
    step()
    from pilotage.analysis import analyse

    results = analyse(planned, datasets)
    step()
    from pilotage.publication.reproduce import read_followed, reproduce, with_causes

    ids = tuple(claim.id for claim in published.claims)
    followed = read_followed(snapshot, claims=ids) if cut.synthetic else None
    beside = (planned, published, datasets, results)
    found = reproduce(*beside, tables=cut.tables, followed=followed)
    step()
    found = with_causes(found, *beside, tables=cut.tables, followed=followed, progress=step)
    say_findings(cut.findings, 0, "")
    if out is not None:
        from pilotage.output import all_or_nothing
        from pilotage.publication.reproduce.document import page
        from pilotage.publication.reproduce.write import write_reproduction

        document = page(found, published, planned, datasets)
        with all_or_nothing(out) as stage:
            write_reproduction(found, document, stage)
    return found, f"{published.paper.citation}, beside {snapshot}, data cut {cut.data_cut}"
