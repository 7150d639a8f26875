"""Sentences of the results: each number is a result, a zero has its bound, a gap says why."""

from typing import Any

import pytest
from report_examples import context, result

from pilotage.report.sentences import sentence


def rows(*found: dict[str, Any], **shared: Any) -> list[dict[str, Any]]:
    return [{**row, **{key.upper(): value for key, value in shared.items()}} for row in found]


def count(value: float | None, n: int = 15, **more: Any) -> dict[str, Any]:
    return result("count", value, n, analysis="RESPONSE", **more)


BOUNDS = (
    result("clopper_pearson_low", 0.0, 15, analysis="RESPONSE"),
    result("clopper_pearson_high", 0.218019, 15, analysis="RESPONSE"),
)


@pytest.fixture
def say(study, small):
    def said(template: str, *found: dict[str, Any]) -> str:
        return sentence(context(study, small, *found), template).text.replace("\u00a0", " ")

    return said


@pytest.mark.requirement("P-87")
def test_a_sentence_shows_results_in_the_form_it_asks_for(say):
    found = (count(12), *BOUNDS, result("proportion", 0.8, 15, analysis="RESPONSE"))
    assert say("{RESPONSE.SAFFL.count} of {RESPONSE.SAFFL.n} responded.", *found) == (
        "12 of 15 responded."
    )
    assert say("{RESPONSE.SAFFL.count:share} responded.", *found) == "12/15 (80 %) responded."
    assert say("Rate {RESPONSE.SAFFL.proportion}.", *found) == "Rate 80.0 %."
    assert say("{RESPONSE.SAFFL.level} interval {RESPONSE.SAFFL.interval}.", *found) == (
        "95 % interval 0.0 to 21.8 %."
    )


@pytest.mark.requirement("P-87")
def test_a_zero_carries_its_exact_upper_bound(say):
    assert say("Seen in {RESPONSE.SAFFL.count:share}.", count(0), *BOUNDS) == (
        "Seen in 0/15 (0 %; exact 95 % interval up to 21.8 %)."
    )


def test_a_number_other_than_zero_has_no_bound_of_its_own(say):
    assert say("Seen in {RESPONSE.SAFFL.count:share}.", count(1), *BOUNDS) == "Seen in 1/15 (7 %)."


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0 subjects"), (1, "1 subject"), (2, "2 subjects")]
)
def test_a_noun_goes_with_its_number(say, value, words):
    assert say("{RESPONSE.SAFFL.count|subject|subjects}.", count(value)) == f"{words}."


def test_the_cell_of_a_sentence_names_every_result_it_shows(study, small):
    cell = sentence(
        context(study, small, count(0), *BOUNDS), "Seen in {RESPONSE.SAFFL.count:share}."
    )
    assert cell.results == (
        "RESPONSE/SAFFL/-/-/count", "RESPONSE/SAFFL/-/-/clopper_pearson_high",
    )  # fmt: skip


# -- other kinds of analysis -----------------------------------------------------------------------
def change(statistic: str, value: float | None, **more: Any) -> dict[str, Any]:
    return result(statistic, value, 14, analysis="SCORE_CHANGE", avisitn=8, avisit="Week 8", **more)


def test_a_change_is_told_with_its_visit_interval_and_test(say):
    found = (
        change("n", 14), change("mean_change", -4.36), change("mean_change_low", -6.25),
        change("mean_change_high", -2.5), change("p_paired_t", 0.00021),
    )  # fmt: skip
    told = say(
        "At {SCORE_CHANGE.SAFFL.visit}: {SCORE_CHANGE.SAFFL.mean_change:2} "
        "({SCORE_CHANGE.SAFFL.interval}; P = {SCORE_CHANGE.SAFFL.p_paired_t}).",
        *found,
    )
    assert told == "At week 8: −4.36 (−6.3 to −2.5; P = 0.0002)."


def test_a_range_of_one_value_is_that_value(say):
    found = [result(name, 6.0, 1, analysis="AGE") for name in ("minimum", "maximum")]
    assert say("Age {AGE.SAFFL.range:0}.", *found) == "Age 6."


def test_categories_are_told_in_the_order_of_the_study_those_that_somebody_is_in(say):
    found = [
        result("count M", 1.0, 3, analysis="SEX"),
        result("count F", 2.0, 3, analysis="SEX"),
        result("count U", 0.0, 3, analysis="SEX"),
    ]
    assert say("Sex: {SEX.SAFFL.counts}.", *found) == "Sex: female 2/3 (67 %), male 1/3 (33 %)."


def test_each_lists_the_terms_that_somebody_had(say):
    found = [
        result("subjects", value, 3, analysis="EVENTS", level=term, text=term)
        for term, value in (("any", 2.0), ("HEADACHE", 1.0), ("NAUSEA", 0.0), ("RASH", 2.0))
    ]
    assert say("Events: {EVENTS.SAFFL.each.subjects:share}.", *found) == (
        "Events: HEADACHE 1/3 (33 %), RASH 2/3 (67 %)."
    )


# -- what there is not -----------------------------------------------------------------------------
def test_a_sentence_without_any_result_is_its_subject_and_the_reason(say):
    gone = count(None, status="not collected", reason="the snapshot has no table qs")
    assert say("Seen in {RESPONSE.SAFFL.count:share} of them.", gone) == (
        "Complete response by week 8: not collected (the snapshot has no table qs)."
    )


def test_a_gap_beside_a_number_says_so_in_its_place_and_why_behind(say):
    gone = result("mean", None, 0, analysis="AGE", reason="no value")
    assert say("{RESPONSE.SAFFL.count:share}, mean age {AGE.SAFFL.mean}.", count(3), gone) == (
        "3/15 (20 %), mean age [no result]. (Not shown: no value.)"
    )


def test_a_result_that_the_data_cannot_have_is_no_hole(say):
    assert say("Seen in {RESPONSE.SAFFL.count:share}.") == "Seen in [no result]."


def test_a_label_begins_small_inside_a_sentence_unless_it_is_a_name(say):
    assert say("{label RESPONSE} and {label RESPONSE}.") == (
        "Complete response by week 8 and complete response by week 8."
    )


def test_no_line_can_end_before_a_per_cent_sign(study, small):
    cell = sentence(context(study, small, count(3)), "{RESPONSE.SAFFL.count:share}.")
    assert "20\u00a0%" in cell.text
