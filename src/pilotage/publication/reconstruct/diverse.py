"""Several cohorts that meet the same claims and are far from each other.

Two cohorts differ where no exchange of interchangeable subjects makes them the same. How far they
are from each other is the number of values that differ after the exchange that makes it smallest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from pilotage.publication.reconstruct.problem import LIMIT, Problem
from pilotage.publication.reconstruct.solve import Progress, Solution, Values, wishes_of
from pilotage.publication.reconstruct.space import Answer, Space, Witness, as_wishes, like
from pilotage.publication.reconstruct.symmetry import Kinds, distance

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpModel, IntVar

ATTEMPTS = 6
"""So often a cohort that is far away is looked for, before any other cohort is."""

FAR = 2 * LIMIT
"""Deterministic time of a search for one that is far away."""

Ended = Literal["all found", "no other exists", "not found within the limit"]
Usable = Callable[[Solution], bool]


@dataclass(frozen=True, slots=True)
class Diverse:
    """The cohorts, the first one first; for each after it its distance from every earlier one.
    `unused` could not be lived under the study's rules, and were passed over."""

    found: tuple[Solution, ...]
    distances: tuple[tuple[int, ...], ...]
    values: int
    ended: Ended
    unused: int = 0
    wanted: int = 0

    def lines(self, limit: str) -> Iterator[str]:
        """How far each is from those before it; why there are not more. `limit` in words."""
        for at, own in enumerate(self.distances, 2):
            each = ", ".join(f"{far} from cohort-{n}" for n, far in enumerate(own, 1))
            yield f"cohort-{at} differs in {each}, of {self.values} values of subjects"
        if self.unused:
            yield f"{self.unused} passed over: the study's rules let nobody live them"
        if self.ended == "no other exists":
            yield f"{len(self.found)} of {self.wanted} cohorts: proved, no other one exists"
        elif self.ended != "all found":
            words = f"not found within {limit}; whether one exists is not known"
            yield f"{len(self.found)} of {self.wanted} cohorts: another one was {words}"


def find_diverse(
    space: Space,
    first: Solution,
    number: int,
    *,
    seed: int,
    usable: Usable = lambda solution: True,
    progress: Progress | None = None,
) -> Diverse:
    """The first cohort and others, each as far as can soon be found from all before it."""
    search = _Search(space, [first], [], usable, seed)
    ended: Ended = "all found"
    while len(search.found) < number:
        if progress is not None:
            progress(len(search.found), number)
        if not search.more():
            ended = "no other exists" if search.is_exhausted else "not found within the limit"
            break
    found = search.found
    distances = tuple(
        tuple(distance(one, other, space.kinds, space.variables) for other in found[:at])
        for at, one in enumerate(found)
    )
    values = len(space.variables) * len(space.loose.grid.subjects)
    return Diverse(tuple(found), distances[1:], values, ended, len(search.unused), number)


@dataclass(slots=True)
class _Search:
    space: Space
    found: list[Solution]
    unused: list[Solution]
    usable: Usable
    seed: int
    is_exhausted: bool = False

    @property
    def known(self) -> list[Solution]:
        return [*self.found, *self.unused]

    def more(self) -> bool:
        """One more cohort: far away, or at least another one."""
        for attempt in range(ATTEMPTS):
            if self.space.budget.spent:
                return False
            random = Random(f"{self.seed} cohort {len(self.found) + 1} {attempt}")
            answer = self._far(random)
            if answer.witness is None:
                break
            if self._keeps(self.space.likely(answer.witness.solution, random)):
                return True
        return self._any_other()

    def _far(self, random: Random) -> Answer:
        """A loose solution in which what the squares are about is like in one that is known: it
        is a cohort, and the blocks of squares can be found anew in it."""
        kinds, squared = self.space.kinds, self.space.squared
        near = random.choice(self.found)

        def also(model: "CpModel", problem: Problem) -> None:
            like(near, squared)(model, problem)
            for known in self.known:
                differs(model, problem, known, kinds)
            far_from(model, problem, self.found, kinds)

        wishes = wishes_of(self.space.loose.grid, random)
        seed = random.getrandbits(30)
        return self.space.ask(self.space.loose, also, seed=seed, near=wishes, limit=FAR)

    def _other(self, problem: Problem, force: Iterable[str] | None = None) -> Answer:
        def also(model: "CpModel", problem: Problem) -> None:
            for known in self.known:
                differs(model, problem, known, self.space.kinds)

        near = as_wishes(self.found[-1])
        return self.space.ask(problem, also, force=force, near=near, limit=FAR)

    def _any_other(self) -> bool:
        """Any that differs. The whole model answers where it is small, also that there is none."""
        if self._other(self.space.loose, self.space.proving).status == "none":
            self.is_exhausted = True
            return False
        while not self.space.budget.spent:
            answer = self._other(self.space.whole)
            if answer.witness is None:
                self.is_exhausted = answer.status == "none" and self.space.is_proving
                return False
            if self._keeps(answer.witness):
                return True
        return False

    def _keeps(self, made: Witness | None) -> bool:
        """Is it another cohort, and one that can be lived?"""
        if made is None or any(self._distance(made.solution, old) == 0 for old in self.known):
            return False
        good = self.usable(made.solution)
        (self.found if good else self.unused).append(made.solution)
        return good

    def _distance(self, one: Solution, other: Solution) -> int:
        return distance(one, other, self.space.kinds, self.space.variables)


