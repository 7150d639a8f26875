"""`pilotage demo`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotage.cli import road
from pilotage.cli.arguments import LARGEST_SEED, OutFolder
from pilotage.cli.places import refuse_among_inputs
from pilotage.progress import Steps
from pilotage.terminal import plain_errors, steps

if TYPE_CHECKING:
    from pilotage.snapshot import Snapshot
    from pilotage.study import Study

EXAMPLE = "pilotage demo --out demo-output"
STUDY = "lenalidomide_cle"
SEED, SUBJECTS = 15, 15

Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=LARGEST_SEED,
        metavar="N",
        help="Invent other subjects: same seed, same bytes.",
    ),
]
Subjects = Annotated[
    int | None, typer.Option(min=1, max=100_000, metavar="N", help="Invent so many other subjects.")
]


def demo(out: OutFolder, seed: Seed = None, subjects: Subjects = None) -> None:
    """Run the built-in trial on invented subjects, to its report.

    DIR then holds the snapshot, the datasets, the results and the report (report.html, report.pdf).
    The subjects are the study's synthetic cohort, made by `pilotage reconstruct` to meet what the
    paper prints; with --seed or --subjects they are others, who live under the study's rules.
    """
    with plain_errors(), steps("Synthetic cohort", "Datasets", "Results", "Report") as step:
        from pilotage.output import all_or_nothing, twin
        from pilotage.study import load_study, study_folder

        refuse_among_inputs(out, {"study": study_folder(STUDY)})
        step()
        study = load_study(STUDY)
        from pilotage.report.road import reported

        with all_or_nothing(out, whole=("snapshot",)) as stage:
            folder = stage / "snapshot"
            twin(out / "snapshot", folder)  # what may not be replaced there is refused here
            if seed is None and subjects is None:
                cut = _cohort_of(study, folder)
            else:
                cut = _others(study, folder, seed, subjects, step)
            datasets, headlines = reported(study, cut, stage, step)
            from pilotage.publication.gate import gate
            from pilotage.publication.gate.terminal import among, headline

            text = headline(gate(study, stage))
    road.say_findings_about(cut, datasets, out / "datasets")
    road.end_with_report(among(headlines, (text,), synthetic=True), out)


def _cohort_of(study: "Study", folder: Path) -> "Snapshot":
    from pilotage.snapshot import copy_snapshot, read_snapshot

    copy_snapshot(study.folder / "cohort", folder, replace=True)
    return read_snapshot(folder)


def _others(
    study: "Study", folder: Path, seed: int | None, subjects: int | None, step: Steps
) -> "Snapshot":
    from pilotage.courses import write_cohort

    return write_cohort(
        study,
        folder,
        seed=SEED if seed is None else seed,
        subjects=SUBJECTS if subjects is None else subjects,
        replace=True,
        progress=step.part,
    )
