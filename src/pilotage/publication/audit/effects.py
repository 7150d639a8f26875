"""Differences and ratios with their intervals: against counts, percentages, and the P value.

An interval of a difference that was made from a standard error lies around the difference in the
same distance on both sides; one of a ratio does on the scale of logarithms (Wald; Woolf 1955).
"""

import math
from collections.abc import Iterator

from pilotage.publication.audit.finding import AuditFinding, unique
from pilotage.publication.audit.open_wholes import SMALLEST
from pilotage.publication.audit.p_of_counts import Share, shares
from pilotage.publication.audit.sizes import Sizes
from pilotage.publication.audit.tables import tables_with
from pilotage.publication.audit.tests_tried import printed_p
from pilotage.publication.audit.words import listed, number, p_text, printed, quoted
from pilotage.publication.claims import (
    EffectClaim,
    IntervalClaim,
    PercentageClaim,
    PValueClaim,
)
from pilotage.statistics.distributions import normal_p, normal_quantile

SHOWN = 4
NEAR = 6
"""So many subjects more or fewer are tried where no stated number has an odds ratio."""


def effects(sizes: Sizes) -> Iterator[AuditFinding]:
    """Findings for each effect: beside its counts, its percentages, its interval, its P value."""
    for claim in sizes.published.claims:
        if not isinstance(claim, EffectClaim) or claim.comparator != "=":
            continue
        interval = next(
            (
                other
                for other in sizes.published.claims
                if isinstance(other, IntervalClaim) and other.around == claim.id
            ),
            None,
        )
        yield from _of_shares(claim, sizes)
        if interval is not None:
            yield from _around(claim, interval)
            yield from _p_value(claim, interval, sizes)
            yield from _table(claim, interval, sizes)


# -- counts and percentages ------------------------------------------------------------------------


