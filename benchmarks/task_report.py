"""The whole road from a snapshot to its report: datasets, results, figures, HTML and PDF."""

import tempfile
from collections.abc import Iterator
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from measuring import Task

from pilotage.report.road import reported
from pilotage.snapshot import Snapshot, read_snapshot
from pilotage.study import Study, load_study

STUDY = "lenalidomide_cle"


def tasks(*, quick: bool) -> Iterator[Task]:
    if quick:
        return
    with as_file(files("pilotage.studies") / STUDY / "cohort") as folder:
        known = read_snapshot(folder)
    what = "datasets, results and the report (HTML, PDF, figures) of the built-in cohort"
    yield Task("report", what, partial(report, load_study(STUDY), known))


def report(study: Study, known: Snapshot) -> None:
    with tempfile.TemporaryDirectory() as folder:
        reported(study, known, Path(folder))
