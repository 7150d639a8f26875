"""Summaries, changes, comparisons and times to an event, with numbers worked out by hand."""

import math

import pytest
from analysis_examples import made, one, run, subjects, value

from pilotage.statistics.survival import kaplan_meier

SCORES = {"kind": "summary", "dataset": "ADQS", "variable": "AVAL"}


@pytest.mark.requirement("P-70")
def test_a_summary_of_five_values() -> None:
    rows = "USUBJID | AVAL | AVALU\n" + "\n".join(
        f"S{at} | {score} | points" for at, score in enumerate((1, 2, 3, 4, 10, ""), 1)
    )
    results = run(SCORES, made(adsl=subjects(7), adqs=rows))
    assert dict(results.select("STATISTIC", "VALUE").rows()) == pytest.approx(
        {
            "n": 5,
            "mean": 4,
            "sd": math.sqrt(50 / 4),
            "sem": math.sqrt(50 / 4 / 5),
            "median": 3,
            "q1": 2,
            "q3": 4,
            "minimum": 1,
            "maximum": 10,
        },
        abs=1e-12,
    )
    assert set(results["N"]) == {5}
    assert set(results["UNIT"]) == {"points"}
    assert set(results["MISSING"]) == {"2 without a value: left out"}


def test_one_value_has_no_spread() -> None:
    results = run(SCORES, made(adsl=subjects(1), adqs="USUBJID | AVAL\nS1 | 7"))
    assert (value(results, "mean"), value(results, "median"), value(results, "q1")) == (7, 7, 7)
    for statistic in ("sd", "sem"):
        row = one(results, statistic)
        assert (row["VALUE"], row["STATUS"], row["REASON"]) == (
            None, "not computed", "fewer than two values",
        )  # fmt: skip


@pytest.mark.parametrize("by_visit", [False, True])
def test_without_values_there_is_a_count_of_0_and_a_reason(by_visit: bool) -> None:
    results = run({**SCORES, "by_visit": by_visit}, made(adsl=subjects(2)))
    assert value(results, "n") == 0
    assert one(results, "mean")["REASON"] == "no values"


@pytest.mark.requirement("P-84")
def test_by_visit_each_analysis_visit_is_summarised_and_no_other_row() -> None:
    rows = """
        USUBJID | AVISITN | AVISIT   | AVAL
        S1      | 0       | Baseline | 12
        S1      | 2       | Week 2   | 6
        S2      | 2       | Week 2   | 8
        S2      |         |          | 99
    """
    results = run({**SCORES, "by_visit": True}, made(adsl=subjects(2), adqs=rows))
    means = results.filter(results["STATISTIC"] == "mean")
    assert means.select("AVISITN", "AVISIT", "VALUE").rows() == [
        (0, "Baseline", 12),
        (2, "Week 2", 7),
    ]


def test_a_column_of_subjects_has_the_unit_that_is_declared() -> None:
    adsl = "USUBJID | SAFFL | AGE\nS1 | Y | 30"
    results = run({"kind": "summary", "dataset": "ADSL", "variable": "AGE"}, made(adsl=adsl))
    assert set(results["UNIT"]) == {"years"}


@pytest.mark.requirement("P-80")
def test_groups_are_summarised_apart() -> None:
    adsl = "USUBJID | SAFFL | SEX | AGE\nS1 | Y | F | 30\nS2 | Y | F | 50\nS3 | Y | M | 20"
    analysis = {"kind": "summary", "dataset": "ADSL", "variable": "AGE", "by": "SEX"}
    results = run(analysis, made(adsl=adsl))
    assert (value(results, "mean", LEVEL="F"), value(results, "mean", LEVEL="M")) == (40, 20)


# -- change ----------------------------------------------------------------------------------------

