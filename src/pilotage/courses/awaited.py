"""Answers that come to a subject of a cohort: what it says once something has happened to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from pilotage.courses.chance import per_day
from pilotage.courses.history import YES_NO, Answer
from pilotage.courses.nature import Nature
from pilotage.datasets.facts import read_target
from pilotage.study.protocol import Protocol

NEVER = 1 << 30
"""A day that never comes."""


@dataclass(slots=True)
class Awaited:
    """The answers that may come, by `form.item`: from which study day on each of them is due. One
    whose rate is 0 is not waited for, and costs no draw."""

    protocol: Protocol
    nature: Nature
    due: dict[str, int] = field(default_factory=dict)

    def expect(self, random: np.random.Generator) -> None:
        """Draw when each of them comes: an exponential time after the first dose."""
        for name, each in self.nature.occurrences.items():
            if each.true_per_week:
                days = random.standard_exponential() / per_day(each.true_per_week)
                self.due[name] = 2 + int(min(days, 1e8))

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that ask for them."""
        return tuple(dict.fromkeys(name.partition(".")[0] for name in self.due))

    def answers(self, forms: Iterable[str], day: int) -> Iterator[Answer]:
        """What these forms are answered on a day: what has come is said once."""
        asked = set(forms)
        for name, due in list(self.due.items()):
            form, _, code = name.partition(".")
            if form not in asked:
                continue
            item, said = self.protocol.forms[form].items[code], self.nature.occurrences[name]
            recorded = said.answer if due <= day else said.otherwise
            if due <= day:
                self.due[name] = NEVER
            value = YES_NO.get(recorded, recorded) if item.type == "yes_no" else recorded
            yield Answer(form, code, value, read_target(item.target), recorded)
