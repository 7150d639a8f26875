"""Claims in words: all, none, one group more than another. What ours say of each."""

from dataclasses import replace
from fractions import Fraction

from pilotage.publication import comparators
from pilotage.publication.claims import AllOrNoneClaim, ComparisonClaim
from pilotage.publication.reproduce.facts import both, not_known, size
from pilotage.publication.reproduce.model import Candidate
from pilotage.publication.reproduce.numbers import Sources, named, values_of
from pilotage.publication.reproduce.results import Number, Results, statistic_of, with_statistic
from pilotage.report import formats
from pilotage.statistics.locations import summarise
from pilotage.statistics.rounding import as_written
from pilotage.study.sap import ProportionAnalysis

MET = "as said"


# -- all, none -------------------------------------------------------------------------------------


def all_or_none(claim: AllOrNoneClaim, sources: Sources) -> list[Candidate]:
    """How many of the whole are in the group: every one, or nobody."""
    if claim.result:
        patterns = named(claim.result)
        results = sources.results
        return [_shares(claim, each, results) for p in patterns for each in results.numbers(p)]
    facts = sources.facts
    around = facts.members(claim.of)
    events, unknown = size(both(around, facts.members(claim.group)))
    n, doubtful = size(around)
    whole = sources.published.groups[claim.of]
    found = Candidate(f"{facts.study.text(whole.label)}, n = {n}", n=n, method="of the datasets")
    if n == 0 and doubtful == len(around) and whole.subject is not None:
        return [replace(found, reason=f"no subject of the snapshot has the number {whole.subject}")]
    if doubtful:
        return [replace(found, reason=f"{not_known(doubtful)} whether they belong there")]
    return [_judged(claim, found, events, unknown, n)]


def _judged(
    claim: AllOrNoneClaim, found: Candidate, events: int, unknown: int, n: int
) -> Candidate:
    found = replace(found, text=f"{events} of {n}", value=float(events), n=n)
    if n == 0:
        return replace(found, reason="there is nobody of whom it could be said")
    broken = events + unknown < n if claim.kind == "all" else events > 0
    if unknown and not broken:
        return replace(found, text="", value=None, reason=f"it is not known of {unknown} of {n}")
    return replace(found, how="" if broken else MET)


def _shares(claim: AllOrNoneClaim, number: Number, results: Results) -> Candidate:
    """The plan's count or share. However the plan counts those of whom it is not known, of an 'all'
    or a 'none' they leave open whether it is so."""
    found = as_candidate(number)
    if number.value is None or number.n is None:
        return replace(found, reason=number.reason or "the result has no n")
    name = number.results[0]
    share, analysis = statistic_of(name).startswith("proportion"), results.analysis(name)
    events = round(number.value * number.n) if share else int(number.value)
    if not isinstance(analysis, ProportionAnalysis):
        return _judged(claim, found, events, 0, number.n)
    unknown = int(results.one(with_statistic(name, "unknown")).value or 0)
    left_out = unknown if analysis.missing == "left out" else 0
    return _judged(claim, found, events, unknown, number.n + left_out)


# -- comparison ------------------------------------------------------------------------------------


def comparison(claim: ComparisonClaim, sources: Sources) -> list[Candidate]:
    """A share or a median in both groups; of two results named, the first is that of the group."""
    if claim.result:
        one, other = (sources.results.one(pattern) for pattern in named(claim.result))
        label = f"{one.label} against {other.label}"
        return [_compared(claim, one, other, label)]
    labels = sources.published.groups
    text = sources.facts.study.text
    label = f"{text(labels[claim.group].label)} against {text(labels[claim.than].label)}"
    make = _group_share if claim.share is not None else _group_median
    return [
        _compared(claim, make(claim, claim.group, sources), make(claim, claim.than, sources), label)
    ]


def _group_share(claim: ComparisonClaim, group: str, sources: Sources) -> Number:
    assert claim.share is not None
    around = sources.facts.members(group)
    events, unknown = size(both(around, sources.facts.members(claim.share)))
    n, doubtful = size(around)
    if unknown or doubtful:
        return Number("", n=n, reason=not_known(max(unknown, doubtful)))
    if n == 0:
        return Number("", n=n, reason="a group has nobody")
    return Number(f"{events} of {n}", Fraction(events, n), n=n)


def _group_median(claim: ComparisonClaim, group: str, sources: Sources) -> Number:
    found, _ = values_of(claim, group, sources)
    values = [float(value) for own in found.values() for value in own]
    middle = summarise(values).median
    if middle is None:
        return Number("", n=0, reason="a group has no value")
    return Number(f"median {formats.number(middle, 1)}, n = {len(values)}", as_written(middle))


def _compared(claim: ComparisonClaim, one: Number, other: Number, label: str) -> Candidate:
    found = Candidate(label, results=(*one.results, *other.results), method="of the datasets")
    if one.value is None or other.value is None:
        return replace(found, reason=one.reason or other.reason)
    met = comparators.comparison(claim.comparator)(one.value, other.value)
    text = f"{_told(one)} against {_told(other)}"
    return replace(found, text=text, how=MET if met else "")


def _told(number: Number) -> str:
    assert number.value is not None
    return number.label if not number.results else formats.number(number.value, 2)


def as_candidate(number: Number) -> Candidate:
    """A number as a candidate that is not judged yet."""
    return Candidate(
        label=number.label,
        value=None if number.value is None else float(number.value),
        n=number.n,
        population=number.population,
        method=number.method,
        results=number.results,
        reason=number.reason,
        unbound=number.unbound,
        other=number.other,
    )
