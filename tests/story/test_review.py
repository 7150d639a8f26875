"""From the command line: what was recorded, held against the protocol."""

import json
from pathlib import Path

import polars as pl
import pytest
from commands import contents, run

from pilotage.study import builtin_studies

STUDY = "lenalidomide_cle"
COHORT = builtin_studies()[STUDY] / "cohort"


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("review") / "out"
    ended = run("review", STUDY, COHORT, "--out", folder)
    assert (ended.status, ended.err) == (0, [])
    return folder, ended.out


@pytest.mark.requirement("P-30", "P-31", "P-32", "P-33", "P-36")
def test_the_doses_of_the_built_in_cohort_conform(reviewed: tuple[Path, list[str]]) -> None:
    folder, lines = reviewed
    doses = pl.read_csv(folder / "doses.csv")
    assert doses.height > 150
    assert set(doses["VERDICT"]) == {"conforms"}
    assert f"Doses: {doses.height} conforms" in lines
    assert max(len(line) for line in lines) <= 80


def test_each_matter_is_a_file(reviewed: tuple[Path, list[str]]) -> None:
    folder, _ = reviewed
    names = ("collected", "screening_log", "contacts", "doses", "stops", "stops_unknown",
             "supplies", "serious_events", "queries", "dv")  # fmt: skip
    assert set(contents(folder)) == {f"{name}.csv" for name in names}
    log = pl.read_csv(folder / "screening_log.csv", infer_schema=False)
    assert set(log["STATUS"]) == {"treated"}
    assert set(log["ELIGIBLE"]) == {"yes"}
    assert {"IN01", "EX08B"} <= set(log.columns)


def test_the_deviations_are_rows_that_a_snapshot_can_hold(
    reviewed: tuple[Path, list[str]],
) -> None:
    folder, lines = reviewed
    dv = pl.read_csv(folder / "dv.csv", infer_schema=False)
    assert dv.columns == [
        "STUDYID", "DOMAIN", "USUBJID", "DVSEQ", "DVTERM", "DVDECOD", "DVCAT", "DVSTDTC",
    ]  # fmt: skip
    assert f"Protocol deviations: {dv.height}" in lines
    assert dv.select("USUBJID", "DVSEQ").is_duplicated().sum() == 0


def test_the_document_holds_the_same(reviewed: tuple[Path, list[str]]) -> None:
    folder, _ = reviewed
    tables = json.loads("\n".join(run("review", STUDY, COHORT, "--json").out))
    dv = pl.read_csv(folder / "dv.csv", infer_schema=False)
    assert [row["DVTERM"] for row in tables["dv"]] == dv["DVTERM"].to_list()


def test_a_folder_among_the_inputs_is_refused() -> None:
    ended = run("review", STUDY, COHORT, "--out", COHORT / "review")
    assert ended.status == 1
    assert not (COHORT / "review").exists()


def test_nothing_is_called_none_where_nothing_was_collected(tmp_path: Path) -> None:
    for name in ("dm", "ex", "qs"):
        (tmp_path / f"{name}.csv").write_bytes((COHORT / f"{name}.csv").read_bytes())
    said = run("review", STUDY, tmp_path).out
    assert "Supplies: not collected (no da)" in said
    assert [line for line in said if line.startswith("Serious events")] == [
        "Serious events: not collected (no ae)"
    ]
    assert "Queries: not collected (no ae, lb)" in said
    assert not [line for line in said if line.startswith("Reasons to stop: ")]
    (judged,) = [line for line in said if line.startswith("Reasons to stop that cannot be judged")]
    tables = json.loads("\n".join(run("review", STUDY, tmp_path, "--json").out))
    assert {row["MATTER"]: row["COLLECTED"] for row in tables["collected"]} == {
        "supplies": "N", "serious_events": "N", "queries": "N",
    }  # fmt: skip
    assert judged.endswith(f": {len(tables['stops_unknown'])}")
    codes = ("GRADE", "RESPONSE", "DOSE_STEP", "PHASE", "stopping_review")
    assert not [line for line in said if any(code in line for code in codes)]


def test_what_cannot_be_advised_is_told_as_not_known_and_once(tmp_path: Path) -> None:
    for file in COHORT.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    doses = pl.read_csv(tmp_path / "ex.csv", infer_schema=False)
    first = (pl.col("USUBJID") == "SYN-06") & (pl.col("EXSEQ") == "1")
    bare = pl.when(~first).then("EXDOSU").alias("EXDOSU")
    doses.with_columns(bare).write_csv(tmp_path / "ex.csv")
    lines = run("review", STUDY, tmp_path).out
    told = " ".join(" ".join(lines).split())
    assert "SYN-06 2010-01-09 the unit of the dose of 2010-01-09 is missing SYN-06" in told
    assert (
        "SYN-06 2010-03-06 not known whether the dosing rule of P-30 applies here: Phase of "
        "treatment: not known, because the unit of the dose of 2010-01-09 is missing (EX 1)"
    ) in told


@pytest.mark.parametrize("command", ["review", "calendar"])
def test_a_day_after_the_data_cut_is_refused(command: str) -> None:
    ended = run(command, STUDY, COHORT, "--at", "2030-01-01")
    assert (ended.status, ended.out) == (1, [])
    assert "2030-01-01 lies after the data cut" in " ".join(ended.err)
