"""What nobody collected, or nobody has a value of, is never counted as 0."""

import polars as pl
import pytest
from analysis_examples import EVERY_TABLE, made, one, run, subjects, value

FACTS = {
    # a column of ADSL: the table behind it
    "SLE": "mh",
    "PRAZA": "cm",
    "SUBTYPE": "fa",
    "DSDNABL": "lb",
    "DCSREAS": "ds",
}
ADSL = """
    USUBJID | SAFFL | SLE | PRAZA | SUBTYPE | DSDNABL | DCSREAS | RACE
    S1      | Y     |     |       |         |         |         |
    S2      | Y     |     |       |         |         |         |
"""


@pytest.mark.requirement("P-80")
@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_from_an_absent_table_was_not_collected(fact: str) -> None:
    datasets = made(EVERY_TABLE - {FACTS[fact]}, adsl=ADSL)
    categories = run({"kind": "categories", "dataset": "ADSL", "variable": fact}, datasets)
    event = {"kind": "proportion", "dataset": "ADSL", "event": f"{fact} is not missing"}
    for row in (
        *categories.rows(named=True),
        *run({**event, "missing": "no event"}, datasets).rows(named=True),
    ):
        assert (row["VALUE"], row["STATUS"], row["N"]) == (None, "not collected", 2)
        assert row["REASON"] == (
            f"the snapshot has no table {FACTS[fact]}, from which {fact} is taken"
        )


@pytest.mark.requirement("P-87")
@pytest.mark.parametrize("part", ["where", "among", "by"])
def test_an_analysis_rests_on_the_facts_that_choose_its_rows_and_subjects(part: str) -> None:
    rows = "USUBJID | PARAMCD | AVALC\nS1 | BESTRESP | CR"
    fact = "SUBTYPE" if part == "by" else "SUBTYPE == 'DLE'"
    analysis = {"kind": "proportion", "dataset": "ADRS", "event": "AVALC == 'CR'", part: fact}
    datasets = made(EVERY_TABLE - {"fa"}, adsl=ADSL, adrs=rows)
    (row,) = run({**analysis, "missing": "no event"}, datasets).rows(named=True)
    assert (row["STATUS"], row["VALUE"]) == ("not collected", None)
    assert "/-/-/count" in row["RESULTID"]


def test_a_table_without_the_column_of_a_fact_did_not_collect_it() -> None:
    analysis = {"kind": "categories", "dataset": "ADSL", "variable": "SUBTYPE"}
    with_it = made(columns={"fa": frozenset({"FATESTCD", "FAORRES"})}, adsl=ADSL)
    without = made(columns={"fa": frozenset({"FATESTCD", "FASTRESC"})}, adsl=ADSL)
    (row,) = run(analysis, without).rows(named=True)
    assert (row["STATUS"], row["REASON"]) == (
        "not collected",
        "the table fa of the snapshot has no column FAORRES, from which SUBTYPE is taken",
    )
    (row,) = run(analysis, with_it).rows(named=True)
    assert (row["STATUS"], row["REASON"]) == ("not computed", "no value of SUBTYPE in the data")


def test_a_column_of_events_that_the_table_does_not_have_was_not_collected() -> None:
    analysis = {"kind": "events", "dataset": "ADAE", "term": "AEREL"}
    (row,) = run(analysis, made(adsl=subjects(2))).rows(named=True)
    assert (row["STATUS"], row["REASON"]) == (
        "not collected", "the table ae of the snapshot has no column AEREL",
    )  # fmt: skip


@pytest.mark.requirement("P-36")
def test_with_a_disposition_table_nobody_who_ended_is_an_answer() -> None:
    results = run({"kind": "categories", "dataset": "ADSL", "variable": "DCSREAS"}, made(adsl=ADSL))
    assert value(results, "count not known") == 2


def test_a_subject_without_a_value_is_not_known_where_another_has_one() -> None:
    adsl = "USUBJID | SAFFL | SLE\nS1 | Y | Y\nS2 | Y |"
    results = run({"kind": "categories", "dataset": "ADSL", "variable": "SLE"}, made(adsl=adsl))
    assert (value(results, "count Y"), value(results, "count not known")) == (1, 1)


