"""The state of a subject on a day does not depend on rows after the day, on the order of rows, or
on other subjects."""

import functools
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pilotage.courses import write_cohort
from pilotage.datasets import derive
from pilotage.rules import Record, inputs, record, states
from pilotage.snapshot import Snapshot
from pilotage.snapshot.tables import is_date
from pilotage.study import load_study

STUDY = load_study("lenalidomide_cle")
SUBJECTS = 25


@functools.cache
def snapshot() -> Snapshot:
    with tempfile.TemporaryDirectory() as folder:
        return write_cohort(STUDY, Path(folder) / "snapshot", seed=11, subjects=SUBJECTS)


@functools.cache
def whole() -> Record:
    return record(STUDY, snapshot(), derive(STUDY, snapshot()))


def visits() -> pl.DataFrame:
    days = pl.col("SVSTDTC").str.to_date()
    rows = snapshot().tables["sv"].select(pl.col("USUBJID").cast(pl.String), DATE=days)
    return rows.unique().sort("USUBJID", "DATE")


def up_to(day: date) -> Record:
    """The record as it stood on a day."""
    data, text = snapshot(), day.isoformat()
    tables = {}
    for name, table in data.tables.items():
        begin = [c for c in table.columns if is_date(c) and not c.endswith(("ENDTC", "RFICDTC"))]
        seen = [pl.col(c).is_null() | (pl.col(c) <= text) for c in begin]
        kept = table.filter(*seen) if name != "dm" else table
        ends = [c for c in kept.columns if c.endswith("ENDTC")]
        tables[name] = kept.with_columns(pl.when(pl.col(c) <= text).then(c).alias(c) for c in ends)
    cut = replace(data, tables=tables, data_cut=day)
    return record(STUDY, cut, derive(STUDY, cut))


DAYS = sorted(visits()["DATE"].unique().to_list())


@pytest.mark.parametrize("day", DAYS[10 :: len(DAYS) // 8], ids=str)
def test_what_comes_after_a_day_says_nothing_about_it(day: date) -> None:
    moments = pl.concat(
        [
            snapshot().tables["dm"].select(pl.col("USUBJID").cast(pl.String), DATE=pl.lit(day)),
            visits().filter(pl.col("DATE") < day),
        ]
    )
    then, now = states(up_to(day), moments), states(whole(), moments)
    different = [
        name for name in now.columns if not then[name].equals(now[name].cast(then[name].dtype))
    ]
    assert different == []


def test_the_order_of_rows_is_irrelevant() -> None:
    data, datasets = whole().snapshot, whole().datasets
    mixed = {name: t.sample(fraction=1, shuffle=True, seed=3) for name, t in data.tables.items()}
    frames = {
        name: f.sample(fraction=1, shuffle=True, seed=5) for name, f in datasets.named().items()
    }
    other = record(STUDY, replace(data, tables=mixed), replace(datasets, **frames))  # type: ignore[arg-type]
    moments = visits().sample(fraction=1, shuffle=True, seed=7)
    found = states(other, moments)
    assert found.select("USUBJID", "DATE").equals(moments)
    assert found.sort("USUBJID", "DATE").equals(states(whole(), visits()))


def test_other_subjects_change_nothing() -> None:
    subjects = whole().subjects.to_list()[::5]
    own = visits().filter(pl.col("USUBJID").is_in(subjects))
    data = snapshot()
    tables = {
        name: table.filter(pl.col("USUBJID").cast(pl.String).is_in(subjects))
        for name, table in data.tables.items()
    }
    alone = replace(data, tables=tables)
    few = record(STUDY, alone, derive(STUDY, alone))
    assert states(few, own).equals(states(whole(), own))
    assert states(whole().only(subjects), own).equals(states(few, own))


def test_the_inputs_of_one_subject_are_its_row_of_the_frame() -> None:
    moments = visits().sample(12, seed=2)
    for row in states(whole(), moments).iter_rows(named=True):
        found = inputs(whole(), row["USUBJID"], row["DATE"])
        assert {name: each.value for name, each in found.items()} == {
            name: value for name, value in row.items() if name not in ("USUBJID", "DATE")
        }
