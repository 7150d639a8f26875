"""Values of a part against those of the whole: the range of a group holds those within it."""

from collections.abc import Iterator

from pilotage.publication.audit.finding import AuditFinding, judged, unique
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.spans import Span, spans, told
from pilotage.publication.audit.words import number, quoted
from pilotage.publication.claims import (
    ComparisonClaim,
    RangeClaim,
    StatisticClaim,
    ThresholdClaim,
)
from pilotage.publication.comparators import comparison


def parts(sizes: Sizes) -> Iterator[AuditFinding]:
    """Ranges and single values within wider ranges, limits of inclusion, and comparisons."""
    known = list(spans(sizes.published))
    for whole in known:
        if not isinstance(whole.claim, RangeClaim):
            continue
        for part in known:
            if part.claim is not whole.claim and _comparable(part, whole):
                yield from _part(part, whole, sizes)
    yield from _limits(known, sizes)
    yield from _comparisons(sizes)


def _comparable(part: Span, whole: Span) -> bool:
    same = (part.variable, part.at) == (whole.variable, whole.at)
    return same and part.group != whole.group


def _part(part: Span, whole: Span, sizes: Sizes) -> Iterator[AuditFinding]:
    why = sizes.lying.inside(part.group, whole.group)
    if why is None:
        return
    assert whole.low is not None
    assert whole.high is not None
    below = part.low is not None and part.low.high < whole.low.low
    above = part.high is not None and part.high.low > whole.high.high
    # "at most 6" says that somebody has at most 6: a value below the range's lower end is one too
    below |= part.low is None and part.high is not None and part.high.high < whole.low.low
    above |= part.high is None and part.low is not None and part.low.low > whole.high.high
    ids = unique((whole.claim.id, part.claim.id, *why))
    lines = (told(whole), told(part))
    if not below and not above:
        words = f"{quoted(part.claim)} lies within {quoted(whole.claim)}."
        yield AuditFinding("summary", ids, "fine", words, lines)
        return
    question = (
        f"How does {quoted(part.claim)}, of '{sizes.text(part.group)}', go with "
        f"{quoted(whole.claim)}, of '{sizes.text(whole.group)}', among whom they are?"
    )
    repairs = _repairs(part, whole, sizes)
    yield AuditFinding("summary", ids, "inconsistent", question, lines, repairs)


def _repairs(part: Span, whole: Span, sizes: Sizes) -> tuple[str, ...]:
    """The range read of a group without these subjects, or widened to hold them."""
    found = [
        f"{quoted(whole.claim)} read of '{sizes.text(span.group)}', as {span.claim.id} prints it"
        for span in spans(sizes.published)
        if (span.low, span.high) == (whole.low, whole.high)
        and (span.variable, span.at) == (whole.variable, whole.at)
        and _without(span.group, part, whole, sizes)
    ]
    if not found:
        others = [
            (known[0].n, name)
            for name, known in sizes.stated.items()
            if known[0].n > 1 and _without(name, part, whole, sizes)
        ]
        for n, name in sorted(others, reverse=True)[:1]:
            found.append(f"{quoted(whole.claim)} read of '{sizes.text(name)}' ({n})")
    return (*found, f"a range that holds {part.text}")


def _without(group: str, part: Span, whole: Span, sizes: Sizes) -> bool:
    """Does the group lie within the whole, and hold none of the part?"""
    inside = sizes.lying.inside(group, whole.group) is not None and group != whole.group
    return inside and sizes.lying.separate(group, part.group) is not None


# -- limits of inclusion ---------------------------------------------------------------------------


def _limits(known: list[Span], sizes: Sizes) -> Iterator[AuditFinding]:
    """Nobody who was enrolled lies outside of a limit of inclusion, or within one of exclusion."""
    for claim in sizes.published.claims:
        if not isinstance(claim, ThresholdClaim) or claim.role != "inclusion":
            continue
        if claim.unit is not None or claim.about != "trial":
            continue
        for span in known:
            if span.variable != claim.variable or not isinstance(span.claim, RangeClaim):
                continue
            assert span.low is not None
            assert span.high is not None
            outside = {
                ">": span.low.high < claim.value, ">=": span.low.high < claim.value,
                "<": span.high.low > claim.value, "<=": span.high.low > claim.value,
            }.get(claim.comparator, False)  # fmt: skip
            ids = (span.claim.id, claim.id)
            lines = (told(span), f"{quoted(claim)}: {claim.comparator} {number(claim.value)}")
            whom = quoted(span.claim)
            words = f"{whom} lies within {quoted(claim)}."
            question = f"How were the subjects of {whom} included, given {quoted(claim)}?"
            yield judged("summary", ids, not outside, words, question, lines)


# -- comparisons in words --------------------------------------------------------------------------


def _comparisons(sizes: Sizes) -> Iterator[AuditFinding]:
    """A group that is said to have more or less of a variable, beside the medians or means."""
    for claim in sizes.published.claims:
        if not isinstance(claim, ComparisonClaim) or claim.variable is None:
            continue
        for kind in ("median", "mean"):
            one, other = (
                _statistic(kind, name, claim.variable, sizes) for name in (claim.group, claim.than)
            )
            if one is None or other is None:
                continue
            holds = comparison(claim.comparator)(one.value, other.value)
            ids = (claim.id, one.id, other.id)
            lines = (f"{kind} {number(one.value)} {claim.comparator} {number(other.value)}",)
            if holds:
                words = f"{quoted(claim)} goes with {quoted(one)} and {quoted(other)}."
                yield AuditFinding("summary", ids, "fine", words, lines)
            else:
                question = f"How does {quoted(claim)} go with {quoted(one)} and {quoted(other)}?"
                yield AuditFinding("summary", ids, "inconsistent", question)


def _statistic(kind: str, group: str, variable: str, sizes: Sizes) -> StatisticClaim | None:
    for claim in sizes.published.claims:
        if not isinstance(claim, StatisticClaim) or claim.kind != kind:
            continue
        if (claim.group, claim.variable) == (group, variable):
            return claim
    return None