CHANGE = {
    "kind": "change",
    "dataset": "ADQS",
    "parameter": "SCORE",
    "week": 2,
    "tests": ["paired_t", "signed_rank_exact", "signed_rank_asymptotic"],
}
PAIRS = """
    USUBJID | PARAMCD | AVISITN | ANL01FL | BASE | AVAL
    S1      | SCORE   | 2       | Y       | 10   | 8
    S2      | SCORE   | 2       | Y       | 9    | 6
    S3      | SCORE   | 2       | Y       | 8    | 7
    S4      | SCORE   | 2       | Y       | 9    | 5
    S4      | SCORE   | 2       |         | 9    | 0
    S4      | SCORE   | 4       | Y       | 9    | 0
    S4      | OTHER   | 2       | Y       | 9    | 0
    S5      | SCORE   | 2       | Y       |      | 5
"""


@pytest.mark.requirement("P-71", "P-84")
def test_a_change_of_four_subjects() -> None:
    """Differences -2 -3 -1 -4: mean -2.5, SD sqrt(5/3); t with 3 degrees of freedom has a closed
    form; of the 16 signs of the ranks two are as extreme."""
    results = run(CHANGE, made(adsl=subjects(6), adqs=PAIRS))
    sd = math.sqrt(5 / 3)
    t = -2.5 / (sd / 2)
    angle = math.atan(t / math.sqrt(3))
    p = 1 - 2 / math.pi * abs(angle + math.sin(angle) * math.cos(angle))
    assert value(results, "n") == 4
    assert value(results, "mean_baseline") == 9
    assert value(results, "mean_visit") == 6.5
    assert value(results, "mean_change") == -2.5
    assert value(results, "sd_change") == pytest.approx(sd, abs=1e-12)
    assert value(results, "p_paired_t") == pytest.approx(p, abs=1e-12)
    assert value(results, "p_signed_rank_exact") == 2 / 16
    half = 3.182446305 * sd / 2
    assert value(results, "mean_change_low") == pytest.approx(-2.5 - half, abs=1e-8)
    assert value(results, "mean_change_high") == pytest.approx(-2.5 + half, abs=1e-8)
    assert set(results["MISSING"]) == {"2 without both values: left out"}
    assert set(results["AVISITN"]) == {2}


@pytest.mark.requirement("P-71")
def test_a_p_value_names_its_test_n_ties_and_zero_rule() -> None:
    rows = PAIRS.replace("S1      | SCORE   | 2       | Y       | 10   | 8", "S1|SCORE|2|Y|8|8")
    rows = rows.replace("S2      | SCORE   | 2       | Y       | 9    | 6", "S2|SCORE|2|Y|9|5")
    results = run(CHANGE, made(adsl=subjects(6), adqs=rows))
    assert one(results, "p_paired_t")["METHOD"] == "paired t; two-sided; n = 4; df = 3"
    assert one(results, "p_signed_rank_exact")["METHOD"] == (
        "Wilcoxon signed-rank, exact; paired; two-sided; n = 4; 2 tied values; "
        "1 zero differences, pratt rule"
    )
    asymptotic = one(results, "p_signed_rank_asymptotic")["METHOD"]
    assert asymptotic.startswith(
        "Wilcoxon signed-rank, asymptotic; paired; two-sided; no continuity correction; n = 4"
    )


@pytest.mark.parametrize("rows", ["USUBJID | AVAL", PAIRS.split("\n    S2")[0]])
def test_without_two_pairs_there_is_no_test_but_a_reason(rows: str) -> None:
    results = run(CHANGE, made(adsl=subjects(2), adqs=rows))
    assert value(results, "n") == rows.count("S1")
    for statistic in ("p_paired_t", "mean_change_low", "sd_change"):
        row = one(results, statistic)
        assert (row["VALUE"], row["STATUS"]) == (None, "not computed")
        assert row["REASON"]


