"""Causes of a statistic: another time, and, of values read from the datasets, another statistic or
another population."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import sqrt

from pilotage.publication.claims import OneNumber, StatisticClaim, TwoNumbers
from pilotage.publication.reproduce.agreement import agreement, shown
from pilotage.publication.reproduce.cause import Cause
from pilotage.publication.reproduce.causes.search import Search
from pilotage.publication.reproduce.hold import both_judged, judged
from pilotage.publication.reproduce.model import Candidate, in_words
from pilotage.publication.reproduce.numbers import CENTRES, named, values_of
from pilotage.publication.reproduce.results import visit_of
from pilotage.statistics.locations import summarise
from pilotage.statistics.rounding import as_written

_VISIT = 3


def other_times(search: Search) -> Iterator[Cause]:
    """The same result at other visits of the plan, or the same values at other weeks."""
    fitting = [each for each in _at_other_visits(search) if each.how == "rounded"]
    if fitting:
        lines = tuple(f"{each.text}: {in_words(each)}" for each in fitting)
        week = visit_of(fitting[0].results[0])
        words = f"another time gives it: week {week}, {in_words(fitting[0])}"
        yield Cause("time", words, lines, results=fitting[0].results)
        return
    yield from _at_other_weeks(search)


def _at_other_visits(search: Search) -> Iterator[Candidate]:
    claim, results = search.claim, search.sources.results
    unit = search.sources.unit(claim)
    if isinstance(claim, OneNumber) and claim.kind != "p_value":
        for pattern in named(claim.result)[:1]:
            if visit_of(pattern).isdigit():
                for number in results.numbers(_any_visit(pattern), unit=unit):
                    if number.results and visit_of(number.results[0]) != visit_of(pattern):
                        yield judged(claim, number)
    elif isinstance(claim, TwoNumbers) and claim.result:
        ends = claim.result[0] if isinstance(claim.result, tuple) else claim.result
        if visit_of(ends.low).isdigit():
            pairs = zip(
                results.numbers(_any_visit(ends.low), unit=unit),
                results.numbers(_any_visit(ends.high), unit=unit),
                strict=False,
            )
            for low, high in pairs:
                if low.results and visit_of(low.results[0]) != visit_of(ends.low):
                    yield both_judged(claim, (low, high))


def _any_visit(pattern: str) -> str:
    parts = pattern.split("/")
    return "/".join((*parts[:_VISIT], "*", *parts[_VISIT + 1 :]))


def _at_other_weeks(search: Search) -> Iterator[Cause]:
    claim, published = search.claim, search.sources.published
    if not isinstance(claim, StatisticClaim) or claim.at is None or claim.result:
        return
    for name, time in published.times.items():
        if name == claim.at or time.week is None:
            continue
        values = _of_group(claim.model_copy(update={"at": name}), search)
        number = _statistic(claim.kind, values)
        if number is not None and _prints(number, claim):
            when = search.sources.facts.study.text(time.label)
            words = f"another time gives it: {when}, n = {len(values)}"
            yield Cause("time", words, (_told(claim, number, values),))
            return


# -- statistics of values in the datasets ----------------------------------------------------------


def other_statistics(search: Search) -> Iterator[Cause]:
    """Of values that the claim reads from the datasets: the SD with n, the standard error, the mean
    for the median; each in the claim's own population."""
    claim = search.claim
    if not isinstance(claim, StatisticClaim) or claim.result:
        return
    values = _of_group(claim, search)
    for kind, label, number in _others(claim, values):
        if number is not None and _prints(number, claim):
            line = _told(claim, number, values)
            if kind == "centre":
                yield Cause(
                    "centre", f"it is called a {claim.kind}, and it is the {label}", (line,)
                )
            else:
                yield Cause("spread", f"another measure of spread gives it: {label}", (line,))


def _others(
    claim: StatisticClaim, values: Sequence[float]
) -> Iterator[tuple[str, str, Fraction | None]]:
    if claim.kind in CENTRES:
        yield "centre", CENTRES[claim.kind], _statistic(CENTRES[claim.kind], values)
        return
    sd, n = _statistic("sd", values), len(values)
    if claim.kind not in ("sd", "sem") or sd is None:
        return
    yield "spread", "SD with n in place of n - 1", as_written(float(sd) * sqrt((n - 1) / n))
    yield "spread", "SD", sd if claim.kind == "sem" else None
    yield "spread", "standard error", None if claim.kind == "sem" else _statistic("sem", values)


def other_populations(search: Search) -> Iterator[Cause]:
    """Of values that the claim reads from the datasets: the same of those of the group who are in a
    population of the plan."""
    claim = search.claim
    if not isinstance(claim, StatisticClaim) or claim.result:
        return
    found, _ = values_of(claim, claim.group, search.sources)
    for _, label, members in search.sources.populations():
        values = _single({s: own for s, own in found.items() if members[s]})
        number = _statistic(claim.kind, values) if len(values) != len(found) else None
        if number is not None and _prints(number, claim):
            words = f"another population gives it: {label}, n = {len(values)}"
            yield Cause("population", words, (_told(claim, number, values),))


def _of_group(claim: StatisticClaim, search: Search) -> list[float]:
    found, _ = values_of(claim, claim.group, search.sources)
    return _single(found)


def _single(found: dict[str, list[Fraction]]) -> list[float]:
    """The values, where nobody has more than one."""
    if any(len(own) > 1 for own in found.values()):
        return []
    return [float(own[0]) for own in found.values()]


def _statistic(kind: str, values: Sequence[float]) -> Fraction | None:
    number: float | None = getattr(summarise(values), kind) if values else None
    return None if number is None else as_written(number)


def _prints(number: Fraction, claim: OneNumber) -> bool:
    digits, sign = claim.printed_digits, claim.comparator
    return agreement(number, claim.value, digits=digits, comparator=sign) == "rounded"


def _told(claim: OneNumber, number: Fraction, values: Sequence[float]) -> str:
    return f"{shown(number, claim.printed_digits + 2)}, of {len(values)} values"
