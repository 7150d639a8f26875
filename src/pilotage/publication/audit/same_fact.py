"""The same fact in two places: is it the same number, of the same group, of the same whole?"""

from collections.abc import Iterator
from itertools import chain, combinations

from pilotage.publication.audit.finding import AuditFinding, Verdict
from pilotage.publication.audit.means import means
from pilotage.publication.audit.percentages import percentages
from pilotage.publication.audit.sizes import Sizes, share_of
from pilotage.publication.audit.summaries import summaries
from pilotage.publication.audit.words import in_english, number, percent, printed, quoted
from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    ChangeClaim,
    CountClaim,
    DateClaim,
    IdentifierClaim,
    OneNumber,
    PercentageClaim,
    StatisticClaim,
    TwoNumbers,
)
from pilotage.publication.comparators import comparison
from pilotage.publication.units import factor

_OPEN = (None, "not stated")


def same_facts(sizes: Sizes) -> Iterator[AuditFinding]:
    """A finding for each pair of claims that are said to be the same fact, and for each other pair
    that says two different numbers of the same."""
    asked_about = _asked_about(sizes)
    for claim in sizes.published.claims:
        if claim.same_fact_as is not None:
            first = sizes.published.claim(claim.same_fact_as)
            yield _pair(first, claim, sizes, asked=first.id in asked_about)
    yield from _unlinked(sizes)


def _asked_about(sizes: Sizes) -> set[str]:
    """The numbers about which another check asks: what copies one is not fine by being the same."""
    found = chain.from_iterable(check(sizes) for check in (percentages, means, summaries))
    return {each.claims[0] for each in found if each.verdict != "fine"}


def _pair(first: AnyClaim, second: AnyClaim, sizes: Sizes, *, asked: bool) -> AuditFinding:
    ids = (second.id, first.id)
    if numbers := _numbers_differ(first, second, sizes):
        question = f"Which is right, {quoted(first)} or {quoted(second)}: both state the same fact?"
        lines, repairs = _what_goes_with(first, second, sizes)
        return AuditFinding("same_fact", ids, "inconsistent", question, (numbers, *lines), repairs)
    if other := _words_differ(first, second, sizes):
        verdict, question, line = other
        return AuditFinding("same_fact", ids, verdict, question, (line,))
    words = f"{quoted(second)} says what {quoted(first)} says."
    if asked:
        words = f"{quoted(second)} is the same as {quoted(first)}, which is itself asked about."
    return AuditFinding("same_fact", ids, "fine", words)


# -- numbers ---------------------------------------------------------------------------------------


def _numbers_differ(first: AnyClaim, second: AnyClaim, sizes: Sizes) -> str:
    """The two numbers, where they cannot be the same; empty where they can."""
    match first, second:
        case OneNumber(), OneNumber() if first.comparator != second.comparator:
            return _against_a_limit(first, second)
        case OneNumber(), OneNumber():
            pairs = [(first.value, second.value)]
        case TwoNumbers(), TwoNumbers():
            pairs = [(first.low, second.low), (first.high, second.high)]
        case DateClaim(), DateClaim():
            one, other = first.value, second.value
            short = min(len(one), len(other))
            return "" if one[:short] == other[:short] else f"{one} and {other}"
        case IdentifierClaim(), IdentifierClaim():
            return "" if first.value == second.value else f"{first.value} and {second.value}"
        case _:
            return ""
    per = factor(_unit(first, sizes), _unit(second, sizes))
    if per is None:
        return f"{_unit(first, sizes)} and {_unit(second, sizes)} measure different things"
    for one_value, other_value in pairs:
        one_low, one_high = (end * per for end in printed(first, one_value).bounds)
        low, high = printed(second, other_value).bounds
        if one_high < low or high < one_low or (per == 1 and _as_exact(first, second, pairs)):
            one = f"{number(one_value, 6)} in {first.place}"
            return f"{one}, {number(other_value, 6)} in {second.place}"
    return ""


def _against_a_limit(first: OneNumber, second: OneNumber) -> str:
    """A number where the other place gives a limit: 60 per cent and more than one half."""
    exact, limit = (first, second) if first.comparator == "=" else (second, first)
    about = limit.comparator == "about"
    holds = about or comparison(limit.comparator)(exact.value, limit.value)
    if holds or exact.comparator != "=":
        return ""
    limit_text = f"{limit.comparator} {number(limit.value, 6)}"
    return f"{number(exact.value, 6)} in {exact.place}, {limit_text} in {limit.place}"


def _as_exact(
    first: "OneNumber | TwoNumbers",
    second: "OneNumber | TwoNumbers",
    pairs: list[tuple[float, float]],
) -> bool:
    """Printed to as many decimals, and still not the same?"""
    same_digits = first.printed_digits == second.printed_digits
    return same_digits and any(one != other for one, other in pairs)


def _unit(claim: AnyClaim, sizes: Sizes) -> str | None:
    unit, variable = claim.named("unit"), claim.named("variable")
    if unit is None and variable in sizes.published.variables:
        return sizes.published.variables[variable].unit
    return unit


