"""`pilotage report`."""

from pilotage.cli import road
from pilotage.cli.arguments import OutFolder, SnapshotFolder, StudyName
from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage report lenalidomide_cle snapshot --out report"


def report(study: StudyName, snapshot: SnapshotFolder, out: OutFolder) -> None:
    """Write the report (HTML and PDF) with its datasets and results.

    DIR then holds report.html, report.pdf and the figures, beside the datasets and results.csv,
    from which every number of the report comes.
    """
    with plain_errors(), steps("Snapshot", "Datasets", "Results", "Report") as step:
        from pilotage.output import all_or_nothing

        planned, cut = road.read(study, snapshot, out, step, makes=("datasets", "figures"))
        with all_or_nothing(out) as stage:
            datasets, headlines = road.reported(planned, cut, stage, step)
    road.say_findings_about(cut, datasets, out / "datasets")
    road.end_with_report(headlines, out)
