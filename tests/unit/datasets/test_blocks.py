"""A large snapshot is derived in blocks of subjects, and nothing of what is said changes."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pilotage.analysis import analyse
from pilotage.courses.cohort import write_cohort
from pilotage.datasets import Datasets, blocks, derive
from pilotage.findings import InputErrors
from pilotage.snapshot import Snapshot
from pilotage.study import Study, load_study

SUBJECTS = 7


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("tests/small_study")


@pytest.fixture(scope="module")
def snapshot(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder: Path = tmp_path_factory.mktemp("cohort") / "snapshot"
    return write_cohort(study, folder, seed=4, subjects=SUBJECTS)


@pytest.fixture
def in_blocks(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = sum(table.height for table in snapshot.tables.values())
    monkeypatch.setattr(blocks, "ROWS", rows // 3)


def same(one: Datasets, other: Datasets) -> None:
    for name, frame in one.named().items():
        assert_frame_equal(frame, other.named()[name], check_exact=True)
    assert_frame_equal(one.findings, other.findings)
    assert (one.collected, one.columns) == (other.collected, other.columns)


def with_cells(snapshot: Snapshot, table: str, **cells: pl.Expr) -> Snapshot:
    changed = snapshot.tables[table].with_columns(**cells)
    return replace(snapshot, tables={**snapshot.tables, table: changed})


def first_and_last() -> pl.Expr:
    return (pl.int_range(pl.len()) == 0) | (pl.int_range(pl.len()) == pl.len() - 1)


def test_blocks_hold_every_row_once_and_no_subject_is_in_two(
    study: Study, snapshot: Snapshot, in_blocks: None
) -> None:
    parts = blocks.blocks(snapshot, study.protocol)
    assert len(parts) == 3
    for name, table in snapshot.tables.items():
        assert_frame_equal(pl.concat(part.tables[name] for part in parts), table)
    subjects = [set(part.tables["dm"]["USUBJID"]) for part in parts]
    assert sum(map(len, subjects)) == len(set.union(*subjects)) == SUBJECTS


def test_a_small_snapshot_is_one_block(study: Study, snapshot: Snapshot) -> None:
    assert blocks.blocks(snapshot, study.protocol) == [snapshot]


def test_rows_in_another_order_are_one_block(
    study: Study, snapshot: Snapshot, in_blocks: None
) -> None:
    tables = {**snapshot.tables, "qs": snapshot.tables["qs"].reverse()}
    assert len(blocks.blocks(replace(snapshot, tables=tables), study.protocol)) == 1


def test_blocks_give_the_same_datasets_and_results(
    study: Study, snapshot: Snapshot, request: pytest.FixtureRequest
) -> None:
    whole = derive(study, snapshot)
    request.getfixturevalue("in_blocks")
    cut = derive(study, snapshot)
    assert cut.adqs.n_chunks() == 3  # they were blocks indeed
    same(whole, cut)
    assert_frame_equal(analyse(study, whole), analyse(study, cut), check_exact=True)


def test_what_is_said_of_all_subjects_is_said_once(
    study: Study, snapshot: Snapshot, request: pytest.FixtureRequest
) -> None:
    code = pl.when(first_and_last()).then(pl.lit("ODDTEST")).otherwise("LBTESTCD")
    unit = pl.when(~first_and_last()).then("LBORRESU")
    odd = with_cells(snapshot, "lb", LBTESTCD=code, LBORRESU=unit, LBORRES=pl.lit("7"))
    whole = derive(study, odd)
    assert whole.findings["MESSAGE"].str.contains(r"ODDTEST .*\(2 rows, the first here\)").any()
    request.getfixturevalue("in_blocks")
    same(whole, derive(study, odd))


def test_errors_of_all_blocks_come_in_one_list(
    study: Study, snapshot: Snapshot, in_blocks: None
) -> None:
    dosed = pl.when(first_and_last()).then(pl.lit("sometimes")).otherwise("EXDOSFRQ")
    wrong = with_cells(snapshot, "ex", EXDOSFRQ=dosed, EXDOSE=pl.lit(5.0))
    with pytest.raises(InputErrors) as refused:
        derive(study, wrong)
    lines = [found.where for found in refused.value.findings if "'sometimes'" in found.message]
    ex = snapshot.tables["ex"]["SRCLINE"]
    assert lines == [f"ex.csv:{ex[0]}", f"ex.csv:{ex[-1]}"]
