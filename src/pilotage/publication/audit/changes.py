"""Changes in words, held against the means and the P values that stand beside them."""

from collections.abc import Iterator

from pilotage.publication.audit.finding import AuditFinding, judged
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.tests_tried import printed_p
from pilotage.publication.audit.words import number, quoted
from pilotage.publication.claims import (
    ChangeClaim,
    PValueClaim,
    StatisticClaim,
    ThresholdClaim,
)

USUAL = 0.05
"""The level of significance of a paper that states none."""


def changes(sizes: Sizes) -> Iterator[AuditFinding]:
    """A finding for each change that a pair of means, or a P value, can be held against."""
    for claim in sizes.published.claims:
        if isinstance(claim, ChangeClaim):
            yield from _direction(claim, sizes)
            yield from _significance(claim, sizes)


def _direction(claim: ChangeClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """A rise has a larger mean after than before."""
    before = _mean(claim, claim.since, claim, sizes)
    after = _mean(claim, claim.at, claim, sizes)
    if before is None or after is None or claim.direction == "none":
        return
    holds = {
        "increase": after.value > before.value, "decrease": after.value < before.value,
        "no increase": after.value <= before.value, "no decrease": after.value >= before.value,
    }[claim.direction]  # fmt: skip
    ids = (claim.id, before.id, after.id)
    line = f"{number(before.value)} before, {number(after.value)} after"
    words = f"{quoted(claim)} goes with {quoted(before)} and {quoted(after)}."
    question = f"How does {quoted(claim)} go with {quoted(before)} and {quoted(after)}?"
    yield judged("summary", ids, holds, words, question, (line,))


def _mean(
    claim: ChangeClaim, at: str | None, near: ChangeClaim, sizes: Sizes
) -> StatisticClaim | None:
    """The mean of the variable at the time; of the same sentence where there are several."""
    found = [
        other
        for other in sizes.published.claims
        if isinstance(other, StatisticClaim)
        and (other.kind, other.variable, other.at) == ("mean", claim.variable, at)
        and (other.group == claim.group or "not stated" in (other.group, claim.group))
    ]
    here = [other for other in found if other.place == near.place]
    return next(iter(here or found), None)


def _significance(claim: ChangeClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """A change that is called significant has a P value below the level that the paper sets."""
    if claim.significance == "not stated":
        return
    level, names = _level(sizes)
    for other in sizes.published.claims:
        if not isinstance(other, PValueClaim) or other.comparator not in ("=", "<"):
            continue
        if (other.variable, other.since, other.at) != (claim.variable, claim.since, claim.at):
            continue
        low, high = printed_p(other)
        below, above = high <= level, low >= level
        ids = (claim.id, other.id, *names)
        line = f"the level of significance is {number(level, 4)}"
        wrong = above if claim.significance == "significant" else below
        words = f"{quoted(claim)} goes with {quoted(other)}."
        question = f"How does {quoted(claim)} go with {quoted(other)}?"
        yield judged("p_value", ids, not wrong, words, question, (line,))


def _level(sizes: Sizes) -> tuple[float, tuple[str, ...]]:
    for claim in sizes.published.claims:
        if isinstance(claim, ThresholdClaim) and claim.role == "significance":
            return claim.value, (claim.id,)
    return USUAL, ()
