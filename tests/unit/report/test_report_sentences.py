"""Sentences of the results: each number is a result, a zero has its bound, a gap says why."""

from dataclasses import replace
from typing import Any

import pytest
from report_examples import context, result, template

from pilotage.report.sentences import results_text, sentence
from pilotage.study.results_text import ResultsText
from pilotage.study.sap import Output


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
        "Seen in 0/15 (0 %; up to 21.8 %)."
    )


@pytest.mark.parametrize(
    ("events", "unknown", "shown"),
    [
        (2, 0, "2/15 (13 %)"),
        (2, 1, "2/15 (13 %; 1 not known)"),
        (0, 0, "0/15 (0 %; up to 21.8 %)"),
        (0, 3, "0/15 (0 %; up to 21.8 %; 3 not known)"),
    ],
)
def test_subjects_of_whom_it_is_not_known_are_told_where_there_are_any(say, events, unknown, shown):
    open_answers = result("unknown", unknown, 15, analysis="RESPONSE")
    found = (count(events), open_answers, *BOUNDS)
    assert say("Seen in {RESPONSE.SAFFL.count:share}.", *found) == f"Seen in {shown}."


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


# -- visits with a small P value, and how intervals are made ---------------------------------------
@pytest.fixture
def visited(tmp_path, small):
    """The study with a change at each visit, in sentences."""
    study = template(tmp_path, ("sap.yaml", "    week: 8\n", "    by_visit: true\n"))

    def said(text: str, *p_values: float | None) -> str:
        rows = []
        for place, p in enumerate(p_values, 1):
            own = {"analysis": "SCORE_CHANGE", "avisitn": 4 * place, "avisit": f"Week {4 * place}"}
            rows.append(result("mean_change", -0.5 * place, 9, **own))
            rows.append(result("p_paired_t", p, 9, reason="all differences are equal", **own))
        told = sentence(context(study, small, *rows), text).text
        return told.replace("\u00a0", " ")

    return said


@pytest.mark.requirement("P-66", "P-87")
@pytest.mark.parametrize(
    ("p_values", "shown"),
    [
        (
            (0.041, 0.5, 0.00004),
            "week 4 (−0.5, P = 0.041, n = 9), week 12 (−1.5, P <0.0001, n = 9)",
        ),
        ((0.05, 0.0501), "no visit"),
        ((0.0499,), "week 4 (−0.5, P = 0.0499, n = 9)"),
        ((None, 0.2), "no visit"),
        ((None, None), "[no result]"),
    ],
)
def test_the_visits_with_a_p_value_below_the_significance_level_are_named(visited, p_values, shown):
    said = visited("Changed at {SCORE_CHANGE.SAFFL.significant}.", *p_values)
    if shown.startswith("["):
        assert "no result" in said
    else:
        assert said == f"Changed at {shown}."


def test_such_a_sentence_names_every_p_value_it_looked_at(tmp_path, small):
    study = template(tmp_path, ("sap.yaml", "    week: 8\n", "    by_visit: true\n"))
    rows = [result("p_paired_t", 0.5, 9, analysis="SCORE_CHANGE", avisitn=week) for week in (4, 8)]
    cell = sentence(context(study, small, *rows), "At {SCORE_CHANGE.SAFFL.significant}.")
    assert cell.results == (
        "SCORE_CHANGE/SAFFL/-/4/p_paired_t",
        "SCORE_CHANGE/SAFFL/-/8/p_paired_t",
    )


def notes_of(folder, small, text: str, *found: dict[str, Any], by_visit: bool = False) -> set[str]:
    edits = [("sap.yaml", "    week: 8\n", "    by_visit: true\n")] if by_visit else []
    study = template(folder, *edits)
    section = {"title": "Results", "sentences": [{"text": text, "source": "P-50"}]}
    told = ResultsText.model_validate({"pilotage": 1, "sections": [section]})
    made = context(replace(study, results_text=told), small, *found)
    plan = Output(id="S1", kind="text", layout="results text", title="Results", source="P-50")
    return {note.text for note in results_text(plan, made).notes}


@pytest.mark.requirement("P-86", "P-87")
def test_the_text_says_once_how_its_intervals_are_made(tmp_path, small):
    text = "{RESPONSE.SAFFL.count:share}, {RESPONSE.SAFFL.interval}, {SCORE_CHANGE.SAFFL.interval}."
    assert notes_of(tmp_path, small, text, count(3), *BOUNDS) == {
        "Intervals: proportions exact (Clopper-Pearson); mean changes by paired t."
    }


def test_the_text_says_what_stands_beside_a_zero_where_there_is_one(tmp_path, small):
    for events, words in (
        (0, {"Up to: the upper end of the 95 % interval of a zero."}),
        (1, set()),
    ):
        (folder := tmp_path / str(events)).mkdir()
        notes = notes_of(folder, small, "{RESPONSE.SAFFL.count:share}.", count(events), *BOUNDS)
        assert {note for note in notes if note.startswith("Up to")} == words
        assert ("Intervals: exact (Clopper-Pearson)." in notes) == (events == 0)


def test_the_text_says_which_level_and_test_its_visits_are_held_to(tmp_path, small):
    notes = notes_of(tmp_path, small, "At {SCORE_CHANGE.SAFFL.significant}.", by_visit=True)
    assert notes == {
        "Visits are compared with baseline one by one at the significance level of 0.05, paired t, "
        "two-sided, without correction for their number."
    }
