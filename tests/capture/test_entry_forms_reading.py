"""What is typed becomes an answer as it stands, or is asked again; nothing is ever guessed."""

import pytest

from pilotage.capture.entry_forms import Field, FormPage, Option, read_posted
from pilotage.capture.entry_forms.dates import date_mistake
from pilotage.capture.entry_forms.reading import without_value
from pilotage.forms.answer import Answer

COUNT = Field(
    "count", "Count", "number", units=("10*9/L", "/uL"), unit="10*9/L", analyte="NEUT"
)  # fmt: skip
WEIGHT = Field("weight", "Weight", "number", units=("kg",), unit="kg")
PAIR = Field("pair", "Pair", "integer")
SEX = Field("sex", "Sex", "choice", options=(Option("F", "female"), Option("M", "male")))
SEEN = Field("seen", "Seen", "date", required=True)
LEARNT = Field("learnt", "Learnt", "datetime")
NOTE = Field("note", "Note", "text")
PERCENT = Field("percent", "Percent", "points", low=0, high=100)
PAGE = FormPage("form", "Form", False, (COUNT, WEIGHT, PAIR, SEX, SEEN, LEARNT, NOTE, PERCENT))


def read(**typed: str) -> dict[str, Answer]:
    """The answers to what was typed, which must be free of mistakes."""
    answers, mistakes = read_posted(PAGE, posted(typed))
    assert mistakes == ()
    return {item: answer for item, answer in answers.items() if answer != Answer()}


def wrong(**typed: str) -> str:
    """What is said about it, in one line."""
    _answers, mistakes = read_posted(PAGE, posted(typed))
    return " ".join(mistake.message for mistake in mistakes)


def posted(typed: dict[str, str]) -> dict[str, str]:
    return {f"i-{name.replace('__', '-')}": value for name, value in typed.items()}


def test_nothing_posted_is_nothing_answered():
    answers, mistakes = read_posted(PAGE, {})
    assert set(answers.values()) == {Answer()}
    assert list(answers) == [field.item for field in PAGE.fields]
    assert mistakes == ()


@pytest.mark.parametrize("text", ["70", "70.5", "0", "-1.5", "1e3", ".5", "70.500"])
def test_a_plain_number_stays_as_it_was_typed(text):
    assert read(weight=f"  {text} ") == {"weight": Answer(text, unit="kg")}


