"""The manual of conditions: which mistakes are found against the names that a study declares."""

import pytest

from pilotage.conditions import Variable, check, parse

STUDY = {
    "SCORE": Variable("number", "points", 0, 70, label="disease score"),
    "SCORE.PCHG": Variable("number", "%", -100, None, label="change of the disease score"),
    "SCORE.BASE": Variable("number", "points", 0, 70, label="disease score at baseline"),
    "WEIGHT": Variable("number", "kg", None, 300, label="weight"),
    "AGE": Variable("number", label="age"),
    "SEX": Variable("text", choices=("F", "M", "U"), label="sex"),
    "GRADE_TEXT": Variable("text", choices=("1", "2"), label="grade"),
    "REMARK": Variable("text", label="remark"),
    "CONSENT_DATE": Variable("date", label="date of consent"),
}


def mistakes(text):
    return check(parse(text), STUDY)


@pytest.mark.parametrize(
    "text",
    [
        "SCORE == 0",
        "SCORE == 70",
        "0 <= SCORE",
        "SCORE < SCORE.BASE",
        "SCORE.PCHG <= 1000",
        "WEIGHT > -5",
        "AGE > 1000",
        "SCORE between 70 and 70",
        "SEX in ('F', 'M')",
        "SEX != 'U'",
        "'F' == SEX",
        "REMARK == 'anything at all'",
        "REMARK != SEX",
        "CONSENT_DATE is missing",
        "CONSENT_DATE is not missing and SCORE == 0",
    ],
)
def test_a_condition_that_fits_the_study_has_no_mistake(text):
    assert mistakes(text) == []


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "SCORE.PCGH <= -50",
            "uses 'SCORE.PCGH', which this study does not declare; did you mean 'SCORE.PCHG'?",
        ),
        ("score > 1", "uses 'score', which this study does not declare; did you mean 'SCORE'?"),
        ("TEMP > 38", "uses 'TEMP', which this study does not declare"),
        (
            "SCORES is missing",
            "uses 'SCORES', which this study does not declare; did you mean 'SCORE'?",
        ),
        ("SEX == F", "uses 'F', which this study does not declare; a text stands in quotes: 'F'"),
        (
            "SEX == 'f'",
            "compares SEX with 'f', which is not one of its choices (F, M, U); did you mean 'F'?",
        ),
        (
            "SEX in ('F', 'other')",
            "compares SEX with 'other', which is not one of its choices (F, M, U)",
        ),
        ("SCORE == 'high'", "compares SCORE, which is a number, with the text 'high'"),
        (
            "'5' < SCORE",
            "compares SCORE, which is a number, with the text '5'; a number stands without quotes",
        ),
        ("SEX == 3", "compares SEX, which is a text, with the number 3"),
        (
            "GRADE_TEXT == 2",
            "compares GRADE_TEXT, which is a text, with the number 2; a text stands in quotes: '2'",
        ),
        ("SEX in (1)", "compares SEX, which is a text, with the number 1"),
        ("SEX == SCORE", "compares SEX, which is a text, with SCORE, which is a number"),
        ("SEX between 1 and 2", "compares SEX, which is a text, with the number 1"),
        (
            "SCORE > 71",
            "compares SCORE with 71, which is outside its range (0 to 70 points)",
        ),
        (
            "SCORE between -1 and 5",
            "compares SCORE with -1, which is outside its range (0 to 70 points)",
        ),
        (
            "SCORE.PCHG == -101",
            "compares SCORE.PCHG with -101, which is outside its range (at least -100 %)",
        ),
        (
            "300.5 < WEIGHT",
            "compares WEIGHT with 300.5, which is outside its range (at most 300 kg)",
        ),
        (
            "SCORE between 5 and 2",
            "asks for SCORE between 5 and 2, which nothing can be; write SCORE between 2 and 5",
        ),
        (
            "SEX < 'M'",
            "orders texts: SEX < 'M'; texts can only be compared with == and !=",
        ),
        (
            "SEX >= REMARK",
            "orders texts: SEX >= REMARK; texts can only be compared with == and !=",
        ),
        (
            "CONSENT_DATE == '2012-12-19'",
            "compares CONSENT_DATE, which is a date; dates can only be used with 'is missing'",
        ),
        (
            "SCORE < WEIGHT",
            "compares SCORE in points with WEIGHT in kg; the units differ",
        ),
    ],
)
def test_a_mistake_and_its_message(text, message):
    assert message in mistakes(text)


def test_all_mistakes_are_found_in_the_order_of_the_text():
    text = "not (TEMP > 38 or SEX == 'X') and (SCORE == 99 or CONSENT_DATE in ('a'))"
    assert [message.split(",")[0] for message in mistakes(text)] == [
        "uses 'TEMP'",
        "compares SEX with 'X'",
        "compares SCORE with 99",
        "compares CONSENT_DATE",
    ]


def test_the_same_mistake_is_told_once():
    assert len(mistakes("TEMP > 38 or TEMP > 39 or TEMP is missing")) == 1


def test_a_long_list_of_choices_is_cut_short():
    study = {"SITE": Variable("text", choices=tuple(f"site {n}" for n in range(1, 41)))}
    (message,) = check(parse("SITE == 'nowhere'"), study)
    assert "(site 1, site 2," in message
    assert "site 8, … 40 in all)" in message
    assert "site 9," not in message
