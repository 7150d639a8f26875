"""From a snapshot to its report: datasets, results and the report beside each other in a folder."""

from pathlib import Path

from pilotage.analysis import analyse, write_results
from pilotage.datasets import Datasets, write_datasets
from pilotage.datasets.with_warnings import derive_with_warnings
from pilotage.progress import Silent, Steps
from pilotage.report.write import write_report
from pilotage.snapshot import Snapshot
from pilotage.study import Study


def reported(
    study: Study, snapshot: Snapshot, folder: Path, step: Steps | None = None
) -> tuple[Datasets, tuple[str, ...]]:
    """Write datasets/, the results and the report into a folder. Returns the datasets and the
    headlines, the first answers of the report in a line each."""
    step = step or Silent()
    step()
    datasets = derive_with_warnings(study, snapshot)
    step()
    results = analyse(study, datasets)
    step()
    written = write_report(study, datasets, results, folder)
    write_datasets(datasets, folder / "datasets")
    write_results(results, folder)
    return datasets, written.headlines
