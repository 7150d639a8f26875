"""An unknown cohort as numbers of subjects of each kind, bag by bag.

A kind is one way of belonging to the groups of a bag; nothing distinguishes two subjects of a kind.
The values of a variable are counted by the groups that the claims about it name.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pilotage.publication.audit.joint.bags import Bag, bags_of
from pilotage.publication.audit.joint.facts import Key
from pilotage.publication.audit.joint.population import (
    Found,
    Ground,
    Population,
    kinds_of,
    parents_first,
)

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver, IntVar

Kind = frozenset[str]


class TooManyKinds(Exception):
    """A bag can be belonged to in too many ways."""


def tree_of(ground: Ground) -> tuple[Bag, ...]:
    """The bags for all that is asked of a cohort at once."""
    numbered = frozenset(r.group for r in ground.relations if r.kind == "subject")
    related = (frozenset(relation.named) for relation in ground.relations)
    keyed = ground.keyed.values()
    return bags_of(ground.groups, [*related, *ground.together, *keyed, numbered])


@dataclass(slots=True)
class Joined(Population):
    """How many subjects there are of each kind in each bag, and with each value of a variable.
    Raises TooManyKinds where that would be more numbers than `limit`."""

    limit: int = 0
    _bags: tuple[Bag, ...] = ()
    _kinds: list[dict[Kind, "IntVar"]] = field(default_factory=list)
    _values: dict[Key, dict[Kind, list["IntVar"]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._bags = tree_of(self.ground)
        self._count_kinds()
        for key in self.ground.domains:
            self._count_values(key)
        for relation in self.ground.relations:
            if relation.kind == "subject":
                self.model.add(self.number(relation.group) == 1)
        for name, least in self.ground.least.items():
            self.model.add(self.number(name) >= least)

    def _count_kinds(self) -> None:
        from ortools.sat.python.cp_model import LinearExpr

        most = self.ground.most
        everybody, order = self.model.new_int_var(0, most, ""), parents_first(self.ground)
        for bag in self._bags:
            inside = [name for name in order if name in bag.groups]
            kinds = kinds_of(self.ground, self.limit, inside)
            if kinds is None:
                raise TooManyKinds
            numbers = {kind: self.model.new_int_var(0, most, "") for kind in kinds}
            self._kinds.append(numbers)
            if bag.parent is None:
                self.model.add(LinearExpr.sum(list(numbers.values())) == everybody)
                continue
            here = _by(numbers, bag.shared)
            there = _by(self._kinds[bag.parent], bag.shared)
            for shared in sorted({*here, *there}, key=sorted):
                parts = LinearExpr.sum(here.get(shared, [])), LinearExpr.sum(there.get(shared, []))
                self.model.add(parts[0] == parts[1])

    def _count_values(self, key: Key) -> None:
        from ortools.sat.python.cp_model import LinearExpr

        groups = self.ground.keyed[key]
        kinds = _by(self._kinds[self._place(groups)], groups)
        values = self.ground.domains[key]
        if len(kinds) * len(values) > self.limit:
            raise TooManyKinds
        self._values[key] = {}
        for kind in sorted(kinds, key=sorted):
            row = [self.model.new_int_var(0, self.ground.most, "") for _ in values]
            self.model.add(LinearExpr.sum(row) == LinearExpr.sum(kinds[kind]))
            self._values[key][kind] = row

    def _place(self, groups: frozenset[str]) -> int:
        """The smallest bag that the groups lie within."""
        places = [at for at, bag in enumerate(self._bags) if groups <= bag.groups]
        return min(places, key=lambda at: (len(self._kinds[at]), at))

    def terms(self, groups: frozenset[str]) -> list["IntVar"]:
        kinds = self._kinds[self._place(groups)]
        return [number for kind, number in kinds.items() if groups <= kind]

    def having(self, key: Key, groups: frozenset[str], value: int) -> list["IntVar"]:
        column = value - self.ground.domains[key][0]
        return [row[column] for kind, row in self._values[key].items() if groups <= kind]

    # -- a solution -------------------------------------------------------------------------------

    def found(self, solver: "CpSolver") -> Found:
        """The subjects of the solution, put together along the tree."""
        subjects: list[set[str]] = []
        for bag, numbers in zip(self._bags, self._kinds, strict=True):
            waiting: dict[Kind, list[Kind]] = defaultdict(list)
            for kind, number in numbers.items():
                waiting[kind & bag.shared] += [kind] * solver.value(number)
            if not subjects:
                subjects = [set(kind) for kinds in waiting.values() for kind in kinds]
                continue
            for own in subjects:
                own |= waiting[bag.shared & own].pop()
        held: list[dict[Key, int]] = [{} for _ in subjects]
        for key, rows in self._values.items():
            values = {
                kind: [
                    value
                    for value, number in zip(self.ground.domains[key], row, strict=True)
                    for _ in range(solver.value(number))
                ]
                for kind, row in rows.items()
            }
            for own, mine in zip(subjects, held, strict=True):
                mine[key] = values[self.ground.keyed[key] & own].pop()
        return [(frozenset(own), mine) for own, mine in zip(subjects, held, strict=True) if own]


def _by(numbers: dict[Kind, "IntVar"], groups: frozenset[str]) -> dict[Kind, list["IntVar"]]:
    """The numbers of the kinds that agree on these groups."""
    found: dict[Kind, list[IntVar]] = defaultdict(list)
    for kind, number in numbers.items():
        found[kind & groups].append(number)
    return found
