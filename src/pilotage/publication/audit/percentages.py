"""Percentages against counts and wholes; and of which whole, where the paper does not say."""

from collections.abc import Iterator
from fractions import Fraction

from pilotage.publication.arithmetic import Printed
from pilotage.publication.audit.finding import AuditFinding, judged, unique
from pilotage.publication.audit.open_wholes import of_something
from pilotage.publication.audit.sizes import (
    Size,
    Sizes,
    counts_with,
    denominators,
    share_of,
)
from pilotage.publication.audit.words import (
    ROUNDED_AS,
    listed,
    number,
    one_digit_apart,
    other_roundings,
    percent,
    printed,
    quoted,
)
from pilotage.publication.claims import CountClaim, EffectClaim, PercentageClaim
from pilotage.publication.comparators import comparison
from pilotage.statistics.rounding import text

_NOT_STATED = "not stated"


def percentages(sizes: Sizes) -> Iterator[AuditFinding]:
    """A finding for each percentage that can be held against a count or a whole."""
    for claim in sizes.published.claims:
        if isinstance(claim, PercentageClaim):
            yield from _percentage(claim, sizes)


def _percentage(claim: PercentageClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    counts = counted(claim, sizes)
    if claim.of == _NOT_STATED:
        yield from of_something(claim, counts, sizes)
        return
    wholes = sizes.of(claim.of)
    if claim.comparator != "=":
        yield from _compared(claim, counts, wholes)
    elif counts and wholes:
        yield _held(claim, counts, wholes, sizes)
    elif wholes:
        yield _alone(claim, wholes, sizes)


def counted(claim: PercentageClaim, sizes: Sizes) -> list[CountClaim]:
    """The counts of the same group: in the same sentence where there are some, else those of the
    same whole or of the same fact."""
    same = [
        other
        for other in sizes.published.claims
        if isinstance(other, CountClaim)
        and other.group == claim.group
        and other.comparator == "="
        and _may_be_of(other, claim, sizes)
    ]
    near = [other for other in same if other.place == claim.place]
    return near or same


def _may_be_of(count: CountClaim, claim: PercentageClaim, sizes: Sizes) -> bool:
    """Is the count, as far as the paper says, one of the whole of the percentage?"""
    if count.of == claim.of or claim.of == _NOT_STATED:
        return True
    if count.of not in (None, _NOT_STATED):
        return False
    return count.place == claim.place or sizes.lying.inside(claim.group, claim.of) is not None


# -- of a whole that is known ----------------------------------------------------------------------


def _held(
    claim: PercentageClaim, counts: list[CountClaim], wholes: list[Size], sizes: Sizes
) -> AuditFinding:
    """A percentage beside the count and the whole that the paper prints."""
    share = printed(claim, claim.value)
    pairs = [(count, whole) for count in counts for whole in wholes if 0 < whole.n >= count.value]
    lines = tuple(dict.fromkeys(percent(c.value, w.n, claim.printed_digits) for c, w in pairs))
    for count, whole in pairs:
        if share.fits(share_of(count.value, whole.n)):
            names = unique((claim.id, count.id, *whole.claims))
            words = f"{quoted(claim)} is {count.value} of {whole.n}"
            if len({w.n for w in wholes}) > 1:
                others = [str(w.n) for w in wholes if w.n != whole.n]
                words += f", not of {listed(others, 'or')}, which the paper states too"
            return AuditFinding("percentage", names, "fine", f"{words}.", lines)
    if not pairs:
        count, whole = counts[0], wholes[0]
        names = unique((claim.id, count.id, *whole.claims))
        question = f"How can {count.value} be among {whole.n}, as {quoted(count)} would need?"
        return AuditFinding("percentage", names, "inconsistent", question)
    count, whole = pairs[0]
    names = unique((claim.id, count.id, *whole.claims))
    right = text(share_of(count.value, whole.n), share.digits)
    if not counts_with(share, whole.n):
        lines = (*lines, f"no other count of {whole.n} is {share} % either")
    question = (
        f"Of how many, and how many of them, is {quoted(claim)} the share: "
        f"{count.value} of {whole.n} would print {right} %?"
    )
    return AuditFinding(
        "percentage", names, "inconsistent", question, lines, _repairs(share, count, whole, sizes)
    )


def _repairs(share: Printed, count: CountClaim, whole: Size, sizes: Sizes) -> tuple[str, ...]:
    """Each change of one thing by which count, whole and percentage agree."""
    exact = share_of(count.value, whole.n)
    right = text(exact, share.digits)
    slip = " (one digit)" if one_digit_apart(str(share), right) else ""
    found = [f"{right} % instead of {share} %{slip}"]
    other_counts = [n for n in counts_with(share, whole.n) if n != count.value]
    found += [f"{n} of {whole.n} instead of {count.value}" for n in other_counts[:3]]
    every = sizes.all_subjects
    most = max(whole.n, every.n if every is not None else 0)
    wholes = denominators(share, count.value, most)
    found += [f"{count.value} of {n} instead of {whole.n}" for n in wholes[:3]]
    found += [f"the percentage {ROUNDED_AS[way]}" for way in other_roundings(share, exact)]
    effects = (c for c in sizes.published.claims if isinstance(c, EffectClaim))
    if any(effect.share == count.group for effect in effects):
        found.append("a weighted or adjusted percentage, and the paper saying for what")
    return tuple(found)


def _alone(claim: PercentageClaim, wholes: list[Size], sizes: Sizes) -> AuditFinding:
    """A percentage of a known whole, without a count."""
    share = printed(claim, claim.value)
    for whole in wholes:
        found = counts_with(share, whole.n)
        if found:
            which = listed([str(count) for count in found], "or")
            names = unique((claim.id, *whole.claims))
            words = f"{quoted(claim)} of {whole.n} is {which}."
            line = tuple(percent(count, whole.n, claim.printed_digits) for count in found[:4])
            return AuditFinding("percentage", names, "fine", words, line)
    whole = wholes[0]
    below = int(share.value * whole.n / 100)
    near = [count for count in (below, below + 1) if 0 <= count <= whole.n]
    lines = tuple(percent(count, whole.n, claim.printed_digits) for count in near)
    names = unique((claim.id, *whole.claims))
    fits = [n for n in range(1, whole.n) if counts_with(share, n)]
    repairs = [
        f"{text(share_of(count, whole.n), share.digits)} %, {count} of them" for count in near
    ]
    if fits:
        repairs.append(f"a whole of {listed([str(n) for n in fits[-4:]], 'or')}")
    repairs += _of_another_whole(claim, sizes)
    question = f"How many of {whole.n} are {quoted(claim)}: no whole number of them is?"
    return AuditFinding("percentage", names, "inconsistent", question, lines, tuple(repairs))


def _of_another_whole(claim: PercentageClaim, sizes: Sizes) -> Iterator[str]:
    """The same group counted in another whole that gives the percentage."""
    share = printed(claim, claim.value)
    for other in sizes.published.claims:
        if isinstance(other, CountClaim) and other.group == claim.group and other.of:
            for size in sizes.of(other.of):
                if size.n >= max(other.value, 1) and share.fits(share_of(other.value, size.n)):
                    whom = sizes.text(other.of)
                    yield f"{other.value} of {size.n} ({other.id}): of {whom}, not of these"


# -- more than, less than --------------------------------------------------------------------------


def _compared(
    claim: PercentageClaim, counts: list[CountClaim], wholes: list[Size]
) -> Iterator[AuditFinding]:
    """'The majority': a share that is said to lie above or below a limit."""
    if not counts or not wholes:
        return
    count, whole = counts[0], wholes[0]
    exact, limit = share_of(count.value, max(whole.n, 1)), Fraction(str(claim.value))
    if claim.comparator == "about":
        holds = abs(exact - limit) <= limit / 10
    else:
        holds = comparison(claim.comparator)(exact, limit)
    names = unique((claim.id, count.id, *whole.claims))
    line = (percent(count.value, whole.n, claim.printed_digits),)
    words = f"{quoted(claim)} is {count.value} of {whole.n}."
    limit_text = f"{claim.comparator} {number(claim.value)} %"
    question = f"How is {quoted(claim)}, read as {limit_text}, {count.value} of {whole.n}?"
    yield judged("percentage", names, holds, words, question, line)
