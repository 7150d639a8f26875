"""How the groups of a paper lie to each other by the meaning of the words, one relation at a time.

Only the relations that can bind the groups of some claims are taken along: a group that no claim
names can be empty, unless it is one subject or is defined by others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pilotage.publication.groups import Group, as_tuple

Kind = Literal["subset_of", "apart_from", "union_of", "intersection_of", "without", "subject"]
_DEFINING = ("union_of", "intersection_of", "without")


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of a group to others. Of `without`, `wholes` are the groups that it takes some
    away from; of `subject`, there are no others."""

    kind: Kind
    group: str
    others: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        return (self.group, *self.others, *self.wholes)

    def holds(self, member: Mapping[str, bool]) -> bool:
        """Does it hold of one subject, of whom all memberships are given?"""
        own = member[self.group]
        others = [member[other] for other in self.others]
        match self.kind:
            case "subset_of":
                return not own or all(others)
            case "apart_from":
                return not (own and any(others))
            case "union_of":
                return own == any(others)
            case "intersection_of":
                return own == all(others)
            case "without":
                return own == (all(member[whole] for whole in self.wholes) and not any(others))
        return True


def relations_of(groups: Mapping[str, Group]) -> tuple[Relation, ...]:
    """Every relation that the file declares, in the order of the groups' names."""
    return tuple(relation for name in sorted(groups) for relation in _of_one(name, groups[name]))


def _of_one(name: str, group: Group) -> Iterable[Relation]:
    wholes = tuple(as_tuple(group.subset_of))
    for other in wholes:
        yield Relation("subset_of", name, (other,))
    for other in as_tuple(group.apart_from):
        yield Relation("apart_from", name, (other,))
    if group.union_of:
        yield Relation("union_of", name, tuple(as_tuple(group.union_of)))
    if group.intersection_of:
        yield Relation("intersection_of", name, tuple(as_tuple(group.intersection_of)))
    if group.without:
        yield Relation("without", name, tuple(as_tuple(group.without)), wholes)
    if group.subject is not None:
        yield Relation("subject", name)


@dataclass(slots=True)
class Lattice:
    """The relations, and which of them concern which groups."""

    relations: tuple[Relation, ...]
    own: dict[str, list[Relation]] = field(init=False)
    subjects: frozenset[str] = field(init=False)
    _binding: dict[str, frozenset[str]] = field(init=False)
    _closures: dict[str, frozenset[str]] = field(init=False)
    _among: dict[frozenset[str], list[Relation]] = field(init=False)

    def __post_init__(self) -> None:
        self.own, self._closures, self._among = {}, {}, {}
        for relation in self.relations:
            self.own.setdefault(relation.group, []).append(relation)
        self.subjects = frozenset(r.group for r in self.relations if r.kind == "subject")
        self._binding = {
            name: frozenset(other for r in own for other in r.named if other != name)
            for name, own in self.own.items()
            if self._binds_others(name, own)
        }

    def _binds_others(self, name: str, own: list[Relation]) -> bool:
        """Does the group bind others although no claim names it?"""
        defined = [r for r in own if r.kind in _DEFINING]
        apart = [r for r in self.relations if r.kind == "apart_from" and name in r.named]
        within = [r for r in own if r.kind == "subset_of"]
        if name in self.subjects:
            return bool(defined or apart or len(within) > 1)
        taken = any(r.kind == "without" for r in defined)
        return len(defined) > 1 or bool(defined and (apart or (within and not taken)))

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """The groups, and all that can bind them: for several groups, what can bind any of them."""
        return frozenset().union(*(self._closure(name) for name in names))

    def _closure(self, of: str) -> frozenset[str]:
        if of in self._closures:
            return self._closures[of]
        found: set[str] = set()
        waiting = [of]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            for relation in self.own.get(name, ()):
                if relation.kind != "apart_from":
                    waiting += relation.named
            waiting += [z for z, parts in self._binding.items() if z not in found and name in parts]
        self._closures[of] = frozenset(found)
        return self._closures[of]

    def among(self, groups: frozenset[str]) -> list[Relation]:
        """The relations that speak of these groups only."""
        if groups not in self._among:
            self._among[groups] = [r for r in self.relations if groups.issuperset(r.named)]
        return self._among[groups]

    def above(self, name: str) -> frozenset[str]:
        """The groups that it lies within by the words, itself among them."""
        found = {name}
        for relation in self.own.get(name, ()):
            if relation.kind in ("subset_of", "intersection_of"):
                found.update(*(self.above(other) for other in relation.others))
            elif relation.kind == "union_of":
                found |= frozenset.intersection(*(self.above(each) for each in relation.others))
        return frozenset(found)

    def subjects_within(self, name: str) -> frozenset[str]:
        """The single subjects that lie within the group by the words."""
        return frozenset(each for each in self.subjects if name in self.above(each))

    def root(self, names: Iterable[str]) -> str | None:
        """The outermost group that all these lie within; None where there is none."""
        ups = [self.above(name) for name in names]
        if not ups:
            return None
        common = frozenset.intersection(*ups)
        outer = [name for name in sorted(common) if self.above(name) == {name}]
        return outer[0] if outer else None
