"""What a synthetic subject brings along: demography, and the answers that it gives once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pilotage.conditions import Condition, holds
from pilotage.courses.chance import choose, draw
from pilotage.courses.nature import Demography, Nature
from pilotage.datasets.facts import Target, read_target
from pilotage.rules import Value
from pilotage.study.protocol import Protocol

YES_NO = {"Y": "yes", "N": "no"}
"""The answer to an item as SDTM keeps it, and as conditions say it."""
RECORDED = {said: recorded for recorded, said in YES_NO.items()}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an item of a form: as conditions say it, and as its place in SDTM keeps it."""

    form: str
    item: str
    value: Value
    target: Target
    recorded: str | int

    @property
    def name(self) -> str:
        return f"{self.form}.{self.item}"


def as_recorded(nature: Nature, protocol: Protocol) -> Nature:
    """The same nature with each yes and no as SDTM keeps it; the file may say either."""

    def recorded(name: str, answer: str) -> str:
        form, _, code = name.partition(".")
        is_yes_no = protocol.forms[form].items[code].type == "yes_no"
        return RECORDED.get(answer, answer) if is_yes_no else answer

    facts = dict[str, dict[str, float]]()
    for name, choices in nature.facts.items():
        found = facts.setdefault(name, {})
        for answer, share in choices.items():
            kept = recorded(name, answer)
            found[kept] = found.get(kept, 0.0) + share
    occurrences = {
        name: each.model_copy(
            update={
                "answer": recorded(name, each.answer),
                "otherwise": recorded(name, each.otherwise),
            }
        )
        for name, each in nature.occurrences.items()
    }
    return nature.model_copy(update={"facts": facts, "occurrences": occurrences})


def demography(people: Demography, random: np.random.Generator) -> dict[str, str | int]:
    """The columns of DM that a person brings along."""
    found: dict[str, str | int] = {
        "AGE": round(draw(people.age, random)),
        "AGEU": "YEARS",
        "SEX": choose(people.sex, random),
    }
    if people.race:
        found["RACE"] = choose(people.race, random)
    return found


def history(
    protocol: Protocol,
    nature: Nature,
    person: Mapping[str, str | int],
    random: np.random.Generator,
) -> list[Answer]:
    """An answer to each item that the nature describes; an item that is asked only on a condition
    is left out where the condition is not known to hold."""
    drawn: dict[str, str | int] = {
        **{name: choose(choices, random) for name, choices in nature.facts.items()},
        **{name: round(draw(spread, random)) for name, spread in nature.quantities.items()},
    }
    known, answers = dict(person_answers(protocol, person)), list[Answer]()
    known |= dict.fromkeys(_sex_names(protocol), person["SEX"])
    for name, recorded in drawn.items():
        form, _, code = name.partition(".")
        item = protocol.forms[form].items[code]
        if isinstance(item.when, Condition) and not holds(item.when, known):
            continue
        value = YES_NO.get(str(recorded), recorded) if item.type == "yes_no" else recorded
        known[name] = value
        answers.append(Answer(form, code, value, read_target(item.target), recorded))
    return answers


def person_answers(
    protocol: Protocol, person: Mapping[str, str | int]
) -> Iterator[tuple[str, Value]]:
    """The items that live in DM, answered by what the person brings along."""
    for name, form in protocol.forms.items():
        for code, item in form.items.items():
            value = person.get(item.target.removeprefix("DM."))
            if value is not None:
                yield f"{name}.{code}", value


def _sex_names(protocol: Protocol) -> Iterator[str]:
    return (name for name, state in protocol.state.items() if state.derivation == "sex")
