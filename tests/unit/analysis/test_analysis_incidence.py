"""Cumulative incidence with a competing event, and the design of a trial, worked out by hand."""

import polars as pl
import pytest
from analysis_examples import EVERY_TABLE, made, one, run, value

INCIDENCE = {
    "kind": "cumulative incidence",
    "dataset": "ADTTE",
    "parameter": "TTCR",
    "competing": "DCSREAS is not missing and DCSREAS != 'COMPLETED'",
}
ADSL = """
    USUBJID | SAFFL | DCSREAS       | DCSDT
    S1      | Y     |               |
    S2      | Y     | ADVERSE EVENT | 2020-01-15
    S3      | Y     | COMPLETED     | 2020-01-03
    S4      | Y     |               |
    S5      | Y     | DEATH         | 2020-02-05
"""
ADTTE = """
    USUBJID | PARAMCD | STARTDT    | AVALWK | CNSR
    S1      | TTCR    | 2020-01-01 | 1      | 0
    S2      | TTCR    | 2020-01-01 | 1      | 1
    S3      | TTCR    | 2020-01-01 | 3      | 0
    S4      | TTCR    | 2020-01-01 | 4      | 1
    S5      | TTCR    | 2020-01-01 | 9      | 0
"""


def curve(results: pl.DataFrame) -> dict[float, float]:
    points = results.filter((pl.col("STATISTIC") == "incidence") & pl.col("AT").is_not_null())
    return dict(points.select("AT", "VALUE").rows())


@pytest.mark.requirement("P-60", "P-87")
def test_what_comes_first_counts_and_who_ended_treatment_stays_in_the_denominator() -> None:
    """Week 1: 1 of 5 (0.2), 0.8 free; week 2: S2 stops, 0.6 free; week 3: 1 of 3 of the 0.6; S5
    stopped in week 5, before its event in week 9. Kaplan-Meier would go on to 1."""
    results = run(INCIDENCE, made(adsl=ADSL, adtte=ADTTE))
    counts = [value(results, s) for s in ("n", "events", "competing", "censored")]
    assert counts == [5, 2, 2, 1]
    assert curve(results) == pytest.approx({1: 0.2, 2: 0.2, 3: 0.4, 4: 0.4, 5: 0.4}, abs=1e-12)
    assert value(results, "last_incidence") == pytest.approx(0.4, abs=1e-12)
    row = one(results, "last_low")
    assert 0 < row["VALUE"] < 0.4 < value(results, "last_high") < 1
    assert row["METHOD"].startswith("cumulative incidence (Aalen-Johansen), log-log 95 %; interval")


@pytest.mark.parametrize(
    "weeks, first",
    [("2", "events"), ("2.1428571428571428", "competing"), ("1.9", "events")],
)
def test_on_one_day_the_event_itself_came_first(weeks: str, first: str) -> None:
    """The treatment ended on day 15, two weeks after the start."""
    adsl = "USUBJID | SAFFL | DCSREAS | DCSDT\nS1 | Y | DEATH | 2020-01-15"
    times = f"USUBJID | PARAMCD | STARTDT | AVALWK | CNSR\nS1 | TTCR | 2020-01-01 | {weeks} | 0"
    assert value(run(INCIDENCE, made(adsl=adsl, adtte=times)), first) == 1


def test_an_end_before_the_start_of_the_time_does_not_compete() -> None:
    adsl = "USUBJID | SAFFL | DCSREAS | DCSDT\nS1 | Y | DEATH | 2019-12-31"
    times = "USUBJID | PARAMCD | STARTDT | AVALWK | CNSR\nS1 | TTCR | 2020-01-01 | 3 | 1"
    results = run(INCIDENCE, made(adsl=adsl, adtte=times))
    assert [value(results, s) for s in ("n", "competing", "censored")] == [1, 0, 1]


def test_an_end_on_an_unknown_day_leaves_the_subject_out() -> None:
    adsl = ADSL.replace("2020-01-15", "")
    results = run(INCIDENCE, made(adsl=adsl, adtte=ADTTE))
    assert value(results, "n") == 4
    words = "1 with the competing event on a day that is not known: left out; without either event"
    assert one(results, "n")["MISSING"].startswith(words)


@pytest.mark.parametrize(
    ("adsl", "time", "words"),
    [
        ("DEATH | 2020-01-15", " | | ", "without a known start"),
        ("DEATH | 2020-01-15", "2020-01-01 | | 0", "with the event on a day that is not known"),
        (
            "DEATH | 2020-01-15",
            "2020-01-01 | | ",
            "of whom it is not known whether the event happened",
        ),
        (" | ", "2020-01-01 | | 1", "without a known last day"),
        ("DEATH | ", "2020-01-01 | 3 | 1", "with the competing event on a day that is not known"),
    ],
)
def test_why_it_is_not_known_what_came_first_is_said_of_each_kind(
    adsl: str, time: str, words: str
) -> None:
    adsl = f"USUBJID | SAFFL | DCSREAS | DCSDT\nS1 | Y | {adsl}\nS2 | Y | | "
    times = f"""
        USUBJID | PARAMCD | STARTDT    | AVALWK | CNSR
        S1      | TTCR    | {time}
        S2      | TTCR    | 2020-01-01 | 3      | 0
    """
    row = one(run(INCIDENCE, made(adsl=adsl, adtte=times)), "n")
    assert (row["VALUE"], row["MISSING"].split("; ")[0]) == (1, f"1 {words}: left out")


def test_a_competing_event_of_which_it_is_not_known_whether_it_happened_is_said_so() -> None:
    unknown = INCIDENCE | {"competing": "TRTONGFL != 'Y'"}
    adsl = "USUBJID | SAFFL | TRTONGFL | DCSDT\nS1 | Y | | 2020-01-15\nS2 | Y | Y |"
    times = """
        USUBJID | PARAMCD | STARTDT    | AVALWK | CNSR
        S1      | TTCR    | 2020-01-01 | 3      | 1
        S2      | TTCR    | 2020-01-01 | 3      | 1
    """
    row = one(run(unknown, made(adsl=adsl, adtte=times)), "n")
    words = "1 of whom it is not known whether the competing event happened: left out"
    assert (row["VALUE"], row["MISSING"].split("; ")[0]) == (1, words)


def test_without_a_disposition_table_the_competing_event_was_not_collected() -> None:
    (row,) = run(INCIDENCE, made(EVERY_TABLE - {"ds"}, adsl=ADSL, adtte=ADTTE)).rows(named=True)
    assert row["STATUS"] == "not collected"


def test_a_two_stage_design_is_that_of_the_book() -> None:
    """Simon 1989, table 1: p0 0.05, p1 0.25, alpha 0.05, beta 0.2: 0 of 9, then 2 of 17."""
    design = {"kind": "two-stage design", "dataset": "ADSL", "p0": 0.05, "p1": 0.25}
    results = run(design, made(adsl=ADSL))
    assert [value(results, s) for s in ("r1", "n1", "r", "n")] == [0, 9, 2, 17]
    assert value(results, "early_stop") == pytest.approx(0.95**9, abs=1e-12)
    assert one(results, "n1")["METHOD"].startswith("Simon two-stage, optimal; p0 = 0.05, p1 = 0.25")
