"""An unknown cohort as unknowns of the solver, in either of two ways.

`Joined`: how many subjects there are of each kind, in small bags of groups. `Singly`: each subject
with its memberships, where a bag would have too many kinds. Claims are bound to both in the same
words: how many are in some groups, and how many of them have a value.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pilotage.publication.audit.joint.facts import Key
from pilotage.publication.audit.joint.relations import Relation

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar, LinearExprT

Found = list[tuple[frozenset[str], dict[Key, int]]]
"""The subjects of a solution: the groups of each, and its values."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a cohort is made of: its groups, their relations, the values of the variables, and the
    largest number of subjects looked at. `least` says how many numbered subjects a group has at
    least; `together` which groups are asked for at once, and `keyed` those of each variable."""

    groups: tuple[str, ...]
    relations: tuple[Relation, ...]
    domains: Mapping[Key, range]
    most: int
    least: Mapping[str, int] = field(default_factory=dict)
    together: tuple[frozenset[str], ...] = ()
    keyed: Mapping[Key, frozenset[str]] = field(default_factory=dict)


def kinds_of(ground: Ground, limit: int, groups: Sequence[str]) -> list[frozenset[str]] | None:
    """Every way in which a subject can belong to some of the groups, by the words; None if more
    than the limit. Those come first that others are defined by."""
    found: list[dict[str, bool]] = [{}]
    known: set[str] = set()
    relations = [r for r in ground.relations if set(groups).issuperset(r.named)]
    singles = [r.group for r in relations if r.kind == "subject"]
    for name in groups:
        known.add(name)
        mine = [r for r in relations if name in r.named and known.issuperset(r.named)]
        tried = [{**one, name: inside} for one in found for inside in (False, True)]
        found = [
            member
            for member in tried
            if all(relation.holds(member) for relation in mine)
            and sum(member.get(each, False) for each in singles) <= 1
        ]
        if len(found) > limit:
            return None
    return [frozenset(name for name, inside in one.items() if inside) for one in found]


def parents_first(ground: Ground) -> list[str]:
    """The groups, each after those that it is defined by or lies within."""
    order: list[str] = []

    def put(name: str) -> None:
        if name in order:
            return
        for relation in ground.relations:
            if relation.group == name and relation.kind != "apart_from":
                for other in sorted({*relation.others, *relation.wholes}):
                    put(other)
        order.append(name)

    for name in ground.groups:
        put(name)
    return order


@dataclass(slots=True)
class Population(ABC):
    """What both ways have in common: sums over the subjects of some groups."""

    model: "CpModel"
    ground: Ground
    _made: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    @abstractmethod
    def terms(self, groups: frozenset[str]) -> list["IntVar"]:
        """Their sum is the number of subjects who are in all the groups."""

    @abstractmethod
    def having(self, key: Key, groups: frozenset[str], value: int) -> list["IntVar"]:
        """Their sum is the number of those who have the value."""

    @abstractmethod
    def found(self, solver: "CpSolver") -> Found:
        """The subjects of the solution."""

    def number(self, *groups: str) -> "IntVar":
        """How many subjects are in all the groups."""
        among = frozenset(groups)
        return self._sum(("number", among), 0, self.ground.most, lambda: self.terms(among))

    def of_values(self, key: Key, groups: frozenset[str], values: Iterable[int]) -> "LinearExprT":
        """How many of those in all the groups have one of the values."""
        from ortools.sat.python.cp_model import LinearExpr

        every = self.ground.domains[key]
        parts = [t for v in values if v in every for t in self.having(key, groups, v)]
        return LinearExpr.sum(parts)

    def up_to(self, key: Key, groups: frozenset[str], value: int) -> "IntVar":
        """How many of those in all the groups have at most the value."""
        before = value - 1

        def parts() -> list[Any]:
            own = self.having(key, groups, value)
            first = value == self.ground.domains[key][0]
            return own if first else [self.up_to(key, groups, before), *own]

        return self._sum(("up to", key, groups, value), 0, self.ground.most, parts)

    def total(self, key: Key, groups: frozenset[str]) -> "IntVar":
        """The sum of the values over those in all the groups."""
        return self._weighted("total", key, groups, lambda value: value)

    def halves(self, key: Key, groups: frozenset[str]) -> "IntVar":
        """The sum of v (v - 1) / 2: twice this and the total are the sum of squares. So a solver
        sees at once that both are odd or both even."""
        return self._weighted("halves", key, groups, lambda value: value * (value - 1) // 2)

    def _weighted(
        self, what: str, key: Key, groups: frozenset[str], weight: Callable[[int], int]
    ) -> "IntVar":
        weights = {value: weight(value) for value in self.ground.domains[key]}
        most, ends = self.ground.most, weights.values()

        def parts() -> list[Any]:
            return [
                w * term
                for value, w in weights.items()
                if w
                for term in self.having(key, groups, value)
            ]

        low, high = min(0, *ends) * most, max(0, *ends) * most
        return self._sum((what, key, groups), low, high, parts)

    def _sum(
        self, key: tuple[Any, ...], low: int, high: int, parts: Callable[[], list[Any]]
    ) -> "IntVar":
        if key not in self._made:
            from ortools.sat.python.cp_model import LinearExpr

            made = self.model.new_int_var(low, high, "")
            self.model.add(made == LinearExpr.sum(parts()))
            self._made[key] = made
        found: IntVar = self._made[key]
        return found
