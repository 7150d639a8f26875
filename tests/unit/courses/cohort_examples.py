"""A synthetic cohort of the built-in study, made once, and its dates as study days.

Its subjects are less fortunate than those of the study's synthetic.yaml: they respond late, relapse
often and miss visits, so that 30 of them meet every row of the tables.
"""

import functools
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pilotage.courses import load_nature, write_cohort
from pilotage.courses.nature import Nature
from pilotage.datasets import Datasets, derive
from pilotage.snapshot import Snapshot
from pilotage.study import Study, load_study

SUBJECTS = 30


@functools.cache
def study() -> Study:
    return load_study("lenalidomide_cle")


def nature() -> Nature:
    found = load_nature(study())
    (code, score), *_ = found.responding.items()
    changed = {
        "true_decline_per_week": {"5 mg QD": 0.15, "10 mg QD": 0.4},
        "true_relapse_per_week": {"5 mg QOD": 0.05, "5 mg TIW": 0.1, "stop": 0.15},
        "subject_sd": 1,
    }
    responding = {code: score.model_copy(update=changed)}
    return found.model_copy(update={"responding": responding, "true_missed_visit": 0.1})


@functools.cache
def cohort() -> Snapshot:
    """Written as `write_cohort` writes one."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr("pilotage.courses.cohort.load_nature", lambda _: nature())
        return write_cohort(study(), Path(name) / "snapshot", seed=4, subjects=SUBJECTS)


@functools.cache
def datasets() -> Datasets:
    return derive(study(), cohort())


def with_day(table: str, column: str) -> pl.DataFrame:
    """The rows of a table with DAY, the study day of a date."""
    first = datasets().adsl.select("USUBJID", "TRTSDT")
    days = (pl.col(column).str.to_date() - pl.col("TRTSDT")).dt.total_days()
    return (
        cohort()
        .tables[table]
        .with_columns(pl.col("USUBJID").cast(pl.String))
        .join(first, on="USUBJID")
        .with_columns(DAY=pl.when(days >= 0).then(days + 1).otherwise(days))
    )


def step_on(subject: str, day: date) -> str:
    """The step of the dose ladder that a subject took on a day; 'stop' without drug."""
    taken = datasets().adex.filter(
        (pl.col("USUBJID") == subject) & (pl.col("ASTDT") <= day) & (pl.col("AENDT") >= day)
    )
    assert taken.height <= 1, "two doses on a day"
    return taken["DOSESTEP"][0] if taken.height else "stop"
