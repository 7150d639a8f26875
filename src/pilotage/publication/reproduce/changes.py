"""Claims that a variable changed, or did not: at one time, or over all visits of a follow-up."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from pilotage.plural import counted
from pilotage.publication.claims import ChangeClaim
from pilotage.publication.plan_statistics import unit_of
from pilotage.publication.reproduce.model import Candidate
from pilotage.publication.reproduce.numbers import Sources, named
from pilotage.publication.reproduce.results import Number, statistic_of, visit_of, with_statistic
from pilotage.publication.reproduce.statements import MET, as_candidate
from pilotage.report import formats
from pilotage.statistics.rounding import as_written
from pilotage.study.sap import ChangeAnalysis, ComparisonAnalysis

EVERY = "*"
"""As the visit of a result: the claim speaks of all visits, and is judged over all of them."""

STILL = ("none", "no increase", "no decrease")


@dataclass(frozen=True, slots=True)
class Change:
    """A P value, and the mean change of the same subjects with its interval."""

    p: Number
    mean: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    level: float = 0.95

    @property
    def test(self) -> str:
        """What tells a test from the others of the same analysis."""
        return statistic_of(self.p.results[0]) if self.p.results else ""

    @property
    def nobody_changed(self) -> bool:
        """All differences are zero: there is no test, and nothing that could be tested."""
        return self.p.value is None and self.mean is not None and self.mean.value == 0


def change(claim: ChangeClaim, sources: Sources) -> list[Candidate]:
    """Direction by the mean change, significance by each P value of the results named; the first
    test of the first result is meant. A result of every visit is met where each visit meets it."""
    over: list[Candidate] = []
    single: dict[tuple[str, ...], Candidate] = {}
    visits: dict[tuple[str, ...], Candidate] = {}
    for pattern in named(claim.result):
        changes = list(_changes(pattern, sources))
        if visit_of(pattern) == EVERY:
            changes = [each for each in changes if _within(claim, each.p, sources)]
            over += _over_visits(claim, changes, sources)
        own = visits if visit_of(pattern) == EVERY else single
        for each in changes:
            own.setdefault(each.p.results or (pattern,), _judged(claim, each, sources))
    broken = [each for each in visits.values() if not each.fits]
    held = [each for each in visits.values() if each.fits]
    return [*over, *broken, *single.values(), *held]


def _changes(pattern: str, sources: Sources) -> Iterator[Change]:
    """One for each result that the pattern fits, in the order of the plan's tests."""
    results = sources.results
    analysis = results.analysis(pattern)
    if not isinstance(analysis, ChangeAnalysis):
        tested = isinstance(analysis, ComparisonAnalysis)
        for number in results.numbers(with_statistic(pattern, "p_*") if tested else pattern):
            yield Change(number)
        return
    unit = unit_of(sources.facts.study, analysis, "mean_change") or ""
    for number in results.numbers(with_statistic(pattern, "p_*")):
        name = number.results[0] if number.results else pattern
        mean, low, high = (
            results.one(with_statistic(name, f"mean_change{end}")) for end in ("", "_low", "_high")
        )
        yield Change(number, mean, low, high, unit, analysis.level)


def _within(claim: ChangeClaim, number: Number, sources: Sources) -> bool:
    """Is the visit one of the time that the claim speaks of? A time without a week has no end."""
    last = sources.published.times[claim.at].week if claim.at is not None else None
    visit = visit_of(number.results[0]) if number.results else "-"
    return last is None or not visit.isdigit() or 0 < int(visit) <= last


# -- one test --------------------------------------------------------------------------------------


def _judged(claim: ChangeClaim, found: Change, sources: Sources) -> Candidate:
    candidate = as_candidate(found.p)
    if found.nobody_changed and claim.direction in STILL:
        return replace(candidate, text="no difference in anybody", how=MET, reason="")
    if found.p.value is None:
        return candidate
    test = found.p.method.partition(";")[0]
    text = f"{test} {_p(found.p.value, sources)}"
    if found.mean is not None and found.mean.value is not None:
        text = f"mean change {_with_interval(found)}, {text}"
    candidate = replace(candidate, text=text)
    if found.mean is None and claim.direction != "none":
        return replace(candidate, reason="the results do not say in which direction")
    return replace(candidate, how=MET if _as_said(claim, found, sources) else "")


