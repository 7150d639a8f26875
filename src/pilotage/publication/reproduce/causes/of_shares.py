"""Causes of a share: the same subjects as a share of others."""

from collections.abc import Iterator
from fractions import Fraction

from pilotage.publication.answers import computable
from pilotage.publication.claims import CountClaim, PercentageClaim
from pilotage.publication.reproduce.agreement import agreement
from pilotage.publication.reproduce.cause import Cause
from pilotage.publication.reproduce.causes.search import Search
from pilotage.publication.reproduce.facts import Members, both, size
from pilotage.statistics.rounding import as_written


def denominator(search: Search) -> Iterator[Cause]:
    """Another whole with which the share prints so: one that the paper prints for the same group,
    or a group of the paper in these data."""
    claim, meant = search.claim, search.held.meant
    assert isinstance(claim, PercentageClaim)
    if meant is None or meant.value is None or not meant.n or claim.comparator != "=":
        return
    events = round(as_written(meant.value) * meant.n / 100)
    yield from _printed_wholes(claim, events, meant.n, search)
    yield from _other_groups(claim, meant.n, search)


def _fits(claim: PercentageClaim, events: int, n: int) -> bool:
    if not 0 < n >= events:
        return False
    share = Fraction(100 * events, n)
    return agreement(share, claim.value, digits=claim.printed_digits) == "rounded"


def _printed_wholes(
    claim: PercentageClaim, events: int, own: int, search: Search
) -> Iterator[Cause]:
    """The paper prints another size of the whole."""
    for other in search.sources.published.claims:
        if not isinstance(other, CountClaim) or other.group != claim.of or other.value == own:
            continue
        if _fits(claim, events, other.value):
            words = (
                f"{events} of {other.value} is {claim.printed}: {other.id} ('{other.printed}') "
                f"prints {other.value} where these data have {own}"
            )
            lines = (f"{other.place}: “{other.sentence}”",)
            yield Cause("denominator", words, lines, claims=(other.id,))
            return


def _other_groups(claim: PercentageClaim, own: int, search: Search) -> Iterator[Cause]:
    """A group around the whole, or within it, of which these are the printed share."""
    published, facts = search.sources.published, search.sources.facts
    if not computable(published, claim.group):
        return
    inside = facts.members(claim.group)
    for name in published.groups:
        if name in (claim.of, claim.group) or not computable(published, name):
            continue
        if not _near(claim, name, search):
            continue
        whole = facts.members(name)
        events, n = _counted(inside, whole)
        if n is not None and n != own and _fits(claim, events, n):
            of = search.group_text(name)
            words = f"{events} of {n} is {claim.printed}: as a share of '{of}'"
            yield Cause("denominator", words, (f"'{of}' are {n} in these data, the whole {own}",))
            return


def _near(claim: PercentageClaim, name: str, search: Search) -> bool:
    """Does the group hold the counted ones, and lie around the whole or within it?"""
    lying = search.lying
    if lying.inside(name, claim.group) is not None:
        return False
    return any(
        lying.inside(one, other) is not None
        for one, other in ((claim.group, name), (claim.of, name), (name, claim.of))
        if one in lying.above and other in lying.above
    )


def _counted(inside: Members, whole: Members) -> tuple[int, int | None]:
    """How many of the whole are inside; no whole where somebody is doubtful."""
    events, unknown = size(both(inside, whole))
    n, doubtful = size(whole)
    return events, None if unknown or doubtful else n
