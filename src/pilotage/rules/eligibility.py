"""Eligibility: all of the inclusion criteria, none of the exclusion criteria."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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


def in_common(
    every: Sequence[tuple[CriterionAnswer, ...]],
) -> tuple[CriterionAnswer, ...]:
    """What the same criteria say whichever of the answers is the right one. Where they differ, what
    they rest on is not known."""
    return tuple(_in_common(answers) for answers in zip(*every, strict=True))


def _in_common(answers: tuple[CriterionAnswer, ...]) -> CriterionAnswer:
    first = answers[0]
    if all(each.passed is first.passed for each in answers):
        missing = dict.fromkeys(name for each in answers for name in each.missing)
        return replace(first, missing=tuple(missing))
    differing = [
        name for name in first.inputs
        if any(each.inputs.get(name) != first.inputs[name] for each in answers)
    ]  # fmt: skip
    return replace(first, passed=None, missing=tuple(differing))


def _answer(criterion: Criterion, kind: Kind, state: State) -> CriterionAnswer:
    if not isinstance(criterion.when, Condition):
        return CriterionAnswer(criterion, kind, None)
    answer = holds(criterion.when, state)
    inputs = {name: state.get(name) for name in names_in(criterion.when)}
    if answer is None:
        missing = unknown_names(criterion.when, state)
        return CriterionAnswer(criterion, kind, None, inputs, missing)
    return CriterionAnswer(criterion, kind, answer is (kind == "inclusion"), inputs)
