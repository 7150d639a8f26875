"""`pilotage demo`."""

from pilotage.cli import road
from pilotage.cli.arguments import OutFolder, Seed, Subjects
from pilotage.cli.places import refuse_among_inputs
from pilotage.terminal import plain_errors, steps

EXAMPLE = "pilotage demo --out demo-output"
STUDY = "lenalidomide_cle"


def demo(out: OutFolder, seed: Seed = 15, subjects: Subjects = 15) -> None:
    """Run the built-in trial on invented subjects, up to its report.

    DIR then holds the snapshot, the datasets, the results and the report (report.html, report.pdf).
    """
    with plain_errors(), steps("Synthetic cohort", "Datasets", "Results", "Report") as step:
        from pilotage.courses import write_cohort
        from pilotage.output import all_or_nothing, twin
        from pilotage.study import load_study, study_folder

        refuse_among_inputs(out, {"study": study_folder(STUDY)})
        step()
        study = load_study(STUDY)
        with all_or_nothing(out, whole=("snapshot",)) as stage:
            folder = stage / "snapshot"
            twin(out / "snapshot", folder)  # what may not be replaced there is refused here
            cut = write_cohort(
                study, folder, seed=seed, subjects=subjects, replace=True, progress=step.part
            )
            datasets, headlines = road.reported(study, cut, stage, step)
    road.say_findings_about(cut, datasets, out / "datasets")
    road.end_with_report(headlines, out)
