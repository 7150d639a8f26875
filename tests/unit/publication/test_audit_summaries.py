"""Means, SDs, medians, ranges, changes and dates in small papers."""

import pytest
from audit_examples import audited, claim, count, found, only, statistic

SCORE = {"group": "all", "variable": "SCORE"}


def ranged(name: str, low: float, high: float, **said: object) -> dict[str, object]:
    return claim(name, "range", low=low, high=high, **{**SCORE, **said})


# -- means and SDs ---------------------------------------------------------------------------------


def test_a_mean_that_no_group_of_any_size_has_is_impossible() -> None:
    finding = only("grim", count("R-01", 15), statistic("R-02", "mean", "3.26"))
    assert (finding.verdict, finding.claims) == ("impossible", ("R-02", "R-01"))
    assert finding.arithmetic == (
        "15 × 3.26 = 48.90, which lies between the sums 48 and 49",
        "48 / 15 = 3.2000",
        "49 / 15 = 3.2667",
        "nor have fewer than 15: no number from 1 to 14 has such a mean",
    )
    assert "3.27 instead of 3.26 (a sum of 49, one digit apart)" in finding.repairs
    assert "3.26 is 49 / 15 with its further decimals cut off" in finding.repairs


def test_a_mean_that_a_smaller_group_has_is_inconsistent_with_the_size() -> None:
    finding = only("grim", count("R-01", 15), statistic("R-02", "mean", "3.08"))
    assert finding.verdict == "inconsistent"
    assert "a mean of 12 or 13 values instead of 15" in finding.repairs


def test_a_mean_of_nobody_in_particular_asks_of_how_many() -> None:
    given = statistic("R-02", "mean", "3.08", group="not stated")
    finding = only("grim", count("R-01", 15), given)
    assert finding.verdict == "unexplained"
    assert finding.repairs == ("a mean of 12", "a mean of 13")


def test_an_sd_beside_its_mean_and_the_ways_in_which_it_could_be() -> None:
    given = [statistic("R-02", "mean", "2.33"), statistic("R-03", "sd", "2.96")]
    finding = only("grimmer", count("R-01", 15), *given)
    assert finding.verdict == "inconsistent"
    assert "the sum 35 is odd, so the sum of squares must be odd too" in finding.arithmetic
    assert finding.repairs[0].startswith("2.97 instead of 2.96: a sum of 35 and squares of 205")
    assert any("sample SD with its further decimals cut off" in each for each in finding.repairs)
    assert any("population SD rounded" in each for each in finding.repairs)


def test_a_standard_error_is_not_taken_for_an_sd() -> None:
    """1, 2 and 3: a mean of 2, an SD of 1, a standard error of 0.58."""
    given = [count("R-01", 3), statistic("R-02", "mean", "2.00")]
    assert only("grimmer", *given, statistic("R-03", "sem", "0.58")).verdict == "fine"
    wrong = only("grimmer", *given, statistic("R-03", "sd", "0.58"))
    assert any("a standard error rounded" in each for each in wrong.repairs) or (
        wrong.verdict == "fine"
    )


def test_values_of_zero_and_one_are_debit() -> None:
    yes = {"variable": "YES"}
    given = [count("R-01", 20), statistic("R-02", "mean", "0.35", **yes)]
    assert only("debit", *given, statistic("R-03", "sd", "0.49", **yes)).verdict == "fine"
    assert only("debit", *given, statistic("R-03", "sd", "0.18", **yes)).verdict != "fine"


# -- medians and ranges ----------------------------------------------------------------------------


def test_the_median_of_two_is_the_middle_of_their_range() -> None:
    given = [count("R-01", 2), ranged("R-02", 4, 12)]
    assert only("summary", *given, statistic("R-03", "median", "8")).verdict == "fine"
    finding = only("summary", *given, statistic("R-03", "median", "6"))
    assert finding.verdict == "inconsistent"
    assert finding.arithmetic == ("two subjects: (4 + 12) / 2 = 8, and 6 is printed",)
    assert finding.repairs[:2] == ("a median of 8", "three subjects or more, not two")


@pytest.mark.parametrize(
    ("n", "median", "verdict"),
    [(15, "4.5", "inconsistent"), (14, "4.5", "fine"), (14, "4.3", "inconsistent")],
)
def test_the_median_of_an_odd_number_of_scores_is_one_of_them(
    n: int, median: str, verdict: str
) -> None:
    given = [count("R-01", n), ranged("R-02", 0, 12), statistic("R-03", "median", median)]
    assert only("summary", *given).verdict == verdict


@pytest.mark.parametrize(("kind", "value"), [("median", "13"), ("mean", "13"), ("mean", "1.1")])
def test_a_median_and_a_mean_lie_within_what_the_range_allows(kind: str, value: str) -> None:
    """Of three from 1 to 12 the mean is at least (1 + 1 + 12) / 3."""
    given = [count("R-01", 3), ranged("R-02", 1, 12), statistic("R-03", kind, value)]
    assert found("summary", *given)[0].verdict == "inconsistent"


@pytest.mark.parametrize(
    ("sd", "verdict"), [("6.0", "fine"), ("6.9", "inconsistent"), ("1.0", "inconsistent")]
)
def test_an_sd_lies_between_what_a_range_allows(sd: str, verdict: str) -> None:
    """Of ten from 0 to 12: at most 6 × √(10 / 9), at least 12 / √18."""
    given = [count("R-01", 10), ranged("R-02", 0, 12), statistic("R-03", "sd", sd)]
    assert only("summary", *given).verdict == verdict


