"""What a claim of one or two numbers could mean: every number of ours, the one meant first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt

from pilotage.publication.claims import (
    Claim,
    CountClaim,
    Ends,
    OneNumber,
    PercentageClaim,
    Published,
    StatisticClaim,
    TwoNumbers,
)
from pilotage.publication.reproduce.facts import Facts, Members, both, not_known, size
from pilotage.publication.reproduce.results import (
    Number,
    Results,
    populations_of,
    statistic_of,
    with_statistic,
)
from pilotage.publication.reproduce.values import unit_of_variable, values_of_variable
from pilotage.publication.units import factor
from pilotage.statistics.locations import summarise
from pilotage.statistics.rounding import as_written

CENTRES = {"mean": "median", "median": "mean"}
"""A paper may print the one and call it the other."""

Two = tuple[Number, Number]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where answers come from: the results of the plan, and the datasets behind them."""

    published: Published
    results: Results
    facts: Facts

    def unit(self, claim: Claim) -> str | None:
        """The unit in which a claim prints its numbers."""
        own, name = claim.named("unit"), claim.named("variable")
        if own is not None or name is None:
            return own
        return self.published.variables[name].unit

    def populations(self) -> Iterator[tuple[str, str, Members]]:
        """Name, label and members of every population of the plan."""
        study = self.facts.study
        for name, population in study.sap.populations.items():
            yield name, study.text(population.label), self.facts.population(name)


# -- one number ------------------------------------------------------------------------------------


def one_number(claim: OneNumber, sources: Sources) -> list[Number]:
    """The number meant, then the others that the claim could mean."""
    if patterns := named(claim.result):
        return list(_of_results(claim, patterns, sources))
    match claim:
        case CountClaim() | PercentageClaim():
            return list(_of_groups(claim, sources))
        case StatisticClaim():
            return [_of_values(claim, sources, claim.kind)]
    return []


def named(result: str | tuple[str, ...]) -> tuple[str, ...]:
    return (result,) if isinstance(result, str) else result


def _of_results(claim: OneNumber, patterns: tuple[str, ...], sources: Sources) -> Iterator[Number]:
    """The results named, the same in every other population, and statistics that are easily taken
    for each other: mean and median; the SD with n, and the standard error."""
    asked = list(dict.fromkeys(_with_populations(patterns, sources.results)))
    unit, share = sources.unit(claim), claim.named("kind") == "percentage"
    for pattern in asked:
        for number in sources.results.numbers(pattern, unit=unit):
            yield _percent(number) if share else number
    for pattern in asked:
        yield from _mistaken(claim, pattern, sources.results, unit)


def _with_populations(patterns: tuple[str, ...], results: Results) -> Iterator[str]:
    yield from patterns
    for pattern in patterns:
        yield from populations_of(pattern, results.analysis(pattern))


def _percent(number: Number) -> Number:
    return number if number.value is None else replace(number, value=100 * number.value)


def _mistaken(
    claim: OneNumber, pattern: str, results: Results, unit: str | None
) -> Iterator[Number]:
    statistic = statistic_of(pattern)
    first, _, rest = statistic.partition("_")
    kind = claim.named("kind")
    if kind in CENTRES and first == kind:
        other = f"{CENTRES[first]}_{rest}" if rest else CENTRES[first]
        found = results.one(with_statistic(pattern, other), unit=unit)
        if found.value is not None:
            yield replace(found, label=f"{CENTRES[first]}: {found.label}", other="centre")
    if kind == "sd" and first == "sd":
        found = results.one(pattern, unit=unit)
        n = found.n or 0
        if found.value is not None and n > 1:
            for label, share in (("SD with n in place of n - 1", (n - 1) / n), ("SEM", 1 / n)):
                value = as_written(float(found.value) * sqrt(share))
                named_so = f"{label}: {found.label}"
                yield replace(found, label=named_so, value=value, other="spread")


def _of_groups(claim: CountClaim | PercentageClaim, sources: Sources) -> Iterator[Number]:
    """Counted in the datasets: those of `of` who are in `group`; then within each population, and
    as a share of it."""
    facts = sources.facts
    whole = claim.of if claim.of is not None and claim.of != "not stated" else None
    inside = facts.members(claim.group)
    around = facts.members(whole) if whole is not None else dict.fromkeys(inside, True)
    labels = sources.published.groups
    words = facts.study.text(labels[claim.group].label)
    if whole is not None:
        words = f"{words}, of: {facts.study.text(labels[whole].label)}"
    yield _share(claim, inside, around, words)
    for name, label, flags in sources.populations():
        within = both(around, flags)
        found = _share(claim, inside, within, f"{words}; {label}")
        yield replace(found, population=name, other="population")
        if claim.kind == "percentage" and within != flags:
            found = _share(claim, both(inside, around), flags, f"{words}, as a share of: {label}")
            yield replace(found, population=name, other="denominator")


