"""`pilotage reproduce`."""

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
) -> None:
    """Hold a study's published paper against data. Exit 1 when a claim differs."""
    with plain_errors(), steps("Snapshot", "Datasets", "Results", "Claims") as step:
        found, about = _held(study, snapshot, out, step)
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
    from pilotage.publication.reproduce import read_followed, reproduce

    ids = tuple(claim.id for claim in published.claims)
    followed = read_followed(snapshot, claims=ids) if cut.synthetic else None
    found = reproduce(planned, published, datasets, results, tables=cut.tables, followed=followed)
    say_findings(cut.findings, 0, "")
    if out is not None:
        from pilotage.output import all_or_nothing
        from pilotage.publication.reproduce.document import page
        from pilotage.publication.reproduce.write import write_reproduction

        document = page(found, published, planned, datasets)
        with all_or_nothing(out) as stage:
            write_reproduction(found, document, stage)
    return found, f"{published.paper.citation}, beside {snapshot}, data cut {cut.data_cut}"