def test_equal_differences_have_no_t_test() -> None:
    rows = "USUBJID|PARAMCD|AVISITN|ANL01FL|BASE|AVAL\nS1|SCORE|2|Y|3|2\nS2|SCORE|2|Y|5|4"
    results = run(CHANGE, made(adsl=subjects(2), adqs=rows))
    assert one(results, "p_paired_t")["REASON"] == "all differences are equal"
    assert value(results, "p_signed_rank_exact") == 2 / 4


BY_VISIT = {key: value for key, value in CHANGE.items() if key != "week"} | {"by_visit": True}
VISITS = """
    USUBJID | PARAMCD | AVISITN | AVISIT   | ANL01FL | ANL02FL | BASE | AVAL | AVALU
    S1      | SCORE   | 0       | Baseline | Y       |         | 10   | 10   | points
    S1      | SCORE   | 2       | Week 2   | Y       |         | 10   | 8    | points
    S1      | SCORE   | 4       | Week 4   | Y       | Y       | 10   | 3    | points
    S2      | SCORE   | 2       | Week 2   | Y       | Y       | 6    | 5    | points
    S2      | SCORE   | 4       | Week 4   | Y       |         | 6    |      | points
"""


@pytest.mark.requirement("P-71", "P-84")
def test_a_change_at_each_visit_after_baseline() -> None:
    results = run(BY_VISIT, made(adsl=subjects(3), adqs=VISITS))
    means = results.filter(results["STATISTIC"] == "mean_change")
    assert means.select("AVISITN", "AVISIT", "VALUE", "N", "UNIT").rows() == [
        (2, "Week 2", -1.5, 2, "points"),
        (4, "Week 4", -7, 1, "points"),
    ]
    assert one(results, "n", AVISITN=4)["MISSING"] == "2 without both values: left out"
    assert one(results, "n", AVISITN=4)["UNIT"] is None
    assert results["RESULTID"].is_unique().all()


def test_a_change_at_each_visit_without_any_is_a_count_of_0() -> None:
    results = run(BY_VISIT, made(adsl=subjects(3)))
    assert (value(results, "n"), one(results, "mean_change")["REASON"]) == (0, "no values")


@pytest.mark.requirement("P-85")
def test_a_change_at_the_one_record_that_has_a_flag() -> None:
    """After the course: S1 in week 4 (-7), S2 in week 2 (-1); of S1 alone by `among`."""
    record = {key: value for key, value in CHANGE.items() if key != "week"}
    record |= {"record": "ANL02FL", "tests": ["paired_t"]}
    adsl = "USUBJID | SAFFL | SEX\nS1 | Y | F\nS2 | Y | M\nS3 | Y | F"
    results = run(record, made(adsl=adsl, adqs=VISITS))
    assert (value(results, "n"), value(results, "mean_change")) == (2, -4)
    # half the distance between -7 and -1
    assert value(results, "sem_change") == pytest.approx(3, abs=1e-12)
    assert one(results, "n")["SOURCES"] == "S1.3 S2.1"
    women = run({**record, "among": "SEX == 'F'"}, made(adsl=adsl, adqs=VISITS))
    assert (value(women, "n"), value(women, "median_change")) == (1, -7)
    assert one(women, "n")["MISSING"] == (
        "1 without both values: left out; 1 not asked (not: SEX is F): left out"
    )


def test_differences_are_those_of_the_decimals_as_written() -> None:
    """1.1 - 0.9 and 0.7 - 0.5 are 0.2 both: a t test of equal differences does not exist."""
    rows = "USUBJID|PARAMCD|AVISITN|ANL01FL|BASE|AVAL\nS1|SCORE|2|Y|0.9|1.1\nS2|SCORE|2|Y|0.5|0.7"
    results = run(CHANGE, made(adsl=subjects(2), adqs=rows))
    assert value(results, "mean_change") == 0.2
    assert value(results, "sd_change") == 0


# -- comparison ------------------------------------------------------------------------------------

COMPARISON = {"kind": "comparison", "dataset": "ADSL", "variable": "AGE", "by": "SEX"}