# -- nobody has a value ----------------------------------------------------------------------------

SKIN = {
    "kind": "proportion",
    "dataset": "ADRS",
    "where": "PARAMCD == 'BESTSKIN'",
    "event": "AVALC == 'CR'",
    "missing": "no event",
}
UNKNOWN = "USUBJID | PARAMCD | AVALC\nS1 | BESTSKIN |\nS2 | BESTSKIN |"
TOTALS = "USUBJID | PARAMCD | AVAL\nS1 | CLASIACT | 0\nS2 | CLASIACT | 5"


@pytest.mark.requirement("P-60")
def test_response_on_a_score_that_nobody_has_is_not_0_of_n() -> None:
    """Only totals were stated: no item says what the skin items alone come to."""
    datasets = made(adsl=subjects(2), adrs=UNKNOWN, adqs=TOTALS)
    (row,) = run(SKIN, datasets).rows(named=True)
    assert (row["VALUE"], row["STATUS"], row["REASON"]) == (
        None, "not computed", "no value of CLASISKN in the data",
    )  # fmt: skip


def test_a_known_baseline_of_the_score_makes_a_missing_response_a_missing_response() -> None:
    scores = f"{TOTALS}\nS1 | CLASISKN | 7"
    results = run(SKIN, made(adsl=subjects(2), adrs=UNKNOWN, adqs=scores))
    assert (value(results, "count"), value(results, "unknown")) == (0, 2)


@pytest.mark.requirement("P-60")
@pytest.mark.parametrize(
    "waited, status", [("0 | 1", "not computed"), ("3 | 1", "computed"), ("0 | 0", "computed")]
)
def test_times_that_end_where_they_begin_without_any_score_are_no_times(
    waited: str, status: str
) -> None:
    times = f"USUBJID | PARAMCD | AVALWK | CNSR\nS1 | TTCR | {waited}\nS2 | TTCR | 0 | 1"
    results = run(
        {"kind": "time to event", "dataset": "ADTTE", "parameter": "TTCR"},
        made(adsl=subjects(2), adtte=times),
    )
    assert results["STATUS"][0] == status
    assert (status == "computed") == (results["STATISTIC"][0] == "n" and results.height > 1)


def test_laboratory_values_that_nobody_has_are_not_0_of_n() -> None:
    toxic = {
        "kind": "proportion",
        "dataset": "ADLB",
        "where": "PARAMCD in ('PLAT', 'WBC')",
        "event": "AVAL < 1",
        "missing": "no event",
    }
    other = "USUBJID | PARAMCD | AVAL\nS1 | NEUT | 0.5\nS2 | PLAT |"
    (row,) = run(toxic, made(adsl=subjects(2), adlb=other)).rows(named=True)
    assert (row["STATUS"], row["REASON"]) == ("not computed", "no value of WBC or PLAT in the data")


def test_an_event_that_can_be_decided_needs_no_value_of_every_column() -> None:
    """Nobody has the subtype, so nobody was asked for its extent: the answer is no, not unknown."""
    adsl = "USUBJID | SAFFL | SUBTYPE | DLEEXT\nS1 | Y | LEP |\nS2 | Y | |"
    event = {
        "kind": "proportion",
        "dataset": "ADSL",
        "event": "SUBTYPE == 'DLE' and DLEEXT == 'LOCALISED'",
        "missing": "left out",
    }
    results = run(event, made(adsl=adsl))
    assert (value(results, "count"), one(results, "count")["N"]) == (0, 1)
    (row,) = run(event, made(adsl=adsl.replace("LEP", ""))).rows(named=True)
    assert row["REASON"] == "no value of SUBTYPE or DLEEXT in the data"


def test_in_a_table_of_events_nobody_with_an_event_is_an_answer() -> None:
    event = {"kind": "proportion", "dataset": "ADAE", "event": "AESER == 'Y'"}
    results = run({**event, "missing": "no event"}, made(adsl=subjects(2)))
    assert (value(results, "count"), one(results, "count")["N"]) == (0, 2)
    assert results.filter(pl.col("STATUS") != "computed").is_empty()
