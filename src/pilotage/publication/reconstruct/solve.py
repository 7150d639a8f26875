"""Finds variables of all subjects that meet every claim that is followed, and every rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from pilotage.publication.reconstruct.grid import Grid, domain_of
from pilotage.publication.reconstruct.problem import LIMIT, Problem, possible, solver_for

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver

Values = Mapping[str, int | str]
Solution = tuple[Values, ...]
"""For each subject the values of its variables."""

Wishes = Mapping[tuple[str, int], int | str]
"""For each variable of each subject a value that chance would give it."""

Progress = Callable[[int, int], None]
"""Told how much of how much is done."""

BLOCK = 0.1
REFINING = 0.06
"""Deterministic time of the search for a block, and of one that refines it."""

TRIES = 8
ATTEMPTS = 30
"""So often a block is searched for, and so often everything."""


@dataclass(frozen=True, slots=True)
class Block:
    """Variables that are found together, after all others, and the model of what concerns them."""

    names: frozenset[str]
    problem: Problem
    force: tuple[str, ...]

    @property
    def is_hard(self) -> bool:
        return any(name in self.problem.hard for name in self.force)

    @property
    def is_liked(self) -> bool:
        """Does one of the variables say what its values are like?"""
        return any(self.problem.grid.unknowns[name].like for name in self.names)


def solve(
    problem: Problem, followed: Sequence[str], *, seed: int, progress: Progress | None = None
) -> Solution | None:
    """A solution with these claims in force, near to what the seed wishes; None where none is.

    The problem has the claims about squares in their weaker form. First everything; then each block
    of variables anew, with all others as they are, so that the squares are met and it comes near to
    the wishes. Where a block finds nothing, all is looked for anew.
    """
    blocks = blocks_of(problem, followed)
    for attempt in range(ATTEMPTS):
        random = Random(f"{seed} {attempt}")
        wishes = wishes_of(problem.grid, random)
        found = _search(problem, followed, wishes, seed=random.getrandbits(30))
        if found is None and not attempt and not possible(problem, followed):
            return None
        for done, block in enumerate(blocks, 1):
            if progress is not None:
                progress(done, len(blocks) + 1)
            if found is not None:
                found = refined(block, wishes, found, random)
        if found is not None:
            return found
    return None


def blocks_of(problem: Problem, followed: Sequence[str]) -> list[Block]:
    """The blocks of the reconstruction, each with the claims that concern it."""
    return [_block(problem, names, followed) for names in problem.made.blocks]


def _block(problem: Problem, names: Iterable[str], followed: Sequence[str]) -> Block:
    part = problem.part(names, followed)
    force = [name for name in part.force if part.hard.get(name, frozenset()) <= set(names)]
    return Block(frozenset(names), part, tuple(force))


def refined(block: Block, wishes: Wishes, base: Solution, random: Random) -> Solution | None:
    """The solution with better values of a block; None where its squares are not met soon."""
    grid = block.problem.grid
    found: Solution | None = base
    if block.is_hard:
        tries = (
            _search(block.problem, block.force, other, seed=seed, base=base, free=block.names)
            for seed, other in enumerate([wishes, *(wishes_of(grid, random) for _ in range(TRIES))])
        )
        found = next(filter(None, tries), None)
    if found is None or not block.is_liked:
        return found
    better = _search(
        block.problem, block.force, wishes, seed=0, base=found, free=block.names, nearer=True
    )
    return better or found


def _search(
    problem: Problem,
    force: Iterable[str],
    wishes: Wishes,
    *,
    seed: int,
    base: Solution | None = None,
    free: frozenset[str] = frozenset(),
    nearer: bool = False,
) -> Solution | None:
    """One search: any solution near the wishes, or from `base` nearer to them. With a base all
    variables but the free ones are as they are there."""
    from ortools.sat.python.cp_model import FEASIBLE, OPTIMAL

    grid, model = problem.grid, problem.grid.model.clone()
    model.add_bool_and([problem.force[name] for name in force])
    if base is not None:
        fix(model, grid, base, free)
    if base is not None and nearer:
        hint(model, grid, {(n, at): v for at, own in enumerate(base) for n, v in own.items()})
        _minimise_distance(model, grid, wishes, free)
    else:
        hint(model, grid, wishes)
    limit = LIMIT if base is None else REFINING if nearer else BLOCK
    solver = solver_for(seed, limit)
    if solver.solve(model) not in (OPTIMAL, FEASIBLE):
        return None
    return values_of(grid, solver, base)


def fix(model: "CpModel", grid: Grid, base: Solution, free: frozenset[str]) -> None:
    """All variables but the free ones are as they are in the base."""
    for (name, at), number in grid.numbers.items():
        if name not in free:
            model.add(number == int(base[at][name]))
    for (name, at, choice), literal in grid.chosen.items():
        if name not in free and base[at][name] == choice:
            model.add_bool_and([literal])


def wishes_of(grid: Grid, random: Random) -> Wishes:
    """What chance gives each variable, near to what it is like where it says so."""
    wishes: dict[tuple[str, int], int | str] = {}
    for name, unknown in grid.unknowns.items():
        for at in grid.every:
            if unknown.choices:
                wishes[name, at] = random.choice(unknown.choices)
            elif unknown.like is not None:
                drawn, domain = random.gauss(*unknown.like), domain_of(unknown)
                wishes[name, at] = min(domain, key=lambda value: abs(value - drawn))
            else:
                wishes[name, at] = random.choice(domain_of(unknown))
    return wishes


def hint(model: "CpModel", grid: Grid, values: Wishes) -> None:
    """Where the search begins to look."""
    for key, number in grid.numbers.items():
        model.add_hint(number, int(values[key]))
    for (name, at, choice), literal in grid.chosen.items():
        model.add_hint(literal, values[name, at] == choice)


def _minimise_distance(model: "CpModel", grid: Grid, wishes: Wishes, free: frozenset[str]) -> None:
    """Numbers that say what they are like are to be near to what is wished."""
    distances = []
    for (name, at), number in grid.numbers.items():
        if name in free and grid.unknowns[name].like is not None:
            domain, wished = domain_of(grid.unknowns[name]), int(wishes[name, at])
            distance = model.new_int_var(0, domain[-1] - domain[0], "")
            model.add(distance >= number - wished)
            model.add(distance >= wished - number)
            distances.append(distance)
    model.minimize(sum(distances))


def values_of(grid: Grid, solver: "CpSolver", base: Solution | None) -> Solution:
    """What the search found; what the model does not know is as it was."""
    subjects: list[dict[str, int | str]] = [
        {**(base[at] if base else {}), "SUBJECT": name} for at, name in enumerate(grid.subjects)
    ]
    for (name, at), number in grid.numbers.items():
        subjects[at][name] = solver.value(number)
    for (name, at, choice), literal in grid.chosen.items():
        if solver.boolean_value(literal):
            subjects[at][name] = choice
    return tuple(subjects)