def _of_shares(claim: EffectClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    if claim.share is None or claim.kind == "hazard_ratio":
        return
    one, other = (shares(claim.share, group, sizes) for group in (claim.group, claim.than))
    if one is not None and other is not None:
        yield from _of_counts(claim, one, other)
    if claim.kind == "difference":
        yield from _of_percentages(claim, sizes)


def _of_counts(claim: EffectClaim, one: Share, other: Share) -> Iterator[AuditFinding]:
    low, high = (float(end) for end in printed(claim, claim.value).bounds)
    found = [
        value
        for first in one.counts
        for second in other.counts
        if (value := effect(claim.kind, first, one.n, second, other.n)) is not None
    ]
    if not found:
        return
    ids = unique((claim.id, *one.claims, *other.claims))
    shown = (
        number(min(found)) if len(found) == 1 else f"{number(min(found))} to {number(max(found))}"
    )
    lines = (f"{one.text} against {other.text}: {shown}",)
    if any(low <= value <= high for value in found):
        words = f"{quoted(claim)} is what {one.text} and {other.text} give."
        yield AuditFinding("effect", ids, "fine", words, lines)
        return
    question = f"How was {quoted(claim)} obtained, as {one.text} and {other.text} give {shown}?"
    repairs = (
        "an estimate adjusted for something, and the paper saying for what",
        f"{shown} instead of {number(claim.value)}",
    )
    yield AuditFinding("effect", ids, "unexplained", question, lines, repairs)


def effect(kind: str, events: int, n: int, other_events: int, other_n: int) -> float | None:
    """The crude effect: percentage points, or a ratio. None where it does not exist."""
    one, other = events / n, other_events / other_n
    if kind == "difference":
        return 100 * (one - other)
    if kind == "risk_ratio":
        return one / other if other else None
    if 0 in (other_events, n - events):
        return None
    return events * (other_n - other_events) / ((n - events) * other_events)


def _of_percentages(claim: EffectClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """A difference of two percentages that are printed."""
    one, other = (_percentage(claim.share, group, sizes) for group in (claim.group, claim.than))
    if one is None or other is None:
        return
    first, second = printed(one, one.value).bounds, printed(other, other.value).bounds
    low, high = printed(claim, claim.value).bounds
    least, most = first[0] - second[1], first[1] - second[0]
    ids = (claim.id, one.id, other.id)
    plain = number(one.value - other.value, 4)
    lines = (
        f"{one.printed} − {other.printed} = {plain}",
        f"with what the rounding leaves open: {number(least, 4)} to {number(most, 4)}",
    )
    if least < high and low < most:
        words = f"{quoted(claim)} goes with {quoted(one)} and {quoted(other)}."
        yield AuditFinding("effect", ids, "fine", words, lines)
    else:
        question = f"How was {quoted(claim)} obtained from {quoted(one)} and {quoted(other)}?"
        repairs = (f"{plain} instead of {number(claim.value)}",)
        yield AuditFinding("effect", ids, "inconsistent", question, lines, repairs)


def _percentage(group: str | None, of: str, sizes: Sizes) -> PercentageClaim | None:
    for claim in sizes.published.claims:
        if isinstance(claim, PercentageClaim) and (claim.group, claim.of) == (group, of):
            return claim
    return None


# -- the interval ----------------------------------------------------------------------------------


def _around(claim: EffectClaim, interval: IntervalClaim) -> Iterator[AuditFinding]:
    """Does the estimate lie in its interval, and in the middle of it?"""
    ids = (claim.id, interval.id)
    low, high = (printed(interval, end).bounds for end in (interval.low, interval.high))
    value = printed(claim, claim.value).bounds
    if value[1] < low[0] or value[0] > high[1]:
        question = f"How can {quoted(claim)} lie outside of its interval {quoted(interval)}?"
        yield AuditFinding("effect", ids, "inconsistent", question)
        return
    ratio = claim.kind != "difference"
    if ratio and interval.low <= 0:
        return
    if ratio:
        middle = math.sqrt(interval.low * interval.high)
        ends = [math.sqrt(max(0.0, float(low[at] * high[at]))) for at in (0, 1)]
        line = f"√({number(interval.low)} × {number(interval.high)}) = {number(middle, 3)}"
    else:
        middle = (interval.low + interval.high) / 2
        ends = [float(low[at] + high[at]) / 2 for at in (0, 1)]
        line = f"({number(interval.low)} + {number(interval.high)}) / 2 = {number(middle, 3)}"
    centred = ends[0] <= float(value[1]) and float(value[0]) <= ends[1]
    if centred:
        scale = " on the scale of logarithms" if ratio else ""
        words = f"{quoted(claim)} is in the middle of {quoted(interval)}{scale}."
        yield AuditFinding("effect", ids, "fine", words, (line,))
    else:
        question = f"By which method is {quoted(interval)} the interval of {quoted(claim)}?"
        repairs = (
            "an exact or a profile interval, which need not be symmetric",
            f"{number(middle)} instead of {number(claim.value)}",
        )
        yield AuditFinding("effect", ids, "unexplained", question, (line,), repairs)


def _p_value(claim: EffectClaim, interval: IntervalClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """The P value that goes with an interval made from a standard error."""
    p = next((other for other in sizes.published.claims if _is_p_of(other, claim)), None)
    ratio = claim.kind != "difference"
    if not isinstance(p, PValueClaim) or (ratio and interval.low <= 0):
        return
    found = []
    for end in (0, 1):
        value = float(printed(claim, claim.value).bounds[end])
        for low in printed(interval, interval.low).bounds:
            for high in printed(interval, interval.high).bounds:
                ends = (float(low), float(high))
                if ratio and min(value, *ends) <= 0:
                    continue
                made = math.log(value) if ratio else value
                first, last = (math.log(e) if ratio else e for e in ends)
                error = (last - first) / (2 * normal_quantile(interval.level))
                found.append(normal_p(made / error) if error > 0 else 0.0)
    if not found:
        return
    least, most = min(found), max(found)
    wanted = printed_p(p)
    ids = (p.id, claim.id, interval.id)
    lines = (f"P from {p_text(least)} to {p_text(most)} by the estimate and its interval",)
    if least <= wanted[1] and wanted[0] <= most:
        words = f"{quoted(p)} goes with {quoted(claim)} and {quoted(interval)}."
        yield AuditFinding("p_value", ids, "fine", words, lines)
    else:
        question = f"Is {quoted(p)} of the same test as {quoted(interval)}?"
        yield AuditFinding("p_value", ids, "unexplained", question, lines)


def _is_p_of(other: object, claim: EffectClaim) -> bool:
    if not isinstance(other, PValueClaim):
        return False
    near = other.place == claim.place and (other.group, other.than) == (claim.group, claim.than)
    return claim.id in other.compares or near


# -- the table behind an odds ratio ----------------------------------------------------------------


def _table(claim: EffectClaim, interval: IntervalClaim, sizes: Sizes) -> Iterator[AuditFinding]:
    """Which tables of two rows and two columns have this odds ratio and this interval?"""
    if claim.kind != "odds_ratio":
        return
    both = [claim.share and shares(claim.share, of, sizes) for of in (claim.group, claim.than)]
    if all(both):
        return  # the counts are printed
    totals, first = _totals(claim, sizes)
    wanted = [
        tuple(float(end) for end in printed(each, value).bounds)
        for each, value in (
            (claim, claim.value), (interval, interval.low), (interval, interval.high)
        )
    ]  # fmt: skip
    found = [
        (total, table)
        for total in totals
        for table in tables_with(total, wanted, interval.level)
        if first is None or table[0] + table[1] == first
    ]
    ids = (claim.id, interval.id)
    lines = tuple(
        f"of {total}: {a} of {a + b} against {c} of {c + d}"
        for total, (a, b, c, d) in found[:SHOWN]
    )
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        words = f"{quoted(claim)} and {quoted(interval)} can come from counts{more}."
        yield AuditFinding("effect", ids, "fine", words, lines)
    elif totals:
        question = f"From which counts are {quoted(claim)} and {quoted(interval)}?"
        line = f"no four counts that add up to {listed(map(str, totals), 'or')} give both"
        near = range(max(totals) - NEAR, max(totals) + NEAR + 1) if first is None else ()
        others = [n for n in near if next(tables_with(n, wanted, interval.level), None)]
        repairs: tuple[str, ...] = ("an adjusted odds ratio",)
        if others:
            repairs = (*repairs, f"{listed(map(str, others), 'or')} subjects in all")
        yield AuditFinding("effect", ids, "unexplained", question, (line,), repairs)


def _totals(claim: EffectClaim, sizes: Sizes) -> tuple[list[int], int | None]:
    """Of how many subjects the table may be, and how many of them are in its first row, where both
    groups are counted; else each number that the paper states."""
    one, other = sizes.one(claim.group), sizes.one(claim.than)
    if one is not None and other is not None:
        return [one.n + other.n], one.n
    every = {size.n for known in sizes.stated.values() for size in known}
    return sorted(n for n in every if n >= SMALLEST), None
