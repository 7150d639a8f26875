"""Can some facts be true of one cohort? Yes with a cohort, no with proof, or not settled in time.

A yes is counted again by hand on the cohort that was found. What is proved stays proved with more
facts, and what a cohort shows stays shown with fewer: such questions are not asked twice.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.audit.joint.holding import Held, Witness, true_of
from pilotage.publication.audit.joint.modelled import Model, Modelled
from pilotage.publication.audit.joint.outermost import (
    MOST,
    every_size,
    most_subjects,
    says_size_of,
)
from pilotage.publication.audit.joint.parting import parts_of
from pilotage.publication.audit.joint.population import Found, Ground, Population
from pilotage.publication.audit.joint.relations import Lattice

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver

EFFORT = 0.25
"""Deterministic time of one search: the same on every machine."""

PATIENCE = 4
"""So many seconds by the clock count as one of work at least."""

GUESSES = 6
"""So many sizes of the cohort are tried before all."""

MANY = 9
"""From so many facts on, a proof is asked which of them it used."""

EACH_SIZE = 64
"""Up to so many sizes are tried one by one."""


class TimeIsUp(Exception):
    """The time allowed for the whole search is over."""


@dataclass(slots=True)
class Checker:
    """Answers of which facts can be true together. Remembers what it has answered."""

    facts: Facts
    limit: float = 60.0
    most: int | None = None
    singly: bool = False
    effort: float = EFFORT
    _asked: dict[frozenset[Fact], tuple[bool | None, float]] = field(default_factory=dict)
    _witnesses: list[Witness] = field(default_factory=list)
    _proofs: list[frozenset[Fact]] = field(default_factory=list)
    _sizes: tuple[Fact, ...] = ()
    _parts: dict[frozenset[Fact], list[tuple[Fact, ...]]] = field(default_factory=dict)
    _prepared: Model = (None, None, {})
    _modelled: Modelled = field(init=False)
    _begun: tuple[float, float] = field(default_factory=lambda: _clocks())

    def __post_init__(self) -> None:
        if self.most is None:
            self.most = most_subjects(self.facts)
        self._sizes = every_size(self.facts, self.largest)
        self._modelled = Modelled(self.facts, self.largest, self.singly)

    @property
    def largest(self) -> int:
        """The largest number of subjects looked at."""
        return self.most or MOST

    @property
    def seconds_left(self) -> float:
        return self.limit - self._spent

    @property
    def _spent(self) -> float:
        """Seconds of work: how far a search comes should not depend on what else the machine has to
        do. By the clock it is at most PATIENCE times as long."""
        worked, passed = (now - then for now, then in zip(_clocks(), self._begun, strict=True))
        return max(worked, passed / PATIENCE)

    def allow(self, seconds: float) -> None:
        """So many seconds from now on."""
        self.limit = self._spent + seconds

    def possible(self, facts: Iterable[Fact]) -> bool | None:
        """Can the facts be true together? None where that is not settled."""
        every = sorted(set(facts), key=lambda fact: fact.id)
        root = self.facts.root
        if self._is_prepared(every):
            if any(proof <= frozenset(every) for proof in self._proofs):
                return False
            if self._witness(every) is not None:
                return True
            if frozenset(every) not in self._asked and self.seconds_left > 0:
                answer = self._assumed(every)
                if answer is not None:
                    return answer
        if root is None or any(says_size_of(fact, root) for fact in every):
            return self._remembered(every, self._in_parts)
        return self._remembered(every, self._some_size)

    def parts(self, facts: Iterable[Fact]) -> list[tuple[Fact, ...]]:
        """Facts that have to be looked at together."""
        key = frozenset(facts)
        if key not in self._parts:
            self._parts[key] = parts_of(key, self.facts)
        return self._parts[key]

    def cohorts(self, facts: Iterable[Fact]) -> list[Found] | None:
        """For each part the subjects of a cohort; None where there is none, or it is not known."""
        every = tuple(facts)
        if self.possible(every) is not True:
            return None
        for pinned in (every, *([*every, size] for size in self._sizes)):
            if self._in_parts(pinned) is True:
                shown = [self._shown(part) for part in self.parts(pinned)]
                found = [subjects for subjects in shown if subjects is not None]
                if len(found) == len(shown):
                    return found
        return None

    def _remembered(
        self, every: list[Fact], settle: Callable[[list[Fact]], bool | None]
    ) -> bool | None:
        key = frozenset(every)
        answer, effort = self._asked.get(key, (None, 0.0))
        if answer is not None or effort >= self.effort:
            return answer
        if any(proof <= key for proof in self._proofs):
            return False
        if self.seconds_left <= 0:
            raise TimeIsUp
        answer = settle(every)
        self._asked[key] = answer, self.effort
        if answer is False:
            self._proved(key)
        return answer

    def _proved(self, impossible: frozenset[Fact]) -> None:
        if not any(proof <= impossible for proof in self._proofs):
            self._proofs = [proof for proof in self._proofs if not impossible <= proof]
            self._proofs.append(impossible)

    def proof_within(self, facts: Iterable[Fact]) -> frozenset[Fact] | None:
        """The smallest set among the facts of which it is proved that it is impossible; None where
        nothing is proved of any."""
        given = frozenset(facts)
        known = [proof for proof in self._proofs if proof <= given]
        return min(known, key=lambda one: (len(one), sorted(f.id for f in one)), default=None)

    def _in_parts(self, facts: Iterable[Fact]) -> bool | None:
        settled: bool | None = True
        for part in sorted(self.parts(facts), key=len):
            answer = self._one(part)
            if answer is False:
                return False
            settled = None if answer is None else settled
        return settled

    def _some_size(self, facts: list[Fact]) -> bool | None:
        """Are the facts possible with any number of subjects? Likely numbers are tried before all
        of them at once; where that is not settled, each number by itself."""
        likely = self._sizes[:GUESSES]
        if self._witness(facts) is not None:
            return True
        if self._in_parts([*facts, *likely[:1]]):
            return True
        parts = parts_of(facts, self.facts, sized=True)
        if any(self._one(part) is False for part in sorted(parts, key=len)):
            return False
        if any(self._in_parts([*facts, size]) for size in likely[1:]):
            return True
        answer = self._one(facts)
        if answer is not None:
            return answer
        if len(self._sizes) > EACH_SIZE:
            return None
        answers = set()
        for size in self._sizes:
            answers.add(self._in_parts([*facts, size]))
            if True in answers:
                return True
        return None if None in answers else False

    def _witness(self, facts: Iterable[Fact]) -> Witness | None:
        """A cohort found before of which all the facts are true."""
        key = frozenset(facts)
        return next((each for each in self._witnesses if each.shows(key)), None)

    # -- one part ---------------------------------------------------------------------------------

    def _one(self, part: Sequence[Fact]) -> bool | None:
        if self._witness(part) is not None:
            return True
        return self._remembered(list(part), self._solve)

    def _shown(self, part: Sequence[Fact]) -> Found | None:
        """The subjects of a cohort found before of whom the facts are true; only what the facts
        speak of is told of them."""
        witness = self._witness(part)
        if witness is None:
            return None
        ground = self._modelled.ground(part)
        names = frozenset(ground.groups)
        return [
            (own & names, {key: value for key, value in values.items() if key in ground.domains})
            for own, values in witness.held.subjects
        ]

    def _solve(self, part: Sequence[Fact]) -> bool | None:
        answer = self.solved(part)
        if isinstance(answer, list):
            return self._found(answer, part, self._modelled.ground(part))
        return answer

    def _found(self, subjects: Found, part: Sequence[Fact], ground: Ground) -> bool | None:
        """A cohort that the solver has found is a yes if a count by hand says so too."""
        if not true_of(self.facts, subjects, part):
            return None
        held = Held(subjects, self.facts.groups)
        witness = Witness(held, frozenset(ground.groups), frozenset(ground.domains))
        self._witnesses.insert(0, witness)
        return True

    def solved(self, part: Sequence[Fact], lattice: Lattice | None = None) -> Found | bool | None:
        """The subjects of a cohort of which the facts are true; False where there is none."""
        from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL

        people, model, _ = self._modelled.model(part, lattice)
        solver = solver_for(self.seconds_left, self.effort)
        status = solver.solve(model)
        if status in (OPTIMAL, FEASIBLE):
            found: Found = people.found(solver)
            return found
        return False if status == INFEASIBLE else None

    # -- many facts at once -----------------------------------------------------------------------

    def prepare(self, facts: Iterable[Fact]) -> None:
        """Make one model of all these facts, of which any can be assumed."""
        part = sorted(set(facts), key=lambda fact: fact.id)
        if len(part) >= MANY:
            self._prepared = self._modelled.model(part, asked=True)

    def _is_prepared(self, facts: Sequence[Fact]) -> bool:
        return len(facts) >= MANY and all(fact in self._prepared[2] for fact in facts)

    def _assumed(self, facts: Sequence[Fact]) -> bool | None:
        """Are the facts possible, by the model made beforehand? A proof names the facts it used."""
        from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL

        people, model, literals = self._prepared
        model.clear_assumptions()
        model.add_assumptions([literals[fact] for fact in facts])
        solver = solver_for(self.seconds_left)
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.max_presolve_iterations = 1
        status = solver.solve(model)
        if status in (OPTIMAL, FEASIBLE):
            return self._found(people.found(solver), facts, people.ground)
        if status != INFEASIBLE:
            return None
        named = set(solver.sufficient_assumptions_for_infeasibility())
        self._proved(frozenset(fact for fact in facts if literals[fact].index in named))
        return False

    def between(
        self, part: Sequence[Fact], groups: frozenset[str], measure: Callable[[Population], Any]
    ) -> tuple[int, int] | None:
        """The smallest and the largest value of a sum over the subjects of some groups, where the
        facts hold; None where that is not settled."""
        from ortools.sat.python.cp_model import OPTIMAL

        ends = []
        for sign in (1, -1):
            people, model, _ = self._modelled.model(part, None, groups)
            number = measure(people)
            model.minimize(sign * number)
            solver = solver_for(self.seconds_left)
            if self.seconds_left <= 0 or solver.solve(model) != OPTIMAL:
                return None
            ends.append(int(solver.value(number)))
        return ends[0], ends[1]


def _clocks() -> tuple[float, float]:
    return time.process_time(), time.monotonic()


def solver_for(seconds: float, effort: float = EFFORT) -> "CpSolver":
    """A solver that gives the same answer on every machine, if it has the time."""
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(0.05, seconds)
    return solver
