"""A question is asked unless it is known to be out of place; what fails a check is asked about."""

from datetime import date
from pathlib import Path

import pytest

from pilotage.capture.entry_forms import (
    asked,
    fields_of,
    findings,
    known_of,
    laboratory_results,
    open_items,
    score_of,
)
from pilotage.capture.entry_forms.checks import forms_to_check
from pilotage.capture.entry_forms.unit_words import unit_words
from pilotage.forms.answer import Answer
from pilotage.study import Study, load_study

SMALL = load_study(Path(__file__).parents[1] / "small_study")
BUILT_IN = load_study("lenalidomide_cle")
DAY = date(2026, 1, 31)


def answers(**values: str | Answer) -> dict[str, Answer]:
    return {k: v if isinstance(v, Answer) else Answer(v) for k, v in values.items()}


def said(study: Study, form: str, given: dict[str, Answer], **known) -> dict[str, str]:
    """The words of each finding, by its id."""
    return {f.id: f.message for f in findings(study, form, given, known, today=DAY)}


# -- which questions are asked ---------------------------------------------------------------------


@pytest.mark.parametrize("sex, is_asked", [("F", True), ("M", False), (None, True)])
def test_a_question_is_hidden_only_when_it_is_known_to_be_out_of_place(sex, is_asked):
    page = fields_of(SMALL, "history")
    known = {} if sex is None else {"demography.sex": sex}
    assert ("pregnant" in asked(page, {}, known)) is is_asked


def test_the_answers_of_the_page_go_before_those_of_before():
    page = fields_of(BUILT_IN, "diagnosis")
    before = {"diagnosis.subtype": "DLE"}
    assert "dle_extent" in asked(page, {}, {})
    assert "dle_extent" in asked(page, answers(subtype="DLE"), {})
    assert "dle_extent" not in asked(page, answers(subtype="SCLE"), before)
    # an answer that was taken back is unknown again, whatever stood there before
    assert "dle_extent" in asked(page, {}, {"diagnosis.subtype": "SCLE"})


def test_age_and_sex_are_known_from_demography():
    filled = [("demography", answers(age=Answer("44", unit="years"), sex="M"))]
    known = known_of(BUILT_IN, filled)
    assert (known["AGE"], known["SEX"]) == (44, "M")
    page = fields_of(BUILT_IN, "childbearing")
    assert "potential" not in asked(page, {}, known)
    assert "potential" in asked(page, {}, {})


def test_the_last_value_of_a_name_counts():
    filled = [
        ("demography", answers(sex="F")),
        ("blood_count", answers(neut=Answer("1500", unit="/uL"))),
        ("blood_count", answers(neut=Answer("3", unit="10*9/L"))),
        ("no_such_form", answers(sex="M")),
    ]
    known = known_of(SMALL, filled)
    assert known["blood_count.neut"] == known["NEUT"] == 3
    assert known["demography.sex"] == "F"
    assert known_of(SMALL, filled[:2])["NEUT"] == 1.5


def test_a_score_is_known_by_the_name_of_its_parameter():
    page = fields_of(BUILT_IN, "body_surface")
    given = answers(**{field.item: "50" for field in page.fields})
    known = known_of(BUILT_IN, [("body_surface", given)])
    assert known["BSA"] == known["body_surface.bsa"] == 50


def test_a_form_is_complete_when_no_required_question_is_open():
    page = fields_of(SMALL, "demography")
    assert open_items(page, {}, {}) == ("age", "sex", "consent")
    lost = Answer(missing="unknown", why="no record")
    assert open_items(page, answers(age=Answer("44"), sex="F", consent=lost), {}) == ()


def test_an_item_that_no_score_needs_is_not_open():
    page = fields_of(BUILT_IN, "clasi")
    none = answers(**{field.item: "0" for field in page.fields if field.item != "dysdur"})
    assert open_items(page, none, {}) == ()
    some = none | answers(dysears="1")
    assert open_items(page, some, {}) == ("dysdur",)


# -- the live score --------------------------------------------------------------------------------


def test_the_live_score_is_that_of_the_instrument_or_names_what_is_open():
    page = fields_of(BUILT_IN, "clasi")
    given = answers(**{field.item: "1" for field in page.fields})
    given["scrscalp"] = Answer("3")
    totals = {score.code: score.total for score in score_of(page, given)}
    assert totals == {"CLASIACT": 29, "CLASIDAM": 41, "CLASISKN": 26}
    del given["eryscalp"]
    activity = score_of(page, given)[0]
    assert (activity.total, activity.open_items) == (None, ("eryscalp",))
    assert activity.open_labels == ("Erythema: scalp",)


@pytest.mark.parametrize("text", ["4", "1.5", "x", "<1"])
def test_a_value_that_the_instrument_does_not_allow_is_open(text):
    page = fields_of(BUILT_IN, "clasi")
    given = answers(**{field.item: "0" for field in page.fields}) | answers(eryears=text)
    assert score_of(page, given)[0].open_items == ("eryears",)


def test_a_form_without_instrument_has_no_score():
    assert score_of(fields_of(SMALL, "demography"), {}) == ()


# -- what is asked about the answers ---------------------------------------------------------------


