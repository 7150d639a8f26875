"""Eligibility: all of the inclusion criteria, none of the exclusion criteria."""

from typing import Any

import pytest

from pilotage.rules import State, check_eligibility, eligible
from pilotage.rules.eligibility import in_common
from pilotage.study import load_study
from pilotage.study.protocol import Eligibility


def criterion(code: str, when: str) -> dict[str, Any]:
    return {"id": code, "when": when, "why": f"why {code}", "source": "P-1"}


def eligibility(inclusion: str, exclusion: str) -> Eligibility:
    return Eligibility.model_validate(
        {"inclusion": [criterion("IN01", inclusion)], "exclusion": [criterion("EX01", exclusion)]}
    )


BOTH = eligibility("SCORE >= 4", "NEUT < 1.5")


@pytest.mark.parametrize(
    "state, passed, enters",
    [
        ({"SCORE": 4, "NEUT": 1.5}, [True, True], True),
        ({"SCORE": 3.9, "NEUT": 1.5}, [False, True], False),
        ({"SCORE": 4, "NEUT": 1.4}, [True, False], False),
        ({"SCORE": 4}, [True, None], None),
        ({"NEUT": 1.5}, [None, True], None),
        ({"NEUT": 1.4}, [None, False], False),
        ({}, [None, None], None),
    ],
)
def test_one_criterion_that_is_not_passed_settles_it_whatever_else_is_unknown(
    state: State, passed: list[bool | None], enters: bool | None
) -> None:
    answers = check_eligibility(BOTH, state)
    assert [answer.passed for answer in answers] == passed
    assert eligible(answers) is enters


def test_each_answer_names_its_criterion_its_inputs_and_what_is_missing() -> None:
    inclusion, exclusion = check_eligibility(BOTH, {"SCORE": 5})
    assert (inclusion.criterion.id, inclusion.kind, inclusion.inputs) == (
        "IN01", "inclusion", {"SCORE": 5}
    )  # fmt: skip
    assert (exclusion.criterion.id, exclusion.kind, exclusion.missing) == (
        "EX01", "exclusion", ("NEUT",)
    )  # fmt: skip


def common(*states: State) -> tuple[bool | None, State, tuple[str, ...]]:
    """What a criterion about two names says whichever of the states is the right one."""
    both = eligibility("SCORE >= 4 and NEUT >= 1.5", "SCORE > 9")
    found, _ = in_common([check_eligibility(both, state) for state in states])
    return found.passed, found.inputs, found.missing


def test_where_answers_differ_only_the_inputs_that_differ_are_missing() -> None:
    fits, does_not = {"SCORE": 4, "NEUT": 2}, {"SCORE": 3, "NEUT": 2}
    assert common(fits, does_not) == (None, fits, ("SCORE",))
    assert common(fits, fits, {"SCORE": 4, "NEUT": 1}) == (None, fits, ("NEUT",))


def test_where_answers_agree_the_inputs_are_those_of_the_first() -> None:
    first = {"SCORE": 4, "NEUT": 2}
    assert common(first, {"SCORE": 5, "NEUT": 2}, {"SCORE": 6, "NEUT": 2}) == (True, first, ())
    assert common({"NEUT": 2}, {"SCORE": 5}) == (
        None, {"NEUT": 2, "SCORE": None}, ("SCORE", "NEUT"),
    )  # fmt: skip


def test_a_criterion_that_the_protocol_does_not_state_is_unknown() -> None:
    answers = check_eligibility(eligibility("not stated", "NEUT < 1.5"), {"NEUT": 2})
    assert [answer.passed for answer in answers] == [None, True]
    assert eligible(answers) is None


@pytest.mark.requirement("P-15")
@pytest.mark.parametrize(
    "surface, taken, severe, no_effect, passed",
    [
        (18, "no", None, None, False),
        (18.1, "no", None, None, True),
        (5, "yes", "no", "no", False),
        (5, "yes", "yes", "no", True),
        (5, "yes", "no", "yes", True),
        (None, "yes", "yes", None, True),
        (None, "no", None, None, None),
    ],
)
def test_one_of_three_reasons_lets_a_subject_into_the_built_in_study(
    surface: float | None, taken: str, severe: str | None, no_effect: str | None, passed: bool
) -> None:
    state: State = {
        "BSA": surface,
        "prior_treatment.thalidomide": taken,
        "prior_treatment.thalidomide_severe": severe,
        "prior_treatment.thalidomide_no_effect": no_effect,
    }
    answers = check_eligibility(load_study("lenalidomide_cle").protocol.eligibility, state)
    (found,) = [answer for answer in answers if answer.criterion.id == "IN06"]
    assert found.passed is passed
