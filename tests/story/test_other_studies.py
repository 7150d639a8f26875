"""Studies of other diseases walk the whole road: a study is a folder, and no code was written."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from commands import run

STUDIES = Path(__file__).parents[1] / "other_studies"
NAMES = ("plaque_psoriasis", "childhood_nephrosis", "chronic_urticaria")

pytestmark = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each study a cohort under its rules, with datasets, results and report of it."""
    found = {}
    for name in NAMES:
        study, folder = STUDIES / name, tmp_path_factory.mktemp(name)
        made = run("cohort", study, "--subjects", 12, "--seed", 3, "--out", folder / "snapshot")
        assert (made.status, made.err) == (0, [])
        for command, out in (("derive", "datasets"), ("analyse", "results"), ("report", "report")):
            ended = run(command, study, folder / "snapshot", "--out", folder / out)
            assert ended.status == 0, (command, ended.err)
        found[name] = folder
    return found


def test_check_finds_no_error(name: str) -> None:
    ended = run("check", STUDIES / name)
    assert (ended.status, ended.err) == (0, [])


def test_every_step_of_the_ladder_that_the_rules_reach_is_taken(
    roads: dict[str, Path], name: str
) -> None:
    doses = pl.read_csv(roads[name] / "datasets/adex.csv")
    assert doses["USUBJID"].n_unique() == 12
    assert doses.filter(pl.col("EXDOSE") > 0)["EXDOSE"].n_unique() >= 2


def test_the_report_has_its_tables_and_says_synthetic(roads: dict[str, Path], name: str) -> None:
    page = (roads[name] / "report/report.html").read_text("utf-8")
    assert "synthetic" in page
    assert len(re.findall(r"<table", page)) >= 3
    assert (roads[name] / "report/report.pdf").read_bytes().startswith(b"%PDF")


def test_the_day_to_day_commands_answer(roads: dict[str, Path], name: str) -> None:
    study, snapshot = STUDIES / name, roads[name] / "snapshot"
    subject = pl.read_csv(snapshot / "dm.csv")["USUBJID"][0]
    for command in (
        ("calendar", study, snapshot, subject),
        ("review", study, snapshot),
        ("explain", study, snapshot, subject),
    ):
        ended = run(*command)
        assert (ended.status, ended.err) == (0, []), command
        assert len(ended.out) > 5


def test_a_study_without_a_laboratory_misses_no_table_of_it(
    roads: dict[str, Path], tmp_path: Path, name: str
) -> None:
    for table in (roads[name] / "snapshot").glob("*.csv"):
        if table.name != "lb.csv":
            shutil.copy(table, tmp_path)
    said = run("review", STUDIES / name, tmp_path).out
    (queries,) = [line for line in said if line.startswith("Queries")]
    assert "not collected" not in queries


def test_doses_given_under_the_rules_conform_to_them(roads: dict[str, Path], name: str) -> None:
    out = roads[name] / "review"
    assert run("review", STUDIES / name, roads[name] / "snapshot", "--out", out).status == 0
    doses = pl.read_csv(out / "doses.csv")
    assert doses.height >= 12
    assert doses.filter(pl.col("VERDICT") == "deviates").height == 0