def _share(
    claim: CountClaim | PercentageClaim, inside: Members, around: Members, label: str
) -> Number:
    events, unknown = size(both(inside, around))
    n, doubtful = size(around)
    found = Number(f"{label}, n = {n}", n=n, method="counted in the datasets")
    if unknown or doubtful:
        return replace(found, reason=not_known(max(unknown, doubtful)))
    if claim.kind == "count":
        return replace(found, value=Fraction(events))
    if n == 0:
        return replace(found, reason="there is nobody of whom it would be a share")
    return replace(found, value=Fraction(100 * events, n))


# -- values of subjects ----------------------------------------------------------------------------


def values_of(claim: Claim, group: str, sources: Sources) -> tuple[dict[str, list[Fraction]], int]:
    """The values of the certain members of a group in the claim's unit, and how many members have
    none or are doubtful."""
    facts = sources.facts
    held = sources.published.variables[claim.named("variable") or ""]
    at = claim.named("at")
    week = sources.published.times[at].week if at is not None else None
    found = values_of_variable(held, facts, week=week)
    times = factor(unit_of_variable(held, facts), sources.unit(claim)) or Fraction(1)
    members = facts.members(group)
    chosen = {
        subject: [as_written(float(value)) * times for value in found[subject]]  # type: ignore[arg-type]
        for subject, inside in members.items()
        if inside and subject in found
    }
    without = sum(inside is not False and s not in chosen for s, inside in members.items())
    return chosen, without


def _of_values(claim: StatisticClaim, sources: Sources, statistic: str) -> Number:
    found, without = values_of(claim, claim.group, sources)
    label = _whose(claim, sources, len(found))
    number = Number(label, n=len(found), method="of the values in the datasets")
    if not found:
        return replace(number, reason="no subject of the group has a value")
    if any(len(values) > 1 for values in found.values()):
        return replace(number, reason="a subject has more than one value")
    summary = summarise([float(values[0]) for values in found.values()])
    value: float | None = getattr(summary, statistic)
    if value is None:
        return replace(number, reason=summary.reason or "not defined")
    method = f"{number.method}; {without} without one left out" if without else number.method
    return replace(number, value=as_written(value), method=method)


def _whose(claim: Claim, sources: Sources, n: int) -> str:
    group = sources.published.groups[claim.named("group") or ""]
    return f"{sources.facts.study.text(group.label)}, n = {n}"


def each_value(claim: OneNumber, sources: Sources) -> tuple[dict[str, list[Fraction]], str, int]:
    """The value of each subject of the group, the group in words, and how many have none."""
    found, without = values_of(claim, claim.named("group") or "", sources)
    return found, _whose(claim, sources, len(found)), without


# -- two numbers -----------------------------------------------------------------------------------


def two_numbers(claim: TwoNumbers, sources: Sources) -> list[Two]:
    """The pair meant, then the others that the claim could mean."""
    listed = (claim.result,) if isinstance(claim.result, Ends) else claim.result
    if not listed:
        return [_extremes(claim, sources)]
    unit, results = sources.unit(claim), sources.results
    asked = list(dict.fromkeys((ends.low, ends.high) for ends in listed))
    for low, high in list(asked):
        analysis = results.analysis(low)
        pairs = zip(populations_of(low, analysis), populations_of(high, analysis), strict=True)
        asked += [pair for pair in pairs if pair not in asked]
    return [(results.one(low, unit=unit), results.one(high, unit=unit)) for low, high in asked]


def _extremes(claim: TwoNumbers, sources: Sources) -> Two:
    """Smallest and largest of all values of the group, or their quartiles."""
    found, _ = values_of(claim, claim.named("group") or "", sources)
    number = Number(_whose(claim, sources, len(found)), n=len(found), method="of the datasets")
    pooled = [value for values in found.values() for value in values]
    if not pooled:
        empty = replace(number, reason="no subject of the group has a value")
        return empty, empty
    if claim.named("kind") == "quartiles":
        summary = summarise([float(value) for value in pooled])
        assert summary.q1 is not None
        assert summary.q3 is not None
        return (
            replace(number, value=as_written(summary.q1)),
            replace(number, value=as_written(summary.q3)),
        )
    return replace(number, value=min(pooled)), replace(number, value=max(pooled))
