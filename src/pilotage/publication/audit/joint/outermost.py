"""The number of subjects of the outermost group: which facts say it, and all that it may be."""

from pilotage.publication.audit.joint.facts import Fact, Facts
from pilotage.publication.claims import CountClaim, Place

MOST = 30
"""At least so many subjects are looked at."""

_NOWHERE = Place(section="results", paragraph=1, sentence=1)


def says_size_of(fact: Fact, root: str | None) -> bool:
    """Does the fact say how many subjects the outermost group has?"""
    claim = fact.claim
    own = isinstance(claim, CountClaim) and claim.comparator == "=" and claim.group == root
    return own and getattr(claim, "of", None) in (None, root)


def stated(fact: Fact) -> int:
    """The number that a fact about a size states."""
    assert isinstance(fact.claim, CountClaim)
    return fact.claim.value


def most_subjects(facts: Facts) -> int:
    """Twice the largest number of subjects that a claim states (or MOST), so that a claim about the
    size can be spared and the others still be true."""
    counts = [
        fact.claim.value
        for fact in facts.facts
        if isinstance(fact.claim, CountClaim) and fact.claim.comparator == "="
    ]
    return max(2 * max(counts, default=0), MOST)


def every_size(facts: Facts, largest: int) -> tuple[Fact, ...]:
    """Every size that the outermost group may have as a fact, the likely ones first."""
    if facts.root is None:
        return ()
    said = {stated(fact): fact for fact in facts.facts if says_size_of(fact, facts.root)}
    likely = max(said, default=largest // 2)
    order = sorted(range(largest + 1), key=lambda n: (n not in said, abs(n - likely)))
    return tuple(said.get(n) or _size(facts.root, n) for n in order)


def _size(root: str, n: int) -> Fact:
    claim = CountClaim(
        id=f"={n}", place=_NOWHERE, sentence="", printed="", kind="count", group=root, value=n
    )
    return Fact((claim.id,), claim, frozenset([root]), frozenset())
