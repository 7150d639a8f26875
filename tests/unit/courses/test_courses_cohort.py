"""A synthetic cohort: the same for the same seed, and a snapshot like any other."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from cohort_examples import SUBJECTS, cohort, datasets, study, with_day

from pilotage.courses import cohort_tables, load_nature, write_cohort
from pilotage.findings import InputErrors
from pilotage.instruments import instruments

PRINT_HASH = """
import hashlib, sys
from pilotage.courses import cohort_tables, load_nature
from pilotage.study import load_study
study = load_study("lenalidomide_cle")
tables = cohort_tables(study, load_nature(study), seed=9, subjects=3)
text = "".join(name + table.write_csv() for name, table in tables.items())
print(hashlib.sha256(text.encode()).hexdigest())
"""


def tables(*, seed: int, subjects: int) -> dict[str, pl.DataFrame]:
    return cohort_tables(study(), load_nature(study()), seed=seed, subjects=subjects)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_cohort(study(), tmp_path / name, seed=3, subjects=3)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_another_seed_gives_other_subjects() -> None:
    assert not tables(seed=3, subjects=2)["qs"].equals(tables(seed=4, subjects=2)["qs"])


def test_the_order_of_hashes_changes_nothing() -> None:
    found = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", PRINT_HASH]
        found.add(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    here = "".join(name + t.write_csv() for name, t in tables(seed=9, subjects=3).items())
    assert {line.decode().strip() for line in found} == {hashlib.sha256(here.encode()).hexdigest()}


def test_a_subject_is_the_same_whatever_the_number_of_subjects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pilotage.courses.cohort.BATCH", 2)
    few, many = tables(seed=5, subjects=3), tables(seed=5, subjects=7)
    names = few["dm"]["USUBJID"].to_list()
    for domain, table in few.items():
        same = many[domain].filter(pl.col("USUBJID").is_in(names))
        assert same.select(table.columns).equals(table), domain


def test_subjects_are_numbered_and_unique() -> None:
    names = cohort().tables["dm"]["USUBJID"].to_list()
    assert names[:2] == ["SYN-001", "SYN-002"]
    assert len(set(names)) == SUBJECTS


def test_the_number_of_subjects_made_at_once_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together = tables(seed=5, subjects=5)
    monkeypatch.setattr("pilotage.courses.cohort.BATCH", 2)
    for domain, table in tables(seed=5, subjects=5).items():
        assert table.equals(together[domain])


def test_progress_is_told_after_each_subject() -> None:
    told: list[tuple[int, int]] = []
    cohort_tables(
        study(),
        load_nature(study()),
        seed=1,
        subjects=3,
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_snapshot_is_read_back_without_a_warning() -> None:
    assert cohort().findings == ()


def test_the_datasets_have_no_finding_but_tests_that_are_no_parameter() -> None:
    messages = datasets().findings["MESSAGE"].to_list()
    assert [m for m in messages if "is not a parameter of the study" not in m] == []


def test_the_manifest_says_synthetic_with_the_seed_and_the_versions(tmp_path: Path) -> None:
    made = write_cohort(study(), tmp_path / "snapshot", seed=7, subjects=1)
    manifest = json.loads((tmp_path / "snapshot/manifest.json").read_text())
    assert made.synthetic is True
    assert (manifest["synthetic"], manifest["seed"], manifest["study"]) == (True, 7, "LEN-CLE")
    assert [version["id"] for version in manifest["protocol_versions"]] == ["1.0"]


def test_tables_without_a_row_are_written_too(tmp_path: Path) -> None:
    made = write_cohort(study(), tmp_path / "snapshot", seed=7, subjects=1)
    assert {"dm", "ex", "qs", "lb", "ae", "ds"} <= set(made.tables)


def test_a_folder_that_holds_a_snapshot_is_replaced_only_when_asked(tmp_path: Path) -> None:
    write_cohort(study(), tmp_path / "s", seed=1, subjects=1)
    before = files(tmp_path / "s")
    with pytest.raises(InputErrors):
        write_cohort(study(), tmp_path / "s", seed=2, subjects=1)
    assert files(tmp_path / "s") == before
    write_cohort(study(), tmp_path / "s", seed=2, subjects=1, replace=True)
    assert files(tmp_path / "s") != before


@pytest.mark.requirement("P-50", "P-51")
@pytest.mark.parametrize("name", ["clasi", "sledai_2k", "rule_of_nines"])
def test_every_item_is_legal_and_no_item_of_an_assessment_is_open(name: str) -> None:
    instrument = instruments[name]
    rows = cohort().tables["qs"].filter(pl.col("QSCAT") == instrument.category)
    assert rows.height > 0
    for (_, _), group in rows.group_by("USUBJID", "QSDTC"):
        values = dict(group.select(pl.col("QSTESTCD").cast(pl.String), "QSSTRESN").rows())
        assert len(values) == group.height
        assert instrument.check(values) == []


@pytest.mark.requirement("P-10", "P-80")
def test_subjects_are_of_the_age_sex_and_answers_that_the_study_allows() -> None:
    adsl = datasets().adsl
    assert adsl["AGE"].min() >= 18  # type: ignore[operator]
    for name in ("SEX", "RACE", "SUBTYPE", "SLE", "PRTHAL"):
        assert adsl[name].null_count() == 0
    assert set(adsl["SLE"]) <= {"Y", "N"}


@pytest.mark.requirement("P-02")
def test_an_answer_is_given_only_where_the_item_is_asked() -> None:
    adsl = datasets().adsl
    asked = adsl.filter(pl.col("SUBTYPE") == "DLE")
    assert asked["DLEEXT"].null_count() == 0
    assert adsl.filter(pl.col("SUBTYPE") != "DLE")["DLEEXT"].drop_nulls().is_empty()
    assert adsl.filter(pl.col("PRTHAL") == "N")["THALNOEF"].drop_nulls().is_empty()


def test_nothing_lies_after_the_data_cut_or_before_consent() -> None:
    consent = dict(cohort().tables["dm"].select("USUBJID", "RFICDTC").rows())
    cut = cohort().data_cut.isoformat()
    for name, table in cohort().tables.items():
        for column in (c for c in table.columns if c.endswith("DTC")):
            for subject, when in table.select("USUBJID", column).drop_nulls().rows():
                assert consent[subject] <= when <= cut, f"{name}.{column} of {subject}"


def test_an_end_is_never_before_its_start_and_sequence_numbers_follow_the_dates() -> None:
    for domain, start, end in (
        ("ex", "EXSTDTC", "EXENDTC"),
        ("ae", "AESTDTC", "AEENDTC"),
        ("sv", "SVSTDTC", "SVENDTC"),
    ):
        table = cohort().tables[domain]
        assert table.filter(pl.col(end) < pl.col(start)).is_empty()
        ordered = table.sort("USUBJID", f"{domain.upper()}SEQ")
        earlier = pl.col(start) < pl.col(start).shift(1).over("USUBJID")
        assert ordered.filter(earlier).is_empty()


@pytest.mark.requirement("P-63")
def test_adverse_events_begin_under_treatment() -> None:
    assert cohort().tables["ae"].height > 0
    assert set(datasets().adae["TRTEMFL"]) == {"Y"}
    assert with_day("ae", "AESTDTC")["DAY"].min() >= 1  # type: ignore[operator]
