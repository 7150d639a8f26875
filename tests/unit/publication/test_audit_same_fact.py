"""The same fact in two places."""

import pytest
from audit_examples import claim, count, found, only, share, statistic

ABSTRACT = {"section": "abstract", "same_fact_as": "R-01"}


def test_two_numbers_of_one_fact_are_asked_about_with_what_goes_with_each() -> None:
    given = [
        count("R-00", 15),
        count("R-01", 6, "cr", sentence=2),
        share("R-02", 40, "cr", "all", sentence=2),
        count("R-03", 7, "cr", sentence=3, same_fact_as="R-01"),
    ]
    finding = only("same_fact", *given)
    assert (finding.verdict, finding.claims) == ("inconsistent", ("R-03", "R-01"))
    assert "R-02 ('40'): 7 of 15 is 46.67 %, which does not print so" in finding.arithmetic
    assert finding.repairs == ("6 also in R-03", "7 also in R-01; R-02 would change too")


def test_two_numbers_that_nobody_linked_are_found_as_well() -> None:
    given = [statistic("R-01", "mean", "2.3"), statistic("R-02", "mean", "2.4", sentence=2)]
    assert only("same_fact", *given).claims == ("R-02", "R-01")


@pytest.mark.parametrize(
    ("other", "verdict"), [("2.3", "fine"), ("2", "fine"), ("3", "inconsistent")]
)
def test_a_number_may_be_printed_less_exactly(other: str, verdict: str) -> None:
    given = [statistic("R-01", "mean", "2.3"), statistic("A-01", "mean", other, **ABSTRACT)]
    assert only("same_fact", *given).verdict == verdict


def test_units_do_not_make_two_facts() -> None:
    months = {"group": "all", "variable": "TRT"}
    given = [
        claim("R-01", "median", value=3, **months),
        claim("A-01", "median", value=13, unit="weeks", **months, **ABSTRACT),
    ]
    assert only("same_fact", *given).verdict == "fine"


def test_a_mean_here_and_a_median_there_is_a_question() -> None:
    given = [statistic("R-01", "median", "15"), statistic("A-01", "mean", "15", **ABSTRACT)]
    assert only("same_fact", *given).verdict == "unexplained"


def test_the_same_share_of_other_subjects_is_not_the_same_fact() -> None:
    given = [
        count("R-00", 15),
        count("R-02", 9, "some"),
        share("R-01", 20, "cr", "all"),
        share("A-01", 20, "cr", "some", **ABSTRACT),
    ]
    assert only("same_fact", *given).verdict == "inconsistent"


def test_the_same_range_of_two_things_is_a_question() -> None:
    given = [
        claim("R-01", "range", group="all", variable="TRT", low=2, high=8),
        claim("A-01", "range", group="all", variable="FUP", low=2, high=8, **ABSTRACT),
    ]
    assert only("same_fact", *given).verdict == "unexplained"


def test_a_limit_goes_with_the_numbers_that_meet_it() -> None:
    half = {"comparator": ">", "printed": "most", "reading": "more than one half", **ABSTRACT}
    for value, verdict in ((60, "fine"), (40, "inconsistent")):
        given = [share("R-01", value, "cr", "all"), share("A-01", 50, "cr", "all", **half)]
        assert only("same_fact", *given).verdict == verdict


def test_a_year_is_a_date_told_less_exactly() -> None:
    begin = {"what": "Begin"}
    given = [
        claim("R-01", "date", value="2010-12", **begin),
        claim("A-01", "date", value="2010", **begin, **ABSTRACT),
    ]
    assert only("same_fact", *given).verdict == "fine"
    given[1]["value"] = "2011"
    assert only("same_fact", *given).verdict == "inconsistent"


def test_a_change_cannot_be_significant_here_and_not_there() -> None:
    change = {"group": "all", "variable": "SCORE", "direction": "decrease"}
    given = [
        claim("R-01", "change", significance="significant", **change),
        claim("A-01", "change", significance="not significant", **change, **ABSTRACT),
    ]
    assert found("same_fact", *given)[0].verdict == "inconsistent"


def test_what_copies_a_number_that_is_asked_about_is_not_called_right() -> None:
    """The SD of 2.96 does not go with a mean of 2.33 of fifteen; 2.97 does."""
    for sd, words in (
        ("2.96", "is itself asked about."),
        ("2.97", "says what R-03 ('2.97') says."),
    ):
        given = [
            count("R-01", 15),
            statistic("R-02", "mean", "2.33"),
            statistic("R-03", "sd", sd),
            statistic("A-01", "sd", sd, section="abstract", same_fact_as="R-03"),
        ]
        finding = only("same_fact", *given)
        assert finding.verdict == "fine"
        assert finding.question.endswith(words)
