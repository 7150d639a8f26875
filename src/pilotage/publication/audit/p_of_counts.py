"""P values of two counts: chi-squared and Fisher's exact test of the shares of two groups."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pilotage.publication.audit.finding import AuditFinding, unique
from pilotage.publication.audit.sizes import Sizes, counts_with
from pilotage.publication.audit.tests_tried import Tried, printed_p, verdict_of
from pilotage.publication.audit.words import printed
from pilotage.publication.claims import CountClaim, PercentageClaim, PValueClaim
from pilotage.statistics import NotComputable
from pilotage.statistics.two_by_two import chi_squared, fisher_exact


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, as far as the paper says; several counts where it prints only a
    percentage that several give."""

    group: str
    of: str
    n: int
    counts: tuple[int, ...]
    claims: tuple[str, ...]

    @property
    def text(self) -> str:
        first = (
            f"{self.counts[0]}" if len(self.counts) == 1 else f"{self.counts[0]}-{self.counts[-1]}"
        )
        return f"{first} of {self.n}"


def shares(group: str, of: str, sizes: Sizes) -> Share | None:
    """The count of the group in the whole, from a count or else from a percentage."""
    whole = sizes.one(of)
    if whole is None or whole.n < 1:
        return None
    from_percentage: Share | None = None
    for claim in sizes.published.claims:
        if not isinstance(claim, CountClaim | PercentageClaim) or claim.comparator != "=":
            continue
        if (claim.group, claim.of) != (group, of):
            continue
        ids = unique((claim.id, *whole.claims))
        if isinstance(claim, CountClaim):
            return Share(group, of, whole.n, (int(claim.value),), ids)
        counts = counts_with(printed(claim, claim.value), whole.n)
        if counts and from_percentage is None:
            from_percentage = Share(group, of, whole.n, tuple(counts), ids)
    return from_percentage


def compared_shares(claim: PValueClaim, sizes: Sizes) -> tuple[Share, Share] | None:
    """The two shares that a P value compares."""
    compared = [sizes.published.claim(name) for name in claim.compares]
    given = [
        (each.group, str(each.of))
        for each in compared
        if isinstance(each, CountClaim | PercentageClaim) and each.of not in (None, "not stated")
    ]
    pairs = list(dict.fromkeys(given))
    if len(pairs) == 1 and claim.than is not None:
        wholes = [each for each in (claim.group, claim.than) if each is not None]
        pairs += [(pairs[0][0], whole) for whole in wholes if whole != pairs[0][1]]
    for one, other in pairwise(pairs):
        first, second = shares(*one, sizes), shares(*other, sizes)
        if one[0] == other[0] and first is not None and second is not None:
            return first, second
    return None


def of_counts(claim: PValueClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """The P value against the tests of a table with two rows and two columns."""
    found = compared_shares(claim, sizes)
    if found is None:
        return
    one, other = found
    low, high = printed_p(claim)
    tried = []
    for name in (
        "Fisher's exact test",
        "chi-squared test",
        "chi-squared test with Yates' correction",
    ):
        ps = sorted(
            p
            for first in one.counts
            for second in other.counts
            if (p := _p(name, first, one.n, second, other.n)) is not None
        )
        if ps:
            fits = any(low <= p <= high for p in ps)
            tried.append(Tried(name, ps[0], ps[-1], fits))
    if tried:
        ids = unique((claim.id, *one.claims, *other.claims))
        yield verdict_of(claim, ids, tried, (f"{one.text} and {other.text}",))


def _p(name: str, events: int, n: int, other_events: int, other_n: int) -> float | None:
    try:
        if name.startswith("Fisher"):
            return fisher_exact(events, n, other_events, other_n).p
        yates = "Yates" in name
        return chi_squared(events, n, other_events, other_n, continuity=yates).p
    except NotComputable:
        return None
