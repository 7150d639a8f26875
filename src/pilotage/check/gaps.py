"""Reachable states in which every row of an ordered list is known not to hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pilotage.check.examination import Examination, Place, StatedRow
from pilotage.check.words import Region, in_words, neither_nor, with_values_behind
from pilotage.conditions import Condition, describe, holds, names_in
from pilotage.conditions.holds import Value
from pilotage.conditions.prove import Formula, smallest

MOST = 12
"""So many gaps of one place are told; the rest waits until these are closed."""

State = Mapping[str, Value]


def find_gaps(
    examination: Examination,
    place: Place,
    rows: Sequence[StatedRow],
    *,
    words: str,
    also: Sequence[Formula] = (),
) -> None:
    """A finding for each part of the reachable states in which no row holds. What an open question
    answers is told as answered; the search goes on outside of it."""
    space = examination.space
    gap = [*(row.answer.false for row in rows), *also]
    answered = examination.answers.gaps(place.key, space.namespace)
    names = _names([*(row.when for row in rows), *answered.values()])
    for key, condition in answered.items():
        found = space.example([*gap, space.answer(condition).true], names)
        if found is not None:
            _tell(examination, place, rows, found, condition, words, key=key.removeprefix("gap "))
    search = _Search(examination, rows, tuple(answered.values()))
    first = list(search.parts(gap))
    broad = sorted((part for _, part in first), key=lambda part: len(names_in(part)))
    for full, part in search.parts(gap, within=broad):
        _tell(examination, place, rows, full, part, words, key=f"{place.key} where {part}")


@dataclass(frozen=True, slots=True)
class _Search:
    """The gap that some rows leave, outside of what is answered already."""

    examination: Examination
    rows: Sequence[StatedRow]
    answered: Sequence[Condition]

    def fits(self, state: State) -> bool:
        return all(holds(row.when, state) is False for row in self.rows) and all(
            holds(condition, state) is False for condition in self.answered
        )

    def parts(
        self, gap: Sequence[Formula], within: Sequence[Condition] = ()
    ) -> Iterator[tuple[State, Condition]]:
        """The gap in parts, each with an example, no part inside those before it; those `within`
        the conditions first, one after the other."""
        space = self.examination.space
        own = dict.fromkeys(name for row in self.rows for name in names_in(row.when))
        names = _names([*(row.when for row in self.rows), *self.answered])
        left = [*gap, *(space.answer(condition).false for condition in self.answered)]

        def together(condition: Condition) -> bool:
            return space.possible(*left, space.answer(condition).true)

        inside = [[space.answer(condition).true] for condition in within]
        for wanted in [*inside, *([list[Formula]()] * MOST)]:
            full = space.example([*left, *wanted], names)
            if full is None:
                continue
            used = {name: full[name] for name in full if name in own or not _is_behind(name, own)}
            part = Region(space, self.fits, together).around(smallest(used, self.fits))
            yield full, part
            left.append(space.z3.Not(space.answer(part).true))


def _names(conditions: Sequence[Condition]) -> list[str]:
    """The names of the conditions, after the baselines and values that changes follow from."""
    names = list(dict.fromkeys(name for each in conditions for name in names_in(each)))
    return list(dict.fromkeys((*_behind(names), *names)))


def _is_behind(name: str, own: Collection[str]) -> bool:
    """Is a name there only because a change follows from it?"""
    return name in _behind(list(own))


def _behind(names: Sequence[str]) -> list[str]:
    """The values and baselines that changes follow from, which an example shows first."""
    codes = dict.fromkeys(n.partition(".")[0] for n in names if n.endswith(("CHG", "PCHG")))
    found = [name for code in codes for name in (f"{code}.BASE", code)]
    return found


def _tell(
    examination: Examination,
    place: Place,
    rows: Sequence[StatedRow],
    full: State,
    part: Condition,
    words: str,
    *,
    key: str,
) -> None:
    namespace = examination.space.namespace
    names = dict.fromkeys(name for row in rows for name in names_in(row.when))
    state = smallest(
        {name: full[name] for name in names},
        lambda state: all(holds(row.when, state) is False for row in rows),
    )
    shown = with_values_behind(state, full)
    example = neither_nor(shown, [row.when for row in rows], namespace)
    example = example or in_words(shown, namespace)
    message = f"{words} where {describe(part, namespace)}"
    if example not in message:
        message += f"; for example {example}"
    examination.found("gap", "error", place, message, key=key, example=example)
