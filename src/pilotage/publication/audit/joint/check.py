"""Can some facts be true of one cohort? Yes with a cohort, no with proof, or not settled in time.

Facts that share no group (beyond the outermost one, where its size is said) and no variable are
looked at apart: subjects of two such parts can be put together in any order.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pilotage.publication.audit.joint.bind import Binder, wholes_of
from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.audit.joint.population import (
    MOST_KINDS,
    MOST_NUMBERS,
    Found,
    Ground,
    Kinds,
    Population,
    kinds_of,
)
from pilotage.publication.audit.joint.relations import Lattice
from pilotage.publication.audit.joint.singly import Singly
from pilotage.publication.claims import CountClaim, Place

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver

EFFORT = 0.25
"""Deterministic time of one search: the same on every machine."""

MOST = 30
"""At least so many subjects are looked at."""


GUESSES = 6
"""So many sizes of the cohort are tried before all."""

EACH_SIZE = 64
"""Up to so many sizes are tried one by one."""


_NOWHERE = Place(section="results", paragraph=1, sentence=1)


class TimeIsUp(Exception):
    """The time allowed for the whole search is over."""


@dataclass(slots=True)
class Checker:
    """Answers of which facts can be true together. Remembers what it has answered."""

    facts: Facts
    limit: float = 60.0
    most: int | None = None
    singly: bool = False
    unsettled: int = 0
    _answers: dict[frozenset[Fact], Found | bool | None] = field(default_factory=dict)
    _of_any_size: dict[frozenset[Fact], bool | None] = field(default_factory=dict)
    _size_facts: list[Fact] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        if self.most is None:
            self.most = most_subjects(self.facts)

    @property
    def largest(self) -> int:
        """The largest number of subjects looked at."""
        return self.most or MOST

    @property
    def seconds_left(self) -> float:
        return self.limit - (time.monotonic() - self._begun)

    def possible(self, facts: Iterable[Fact]) -> bool | None:
        """Can the facts be true together? None where that is not settled."""
        every = sorted(set(facts), key=lambda fact: fact.id)
        root = self.facts.root
        if root is None or any(says_size_of(fact, root) for fact in every):
            return self._in_parts(every)
        key = frozenset(every)
        if key not in self._of_any_size:
            self._of_any_size[key] = self._some_size(every)
        return self._of_any_size[key]

    def cohorts(self, facts: Iterable[Fact]) -> list[Found] | None:
        """For each part the subjects of a cohort; None where there is none, or it is not known."""
        every = tuple(facts)
        for pinned in (every, *([*every, size] for size in self._sizes())):
            if self.possible(every) is True and self._in_parts(pinned) is True:
                answers = [self._one(part) for part in self.parts(pinned)]
                found = [answer for answer in answers if isinstance(answer, list)]
                if len(found) == len(answers):
                    return found
        return None

    def _in_parts(self, facts: Iterable[Fact]) -> bool | None:
        settled: bool | None = True
        for part in sorted(self.parts(facts), key=len):
            answer = self._one(part)
            if answer is False:
                return False
            settled = None if answer is None else settled
        return settled

    def allow(self, seconds: float) -> None:
        """So many seconds from now on."""
        self.limit = time.monotonic() - self._begun + seconds

    def _some_size(self, facts: list[Fact]) -> bool | None:
        """Are the facts possible with any number of subjects? Likely numbers are tried before all
        of them at once; where that is not settled, each number by itself."""
        sizes = self._sizes()
        if any(self._in_parts([*facts, size]) for size in sizes[:GUESSES]):
            return True
        answer = self._one(facts)
        if answer is not None:
            return answer is not False
        if len(sizes) > EACH_SIZE:
            return None
        for size in sizes:
            answer = self._in_parts([*facts, size])
            if answer is not False:
                return answer
        return False

    def _sizes(self) -> list[Fact]:
        """Every size that the outermost group may have, the likely ones first."""
        if not self._size_facts and self.facts.root is not None:
            sizes = (fact for fact in self.facts.facts if says_size_of(fact, self.facts.root))
            stated = {_value(fact): fact for fact in sizes}
            likely = max(stated, default=self.largest // 2)
            every = range(self.largest + 1)
            order = sorted(every, key=lambda n: (n not in stated, abs(n - likely)))
            self._size_facts = [stated.get(n) or self._size(n) for n in order]
        return self._size_facts

    def _size(self, n: int) -> Fact:
        root = str(self.facts.root)
        claim = CountClaim(
            id=f"={n}", place=_NOWHERE, sentence="", printed="", kind="count", group=root, value=n
        )
        return Fact((claim.id,), claim, frozenset([root]), frozenset())

    # -- parts ------------------------------------------------------------------------------------

    def parts(self, facts: Iterable[Fact]) -> list[tuple[Fact, ...]]:
        """Facts that have to be looked at together. Those about the size of the outermost group
        stand in every part."""
        every = sorted(set(facts), key=lambda fact: fact.id)
        root = self.facts.root
        sizes = [fact for fact in every if says_size_of(fact, root)]
        others = [fact for fact in every if fact not in sizes]
        spare = {root} if sizes else set()
        ties = self._ties(every, spare)
        joined: list[tuple[set[object], list[Fact]]] = []
        for fact in others:
            own = self.facts.lattice.closure(fact.groups) - spare
            touched: set[object] = {*own, *fact.keys, *(tie for tie in ties if own & set(tie))}
            same = [part for part in joined if part[0] & touched]
            merged = [fact]
            for part in same:
                touched |= part[0]
                merged += part[1]
                joined.remove(part)
            joined.append((touched, merged))
        parts = [tuple(sorted({*part, *sizes}, key=lambda f: f.id)) for _, part in joined]
        return sorted(parts, key=lambda part: part[0].id) if parts else [tuple(sizes)] * bool(sizes)

    def _ties(self, facts: Iterable[Fact], spare: set[str | None]) -> list[tuple[str, ...]]:
        """Groups between which the words have a relation, where both are spoken of."""
        lattice = self.facts.lattice
        groups = lattice.closure({name for fact in facts for name in fact.groups})
        named = [relation.named for relation in lattice.among(groups)]
        return [names for names in named if len(names) > 1 and not spare & set(names)]

    # -- one part ---------------------------------------------------------------------------------

    def _one(self, part: Sequence[Fact]) -> Found | bool | None:
        key = frozenset(part)
        if key not in self._answers:
            if self.seconds_left <= 0:
                raise TimeIsUp
            answer = self.solved(part)
            self.unsettled += answer is None
            self._answers[key] = answer
        return self._answers[key]

    def solved(self, part: Sequence[Fact], lattice: Lattice | None = None) -> Found | bool | None:
        """The subjects of a cohort of which the facts are true; False where there is none."""
        from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL

        people, model = self._model(part, lattice)
        solver = solver_for(min(self.seconds_left, self.limit))
        status = solver.solve(model)
        if status in (OPTIMAL, FEASIBLE):
            return people.found(solver)
        return False if status == INFEASIBLE else None

    def between(
        self, part: Sequence[Fact], groups: frozenset[str], measure: Callable[[Population], Any]
    ) -> tuple[int, int] | None:
        """The smallest and the largest value of a sum over the subjects of some groups, where the
        facts hold; None where that is not settled."""
        from ortools.sat.python.cp_model import OPTIMAL

        ends = []
        for sign in (1, -1):
            people, model = self._model(part, None, groups)
            number = measure(people)
            model.minimize(sign * number)
            solver = solver_for(self.seconds_left)
            if self.seconds_left <= 0 or solver.solve(model) != OPTIMAL:
                return None
            ends.append(int(solver.value(number)))
        return ends[0], ends[1]

    def _model(
        self, part: Sequence[Fact], lattice: Lattice | None, also: frozenset[str] = frozenset()
    ) -> tuple[Population, "CpModel"]:
        from ortools.sat.python.cp_model import CpModel

        model = CpModel()
        people = population(model, self._ground(part, lattice, also), singly=self.singly)
        groups = self.facts.groups
        binder = Binder(people, {name: wholes_of(groups, name) for name in people.ground.groups})
        binder.bind_all(sorted(part, key=lambda each: each.id))
        return people, model

    def _ground(
        self, part: Sequence[Fact], lattice: Lattice | None, also: frozenset[str]
    ) -> Ground:
        lattice = lattice or self.facts.lattice
        named = {name for fact in part for name in fact.groups} | also
        if self.facts.root is not None and lattice is self.facts.lattice:
            named.add(self.facts.root)
        groups = lattice.closure(named)
        keys = sorted({key for fact in part for key in fact.keys}, key=str)
        most = self._most(part, named)
        return Ground(
            tuple(sorted(groups)),
            tuple(lattice.among(groups)),
            {key: self.facts.domain(key, self.largest) for key in keys},
            most,
            {
                name: len(inside)
                for name in sorted(groups)
                if (inside := lattice.subjects_within(name))
            },
        )

    def _most(self, part: Sequence[Fact], named: set[str]) -> int:
        """No more subjects than the outermost group has, where its size is said."""
        root = self.facts.root
        sizes = [_value(fact) for fact in part if says_size_of(fact, root)]
        return max(1, min([self.largest, *sizes])) if root in named else self.largest


def population(model: "CpModel", ground: Ground, *, singly: bool = False) -> Population:
    """The shorter way of the two for this ground."""
    kinds = None if singly else kinds_of(ground, MOST_KINDS)
    numbers = sum(len(values) for values in ground.domains.values())
    if kinds is None or len(kinds) * numbers > MOST_NUMBERS:
        return Singly(model, ground)
    return Kinds(model, ground, kinds=kinds)


def solver_for(seconds: float) -> "CpSolver":
    """A solver that gives the same answer on every machine, if it has the time."""
    from ortools.sat.python.cp_model import CpSolver

    solver = CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = EFFORT
    solver.parameters.max_time_in_seconds = max(0.05, seconds)
    return solver


def most_subjects(facts: Facts) -> int:
    """Twice the largest number of subjects that a claim states (or MOST), so that a claim about the
    size can be spared and the others still be true."""
    counts = [
        fact.claim.value
        for fact in facts.facts
        if isinstance(fact.claim, CountClaim) and fact.claim.comparator == "="
    ]
    return max(2 * max(counts, default=0), MOST)


def _value(fact: Fact) -> int:
    assert isinstance(fact.claim, CountClaim)
    return fact.claim.value


def says_size_of(fact: Fact, root: str | None) -> bool:
    """Does the fact say how many subjects the outermost group has?"""
    claim = fact.claim
    own = isinstance(claim, CountClaim) and claim.comparator == "=" and claim.group == root
    return own and getattr(claim, "of", None) in (None, root)