# -- as constraints --------------------------------------------------------------------------------


def differs(model: "CpModel", problem: Problem, known: Solution, kinds: Kinds) -> None:
    """The cohort is not the known one, however interchangeable subjects are numbered: of some kind
    of subject of the known one there are fewer."""
    same, fewer = _Same(model, problem), []
    for kind in kinds:
        rows = Counter(_row(problem, known[at]) for at in kind)
        for row, count in rows.items():
            literal = model.new_bool_var("")
            model.add(sum(same.row(at, row) for at in kind) < count).only_enforce_if(literal)
            fewer.append(literal)
    model.add_bool_or(fewer)


def far_from(model: "CpModel", problem: Problem, known: Sequence[Solution], kinds: Kinds) -> None:
    """As far as possible from the nearest of the known ones, variable by variable: how many
    subjects of a kind cannot have faced one with the same value. That is never more than the
    distance, and the same however subjects are numbered."""
    same = _Same(model, problem)
    whole = len(problem.grid.unknowns) * len(problem.grid.subjects)
    least = model.new_int_var(0, whole, "")
    for solution in known:
        common = [
            same.common(name, kind, Counter(solution[at][name] for at in kind))
            for kind in kinds
            for name in problem.grid.unknowns
        ]
        model.add(least <= whole - sum(each for some in common for each in some))
    model.maximize(least)


class _Same:
    """Literals that are true at least where a value is as it was."""

    def __init__(self, model: "CpModel", problem: Problem) -> None:
        self.model, self.grid = model, problem.grid
        self.made: dict[tuple[int, str, int | str], BoolVarT] = {}

    def value(self, at: int, name: str, value: int | str) -> "BoolVarT":
        if (name, at) not in self.grid.numbers:
            return self.grid.chosen[name, at, str(value)]
        if (at, name, value) not in self.made:
            literal = self.model.new_bool_var("")
            number = self.grid.numbers[name, at]
            self.model.add(number != int(value)).only_enforce_if(~literal)
            self.made[at, name, value] = literal
        return self.made[at, name, value]

    def row(self, at: int, row: tuple[tuple[str, int | str], ...]) -> "BoolVarT":
        literal = self.model.new_bool_var("")
        self.model.add_bool_or([literal, *(~self.value(at, *cell) for cell in row)])
        return literal

    def common(self, name: str, kind: Sequence[int], values: Counter[int | str]) -> "list[IntVar]":
        """For each value at least how often it is found here and there."""
        found = []
        for value, count in values.items():
            here = sum(self.value(at, name, value) for at in kind)
            least = self.model.new_int_var(0, count, "")
            full = self.model.new_bool_var("")
            self.model.add(least >= count).only_enforce_if(full)
            self.model.add(least >= here).only_enforce_if(~full)
            found.append(least)
        return found


def _row(problem: Problem, values: Values) -> tuple[tuple[str, int | str], ...]:
    return tuple((name, values[name]) for name in problem.grid.unknowns)
