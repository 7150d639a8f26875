"""`pilotage analyse`."""

from typing import TYPE_CHECKING

import typer

from pilotage.cli import road
from pilotage.cli.arguments import OutFolder, SnapshotFolder, StudyName
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    import polars as pl

EXAMPLE = "pilotage analyse lenalidomide_cle snapshot --out results"


def analyse(study: StudyName, snapshot: SnapshotFolder, out: OutFolder) -> None:
    """Compute the results of the analysis plan.

    DIR then holds results.csv and results.parquet, one number per row and none of them rounded, and
    findings.csv: what is odd in the data.
    """
    with plain_errors(), steps("Snapshot", "Datasets", "Results") as step:
        planned, cut = road.read(study, snapshot, out, step)
        step()
        datasets = road.derived(planned, cut)
        step()
        from pilotage.analysis import analyse as analyse_datasets
        from pilotage.analysis import write_results
        from pilotage.output import all_or_nothing

        results = analyse_datasets(planned, datasets)
        with all_or_nothing(out) as stage:
            write_results(results, stage)
            findings = datasets.findings.write_csv().encode()
            (stage / "findings.csv").write_bytes(findings)
    road.say_findings_about(cut, datasets, out)
    typer.echo(f"{out / 'results.csv'}: {results.height} numbers{_missing(results)}")


def _missing(results: "pl.DataFrame") -> str:
    """`, 3 not computed, 2 not collected`: how many numbers there are not, and why."""
    counts = results["STATUS"].value_counts().sort("STATUS", descending=True).rows()
    return "".join(f", {n} {status}" for status, n in counts if status != "computed")