def _what_goes_with(
    first: AnyClaim, second: AnyClaim, sizes: Sizes
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which percentages go with the one count and which with the other."""
    lines, repairs = [], []
    if not isinstance(first, CountClaim) or not isinstance(second, CountClaim):
        return (), tuple(
            f"{quoted(right)} also in {wrong.place}"
            for right, wrong in ((first, second), (second, first))
        )
    for right, wrong in ((first, second), (second, first)):
        spoilt = []
        for claim in sizes.published.claims:
            if not isinstance(claim, PercentageClaim) or claim.comparator != "=":
                continue
            if pair := _count_and_whole(claim, right, sizes):
                fits = printed(claim, claim.value).fits(share_of(*pair))
                line = percent(*pair, claim.printed_digits)
                lines.append(
                    f"{quoted(claim)}: {line}{'' if fits else ', which does not print so'}"
                )
                spoilt += [] if fits else [claim.id]
        then = f"; {', '.join(spoilt)} would change too" if spoilt else ""
        repairs.append(f"{right.value} also in {wrong.id}{then}")
    return tuple(dict.fromkeys(lines)), tuple(repairs)


def _count_and_whole(
    claim: PercentageClaim, size: CountClaim, sizes: Sizes
) -> tuple[int, int] | None:
    """The count and the whole of a percentage that rests on this count, or on this whole."""
    if claim.group == size.group and (whole := sizes.one(claim.of)) is not None:
        return size.value, whole.n
    if claim.of == size.group and size.value > 0:
        for other in sizes.published.claims:
            if not isinstance(other, CountClaim) or other.place != claim.place:
                continue
            if other.group == claim.group and other.value <= size.value:
                return other.value, size.value
    return None


# -- words -----------------------------------------------------------------------------------------


def _words_differ(
    first: AnyClaim, second: AnyClaim, sizes: Sizes
) -> tuple[Verdict, str, str] | None:
    """What else differs: the statistic, the group, the whole, the variable, the direction."""
    if {first.kind, second.kind} == {"mean", "median"}:
        question = (
            f"Is it the mean or the median: {quoted(first)} in the {first.place.section}, "
            f"{quoted(second)} in the {second.place.section}?"
        )
        return (
            "unexplained",
            question,
            "a mean and a median can be the same number; rarely are both",
        )
    if isinstance(first, ChangeClaim) and isinstance(second, ChangeClaim):
        return _changes_differ(first, second)
    in_words = isinstance(first, AllOrNoneClaim) and isinstance(second, AllOrNoneClaim)
    if in_words and first.kind != second.kind:
        question = f"All or none: {quoted(first)} or {quoted(second)}?"
        return "inconsistent", question, f"{first.kind} and {second.kind}"
    one, other = getattr(first, "of", None), getattr(second, "of", None)
    if one != other and one not in _OPEN and other not in _OPEN:
        question = (
            f"Of whom is it: {quoted(first)} says of '{sizes.text(str(one))}', {quoted(second)} of "
            f"'{sizes.text(str(other))}'?"
        )
        verdict: Verdict = "inconsistent" if _wholes_differ(str(one), str(other), sizes) else "fine"
        if verdict == "inconsistent":
            return verdict, question, _wholes(str(one), str(other), sizes)
    variables = first.named("variable"), second.named("variable")
    if variables[0] != variables[1] and None not in variables:
        known = sizes.published.variables
        labels = [in_english(known[str(name)].label) for name in variables]
        question = f"What is it: {quoted(first)} is '{labels[0]}', {quoted(second)} '{labels[1]}'?"
        return "unexplained", question, "the same numbers of two different things"
    return None


def _wholes_differ(one: str, other: str, sizes: Sizes) -> bool:
    """Are the two wholes not the same subjects?"""
    first, second = sizes.one(one), sizes.one(other)
    if first is not None and second is not None:
        return first.n != second.n
    inside = sizes.lying.inside(one, other), sizes.lying.inside(other, one)
    return None in inside


def _wholes(one: str, other: str, sizes: Sizes) -> str:
    told = []
    for name in (one, other):
        size = sizes.one(name)
        told.append(f"'{sizes.text(name)}' are {size.n}" if size else f"'{sizes.text(name)}'")
    return ", ".join(told)


def _changes_differ(first: ChangeClaim, second: ChangeClaim) -> tuple[Verdict, str, str] | None:
    said = (first.significance, second.significance)
    if "significant" in said and "not significant" in said:
        question = f"Was it significant: {quoted(first)} or {quoted(second)}?"
        return "inconsistent", question, f"{said[0]} and {said[1]}"
    directions = {first.direction, second.direction}
    if directions == {"increase", "decrease"}:
        question = f"Did it rise or fall: {quoted(first)} or {quoted(second)}?"
        return "inconsistent", question, f"{first.direction} and {second.direction}"
    moved = directions & {"increase", "decrease"}
    if moved and "none" in directions and "not significant" not in said:
        question = f"Did it change: {quoted(first)} or {quoted(second)}?"
        return "inconsistent", question, f"{first.direction} and {second.direction}"
    return None


# -- the same, though nothing says so --------------------------------------------------------------


def _unlinked(sizes: Sizes) -> Iterator[AuditFinding]:
    """Two claims of one kind, about the same group, whole, variable and time, that differ."""
    alike: dict[tuple[object, ...], list[AnyClaim]] = {}
    for claim in sizes.published.claims:
        if not isinstance(claim, CountClaim | PercentageClaim | StatisticClaim):
            continue
        if claim.comparator == "=" and claim.group not in _OPEN:
            alike.setdefault(_key(claim), []).append(claim)
    for claims in alike.values():
        for first, second in combinations(claims, 2):
            linked = (first.same_fact_as or first.id) == (second.same_fact_as or second.id)
            if not linked and (line := _numbers_differ(first, second, sizes)):
                question = f"Which is right, {quoted(first)} or {quoted(second)}?"
                lines, repairs = _what_goes_with(first, second, sizes)
                ids = (second.id, first.id)
                yield AuditFinding(
                    "same_fact", ids, "inconsistent", question, (line, *lines), repairs
                )


def _key(claim: AnyClaim) -> tuple[object, ...]:
    names = ("group", "of", "variable", "at")
    return (claim.kind, *(getattr(claim, name, None) for name in names))
