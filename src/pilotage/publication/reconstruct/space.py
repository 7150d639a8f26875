"""All cohorts that meet the claims, as something that can be asked: is there one with this?

Two models of it. The *loose* one has the claims about squares in their weaker form: every cohort is
among its solutions, so that what none of them has, no cohort has. The *whole* one has them all: a
solution of it is a cohort. A solution of the loose one is made a cohort by finding the blocks of
variables anew, in whose squares the claims are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Literal

from pilotage.publication.reconstruct.budget import Budget
from pilotage.publication.reconstruct.problem import LIMIT, Problem, solver_for
from pilotage.publication.reconstruct.solve import (
    BLOCK,
    Block,
    Solution,
    Wishes,
    blocks_of,
    fix,
    hint,
    refined,
    values_of,
    wishes_of,
)
from pilotage.publication.reconstruct.symmetry import Kinds, interchangeable

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver

Also = Callable[["CpModel", Problem], None]
"""Puts more into a copy of the model of a problem: what is asked for."""

TRIES = 3
"""So often the blocks of a loose solution are looked for."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A solution, and who of it is in which group of the paper."""

    solution: Solution
    groups: dict[str, tuple[bool, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found. `bound` is what its objective is at least, or at most: proved, also
    where the search did not come to an end. It is None where the search had no objective."""

    status: Literal["found", "none", "not found"]
    witness: Witness | None = None
    bound: float | None = None


@dataclass(slots=True)
class Space:
    """The cohorts that meet the claims `followed`. `proving` are those claims that the models bind
    to no less than they say: only with them is it proved that something cannot be."""

    loose: Problem
    whole: Problem
    followed: tuple[str, ...]
    budget: Budget = field(default_factory=Budget)
    blocks: list[Block] = field(init=False)
    kinds: Kinds = field(init=False)
    proving: tuple[str, ...] = field(init=False)
    squared: frozenset[str] = field(init=False)
    """The variables of which claims about squares speak."""

    def __post_init__(self) -> None:
        self.blocks = blocks_of(self.loose, self.followed)
        made, published = self.loose.made, self.loose.published
        self.kinds = interchangeable(made, published, self.loose.grid.subjects)
        self.proving = tuple(name for name in self.followed if not _cut_short(self.loose, name))
        hard = [name for name in self.followed if name in self.loose.hard]
        speaks_of = [self.loose.variables_of(published.claim(name)) for name in hard]
        self.squared = frozenset().union(*speaks_of)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(self.loose.grid.unknowns)

    @property
    def is_proving(self) -> bool:
        """Is every claim that is followed one with which is proved?"""
        return self.proving == self.followed

    def ask(
        self,
        problem: Problem,
        also: Also,
        *,
        force: Iterable[str] | None = None,
        seed: int = 0,
        near: Wishes | None = None,
        limit: float = LIMIT,
        linear: int = 0,
    ) -> Answer:
        """One search in the model with these claims in force (all that are followed)."""
        from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL

        self.budget.done += 1
        model = problem.grid.model.clone()
        names = self.followed if force is None else force
        model.add_bool_and([problem.force[name] for name in names if name in problem.force])
        also(model, problem)
        if near is not None:
            hint(model, problem.grid, near)
        solver = solver_for(seed, limit)
        solver.parameters.linearization_level = linear
        status = solver.solve(model)
        if status == INFEASIBLE:
            return Answer("none")
        bound = solver.best_objective_bound if model.has_objective() else None
        if status in (OPTIMAL, FEASIBLE):
            solution = values_of(problem.grid, solver, None)
            return Answer("found", Witness(solution, _members(problem, solver)), bound)
        return Answer("not found", bound=bound)

    # -- from a loose solution to a cohort --------------------------------------------------------

    def completed(self, base: Solution, also: Also, *, seed: int = 0) -> Witness | None:
        """A cohort that has what `also` asks for, and is otherwise as the base but for the blocks
        with squares; None where none is found soon. `also` may speak of what a block does not
        have: there it asks for nothing."""
        found: Solution | None = base
        for block in self.blocks:
            if block.is_hard and found is not None:
                found = self._anew(block, found, also, seed)
        return self.checked(found) if found is not None else None

    def _anew(self, block: Block, base: Solution, also: Also, seed: int) -> Solution | None:
        near: Wishes = as_wishes(base)
        for attempt in range(TRIES):
            self.budget.done += 1
            problem = block.problem
            model = problem.grid.model.clone()
            model.add_bool_and([problem.force[name] for name in block.force])
            fix(model, problem.grid, base, block.names)
            also(model, problem)
            hint(model, problem.grid, near)
            solver = solver_for(seed + attempt, BLOCK)
            if solver.status_name(solver.solve(model)) in ("OPTIMAL", "FEASIBLE"):
                return values_of(problem.grid, solver, base)
            near = wishes_of(problem.grid, Random(f"{seed} {attempt}"))
        return None

    def likely(self, base: Solution, random: Random) -> Witness | None:
        """As `completed`, with numbers in all blocks that are near to what they are like, and else
        to the base. A block for which nothing is found stays as it is."""
        found = base
        unknowns = self.loose.grid.unknowns
        kept = {n for n in unknowns if unknowns[n].like is None and n not in self.squared}
        near = {key: value for key, value in as_wishes(base).items() if key[0] in kept}
        wishes = {**wishes_of(self.loose.grid, random), **near}
        for block in self.blocks:
            self.budget.done += 1
            found = refined(block, wishes, found, random) or found
        return self.checked(found)

    def checked(self, solution: Solution) -> Witness | None:
        """The solution, put into the whole model with every claim in force; None where it does not
        meet one."""
        grid = self.whole.grid
        model = grid.model.clone()
        model.add_bool_and([self.whole.force[name] for name in self.followed])
        fix(model, grid, solution, frozenset())
        solver = solver_for(0, 10 * LIMIT)
        if solver.status_name(solver.solve(model)) not in ("OPTIMAL", "FEASIBLE"):
            return None
        return Witness(solution, _members(self.whole, solver))


def nothing(model: "CpModel", problem: Problem) -> None:
    """Nothing more is asked for."""


def like(solution: Solution, names: frozenset[str]) -> Also:
    """These variables are as they are in the solution."""

    def also(model: "CpModel", problem: Problem) -> None:
        fix(model, problem.grid, solution, frozenset(problem.grid.unknowns) - names)

    return also


def both(one: Also, other: Also) -> Also:
    def also(model: "CpModel", problem: Problem) -> None:
        one(model, problem)
        other(model, problem)

    return also


def _members(problem: Problem, solver: "CpSolver") -> dict[str, tuple[bool, ...]]:
    return {
        name: tuple(solver.boolean_value(literal) for literal in members)
        for name, members in problem.known_groups().items()
    }


def as_wishes(solution: Solution) -> Wishes:
    """The values of a solution by variable and subject."""
    return {(name, at): value for at, own in enumerate(solution) for name, value in own.items()}


def _cut_short(problem: Problem, name: str) -> bool:
    """Is it a claim of which the model looks for a part of the possible sums only?"""
    choice = problem.made.choice(name)
    return choice is not None and choice.test == "paired_t"
