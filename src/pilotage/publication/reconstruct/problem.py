"""Claims and rules as one model of the solver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotage.conditions import names_in
from pilotage.publication.claims import AnyClaim, Published
from pilotage.publication.reconstruct.bind import Binder
from pilotage.publication.reconstruct.grid import SUBJECT, Grid, total
from pilotage.publication.reconstruct.models import Choice, Number, Reconstruction, Rule, Unknown
from pilotage.publication.reconstruct.wording import NotModelled, Wording

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, CpSolver

LIMIT = 0.3
"""Deterministic time of a search: the same on every machine."""


@dataclass(slots=True)
class Problem:
    """The model, and what it was made from. `force` are the literals that put claims in force;
    `hard` the claims about squares, with their variables; `silent` the claims that bind nothing,
    and why."""

    grid: Grid
    binder: Binder
    force: dict[str, "BoolVarT"] = field(default_factory=dict)
    hard: dict[str, frozenset[str]] = field(default_factory=dict)
    silent: dict[str, str] = field(default_factory=dict)
    _groups: dict[str, list["BoolVarT"]] | None = None

    @property
    def wording(self) -> Wording:
        return self.binder.wording

    @property
    def published(self) -> Published:
        return self.wording.published

    @property
    def made(self) -> Reconstruction:
        return self.wording.made

    def known_groups(self) -> dict[str, list["BoolVarT"]]:
        """For each group of the paper that the model has the literals of its members."""
        if self._groups is None:
            self._groups = self.wording.known_groups()
        return self._groups

    def variables_of(self, claim: AnyClaim) -> frozenset[str]:
        """The variables that the claim, as the study reads it, speaks of; none where it speaks of
        something that has no variable."""
        try:
            return self.wording.variables_of(claim, self.made.choice(claim.id))
        except NotModelled:
            return frozenset()

    def part(self, variables: Iterable[str], followed: Iterable[str]) -> "Problem":
        """The model of nothing but what concerns these variables."""
        wanted = set(variables)
        readings = [
            (claim, self.made.choice(name))
            for name in followed
            if self.variables_of(claim := self.published.claim(name)) & wanted
        ]
        scope = wanted.union(*(self.variables_of(claim) for claim, _ in readings))
        rules: list[Rule | Number] = [*self.made.rules, *self.made.numbers]
        for rule in rules:
            if (named := _names(rule)) & wanted:
                scope |= named
        unknowns = {name: known for name, known in self.grid.unknowns.items() if name in scope}
        return build(self.made, self.published, unknowns, self.grid.subjects, readings=readings)


def build(
    made: Reconstruction,
    published: Published,
    unknowns: Mapping[str, Unknown],
    subjects: Iterable[str],
    *,
    readings: Iterable[tuple[AnyClaim, Choice | None]] | None = None,
    squares: bool = True,
) -> Problem:
    """The model of all claims, each as the study reads it; or of some claims, each read in its
    way, and of the rules about the given unknowns. Without `squares` the claims about squares are
    there in a weaker form."""
    from ortools.sat.python.cp_model import CpModel

    grid = Grid(CpModel(), tuple(subjects), unknowns)
    problem = Problem(grid, Binder(Wording(grid, published, made), squares))
    problem.wording.bind_relations()
    _bind_rules(grid, made)
    if readings is None:
        readings = ((claim, made.choice(claim.id)) for claim in published.claims)
    for claim, choice in readings:
        _bind(problem, claim, choice)
    return problem


def _bind(problem: Problem, claim: AnyClaim, choice: Choice | None) -> None:
    if claim.about != "trial":
        return
    binder = problem.binder
    try:
        problem.force[claim.id] = binder.bind(claim, choice)
    except NotModelled as missing:
        problem.silent[claim.id] = str(missing)
        return
    if names := binder.wording.squared(claim):
        problem.hard[claim.id] = names


def _bind_rules(grid: Grid, made: Reconstruction) -> None:
    for rule in made.rules:
        if _names(rule) <= set(grid.unknowns):
            for at in grid.every:
                _bind_rule(grid, rule, at)
    for number in made.numbers:
        if _names(number) <= set(grid.unknowns):
            found = total(grid.holds(number.of, at) for at in grid.every)
            grid.model.add(found >= number.at_least)
            if number.at_most is not None:
                grid.model.add(found <= number.at_most)


def _bind_rule(grid: Grid, rule: Rule, at: int) -> None:
    model = grid.model
    when = grid.constant(True) if rule.when is None else grid.holds(rule.when, at)
    if rule.holds is not None:
        model.add_implication(when, grid.holds(rule.holds, at))
    if rule.sum:
        whole = sum(times * grid.numbers[name, at] for name, times in rule.sum.items())
        if rule.at_least is not None:
            model.add(whole >= rule.at_least).only_enforce_if(when)
        if rule.at_most is not None:
            model.add(whole <= rule.at_most).only_enforce_if(when)


def _names(part: Rule | Number) -> set[str]:
    """The variables of which a rule, or a number, speaks."""
    conditions = [part.of] if isinstance(part, Number) else [part.when, part.holds]
    named = {name for c in conditions if c is not None for name in names_in(c)}
    summed = set() if isinstance(part, Number) else set(part.sum or ())
    return (named | summed) - {SUBJECT}


# -- searching -------------------------------------------------------------------------------------


def possible(problem: Problem, claims: Iterable[str]) -> bool:
    """Can these claims be met together? True too where the search does not come to an end."""
    from ortools.sat.python.cp_model import INFEASIBLE

    model = problem.grid.model.clone()
    model.add_bool_and([problem.force[name] for name in claims])
    return bool(solver_for(0, LIMIT).solve(model) != INFEASIBLE)


def excluding(problem: Problem, fixed: Sequence[str], claims: Sequence[str]) -> list[str] | None:
    """Some of the claims that, beside the fixed ones, cannot be met together; None where all can
    be, or the search does not come to an end. What the solver names need not be smallest."""
    from ortools.sat.python.cp_model import INFEASIBLE

    model = problem.grid.model.clone()
    model.add_bool_and([problem.force[name] for name in fixed])
    model.add_assumptions([problem.force[name] for name in claims])
    solver = solver_for(0, LIMIT)
    if solver.solve(model) != INFEASIBLE:
        return None
    named = set(solver.sufficient_assumptions_for_infeasibility())
    return [name for name in claims if problem.force[name].index in named]


def solver_for(seed: int, limit: float) -> "CpSolver":
    """A solver that gives the same answer on every machine."""
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    # several workers give different answers for one seed
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = limit
    # of use for large models only; without them the sums of squares are found sooner
    solver.parameters.linearization_level = 0
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    return solver