def _p(value: Fraction, sources: Sources) -> str:
    printed = formats.p_value(float(value), significance=sources.facts.study.sap.significance)
    return f"P {printed}" if printed[0] in "<>" else f"P = {printed}"


def _with_interval(found: Change) -> str:
    """'−0.46 points (95 % interval −1.18 to 0.26)', with as many decimals as show something."""
    ends = [n.value for n in (found.low, found.high) if n is not None and n.value is not None]
    assert found.mean is not None
    assert found.mean.value is not None
    mean = found.mean.value
    largest = max(abs(value) for value in (mean, *ends))
    digits = max(2, 1 - math.floor(math.log10(largest))) if largest else 2
    text = f"{'+' if mean > 0 else ''}{formats.number(mean, digits)}"
    text = f"{text} {found.unit}".rstrip()
    if len(ends) < 2:
        return text
    low, high = (formats.number(end, digits) for end in ends)
    return f"{text} ({formats.level(found.level)} interval {formats.range_of(low, high)})"


def _as_said(claim: ChangeClaim, found: Change, sources: Sources) -> bool:
    """Is it as said? 'No change' is read as no significant one, 'no increase' likewise."""
    if found.nobody_changed:
        return claim.direction in STILL
    assert found.p.value is not None
    mean = found.mean.value if found.mean is not None else None
    significant = found.p.value < as_written(sources.facts.study.sap.significance)
    if claim.significance != "not stated" and significant != (claim.significance == "significant"):
        return False
    match claim.direction:
        case "none":
            return not significant
        case "increase":
            return mean is not None and mean > 0
        case "decrease":
            return mean is not None and mean < 0
        case "no increase":
            return not significant or (mean is not None and mean <= 0)
        case "no decrease":
            return not significant or (mean is not None and mean >= 0)


# -- all visits ------------------------------------------------------------------------------------


def _over_visits(
    claim: ChangeClaim, changes: list[Change], sources: Sources
) -> Iterator[Candidate]:
    """One candidate for each test, over all visits; its P values are not adjusted for their
    number."""
    for test in dict.fromkeys(each.test for each in changes):
        own = [each for each in changes if each.test == test]
        first = as_candidate(own[0].p)
        told = [each for each in own if each.p.value is not None or each.nobody_changed]
        if not told:
            yield first
            continue
        broken = [each for each in told if not _as_said(claim, each, sources)]
        method = next((each.p.method.partition(";")[0] for each in told if each.p.value), test)
        yield replace(
            first,
            text=f"{method}: {_over(claim, told, broken, len(own), sources)}",
            how="" if broken else MET,
            value=None,
            n=None,
            label=sources.results.name(own[0].p),
            method=f"{method} at each visit, not adjusted for their number",
            results=tuple(name for each in told for name in each.p.results),
            reason="",
        )


def _over(
    claim: ChangeClaim, told: list[Change], broken: list[Change], visits: int, sources: Sources
) -> str:
    level = formats.plain(sources.facts.study.sap.significance)
    alike = claim.direction == "none"
    number = counted(len(told), "visit")
    if broken:
        weeks = ", ".join(visit_of(each.p.results[0]) for each in broken)
        said = f"P < {level}" if alike else "not as said"
        word = "weeks" if len(broken) > 1 else "week"
        text = f"{said} at {len(broken)} of {number} ({word} {weeks})"
    else:
        said = f"no P < {level}" if alike else "as said"
        text = f"{said} at any of {number}" if alike else f"{said} at each of {number}"
    tested = [(each.p.value, each) for each in told if each.p.value is not None]
    if tested and alike:
        least, each = min(tested, key=lambda pair: pair[0])
        text = f"{text}; least {_p(least, sources)}, week {visit_of(each.p.results[0])}"
        if each.mean is not None and each.mean.value is not None:
            text = f"{text}, mean change {_with_interval(each)}"
    return f"{text}; no test at {visits - len(told)}" if visits > len(told) else text
