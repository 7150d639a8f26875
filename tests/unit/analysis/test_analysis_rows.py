"""Every row of results says what it is, where it comes from, or why there is no number."""

import polars as pl
import pytest
from analysis_examples import made, one, run, subjects, value

from pilotage.analysis.results import About, Scope, result_id

KINDS = {
    "proportion": {"dataset": "ADLB", "event": "AVAL < 1", "missing": "no event"},
    "categories": {"dataset": "ADLB", "variable": "AVALC"},
    "summary": {"dataset": "ADLB", "variable": "AVAL"},
    "change": {"dataset": "ADLB", "parameter": "NEUT", "week": 2},
    "events": {"dataset": "ADAE", "term": "AETERM"},
    "comparison": {"dataset": "ADLB", "variable": "AVAL", "by": "SEX"},
}
FIRST = {
    "proportion": "count",
    "categories": "count",
    "summary": "n",
    "change": "n",
    "events": "subjects",
    "comparison": "p_pooled_t",
}


@pytest.mark.requirement("P-82")
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_collected_is_never_0(kind: str) -> None:
    datasets = made(frozenset({"dm", "ex", "qs"}), adsl=subjects(15))
    (row,) = run({"kind": kind, **KINDS[kind]}, datasets).rows(named=True)
    assert (row["VALUE"], row["STATUS"], row["N"]) == (None, "not collected", 15)
    assert row["STATISTIC"] == FIRST[kind]
    table = {"ADLB": "lb", "ADAE": "ae"}[KINDS[kind]["dataset"]]
    assert row["REASON"] == f"the snapshot has no table {table}"


@pytest.mark.parametrize("by", [None, "SEX"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_population_without_subjects_is_a_row_that_says_so(kind: str, by: str | None) -> None:
    if by is None and kind == "comparison":
        by = "SEX"
    datasets = made(adsl="USUBJID | SAFFL | SEX\nS1 | N | F")
    (row,) = run({"kind": kind, **KINDS[kind], "by": by}, datasets).rows(named=True)
    assert (row["VALUE"], row["STATUS"], row["N"]) == (None, "not computed", 0)
    assert row["REASON"] == "no subject in the population"


@pytest.mark.parametrize("kind", KINDS)
def test_subjects_without_any_row_still_give_results(kind: str) -> None:
    datasets = made(adsl="USUBJID | SAFFL | SEX\nS1 | Y | F\nS2 | Y | M")
    results = run({"kind": kind, **KINDS[kind]}, datasets)
    assert results.height > 0
    assert results["RESULTID"].is_unique().all()


def test_sources_name_the_rows_behind_a_number() -> None:
    rows = "USUBJID | AVALC\nS2 | CR\nS1 | PR\nS1 | CR\nS3 | NR"
    event = {"kind": "proportion", "dataset": "ADRS", "event": "AVALC == 'CR'"}
    results = run({**event, "missing": "no event"}, made(adsl=subjects(3), adrs=rows))
    assert one(results, "count")["SOURCES"] == "S1.2 S2.1"
    assert one(results, "count")["DATASET"] == "ADRS"


def test_of_very_many_sources_only_the_number_is_told() -> None:
    many = "USUBJID | AVAL\n" + "\n".join(f"S{at} | {at}" for at in range(1, 1002))
    results = run(
        {"kind": "summary", "dataset": "ADQS", "variable": "AVAL"},
        made(adsl=subjects(1001), adqs=many),
    )
    assert value(results, "n") == 1001
    assert one(results, "n")["SOURCES"] == "1001 rows"


def test_a_parameter_is_named_also_where_nobody_has_the_event() -> None:
    event = {"kind": "proportion", "dataset": "ADRS", "event": "AVALC == 'CR'"}
    results = run(
        {**event, "missing": "no event"},
        made(adsl=subjects(1), adrs="USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | NR"),
    )
    assert set(results["PARAMCD"]) == {"BESTRESP"}


ABOUT = About("CR", "x", "proportion", "primary", "SAFFL", "ADRS", "P-60")


@pytest.mark.parametrize(
    "scope, statistic, written",
    [
        (Scope(), "count", "CR/SAFFL/-/-/count"),
        (Scope(level="any"), "events", "CR/SAFFL/any/-/events"),
        (Scope(visit_number=2, visit="Week 2"), "mean", "CR/SAFFL/-/2/mean"),
        (Scope(at=2.5), "survival", "CR/SAFFL/-/-/survival@2.5"),
        (Scope(level="A/B"), "count", "CR/SAFFL/A%2FB/-/count"),
        (Scope(level="A%2FB"), "count", "CR/SAFFL/A%252FB/-/count"),
        (Scope(level="-"), "count", "CR/SAFFL/%2D/-/count"),
    ],
)
def test_a_result_has_a_name_that_no_other_has(scope: Scope, statistic: str, written: str) -> None:
    assert result_id(ABOUT, scope.number(statistic, 1, "x")) == written


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_not_computed(number: float) -> None:
    result = Scope().number("mean", number, "x")
    assert (result.value, result.status) == (None, "not computed")


def test_numbers_are_written_in_full(tmp_path: object) -> None:
    from pathlib import Path

    from pilotage.analysis import SCHEMA, write_results

    results = pl.DataFrame([{"RESULTID": "X", "VALUE": 1 / 3}], schema=SCHEMA)
    folder = Path(str(tmp_path)) / "new"
    write_results(results, folder)
    read = pl.read_csv(folder / "results.csv")["VALUE"][0]
    assert read == 1 / 3
    assert pl.read_parquet(folder / "results.parquet").equals(results)
