"""Eligibility: all of the inclusion criteria, none of the exclusion criteria."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pilotage.conditions import Condition, Value, holds, names_in, unknown_names
from pilotage.rules.decide import State
from pilotage.study.protocol import Criterion, Eligibility

Kind = Literal["inclusion", "exclusion"]


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    """What a criterion says of one subject.

    `passed`: may the subject enter as far as this criterion goes? An inclusion criterion must hold,
    an exclusion criterion must not; None where that is unknown, for want of the `missing` names or
    because the protocol does not state the condition. `inputs` are the values that it used.
    """

    criterion: Criterion
    kind: Kind
    passed: bool | None
    inputs: Mapping[str, Value] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def check_eligibility(eligibility: Eligibility, state: State) -> tuple[CriterionAnswer, ...]:
    """The answer of every criterion, inclusion first, in the order of the protocol. Never raises
    for missing data."""
    return (
        *(_answer(criterion, "inclusion", state) for criterion in eligibility.inclusion),
        *(_answer(criterion, "exclusion", state) for criterion in eligibility.exclusion),
    )


def eligible(answers: Iterable[CriterionAnswer]) -> bool | None:
    """May the subject enter? One criterion that is not passed settles it, whatever else is unknown;
    None where nothing speaks against it and something is unknown."""
    passed = [answer.passed for answer in answers]
    if False in passed:
        return False
    return None if None in passed else True


def _answer(criterion: Criterion, kind: Kind, state: State) -> CriterionAnswer:
    if not isinstance(criterion.when, Condition):
        return CriterionAnswer(criterion, kind, None)
    answer = holds(criterion.when, state)
    inputs = {name: state.get(name) for name in names_in(criterion.when)}
    if answer is None:
        missing = unknown_names(criterion.when, state)
        return CriterionAnswer(criterion, kind, None, inputs, missing)
    return CriterionAnswer(criterion, kind, answer is (kind == "inclusion"), inputs)
