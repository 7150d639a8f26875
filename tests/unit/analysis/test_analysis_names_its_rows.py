"""A result names every row that it depends on: what is counted, what is looked at, and whom it
could have counted. Any other row may change, or go, and the result stays as it is."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from analysis_examples import made, one, run, study, subjects
from pydantic import TypeAdapter

from pilotage.analysis import analyse
from pilotage.analysis.naming import ALL, named_rows
from pilotage.datasets import Datasets
from pilotage.study.sap import AnyAnalysis

SEEDS = range(5)
NAMING = ("SOURCES", "CONSIDERED", "SUBJECTS")

PLAN: dict[str, dict[str, Any]] = {
    "CR": {"kind": "proportion", "dataset": "ADRS", "where": "PARAMCD == 'BESTRESP'",
           "event": "AVALC == 'CR'", "missing": "left out"},
    "CR_BOUND": {"kind": "proportion", "dataset": "ADRS", "where": "AVISITN <= 2",
                 "event": "AVALC == 'CR'", "missing": "lower bound"},
    "CR_AT_RISK": {"kind": "proportion", "dataset": "ADRS", "where": "PARAMCD == 'BESTRESP'",
                   "event": "AVALC == 'CR'", "missing": "no event",
                   "without_row": "not at risk", "by": "SEX"},
    "ELDERLY": {"kind": "proportion", "dataset": "ADSL", "event": "AGE >= 60",
                "missing": "no event", "among": "SEX == 'F'"},
    "BEST": {"kind": "categories", "dataset": "ADRS", "where": "PARAMCD == 'BESTRESP'",
             "variable": "AVALC"},
    "BEST_AT_RISK": {"kind": "categories", "dataset": "ADRS", "where": "AVISITN <= 2",
                     "variable": "AVALC", "without_row": "not at risk"},
    "SEXES": {"kind": "categories", "dataset": "ADSL", "variable": "SEX"},
    "SCORES": {"kind": "summary", "dataset": "ADQS", "where": "ANL01FL == 'Y'",
               "variable": "AVAL", "by_visit": True, "among": "AGE < 60"},
    "AGES": {"kind": "summary", "dataset": "ADSL", "variable": "AGE", "by": "SEX"},
    "CHANGES": {"kind": "change", "dataset": "ADQS", "parameter": "CLASIACT", "by_visit": True,
                "tests": ["paired_t"]},
    "WEEK_2": {"kind": "change", "dataset": "ADQS", "parameter": "CLASIACT", "week": 2,
               "tests": ["paired_t", "signed_rank_exact"]},
    "TIMES": {"kind": "time to event", "dataset": "ADTTE", "parameter": "TTCR"},
    "INCIDENCE": {"kind": "cumulative incidence", "dataset": "ADTTE", "parameter": "TTCR",
                  "competing": "DCSREAS == 'DEATH'"},
    "TERMS": {"kind": "events", "dataset": "ADAE", "where": "TRTEMFL == 'Y'", "term": "AETERM"},
    "COMPARED": {"kind": "comparison", "dataset": "ADQS", "where": "AVISITN == 0",
                 "variable": "AVAL", "by": "SEX", "tests": ["mann_whitney_exact", "pooled_t"]},
}  # fmt: skip
"""Every kind that reads data, with groups, conditions that may be unknown, and each treatment of
what is missing."""

CELLS: dict[str, dict[str, tuple[object, ...]]] = {
    "adsl": {"SAFFL": ("Y", "Y", "Y", "N", None), "SEX": ("F", "M", None), "AGE": (30, 65, None),
             "DCSREAS": ("DEATH", "COMPLETED", None), "DCSDT": ("2020-02-01", "2020-03-01", None)},
    "adrs": {"PARAMCD": ("BESTRESP", "BESTRESP", "OVRLRESP"), "AVISITN": (0, 2, 4, None),
             "AVALC": ("CR", "PR", "NR", None)},
    "adqs": {"PARAMCD": ("CLASIACT",), "AVISITN": (0, 2, 4, None), "AVISIT": ("Visit",),
             "ANL01FL": ("Y", "Y", None), "AVAL": (0, 3, 8, 9, None), "BASE": (8, 9, None)},
    "adtte": {"PARAMCD": ("TTCR",), "CNSR": (0, 1, None), "AVALWK": (1, 4, 8, None),
              "STARTDT": ("2020-01-01", "2020-01-08", None)},
    "adae": {"AETERM": ("NAUSEA", "HEADACHE", None), "TRTEMFL": ("Y", "N", None)},
}  # fmt: skip
"""What the cells of random rows may hold; None is missing."""

ROWS = {"adsl": (1,), "adrs": (0, 1, 3), "adqs": (0, 2, 4), "adtte": (0, 1), "adae": (0, 1, 2)}
"""How many rows a subject may have."""


def random_datasets(chance: random.Random) -> Datasets:
    texts = {}
    for name, cells in CELLS.items():
        lines = [" | ".join(("USUBJID", *cells))]
        for number in range(1, 8):
            for _ in range(chance.choice(ROWS[name]) or number // 7):
                values = [chance.choice(each) for each in cells.values()]
                told = ["" if value is None else str(value) for value in values]
                lines.append(" | ".join((f"S{number}", *told)))
        texts[name] = "\n".join(lines)
    return made(**texts)


def plan() -> list[AnyAnalysis]:
    shared = {"label": "x", "populations": ["SAFFL"], "source": "P-1"}
    reader = TypeAdapter(AnyAnalysis)
    return [reader.validate_python({"id": name, **shared, **own}) for name, own in PLAN.items()]


def results(datasets: Datasets) -> pl.DataFrame:
    changed = study().sap.model_copy(update={"analyses": tuple(plan())})
    return analyse(replace(study(), sap=changed), datasets)


def removed(frame: pl.DataFrame, at: int, name: str, chance: random.Random) -> pl.DataFrame:
    return pl.concat([frame.head(at), frame.tail(frame.height - at - 1)])


def altered(frame: pl.DataFrame, at: int, name: str, chance: random.Random) -> pl.DataFrame:
    column = chance.choice(list(CELLS[name]))
    value = chance.choice(CELLS[name][column])
    told = pl.Series([None if value is None else str(value)], dtype=pl.String)
    dated = frame.schema[column] == pl.Date
    cell = (told.str.to_date() if dated else told.cast(frame.schema[column])).item()
    here = pl.int_range(pl.len()) == at
    new = pl.lit(cell, dtype=frame.schema[column])
    return frame.with_columns(pl.when(here).then(new).otherwise(column).alias(column))


def rests_on(row: dict[str, Any]) -> set[tuple[str, str]]:
    """The rows that a result names, with their dataset."""
    found = {("ADSL", name) for name in named_rows(row["SUBJECTS"]) or ()}
    for column in ("SOURCES", "CONSIDERED"):
        found |= {(row["DATASET"], name) for name in named_rows(row[column]) or ()}
    return found


Rows = dict[str, dict[str, Any]]


def by_name(frame: pl.DataFrame) -> Rows:
    return {row["RESULTID"]: row for row in frame.iter_rows(named=True)}


def changed_without_being_told(before: Rows, after: Rows, row: tuple[str, str]) -> list[str]:
    """The results that differ although none names the row. One that comes or goes (a category, a
    point of a curve) does so together with another of its analysis that names it."""
    told = {
        part
        for each in (before, after)
        for name, one_of in each.items()
        if row in rests_on(one_of)
        for part in (name, one_of["ANALYSIS"])
    }
    both = before.keys() & after.keys()
    differ = [n for n in before.keys() | after.keys() if said(before, n) != said(after, n)]
    return [n for n in differ if (n if n in both else n.partition("/")[0]) not in told]


def said(rows: Rows, name: str) -> dict[str, Any] | None:
    """All that a result says, apart from where it comes from."""
    row = rows.get(name)
    return None if row is None else {each: row[each] for each in row if each not in NAMING}


@pytest.mark.requirement("P-86")
@pytest.mark.parametrize("change", [removed, altered])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_that_a_result_does_not_name_may_change_or_go(
    seed: int, change: Callable[..., pl.DataFrame]
) -> None:
    chance = random.Random(seed)
    given = random_datasets(chance)
    before = by_name(results(given))
    for name in CELLS:
        frame = given.named()[name]
        at = chance.randrange(frame.height)
        row = (name.upper(), "{}.{}".format(*frame.select("USUBJID", "ASEQ").row(at)))
        other = by_name(results(replace(given, **{name: change(frame, at, name, chance)})))
        assert changed_without_being_told(before, other, row) == [], row


def test_these_changes_do_change_results_and_each_column_of_names_is_needed() -> None:
    """Otherwise the test above would show nothing."""
    needed: set[str] = set()
    for seed in SEEDS:
        chance = random.Random(seed)
        given = random_datasets(chance)
        before = by_name(results(given))
        for name in ("adsl", "adrs"):
            frame = given.named()[name]
            at = chance.randrange(frame.height)
            after = by_name(results(replace(given, **{name: removed(frame, at, name, chance)})))
            row = "{}.{}".format(*frame.select("USUBJID", "ASEQ").row(at))
            for one_of in before.keys() & after.keys():
                if said(before, one_of) != said(after, one_of):
                    result = before[one_of]
                    columns = [c for c in NAMING if row in (named_rows(result[c]) or ())]
                    own = [c for c in columns if (c == "SUBJECTS") == (name == "adsl")]
                    needed |= set(own)
    assert needed == set(NAMING)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_result_names_subjects_of_its_population_only_and_counts_no_row_twice(seed: int) -> None:
    given = random_datasets(random.Random(seed))
    inside = given.adsl.filter((pl.col("SAFFL") == "Y") | pl.col("SAFFL").is_null())["USUBJID"]
    for row in results(given).iter_rows(named=True):
        names = {name.rpartition(".")[0] for _, name in rests_on(row)}
        assert names <= set(inside), row["RESULTID"]
        counted, considered = (set(named_rows(row[c]) or ()) for c in ("SOURCES", "CONSIDERED"))
        assert not counted & considered, row["RESULTID"]


PROPORTION = {"kind": "proportion", "dataset": "ADRS", "event": "AVALC == 'CR'"}
RESPONSES = "USUBJID | AVALC\nS1 | CR\nS2 | NR\nS3 | CR"


def test_a_proportion_names_its_numerator_apart_from_the_rest_of_its_denominator() -> None:
    everyone = "USUBJID | SAFFL\nS1 | Y\nS2 | Y\nS3 | N\nS4 | Y\nS5 |"
    row = one(
        run({**PROPORTION, "missing": "no event"}, made(adsl=everyone, adrs=RESPONSES)),
        "proportion",
    )
    assert (row["VALUE"], row["N"]) == (1 / 3, 3)
    assert row["SOURCES"] == "S1.1"
    assert row["CONSIDERED"] == "S2.1"
    # S5 may or may not belong to the population: MISSING says so
    assert row["SUBJECTS"] == "S1.1 S2.1 S4.1 S5.1"


def test_a_group_names_its_own_subjects_and_whoever_is_left_out_of_all_groups() -> None:
    everyone = "USUBJID | SAFFL | SEX | AGE\nS1 | Y | F | 40\nS2 | Y | M | 40\nS3 | Y | F | 70"
    asked = {**PROPORTION, "missing": "no event", "by": "SEX", "among": "AGE < 60"}
    found = run(asked, made(adsl=everyone, adrs=RESPONSES))
    assert one(found, "count", LEVEL="F")["SUBJECTS"] == "S1.1 S3.1"
    assert one(found, "count", LEVEL="M")["SUBJECTS"] == "S2.1 S3.1"


def test_who_is_not_known_has_no_row_that_is_counted() -> None:
    row = one(
        run({**PROPORTION, "missing": "left out"}, made(adsl=subjects(4), adrs=RESPONSES)),
        "unknown",
    )
    assert (row["VALUE"], row["SOURCES"], row["CONSIDERED"]) == (1, None, "S1.1 S2.1 S3.1")


def test_a_row_without_a_value_is_considered_where_all_others_count() -> None:
    rows = "USUBJID | AVALC\nS1 | CR\nS2 |"
    asked = {**PROPORTION, "missing": "no event"}
    row = one(run(asked, made(adsl=subjects(2), adrs=rows)), "proportion")
    assert (row["SOURCES"], row["CONSIDERED"]) == ("S1.1", "S2.1")


def test_a_point_of_a_curve_rests_on_every_time() -> None:
    times = "USUBJID | PARAMCD | CNSR | AVALWK\nS1 | TTCR | 0 | 2\nS2 | TTCR | 1 | 4"
    asked = {"kind": "time to event", "dataset": "ADTTE", "parameter": "TTCR"}
    found = run(asked, made(adsl=subjects(2), adtte=times))
    points = found.filter(pl.col("STATISTIC") == "survival")
    assert points.height == 2
    assert set(points["SOURCES"]) == {"S1.1 S2.1"}


def test_of_many_points_over_many_times_only_the_number_of_these_is_told() -> None:
    times = ["USUBJID | PARAMCD | CNSR | AVALWK"]
    times += [f"S{number} | TTCR | 0 | {number}" for number in range(1, 102)]
    asked = {"kind": "time to event", "dataset": "ADTTE", "parameter": "TTCR"}
    found = run(asked, made(adsl=subjects(101), adtte="\n".join(times)))
    points = found.filter(pl.col("STATISTIC") == "survival")
    assert set(points["SOURCES"]) == {"101 rows"}
    assert len(one(found, "n")["SOURCES"].split()) == 101


def test_of_very_many_subjects_only_the_number_is_told_unless_all_are_asked_for() -> None:
    given = made(adsl=subjects(201), adrs=RESPONSES)
    asked = {**PROPORTION, "missing": "no event"}
    assert one(run(asked, given), "count")["SUBJECTS"] == "201 rows"
    whole = {"id": "X", "label": "x", "populations": ["SAFFL"], "source": "P-1", **asked}
    analyses = (TypeAdapter(AnyAnalysis).validate_python(whole),)
    only = replace(study(), sap=study().sap.model_copy(update={"analyses": analyses}))
    every = one(analyse(only, given, listed=ALL), "count")
    assert len(every["SUBJECTS"].split()) == 201
