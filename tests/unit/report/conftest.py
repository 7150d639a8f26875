"""One small trial for the tests of the report: three subjects, two of them with a response."""

from pathlib import Path

import pytest
from report_examples import Subject, data, snapshot, template

from pilotage.datasets import Datasets
from pilotage.study import Study


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def small(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Datasets:
    folder: Path = tmp_path_factory.mktemp("small")
    where = snapshot(
        folder,
        Subject("S1", age=30, events=(("HEADACHE", "MILD"), ("HEADACHE", "SEVERE"))),
        Subject("S2", age=41, sex="M", events=(("NAUSEA", "MILD"),)),
        Subject("S3", age=55, scores={"2024-03-01": 7, "2024-03-29": 7}),
    )
    datasets, _ = data(study, where)
    return datasets


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """The small study with twelve synthetic subjects."""
    from pilotage.courses import write_cohort

    folder = tmp_path_factory.mktemp("trial")
    study = template(folder)
    write_cohort(study, folder / "cohort", seed=3, subjects=12)
    return study, folder / "cohort"
