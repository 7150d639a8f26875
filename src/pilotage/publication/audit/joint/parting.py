"""Which facts have to be looked at together.

Facts that share no group (beyond the outermost one, where its size is said) and no variable cannot
contradict each other: subjects of two such parts can be put together in any order.
"""

from collections.abc import Iterable

from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.audit.joint.outermost import says_size_of

Part = tuple[Fact, ...]


def parts_of(every: Iterable[Fact], facts: Facts, *, sized: bool | None = None) -> list[Part]:
    """The parts. Those facts that say the size of the outermost group stand in every part. With
    `sized`, the facts are parted as if it were said; what is impossible in such a part is so
    however many subjects there are."""
    given = sorted(set(every), key=lambda fact: fact.id)
    sizes = [fact for fact in given if says_size_of(fact, facts.root)]
    others = [fact for fact in given if fact not in sizes]
    spare = {facts.root} if sizes or sized else set()
    ties = _ties(given, facts, spare)
    joined: list[tuple[set[object], list[Fact]]] = []
    for fact in others:
        own = facts.lattice.closure(fact.groups) - spare
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


def _ties(every: Iterable[Fact], facts: Facts, spare: set[str | None]) -> list[tuple[str, ...]]:
    """Groups between which the words have a relation, where both are spoken of."""
    groups = facts.lattice.closure({name for fact in every for name in fact.groups})
    named = [relation.named for relation in facts.lattice.among(groups)]
    return [names for names in named if len(names) > 1 and not spare & set(names)]
