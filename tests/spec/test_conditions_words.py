"""The manual of conditions: how they read in words, in each language."""

from string import Formatter

import pytest

from pilotage.conditions import Variable, describe, parse
from pilotage.conditions.describe import MESSAGES

ENGLISH = {
    "CLASIACT": Variable("number", label="CLASI activity"),
    "NEUT": Variable("number", "10*9/L", label="neutrophil count"),
    "NEUT.GRADE": Variable("number", "1", label="neutrophil grade"),
    "SCORE.PCHG": Variable("number", "%", label="change of the score"),
    "SLEDAI": Variable("number", "{score}", label="SLEDAI"),
    "SLEDAI.BASE": Variable("number", "{score}", label="SLEDAI at baseline"),
    "RESPONSE": Variable("text", label="response"),
    "STEP": Variable("text", label="dose step"),
    "SEX": Variable("text", label="sex"),
    "CONSENT": Variable("date", label="date of consent"),
}


@pytest.mark.parametrize(
    "text, words",
    [
        ("CLASIACT == 0", "CLASI activity is 0"),
        ("NEUT.GRADE >= 3", "neutrophil grade is at least 3"),
        ("RESPONSE != 'NR'", "response is not NR"),
        ("NEUT < 1.5", "neutrophil count is below 1.5 × 10⁹/L"),
        ("SCORE.PCHG <= -50", "change of the score is at most -50 %"),
        ("SLEDAI > 12", "SLEDAI is above 12"),
        ("12 < SLEDAI", "SLEDAI is above 12"),
        ("12 >= SLEDAI", "SLEDAI is at most 12"),
        ("SLEDAI == SLEDAI.BASE", "SLEDAI is the same as SLEDAI at baseline"),
        ("SLEDAI > SLEDAI.BASE", "SLEDAI is above SLEDAI at baseline"),
        ("NEUT between 1 and 1.5", "neutrophil count is from 1 to 1.5 × 10⁹/L"),
        ("STEP == '5 mg QD'", "dose step is 5 mg QD"),
        ("STEP == 'stop, then wait'", "dose step is “stop, then wait”"),
        ("STEP == ''", "dose step is “”"),
        ("SEX in ('F', 'U')", "sex is one of (F, U)"),
        ("SEX in ('F')", "sex is F"),
        ("SEX not in ('F', 'U')", "sex is none of (F, U)"),
        ("SEX not in ('F')", "sex is not F"),
        ("CONSENT is missing", "date of consent is missing"),
        ("CONSENT is not missing", "date of consent is not missing"),
        ("UNHEARD_OF == 1", "UNHEARD_OF is 1"),
    ],
)
def test_a_condition_in_english(text, words):
    assert describe(parse(text), ENGLISH) == words


@pytest.mark.parametrize(
    "text, words",
    [
        ("SEX == 'F' and SLEDAI > 4", "sex is F and SLEDAI is above 4"),
        ("SEX == 'F' and SLEDAI > 4 or CLASIACT == 0",
         "(sex is F and SLEDAI is above 4) or CLASI activity is 0"),
        ("SEX == 'F' and (SLEDAI > 4 or CLASIACT == 0)",
         "sex is F and (SLEDAI is above 4 or CLASI activity is 0)"),
        ("(SEX == 'F' and SLEDAI > 4) and CLASIACT == 0",
         "sex is F and SLEDAI is above 4 and CLASI activity is 0"),
    ],
)  # fmt: skip
def test_brackets_stand_where_and_and_or_meet(text, words):
    assert describe(parse(text), ENGLISH) == words


@pytest.mark.parametrize(
    "text, words",
    [
        ("not SLEDAI > 4", "SLEDAI is at most 4"),
        ("not SLEDAI == 4", "SLEDAI is not 4"),
        ("not 4 <= SLEDAI", "SLEDAI is below 4"),
        ("not SLEDAI between 4 and 6", "SLEDAI is not from 4 to 6"),
        ("not not SEX == 'F'", "sex is F"),
        ("not SEX not in ('F', 'M')", "sex is one of (F, M)"),
        ("not (SEX == 'F' or SLEDAI > 4)", "sex is not F and SLEDAI is at most 4"),
        ("CONSENT is missing or not (SEX == 'F' or SLEDAI > 4)",
         "date of consent is missing or (sex is not F and SLEDAI is at most 4)"),
    ],
)  # fmt: skip
def test_not_is_said_by_the_words_of_the_contrary(text, words):
    assert describe(parse(text), ENGLISH) == words


SPANISH = {
    "CLASIACT": Variable("number", label="actividad CLASI"),
    "NEUT": Variable("number", "10*9/L", label="recuento de neutrófilos"),
    "NEUT.GRADE": Variable("number", label="grado de neutropenia"),
    "SEX": Variable("text", label="sexo"),
    "CONSENT": Variable("date", label="fecha de consentimiento"),
}


@pytest.mark.parametrize(
    "text, words",
    [
        ("CLASIACT == 0", "actividad CLASI es 0"),
        ("NEUT.GRADE >= 3", "grado de neutropenia es como mínimo 3"),
        ("NEUT < 1.5", "recuento de neutrófilos es inferior a 1,5 × 10⁹/L"),
        ("NEUT between 1 and 1.5",
         "recuento de neutrófilos está entre 1 y 1,5 × 10⁹/L, ambos incluidos"),
        ("SEX not in ('F', 'M')", "sexo no es ninguno de (F, M)"),
        ("CONSENT is missing", "fecha de consentimiento no consta"),
        ("CONSENT is not missing and SEX == 'F'", "fecha de consentimiento consta y sexo es F"),
        ("SEX == 'F' or SEX == 'non, binary'", "sexo es F o sexo es «non, binary»"),
    ],
)  # fmt: skip
def test_a_condition_in_spanish(text, words):
    assert describe(parse(text), SPANISH, language="es") == words
    assert describe(parse(text), SPANISH, language="es-ES") == words


def test_a_language_without_catalogue_is_answered_in_english():
    assert describe(parse("CLASIACT == 0"), ENGLISH, language="ca") == "CLASI activity is 0"


def test_a_label_with_braces_stands_as_it_is():
    study = {"SCORE": Variable("number", label="{name} of {0}")}
    assert describe(parse("SCORE == 0"), study) == "{name} of {0} is 0"


@pytest.mark.parametrize("language", MESSAGES)
def test_every_catalogue_says_the_same_messages_with_the_same_places(language):
    def places(catalogue):
        return {
            key: sorted(field for _, field, _, _ in Formatter().parse(message) if field)
            for key, message in catalogue.items()
        }

    assert places(MESSAGES[language]) == places(MESSAGES["en"])
