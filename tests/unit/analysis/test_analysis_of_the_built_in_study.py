"""The plan of the built-in study on random snapshots, valid and unpleasant."""

import functools
import math
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from analysis_examples import study

from pilotage.analysis import analyse
from pilotage.datasets import Datasets, derive
from pilotage.snapshot import read_snapshot

sys.path.insert(0, str(Path(__file__).parents[2] / "reference" / "rederivation"))

from random_snapshots import csv_text, random_snapshot

SEEDS = [101, 102, 103, 104]


@functools.cache
def datasets(seed: int) -> Datasets:
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in random_snapshot(seed, subjects=12).tables.items():
            (Path(folder) / f"{name}.csv").write_text(csv_text(name, rows))
        return derive(study(), read_snapshot(Path(folder)))


@functools.cache
def results(seed: int) -> pl.DataFrame:
    return analyse(study(), datasets(seed))


@pytest.mark.requirement("P-86", "P-87")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_analysis_answers_in_each_of_its_populations(seed: int) -> None:
    answered = set(results(seed).select("ANALYSIS", "POPULATION").rows())
    planned = {(a.id, p) for a in study().sap.analyses for p in a.populations}
    assert answered == planned


@pytest.mark.parametrize("seed", SEEDS)
def test_every_result_has_its_own_name(seed: int) -> None:
    assert results(seed)["RESULTID"].is_unique().all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_number_is_finite_and_where_there_is_none_a_reason_stands(seed: int) -> None:
    found = results(seed)
    numbers = found["VALUE"].drop_nulls().to_list()
    assert numbers
    assert all(map(math.isfinite, numbers))
    computed = found["STATUS"] == "computed"
    assert found.filter(computed)["VALUE"].null_count() == 0
    assert found.filter(computed)["REASON"].is_null().all()
    assert found.filter(~computed)["VALUE"].is_null().all()
    assert found.filter(~computed)["REASON"].null_count() == 0


def shuffled(given: Datasets, seed: int) -> Datasets:
    frames = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed)
        for name, frame in given.named().items()
    }
    return replace(given, **frames)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    assert analyse(study(), shuffled(datasets(seed), seed)).equals(results(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_subjects_outside_a_population_change_nothing_in_it(seed: int) -> None:
    given = datasets(seed)
    inside = given.adsl.filter(pl.col("SAFFL") == "Y")["USUBJID"].to_list()
    kept = {
        name: frame.filter(pl.col("USUBJID").is_in(inside)) for name, frame in given.named().items()
    }
    fewer = analyse(study(), replace(given, **kept))
    in_population = pl.col("POPULATION") == "SAFFL"
    assert fewer.filter(in_population).equals(results(seed).filter(in_population))


def test_some_of_these_subjects_are_outside_a_population() -> None:
    """Otherwise the test above would show nothing."""
    assert any((datasets(seed).adsl["SAFFL"] == "N").any() for seed in SEEDS)


@pytest.mark.requirement("P-86")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_sources_of_a_count_exist_and_give_the_count_again(seed: int) -> None:
    counts = (
        results(seed)
        .filter(
            pl.col("STATISTIC").is_in(["count", "subjects"])
            | pl.col("STATISTIC").str.starts_with("count ")
        )
        .filter((pl.col("STATUS") == "computed") & (pl.col("TEXT").fill_null("") != "not known"))
    )
    assert counts.height > 50
    for row in counts.rows(named=True):
        named = (row["SOURCES"] or "").split()
        assert set(named) <= keys(seed, row["DATASET"]), row["RESULTID"]
        assert len({name.rpartition(".")[0] for name in named}) == row["VALUE"], row["RESULTID"]


@functools.cache
def keys(seed: int, dataset: str) -> frozenset[str]:
    frame = datasets(seed).named()[dataset.lower()]
    return frozenset(
        f"{subject}.{number}" for subject, number in frame.select("USUBJID", "ASEQ").rows()
    )


@pytest.mark.requirement("P-70", "P-86")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_sources_of_a_mean_give_the_mean_again(seed: int) -> None:
    variables = {a.id: a.variable for a in study().sap.analyses if a.kind == "summary"}
    means = results(seed).filter(
        (pl.col("STATISTIC") == "mean")
        & (pl.col("STATUS") == "computed")
        & pl.col("ANALYSIS").is_in(list(variables))
    )
    assert means.height > 10
    for row in means.rows(named=True):
        frame = datasets(seed).named()[row["DATASET"].lower()]
        name = pl.format("{}.{}", "USUBJID", "ASEQ")
        values = frame.filter(name.is_in(row["SOURCES"].split()))[variables[row["ANALYSIS"]]]
        assert len(values) == row["N"], row["RESULTID"]
        assert values.mean() == pytest.approx(row["VALUE"], abs=1e-9), row["RESULTID"]


@pytest.mark.requirement("P-60", "P-65")
@pytest.mark.parametrize("seed", SEEDS)
def test_complete_response_and_relapse_are_those_of_a_plain_count(seed: int) -> None:
    given = datasets(seed)
    for population in ("SAFFL", "EVALFL"):
        members = set(given.adsl.filter(pl.col(population) == "Y")["USUBJID"])
        best = given.adrs.filter(pl.col("PARAMCD") == "BESTRESP").select("USUBJID", "AVALC").rows()
        responders = {subject for subject, response in best if response == "CR"} & members
        times = given.adtte.filter(pl.col("PARAMCD") == "TTREL").select("USUBJID", "CNSR").rows()
        relapsed = {subject for subject, censored in times if censored == 0} & members
        for analysis, events, n in (
            ("CR", responders, len(members)),
            ("RELAPSE", relapsed, len({subject for subject, _ in times} & members)),
        ):
            row = results(seed).row(
                by_predicate=pl.col("RESULTID") == f"{analysis}/{population}/-/-/count", named=True
            )
            assert (row["VALUE"], row["N"]) == (len(events), n)


@pytest.mark.requirement("P-60")
def test_a_snapshot_of_one_subject_never_treated_is_analysed(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_text(
        "STUDYID,DOMAIN,USUBJID,AGE,SEX,RFICDTC\nT,DM,S1,40,F,2020-01-01\n"
    )
    (tmp_path / "ex.csv").write_text(csv_text("ex", []))
    (tmp_path / "qs.csv").write_text(csv_text("qs", []))
    found = analyse(study(), derive(study(), read_snapshot(tmp_path)))
    assert {row["STATUS"] for row in found.rows(named=True)} == {
        "computed", "not computed", "not collected",
    }  # fmt: skip
    treated = found.filter(pl.col("POPULATION") == "SAFFL")
    assert treated["VALUE"].null_count() == treated.height
