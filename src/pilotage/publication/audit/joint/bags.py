"""Groups that are spoken of together, as a tree of small bags.

Counts that agree on what two neighbouring bags share are the counts of one whole cohort: subjects
can be put together along the tree. So no way of belonging to all groups at once has to be looked
at, only those within a bag.

Source: Lauritzen 1996, Graphical Models, ch. 2 and 3 (decomposable graphs, tables with given
margins); Rose 1970, J Math Anal Appl 32:597 (elimination of vertices).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Bag:
    """Some groups; `parent` is the place of the bag that it hangs on (None for the first), and
    `shared` what the two have in common."""

    groups: frozenset[str]
    parent: int | None
    shared: frozenset[str]


def bags_of(groups: Iterable[str], together: Iterable[frozenset[str]]) -> tuple[Bag, ...]:
    """A tree of bags such that each of the sets lies within one; every parent before its children.
    The group whose neighbours need the fewest new ties is taken out first."""
    near: dict[str, set[str]] = {name: set() for name in sorted(groups)}
    for one in together:
        for first, second in combinations(sorted(one), 2):
            near[first].add(second)
            near[second].add(first)
    order: list[str] = []
    cliques: dict[str, frozenset[str]] = {}
    while near:
        name = min(near, key=lambda each: (_missing(near, each), len(near[each]), each))
        around = near.pop(name)
        cliques[name] = frozenset({name, *around})
        order.append(name)
        for other in around:
            near[other] |= around - {other}
            near[other].discard(name)
    return _tree(order, cliques)


def _missing(near: dict[str, set[str]], name: str) -> int:
    return sum(second not in near[first] for first, second in combinations(near[name], 2))


def _tree(order: list[str], cliques: dict[str, frozenset[str]]) -> tuple[Bag, ...]:
    """Each bag hangs on that of the next of its groups to be taken out; one that lies within the
    bag of a child is that bag."""
    at = {name: place for place, name in enumerate(order)}
    parent: dict[str, str | None] = {}
    for name in order:
        later = cliques[name] - {name}
        parent[name] = min(later, key=at.__getitem__) if later else None
    for name in order:
        above = parent[name]
        if above is not None and cliques[above] <= cliques[name]:
            cliques[above] = cliques.pop(name)
            parent = {one: above if up == name else up for one, up in parent.items() if one != name}
    places: dict[str, int] = {}
    bags: list[Bag] = []
    for name in reversed([one for one in order if one in cliques]):
        up = parent[name]
        shared = frozenset() if up is None else cliques[name] & cliques[up]
        places[name] = len(bags)
        bags.append(Bag(cliques[name], None if up is None else places[up], shared))
    return tuple(bags)
