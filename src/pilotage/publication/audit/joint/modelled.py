"""Some facts as a model for the solver: the ground that they speak of, and what they ask of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pilotage.publication.audit.joint.bind import Binder, wholes_of
from pilotage.publication.audit.joint.facts import Fact, Facts, Key
from pilotage.publication.audit.joint.joined import Joined, TooManyKinds
from pilotage.publication.audit.joint.outermost import says_size_of, stated
from pilotage.publication.audit.joint.population import Ground, Population
from pilotage.publication.audit.joint.relations import Lattice
from pilotage.publication.audit.joint.singly import Singly
from pilotage.publication.claims import ThresholdClaim

MOST_NUMBERS = 4_000
"""So many numbers in one bag at most."""

Model = tuple[Any, Any, dict[Fact, Any]]
"""The unknowns of a cohort, the model that holds them, the literals of the facts."""


@dataclass(frozen=True, slots=True)
class Modelled:
    """Makes models of facts, with cohorts of up to `largest` subjects. With `singly`, each subject
    is looked for by itself."""

    facts: Facts
    largest: int
    singly: bool = False

    def model(
        self,
        part: Sequence[Fact],
        lattice: Lattice | None = None,
        also: frozenset[str] = frozenset(),
        *,
        asked: bool = False,
    ) -> Model:
        """With `asked`, each fact has a literal that is assumed: a proof names those it used."""
        from ortools.sat.python.cp_model import CpModel

        ground = self.ground(part, lattice, also)
        if asked:  # the size of the outermost group may be what is not assumed
            ground = replace(ground, most=self.largest)
        people: Population
        try:
            model = CpModel()
            people = Joined(model, ground, limit=0 if self.singly else MOST_NUMBERS)
        except TooManyKinds:
            model = CpModel()
            people = Singly(model, ground)
        groups = self.facts.groups
        binder = Binder(people, {name: wholes_of(groups, name) for name in people.ground.groups})
        every = sorted(part, key=lambda each: each.id)
        literals = {fact: model.new_bool_var("") for fact in every} if asked else {}
        binder.bind_all(every, literals if asked else None)
        model.add_assumptions(list(literals.values()))
        return people, model, literals

    def ground(
        self,
        part: Sequence[Fact],
        lattice: Lattice | None = None,
        also: frozenset[str] = frozenset(),
    ) -> Ground:
        """What a cohort is made of, for these facts; with some more groups, and other relations."""
        lattice = lattice or self.facts.lattice
        named = {name for fact in part for name in fact.groups} | also
        if self.facts.root is not None and lattice is self.facts.lattice:
            named.add(self.facts.root)
        keys = sorted({key for fact in part for key in fact.keys}, key=str)
        keyed = {key: self._keyed(key, part) for key in keys}
        groups = lattice.closure(named.union(*keyed.values()))
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
            (*(fact.groups for fact in part), also),
            keyed,
        )

    def _keyed(self, key: Key, part: Sequence[Fact]) -> frozenset[str]:
        """The groups that are spoken of with a variable, and those that a limit of it divides."""
        named = {name for fact in part if key in fact.keys for name in fact.groups}
        limits = [f for f in part if key in f.keys and isinstance(f.claim, ThresholdClaim)]
        for name in (name for fact in limits for name in fact.groups):
            named.update(wholes_of(self.facts.groups, name))
        return frozenset(named)

    def _most(self, part: Sequence[Fact], named: set[str]) -> int:
        """No more subjects than the outermost group has, where its size is said."""
        root = self.facts.root
        sizes = [stated(fact) for fact in part if says_size_of(fact, root)]
        return max(1, min([self.largest, *sizes])) if root in named else self.largest
