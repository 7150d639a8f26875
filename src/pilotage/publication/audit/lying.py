"""How the groups of a paper lie to each other: by the meaning of the words, and by its claims.

Every answer carries the ids of the claims that it rests on; none where the words alone say it.
"""

from collections import deque
from dataclasses import dataclass, field

from pilotage.publication.audit.finding import unique
from pilotage.publication.claims import AllOrNoneClaim, Published
from pilotage.publication.groups import Group, as_tuple

Why = tuple[str, ...]


@dataclass(slots=True)
class Lying:
    """Which group lies within which, and which share nobody."""

    published: Published
    above: dict[str, dict[str, Why]] = field(init=False)
    apart: dict[tuple[str, str], Why] = field(init=False)

    def __post_init__(self) -> None:
        self.above = {name: self._reached(name) for name in self.published.groups}
        self.apart = dict(self._stated_apart())
        self.apart |= self._apart_from_unions()

    # -- within -----------------------------------------------------------------------------------

    def inside(self, group: str, other: str) -> Why | None:
        """The claims by which the group lies within the other; None where it is not known to."""
        return self.above.get(group, {}).get(other)

    def _reached(self, start: str) -> dict[str, Why]:
        edges = self._edges()
        found: dict[str, Why] = {start: ()}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for above, why in sorted(edges.get(here, ()), key=lambda edge: len(edge[1])):
                if above not in found:
                    found[above] = unique(found[here] + why)
                    waiting.append(above)
        return found

    def _edges(self) -> dict[str, list[tuple[str, Why]]]:
        edges: dict[str, list[tuple[str, Why]]] = {}
        for name, group in self.published.groups.items():
            for wider in (*as_tuple(group.subset_of), *as_tuple(group.intersection_of)):
                edges.setdefault(name, []).append((wider, ()))
            for part in as_tuple(group.union_of):
                edges.setdefault(part, []).append((name, ()))
            for wider in self._around(as_tuple(group.union_of)):
                edges.setdefault(name, []).append((wider, ()))
        for claim in self.published.claims:
            if isinstance(claim, AllOrNoneClaim) and _says(claim, "all"):
                edges.setdefault(claim.of, []).append((claim.group, (claim.id,)))
        return edges

    def _around(self, parts: tuple[str, ...]) -> list[str]:
        """The groups within which, by the words, each of these lies: so does their union."""
        around = [as_tuple(self.published.groups[part].subset_of) for part in parts]
        return [wider for wider in (around[0] if around else ()) if all(wider in a for a in around)]

    # -- apart ------------------------------------------------------------------------------------

    def separate(self, group: str, other: str) -> Why | None:
        """The claims by which no one is in both groups; None where somebody may be."""
        best: Why | None = None
        for one, why in self.above.get(group, {}).items():
            for two, reason in self.above.get(other, {}).items():
                if (one, two) in self.apart:
                    found = unique(why + reason + self.apart[one, two])
                    if best is None or len(found) < len(best):
                        best = found
        return best

    def _stated_apart(self) -> list[tuple[tuple[str, str], Why]]:
        found: list[tuple[tuple[str, str], Why]] = []
        for name, group in self.published.groups.items():
            for other in (*as_tuple(group.apart_from), *as_tuple(group.without)):
                found += [((name, other), ()), ((other, name), ())]
        found += self._subjects()
        for claim in self.published.claims:
            if isinstance(claim, AllOrNoneClaim) and _says(claim, "none"):
                pair = (claim.group, claim.of)
                found += [(pair, (claim.id,)), (pair[::-1], (claim.id,))]
        return sorted(found, key=lambda each: -len(each[1]))  # the words count before a claim

    def _apart_from_unions(self) -> dict[tuple[str, str], Why]:
        """A union shares nobody with a group with which none of its parts does."""
        found: dict[tuple[str, str], Why] = {}
        for name, group in self.published.groups.items():
            parts = as_tuple(group.union_of)
            for other in self.published.groups if parts else ():
                whys = [self.separate(part, other) for part in parts]
                known = [why for why in whys if why is not None]
                if len(known) == len(parts) and (name, other) not in self.apart:
                    both = unique([each for why in known for each in why])
                    found[name, other] = found[other, name] = both
        return found

    def _subjects(self) -> list[tuple[tuple[str, str], Why]]:
        """Two numbered subjects are two."""
        single = [name for name, group in self.published.groups.items() if group.subject]
        return [((one, two), ()) for one in single for two in single if one != two]


def _says(claim: AllOrNoneClaim, kind: str) -> bool:
    return claim.kind == kind and claim.of != "not stated"


def counts_subjects(group: Group) -> bool:
    """Is it a group of subjects, and not of other things?"""
    return group.things is None