def groups(*lines: str) -> str:
    return "USUBJID | SAFFL | SEX | AGE\n" + "\n".join(
        f"S{at} | Y | {line}" for at, line in enumerate(lines, 1)
    )


@pytest.mark.requirement("P-71")
def test_two_groups_of_three_that_do_not_overlap() -> None:
    """Of the 20 ways to draw three of six ranks two are as extreme; pooled t = -3 / sqrt(2/3)."""
    adsl = groups("F|1", "F|2", "F|3", "M|4", "M|5", "M|6", "|7", "M|")
    results = run(COMPARISON, made(adsl=adsl))
    exact = one(results, "p_mann_whitney_exact")
    assert exact["VALUE"] == pytest.approx(2 / 20, abs=1e-12)
    assert exact["METHOD"] == (
        "Mann-Whitney, exact; unpaired; two-sided; n = 3 and 3; 0 tied values"
    )
    assert (exact["LEVEL"], exact["N"]) == ("F against M", 6)
    assert exact["MISSING"] == "2 without a group or a value: left out"
    assert exact["SOURCES"] == "S1.1 S2.1 S3.1 S4.1 S5.1 S6.1"
    pooled, welch = value(results, "p_pooled_t"), value(results, "p_welch_t")
    assert pooled == pytest.approx(welch, abs=1e-12)  # equal sizes and equal variances
    # t with 4 degrees of freedom: P = 1 - s (3 - s²)/2 with s = t / sqrt(t² + 4)
    s = math.sqrt(13.5 / 17.5)
    assert pooled == pytest.approx(1 - s * (3 - s * s) / 2, abs=1e-12)


@pytest.mark.parametrize(
    "lines", [("F|1", "F|2"), ("F|1", "M|2", "U|3"), ("|1", "|2"), ("F|", "M|2")]
)
def test_anything_but_two_groups_with_values_cannot_be_compared(lines: tuple[str, ...]) -> None:
    results = run(COMPARISON, made(adsl=groups(*lines)))
    assert set(results["STATUS"]) == {"not computed"}
    assert all("a comparison needs two" in reason for reason in results["REASON"])


# -- time to an event ------------------------------------------------------------------------------

TIME = {"kind": "time to event", "dataset": "ADTTE", "parameter": "TTCR"}
TIMES = """
    USUBJID | PARAMCD | AVALWK | CNSR
    S1      | TTCR    | 1      | 0
    S2      | TTCR    | 2      | 0
    S3      | TTCR    | 2      | 1
    S4      | TTCR    | 3      | 0
    S5      | TTCR    | 4      | 1
    S5      | TTREL   | 9      | 0
"""


def curve(results: object, statistic: str) -> dict[float, float | None]:
    points = results.filter((results["STATISTIC"] == statistic) & results["AT"].is_not_null())  # type: ignore[attr-defined]
    return dict(points.select("AT", "VALUE").rows())


@pytest.mark.requirement("P-60", "P-87")
def test_kaplan_meier_of_five_subjects() -> None:
    """At week 1 one of 5, at week 2 one of 4 (who is censored there is at risk), at 3 one of 2."""
    results = run(TIME, made(adsl=subjects(6), adtte=TIMES))
    assert [value(results, s) for s in ("n", "events", "censored")] == [5, 3, 2]
    survival = {1: 4 / 5, 2: 4 / 5 * 3 / 4, 3: 4 / 5 * 3 / 4 / 2, 4: 4 / 5 * 3 / 4 / 2}
    assert curve(results, "survival") == pytest.approx(survival, abs=1e-12)
    assert value(results, "median", AT=None) == 3
    assert one(results, "median")["UNIT"] == "week"
    assert value(results, "median_among_events") == 2
    assert value(results, "minimum_among_events") == 1
    assert value(results, "maximum_among_events") == 3
    # Greenwood at week 1: variance of log S is 1/(5*4)
    width = 1.959963985 * math.sqrt(1 / 20) / math.log(0.8)
    assert curve(results, "low")[1] == pytest.approx(0.8 ** math.exp(-width), abs=1e-8)
    assert curve(results, "high")[1] == pytest.approx(0.8 ** math.exp(width), abs=1e-8)


