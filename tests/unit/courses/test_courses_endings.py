"""Why an invented subject stops: by the code that the study has for it, never by another reason."""

from pathlib import Path

import pytest
from cohort_examples import nature, study

from pilotage.conditions import Condition, names_in
from pilotage.courses import cohort_tables, load_nature
from pilotage.courses.endings import reason_of_dosing, reason_of_rule
from pilotage.rules import Decision
from pilotage.study import Study, load_study, new_study
from pilotage.study.protocol import text_of


def stopped(of: Study, why: str, **inputs: float | None) -> str:
    found = {name.replace("_", "."): value for name, value in inputs.items()}
    return reason_of_rule(of.protocol, Decision("stop", why, inputs=found))


def with_codes(folder: Path, codes: str) -> Study:
    """The study of the template with these codes for its end."""
    made = new_study(folder / "study")
    (made / "codelists/end.yaml").write_text(codes)
    return load_study(made)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(new_study(tmp_path_factory.mktemp("template") / "study"))


def test_every_row_that_stops_treatment_has_its_code_in_the_list_of_the_study() -> None:
    found = []
    for row in study().protocol.stopping.rows:
        assert isinstance(row.when, Condition)
        inputs = dict.fromkeys(names_in(row.when), 1)
        found.append(
            reason_of_rule(study().protocol, Decision("stop", text_of(row.why), inputs=inputs))
        )
    assert found == [
        *["MYELOSUPPRESSION"] * 4, "WITHDRAWAL OF CONSENT", "PREGNANCY",
        "LIFE-THREATENING COMPLICATION", "SEVERE SYSTEMIC FLARE", "PHYSICIAN DECISION",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "code"),
    [
        ("pregnancy", "PREGNANCY"),
        ("suspected pregnancy", "PREGNANCY"),
        ("no pregnancy test for four weeks", "OTHER"),
        ("Serious adverse event, any relation", "ADVERSE EVENT"),
        ("The wish of the subject", "WITHDRAWAL BY SUBJECT"),
        ("a subject's wish", "OTHER"),
        ("risk of death", "OTHER"),  # whoever died needs no rule
        ("course completed", "OTHER"),  # an early stop is no completion
        ("thoughts of suicide", "OTHER"),
        ("lack of efficacy or an adverse event", "OTHER"),  # of two reasons none is known
    ],
)
def test_a_row_whose_words_are_no_code_stops_for_another_reason(
    template: Study, why: str, code: str
) -> None:
    assert stopped(template, why) == code


def test_a_number_of_the_laboratory_that_stops_treatment_is_an_adverse_event(
    template: Study,
) -> None:
    assert stopped(template, "too few", NEUT_GRADE=3) == "ADVERSE EVENT"
    assert stopped(template, "too few", NEUT=0.9) == "ADVERSE EVENT"
    assert stopped(template, "too high", SCORE=9) == "OTHER"
    assert stopped(template, "no blood count", NEUT=None) == "OTHER"
    assert (
        reason_of_rule(template.protocol, Decision("stop", "too old", inputs={"NEUT.AGE_DAYS": 40}))
        == "OTHER"
    )


def test_a_list_without_a_code_that_fits_gets_none_that_does_not(tmp_path: Path) -> None:
    few = with_codes(tmp_path, "COMPLETED: done\nLOST TO FOLLOW-UP: lost\n")
    assert stopped(few, "too few", NEUT_GRADE=3) == "OTHER"
    assert stopped(few, "pregnancy") == "OTHER"


def test_the_code_for_other_reasons_is_the_study_s_own(tmp_path: Path) -> None:
    own = with_codes(tmp_path, "COMPLETED: done\nSONSTIGE: Other reason\n")
    assert stopped(own, "thoughts of suicide") == "SONSTIGE"


def test_a_stop_by_the_table_of_doses_is_a_lack_of_efficacy_unless_its_words_say_otherwise(
    template: Study,
) -> None:
    for why, code in (("no better after a year", "LACK OF EFFICACY"), ("pregnancy", "PREGNANCY")):
        assert reason_of_dosing(template.protocol, Decision("stop", why)) == code


def test_a_cohort_writes_a_withdrawn_consent_as_that() -> None:
    name = "stopping_review.consent_withdrawn"
    comes = {**nature().occurrences}
    comes[name] = comes[name].model_copy(update={"true_per_week": 0.2})
    often = load_nature(study()).model_copy(update={"occurrences": comes, "events": ()})
    ends = cohort_tables(study(), often, seed=2, subjects=4)["ds"]
    assert set(ends["DSDECOD"]) == {"WITHDRAWAL OF CONSENT"}
    assert set(ends["DSTERM"]) == {"Withdrawal of consent"}
