"""`pilotage derive`."""

from typing import TYPE_CHECKING

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OutFolder, SnapshotFolder, StudyName
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.datasets import Datasets

EXAMPLE = "pilotage derive lenalidomide_cle snapshot --out datasets"
TABLES = {"adlb": "lb", "adae": "ae"}
"""The datasets whose table a snapshot may lack."""


def derive(study: StudyName, snapshot: SnapshotFolder, out: OutFolder) -> None:
    """Derive the analysis datasets of a snapshot.

    DIR then holds ADSL, ADQS, ADRS, ADTTE, ADLB, ADAE and ADEX as CSV and as Parquet, and
    findings.csv: what is odd in the data.
    """
    with plain_errors(), steps("Snapshot", "Datasets", "Writing") as step:
        planned, cut = road.read(study, snapshot, out, step)
        step()
        datasets = road.derived(planned, cut)
        step()
        from pilotage.datasets import write_datasets
        from pilotage.output import all_or_nothing

        with all_or_nothing(out) as stage:
            write_datasets(datasets, stage)
    road.say_findings_about(cut, datasets, out)
    typer.echo(f"{out}: {datasets.adsl.height} subjects, {_rows(datasets)}")


def _rows(datasets: "Datasets") -> str:
    """`rows: ADQS 45, …, ADAE not collected`."""
    absent = {name for name, table in TABLES.items() if table not in datasets.collected}
    counts = (
        f"{name.upper()} {'not collected' if name in absent else frame.height}"
        for name, frame in datasets.named().items()
        if name != "adsl"
    )
    return f"rows: {', '.join(counts)}"