@pytest.mark.parametrize(
    "text, hint",
    [
        ("1,5", "such as 1.5"),
        ("1 190", "read in two ways: write 1190"),
        ("1,190", "read in two ways: write 1190"),
        ("1.190.000", "read in two ways: write 1190000"),
        ("٣", "not a number"),
        ("３", "not a number"),
        ("1_0", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1e999", "not a number"),
        ("70 kg", "not a number"),
        ("= 70", "not a number"),
        ("<70", "not a number"),
    ],
)
def test_what_is_no_plain_number_is_asked_again(text, hint):
    assert hint in wrong(weight=text)


def test_a_count_of_single_cells_with_three_decimals_is_asked_again():
    assert "read in two ways: write 1190" in wrong(count="1.190", count__unit="/uL")
    assert read(count="1.190", count__unit="10*9/L")["count"].value == "1.190"


def test_one_of_several_units_is_chosen_never_assumed():
    assert "Choose the unit" in wrong(count="5")
    assert "Choose the unit" in wrong(count="5", count__unit="mg/dL")
    assert read(count="5000", count__unit="/uL") == {"count": Answer("5000", unit="/uL")}


def test_a_unit_without_a_value_is_no_answer():
    assert read(count__unit="/uL") == {}


def test_limits_of_normal_stand_beside_a_value():
    given = {"count": "5", "count__unit": "10*9/L", "count__low": "2", "count__high": "7.5"}
    assert read(**given) == {"count": Answer("5", unit="10*9/L", low="2", high="7.5")}
    assert "without a value" in wrong(count__low="2")
    assert "Limit of normal" in wrong(**(given | {"count__high": "7,5"}))
    assert "longer than 40" in wrong(**(given | {"count__high": "7." + "5" * 40}))


@pytest.mark.parametrize("text", ["<0.5", "> 100", "≤3"])
def test_a_bound_is_kept_when_the_laboratory_reported_it_so(text):
    given = {"count": text, "count__unit": "10*9/L"}
    assert "as reported" in wrong(**given)
    assert read(**given, count__reported="1")["count"].value == text


def test_a_bound_is_not_taken_for_what_no_laboratory_reports():
    assert "not a number" in wrong(weight="<70", weight__reported="1")


def test_a_whole_number_has_no_decimals():
    assert "not a whole number" in wrong(pair="1.5")
    assert read(pair="1.0") == {"pair": Answer("1.0")}


@pytest.mark.parametrize("text", ["101", "-1", "50.5"])
def test_points_are_those_that_the_instrument_allows(text):
    assert wrong(percent=text)
    assert read(percent="100") == {"percent": Answer("100")}


def test_a_choice_is_one_of_those_offered():
    assert read(sex="F") == {"sex": Answer("F")}
    assert "none of the answers" in wrong(sex="f")


@pytest.mark.parametrize("text", ["2009", "2009-03", "2009-03-14"])
def test_a_day_is_written_as_far_as_it_is_known(text):
    assert read(seen=text) == {"seen": Answer(text)}


@pytest.mark.parametrize(
    "text, hint",
    [
        ("14/03/2009", "more than one way"),
        ("3.4.09", "more than one way"),
        ("2009-02-31", "no day of the calendar"),
        ("2009-13", "no day of the calendar"),
        ("1809-03-14", "no day of the calendar"),
        ("2009-3-14", "not a date"),
        ("20090314", "not a date"),
        ("٢٠٠٩", "not a date"),
        ("2009-03-14T09:30", "not a date"),
        ("today", "not a date"),
    ],
)
def test_what_is_no_day_is_asked_again(text, hint):
    assert hint in date_mistake(text)


@pytest.mark.parametrize(
    "typed, kept",
    [("2009-03-14T09:30", "2009-03-14T09:30"), ("2009-03-14 09:30", "2009-03-14T09:30"),
     ("2009-03-14", "2009-03-14"), ("2009", "2009")],
)  # fmt: skip
def test_a_moment_is_written_as_far_as_it_is_known(typed, kept):
    assert read(learnt=typed) == {"learnt": Answer(kept)}


def test_a_moment_that_no_clock_shows_is_asked_again():
    assert "no day of the calendar" in wrong(learnt="2009-03-14T25:00")


def test_a_text_keeps_its_lines_and_no_control_characters():
    assert read(note=" first\r\nsecond ") == {"note": Answer("first\nsecond")}
    assert "cannot be kept" in wrong(note="a\x00b")
    assert "longer than" in wrong(note="a" * 4001)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "Ångström 🙂", "NULL"])
def test_a_text_is_kept_whatever_it_says(text):
    assert read(note=text) == {"note": Answer(text)}


def test_a_question_without_value_says_why():
    assert "Say in a few words" in wrong(seen__missing="unknown")
    assert "Say in a few words" in wrong(note__missing="not done")
    given = read(seen__missing="unknown", seen__why="the file is lost", note__missing="unknown")
    assert given["seen"] == Answer(missing="unknown", why="the file is lost")
    assert given["note"] == Answer(missing="unknown")


def test_a_value_and_a_reason_for_none_contradict_each_other():
    assert "keep one of the two" in wrong(weight="70", weight__missing="not done", weight__why="x")


def test_a_word_for_missing_that_nobody_knows_is_no_answer():
    assert read(note__missing="broken", note__why="x") == {}


def test_an_answer_can_be_taken_back():
    assert read(sex="F", sex__clear="1") == {}


def test_the_rest_of_a_form_gets_one_word_and_one_reason():
    answers, _ = read_posted(PAGE, posted({"weight": "70"}))
    filled, problem = without_value(
        answers, frozenset({"weight", "sex"}), word="not done", why="scales broken"
    )
    assert problem == ""
    assert filled["weight"] == Answer("70", unit="kg")
    assert filled["sex"] == Answer(missing="not done", why="scales broken")
    assert filled["note"] == Answer()  # not asked
    assert without_value(answers, frozenset({"sex"}), word="not done", why="")[1]
    assert without_value(answers, frozenset({"sex"}), word="", why="x")[1]