def test_quartiles_lie_around_the_median_and_within_the_range() -> None:
    given = [count("R-01", 20), statistic("R-02", "median", "6"), ranged("R-03", 1, 12)]
    quartiles = {"group": "all", "variable": "SCORE"}
    fine = found("summary", *given, claim("R-04", "quartiles", low=4, high=9, **quartiles))
    assert {each.verdict for each in fine} == {"fine"}
    wrong = found("summary", *given, claim("R-04", "quartiles", low=8, high=9, **quartiles))
    assert wrong[0].claims == ("R-04", "R-02")


def test_nothing_lies_outside_of_the_scale() -> None:
    finding = found("summary", count("R-01", 9), statistic("R-02", "mean", "21.3"))[0]
    assert (finding.verdict, finding.claims) == ("impossible", ("R-02",))


# -- ranges of a part and of the whole -------------------------------------------------------------

SUBJECT = {"subject_3": {"label": "Number 3", "subset_of": "all", "subject": "3"}}


def test_a_range_holds_those_within_it_in_whatever_unit() -> None:
    whole = claim("R-02", "range", group="all", variable="TRT", low=3, high=30)
    one = {"group": "subject_3", "variable": "TRT", "unit": "weeks"}
    given = [count("R-01", 15), whole]
    short = found("summary", *given, claim("R-03", "value", value=1, **one), groups=SUBJECT)
    assert (short[0].verdict, short[0].claims) == ("inconsistent", ("R-02", "R-03"))
    assert short[0].arithmetic[1].endswith("0.23 months")
    long = found("summary", *given, claim("R-03", "value", value=20, **one), groups=SUBJECT)
    assert {each.verdict for each in long} == {"fine"}


def test_a_limit_of_inclusion_holds_for_the_ages() -> None:
    adult = claim("R-02", "threshold", role="inclusion", variable="AGE", comparator=">", value=18)
    ages = {"variable": "AGE", "sentence": 2}
    assert only("summary", adult, ranged("R-03", 28, 53, **ages)).verdict == "fine"
    assert only("summary", adult, ranged("R-03", 12, 53, **ages)).verdict == "inconsistent"


# -- changes ---------------------------------------------------------------------------------------


def test_a_rise_has_the_larger_mean_after_and_significance_the_smaller_p() -> None:
    change = {"group": "all", "variable": "SCORE", "since": "baseline", "at": "week_8"}
    given = [
        statistic("R-01", "mean", "4.0", at="baseline"),
        statistic("R-02", "mean", "6.0", at="week_8"),
        claim("R-03", "p_value", value=0.2, printed="0.2", test="other", **change),
    ]
    said = claim("R-04", "change", direction="decrease", significance="significant", **change)
    verdicts = {each.check: each.verdict for each in audited(*given, said).findings}
    assert verdicts == {"summary": "inconsistent", "p_value": "inconsistent"}


# -- dates -----------------------------------------------------------------------------------------

BEGIN = {"what": "Begin", "group": "all", "variable": "FUP", "value": "2009-01"}


def test_the_earliest_end_says_which_rounding_is_behind_it() -> None:
    begin = claim("R-02", "date", printed="January 2009", **BEGIN)
    follow_up = claim("R-01", "range", group="all", variable="FUP", low=7, high=30)
    assert only("date", follow_up, begin).arithmetic[0] == (
        "R-02 ('January 2009') + 30 months = June 2011 at the earliest: "
        "1 January 2009 + 29.5 months, the least that is rounded to 30"
    )


def dated(high: float, **paper: str) -> list[str]:
    follow_up = claim("R-01", "range", group="all", variable="FUP", low=7, high=high)
    begin = claim("R-02", "date", printed="January 2009", **BEGIN)
    return [each.verdict for each in found("date", follow_up, begin, **paper)]


def test_follow_up_ends_before_the_paper_appears() -> None:
    assert dated(30, citation="J 2012;1:1") == ["fine"]
    assert dated(30, citation="J 2010;1:1") == ["inconsistent"]
    assert dated(30, citation="no year") == []


def test_the_end_of_recruitment_comes_after_its_begin() -> None:
    begin = claim("R-01", "date", printed="January 2009", **BEGIN)
    end = {**BEGIN, "value": "2008-12", "end": "last", "printed": "December 2008"}
    assert only("date", begin, claim("R-02", "date", **end)).verdict == "inconsistent"


def test_nobody_is_treated_for_longer_than_anybody_is_followed() -> None:
    follow_up = claim("R-01", "range", group="all", variable="FUP", low=7, high=30)
    treatment = claim("R-02", "range", group="all", variable="TRT", low=3, high=36)
    assert only("date", follow_up, treatment).claims == ("R-02", "R-01")


def test_at_a_time_to_which_not_all_were_followed_it_is_asked_of_how_many() -> None:
    given = [
        count("R-01", 15),
        claim("R-02", "range", group="all", variable="FUP", low=7, high=30),
        statistic("R-03", "mean", "3.0", at="year"),
    ]
    finding = only("denominator", *given)
    assert (finding.verdict, finding.claims) == ("unexplained", ("R-03", "R-02"))
