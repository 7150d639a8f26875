"""The whole numbers of a cohort that are asked for, each as an expression of a model.

Of a subject that the paper numbers: each of its numbers, each of its choices and each group, as 0
or 1. Of subjects that can be exchanged for each other no single one can be spoken of: what any one
of them can have, the lowest and the highest value among them, and how many of them are so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pilotage.publication.reconstruct.grid import domain_of, total
from pilotage.publication.reconstruct.problem import Problem
from pilotage.publication.reconstruct.space import Space, Witness

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpModel, LinearExprT

Sort = Literal["value", "lowest", "highest", "count"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """`sort` of `name` among the `members`, counted from 0; `name` is a variable or a group, of a
    variable of text with one `choice`. `domain`: what it can be before any claim, in order."""

    sort: Sort
    name: str
    members: tuple[int, ...]
    domain: Sequence[int]
    choice: str | None = None
    is_group: bool = False

    @property
    def ends(self) -> tuple[int, ...]:
        """In which directions it is asked for: -1 its smallest value, 1 its largest. The lowest of
        several can be as small as the value of any one can, and the highest as large."""
        return {"lowest": (1,), "highest": (-1,)}.get(self.sort, (-1, 1))

    def is_in(self, problem: Problem) -> bool:
        """Has the model what it takes?"""
        if self.is_group:
            return self.name in problem.known_groups()
        return self.name in problem.grid.unknowns

    def expression(self, model: "CpModel", problem: Problem) -> "LinearExprT":
        """The quantity in a model of the problem, to be made large or small in the directions of
        `ends`. All members can have what one can: of any one the first is taken."""
        grid = problem.grid
        match self.sort:
            case "value":
                return grid.numbers[self.name, self.members[0]]
            case "count":
                return total(self._literals(problem))
        end = model.new_int_var(self.domain[0], self.domain[-1], "")
        for at in self.members:
            number = grid.numbers[self.name, at]
            model.add(end <= number if self.sort == "lowest" else end >= number)
        return end

    def _literals(self, problem: Problem) -> list["BoolVarT"]:
        if self.is_group:
            group = problem.known_groups()[self.name]
            return [group[at] for at in self.members]
        assert self.choice is not None
        return [problem.grid.chosen[self.name, at, self.choice] for at in self.members]

    def seen(self, witness: Witness) -> tuple[int, int]:
        """The smallest and the largest value that the cohort shows."""
        if self.sort == "count":
            found = sum(self._is(witness, at) for at in self.members)
            return found, found
        values = [int(witness.solution[at][self.name]) for at in self.members]
        match self.sort:
            case "lowest":
                return min(values), min(values)
            case "highest":
                return max(values), max(values)
        return min(values), max(values)

    def _is(self, witness: Witness, at: int) -> bool:
        if self.is_group:
            return witness.groups[self.name][at]
        return witness.solution[at][self.name] == self.choice


def quantities(space: Space) -> tuple[Quantity, ...]:
    """Everything that is asked for, kind by kind of the subjects."""
    return tuple(found for kind in space.kinds for found in _of_kind(space, kind))


def _of_kind(space: Space, kind: tuple[int, ...]) -> Iterator[Quantity]:
    counts = range(len(kind) + 1)
    for name, unknown in space.loose.grid.unknowns.items():
        if len(unknown.choices) == 1:  # nothing to be found
            continue
        if unknown.choices:
            for choice in unknown.choices:
                yield Quantity("count", name, kind, counts, choice)
            continue
        domain = tuple(domain_of(unknown))
        yield Quantity("value", name, kind, domain)
        if len(kind) > 1:
            yield Quantity("lowest", name, kind, domain)
            yield Quantity("highest", name, kind, domain)
    for name in space.whole.known_groups():
        if name in space.loose.known_groups():
            yield Quantity("count", name, kind, counts, is_group=True)