def test_a_value_outside_its_range_is_asked_about_in_words():
    given = answers(neut=Answer("250000", unit="/uL"))
    assert said(SMALL, "blood_count", given)["blood_count.neut.range"] == (
        "Neutrophils is 250000 /µL, outside the expected 0 to 100 10⁹/L: are value and unit right?"
    )
    assert said(SMALL, "blood_count", answers(neut=Answer("49", unit="10*9/L"))) == {}


def test_a_check_that_fails_says_what_was_expected_and_from_where():
    given = answers(neut=Answer("60", unit="10*9/L"))
    [found] = findings(SMALL, "blood_count", given, {})
    assert found.id == "blood_count.check.1"
    assert found.items == ("neut",)
    assert found.source == "P-41"
    assert found.message == (
        "Neutrophils above 50 are rare; confirm value and unit. "
        "Expected: Neutrophils is at most 50 × 10⁹/L."
    )


def test_a_check_is_silent_while_it_cannot_be_known():
    assert said(SMALL, "blood_count", {}) == {}
    assert said(SMALL, "blood_count", answers(neut=Answer("60"))) == {}  # no unit: no value
    reported = Answer(">60", unit="10*9/L")
    assert said(SMALL, "blood_count", answers(neut=reported)) == {}


def test_a_check_across_forms_knows_the_other_form():
    given = answers(sle="yes")
    assert "diagnosis.check.1" in said(BUILT_IN, "diagnosis", given, **{"acr.acrsle": 0})
    assert "diagnosis.check.1" not in said(BUILT_IN, "diagnosis", given, **{"acr.acrsle": 1})
    assert "diagnosis.check.1" not in said(BUILT_IN, "diagnosis", given)
    assert forms_to_check(BUILT_IN, "acr") == ("diagnosis",)


def test_an_answer_to_a_question_that_is_not_asked_is_asked_about():
    found = said(SMALL, "history", answers(pregnant="yes"), **{"demography.sex": "M"})
    assert list(found) == ["history.pregnant.unasked"]


@pytest.mark.parametrize("day, asks", [("2026-02-01", True), ("2026-01-31", False),
                                       ("2026", False), ("2027", True)])  # fmt: skip
def test_a_day_in_the_future_is_asked_about(day, asks):
    found = said(SMALL, "demography", answers(consent=day))
    assert ("demography.consent.future" in found) is asks


@pytest.mark.parametrize(
    "start, end, asks",
    [
        ("2026-01-05", "2026-01-04", True),
        ("2026-01-05", "2026-01-05", False),
        ("2026-01-05", "2026-01", False),  # it may lie after
        ("2026-01-05", "2025", True),
        ("2026-01-05", "", False),
    ],
)
def test_an_end_that_certainly_lies_before_its_beginning_is_asked_about(start, end, asks):
    found = said(SMALL, "adverse_events", answers(start=start, end=end))
    assert ("adverse_events.end.order" in found) is asks


def test_limits_the_wrong_way_round_and_parts_of_a_cell_are_asked_about():
    turned = answers(neut=Answer("5", unit="10*9/L", low="7", high="2"))
    assert list(said(SMALL, "blood_count", turned)) == ["blood_count.neut.limits"]
    parts = answers(neut=Answer("1.5", unit="/uL"))
    assert "blood_count.neut.unit" in said(SMALL, "blood_count", parts)


# -- laboratory results after saving ---------------------------------------------------------------


def result(study: Study = SMALL, form: str = "blood_count", **given: Answer):
    [found] = laboratory_results(study, fields_of(study, form), given).values()
    return found.value, found.flag, found.grade, found.highest


@pytest.mark.parametrize(
    "answer, expected",
    [
        (Answer("0.9", unit="10*9/L", low="2", high="7"), (0.9, "low", 3, 3)),
        (Answer("900", unit="/uL", low="2000", high="7000"), (0.9, "low", 3, 3)),
        (Answer("3", unit="10*9/L", low="2", high="7"), (3, "normal", 0, 0)),
        (Answer("8", unit="10*9/L", low="2", high="7"), (8, "high", 0, 0)),
        (Answer("1.6", unit="10*9/L"), (1.6, None, None, 1)),  # grade 1 or none: needs a limit
        (Answer("<0.5", unit="10*9/L"), (None, None, None, None)),
    ],
)
def test_a_result_has_the_flag_and_the_grade_of_the_datasets(answer, expected):
    assert result(neut=answer) == expected


def test_lines_without_an_answer_have_no_result():
    page = fields_of(SMALL, "blood_count")
    assert laboratory_results(SMALL, page, {}) == {}
    assert laboratory_results(SMALL, page, {"neut": Answer(missing="not done", why="x")}) == {}


@pytest.mark.parametrize(
    "unit, words",
    [("10*9/L", "10⁹/L"), ("mm[Hg]", "mmHg"), ("Cel", "°C"), ("g/(24.h)", "g/24 h"),
     ("umol/L", "µmol/L"), ("mL/min/{1.73_m2}", "mL/min/1.73 m²"), ("/uL", "/µL"), ("kg", "kg")],
)  # fmt: skip
def test_units_are_shown_as_they_are_written_at_the_bedside(unit, words):
    assert unit_words(unit) == words