def test_why_a_subject_has_no_time_is_said_of_each_kind() -> None:
    rows = """
        USUBJID | PARAMCD | STARTDT    | AVALWK | CNSR
        S1      | TTCR    | 2020-01-01 | 1      | 0
        S2      | TTCR    |            |        |
        S3      | TTCR    |            |        | 0
        S4      | TTCR    | 2020-01-01 |        | 0
        S5      | TTCR    | 2020-01-01 |        |
        S6      | TTCR    | 2020-01-01 |        | 1
    """
    row = one(run(TIME, made(adsl=subjects(6), adtte=rows)), "n")
    assert row["VALUE"] == 1
    assert row["MISSING"] == (
        "2 without a known start: left out; "
        "1 with the event on a day that is not known: left out; "
        "1 of whom it is not known whether the event happened: left out; "
        "1 without a known last day: left out; "
        "without the event: censored at the last assessment with a known score"
    )


def test_a_time_says_that_it_is_interval_censored() -> None:
    results = run(TIME, made(adsl=subjects(6), adtte=TIMES))
    for statistic in ("median", "median_among_events", "survival"):
        found = results.filter(results["STATISTIC"] == statistic)
        assert all("interval-censored" in method for method in found["METHOD"])


def test_the_curve_is_that_of_the_statistics() -> None:
    results = run({**TIME, "interval": "plain", "level": 0.9}, made(adsl=subjects(6), adtte=TIMES))
    found = kaplan_meier([1, 2, 2, 3, 4], [1, 1, 0, 1, 0], level=0.9, interval="plain")
    assert list(curve(results, "survival").values()) == list(found.survival)
    assert list(curve(results, "low").values()) == list(found.low)
    assert list(curve(results, "high").values()) == list(found.high)
    at_risk = results.filter(results["STATISTIC"] == "survival")["N"].to_list()
    assert at_risk == list(found.at_risk) == [5, 4, 2, 1]


def test_a_median_that_is_not_reached_says_so() -> None:
    rows = "USUBJID | PARAMCD | AVALWK | CNSR\nS1 | TTCR | 1 | 0\nS2 | TTCR | 5 | 1\nS3|TTCR|6|1"
    results = run(TIME, made(adsl=subjects(3), adtte=rows))
    assert one(results, "median")["REASON"] == "not reached"
    assert value(results, "median_among_events") == 1


def test_without_an_event_there_is_no_median_among_events() -> None:
    results = run(TIME, made(adsl=subjects(1), adtte=TIMES.replace("| 0", "| 1")))
    assert value(results, "events") == 0
    assert one(results, "median_among_events")["REASON"] == "no subject with the event"


def test_nobody_at_risk_is_a_count_of_0_and_a_reason() -> None:
    scores = "USUBJID | PARAMCD | AVAL\nS1 | CLASIACT | 5"
    results = run(TIME, made(adsl=subjects(2), adqs=scores))
    assert [value(results, s) for s in ("n", "events", "censored")] == [0, 0, 0]
    for statistic in ("median", "median_low", "median_high"):
        assert one(results, statistic)["REASON"] == "no subjects"


@pytest.mark.requirement("P-87")
def test_times_are_told_by_group() -> None:
    adsl = "USUBJID | SAFFL | SUBTYPE\nS1|Y|DLE\nS2|Y|DLE\nS3|Y|LEP\nS4|Y|LEP\nS5|Y|LEP"
    results = run({**TIME, "by": "SUBTYPE"}, made(adsl=adsl, adtte=TIMES))
    assert (value(results, "events", LEVEL="DLE"), value(results, "events", LEVEL="LEP")) == (2, 1)
    assert results["RESULTID"].is_unique().all()
