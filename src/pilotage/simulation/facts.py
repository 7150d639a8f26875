"""What a virtual subject answers: drawn once, or waited for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pilotage.conditions import Condition
from pilotage.courses.history import YES_NO
from pilotage.courses.nature import Choices, Nature, Spread
from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Protocol

OF_PERSON = {"DM.AGE": "AGE", "DM.SEX": "SEX", "DM.RACE": "RACE"}


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer that a subject gives to an item of a form whenever the form is filled, or once at
    consent (`form` None). `spread`: a number is drawn; else one of `choices`. `per_week`: none is
    drawn, the first of `choices` is given until the second comes, at this chance in a week."""

    name: str
    form: str | None
    choices: Mapping[str, float]
    spread: Spread | None = None
    when: Condition | None = None
    per_week: float | None = None

    @property
    def comes(self) -> bool:
        """May the answer come?"""
        return bool(self.per_week)


def facts_of(protocol: Protocol, nature: Nature) -> Iterator[Fact]:
    """Age, sex and race of a person, then the answers in the order of the file."""
    people = nature.demography
    yield Fact("AGE", None, {}, people.age)
    yield Fact("SEX", None, people.sex)
    if people.race:
        yield Fact("RACE", None, people.race)
    planned = {form for visit in protocol.schedule.visits for form in visit.forms}
    described: list[tuple[str, Choices | Spread]] = [
        *nature.facts.items(), *nature.quantities.items(),
    ]  # fmt: skip
    for name, answers in described:
        form, _, code = name.partition(".")
        item = protocol.forms[form].items[code]
        when = item.when if isinstance(item.when, Condition) else None
        place = form if form in planned else None
        if isinstance(answers, Spread):
            yield Fact(name, place, {}, answers, when)
        elif item.type in ("yes_no", "choice", "text"):
            said = YES_NO if item.type == "yes_no" else {}
            choices = {said.get(answer, answer): share for answer, share in answers.items()}
            yield Fact(name, place, choices, None, when)
    yield from _occurrences(protocol, nature)


def _occurrences(protocol: Protocol, nature: Nature) -> Iterator[Fact]:
    """What is answered otherwise until it has come; where it never comes there is one answer."""
    for name, each in nature.occurrences.items():
        form, _, code = name.partition(".")
        said = YES_NO if protocol.forms[form].items[code].type == "yes_no" else {}
        given = [each.otherwise, each.answer] if each.true_per_week else [each.otherwise]
        choices = {said.get(answer, answer): 1.0 for answer in given}
        yield Fact(name, form, choices, per_week=each.true_per_week)


def of_person(protocol: Protocol, name: str) -> str | None:
    """AGE, SEX or RACE, for an item that holds it."""
    form, _, code = name.partition(".")
    found = protocol.forms.get(form)
    item = found.items.get(code) if found else None
    if item is None:
        return None
    target = read_target(item.target)
    return OF_PERSON.get(f"{target.domain.upper()}.{target.variable}")
