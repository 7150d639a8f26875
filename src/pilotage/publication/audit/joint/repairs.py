"""What would mend a set of facts that cannot all be true: one claim read otherwise, tried one by
one. Each repair that is named was searched for, and with it a cohort exists."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from pilotage.publication.arithmetic import ROUNDINGS, Spread
from pilotage.publication.audit.joint.check import Checker, TimeIsUp
from pilotage.publication.audit.joint.facts import OPEN, Fact
from pilotage.publication.audit.words import ROUNDED_AS
from pilotage.publication.claims import CountClaim, PercentageClaim, StatisticClaim
from pilotage.statistics.rounding import text

TRIES = 24
"""So many other values of one claim are tried."""

EACH = 2
"""So many repairs of one kind are named for one claim."""

_SPREADS: tuple[Spread, ...] = ("population SD", "standard error")


@dataclass(frozen=True, slots=True)
class Repairs:
    """Looks for repairs of sets of facts."""

    checker: Checker

    def of(self, wrong: tuple[Fact, ...]) -> tuple[str, ...]:
        """The repairs of a smallest impossible set, those of its first claim first."""
        found: list[str] = []
        for fact in wrong:
            others = [other for other in wrong if other is not fact]
            for kind in (self._values, self._wholes, self._readings):
                found += islice(self._mending(others, kind(fact)), EACH)
        return tuple(found)

    def _mending(self, others: list[Fact], tried: Iterator[tuple[str, Fact]]) -> Iterator[str]:
        for words, fact in tried:
            if self.checker.seconds_left <= 0:
                return
            try:
                mends = self.checker.possible([*others, fact]) is True
            except TimeIsUp:
                return
            if mends:
                yield words

    def _values(self, fact: Fact) -> Iterator[tuple[str, Fact]]:
        """Other numbers, the nearest first."""
        claim: Any = fact.claim
        if not isinstance(claim, CountClaim | PercentageClaim | StatisticClaim):
            return
        step = 10.0**-claim.printed_digits
        for at in range(TRIES):
            away = (at // 2 + 1) * (1 if at % 2 else -1) * step
            value = round(claim.value + away, claim.printed_digits)
            if value < 0 or (isinstance(claim, PercentageClaim) and value > 100):
                continue
            new = int(value) if isinstance(claim, CountClaim) else value
            shown, old = (text(each, claim.printed_digits) for each in (new, claim.value))
            yield f"{shown} instead of {old} in {fact.id}", fact.saying(value=new)

    def _wholes(self, fact: Fact) -> Iterator[tuple[str, Fact]]:
        """The share, or the statistic, of another large group whose size is stated."""
        claim: Any = fact.claim
        facts = self.checker.facts
        key = "of" if isinstance(claim, PercentageClaim) else "group"
        if not isinstance(claim, PercentageClaim | StatisticClaim):
            return
        sized = {
            other.claim.group
            for other in facts.facts
            if isinstance(other.claim, CountClaim)
            and other.claim.comparator == "="
            and 4 * other.claim.value >= self.checker.largest
        }
        for name in sorted(sized - {getattr(claim, key), claim.group, OPEN}):
            label = facts.groups[name].label
            yield f"{fact.id} read of '{label}'", fact.saying(**{key: name})

    def _readings(self, fact: Fact) -> Iterator[tuple[str, Fact]]:
        """Another rounding, another spread."""
        claim = fact.claim
        if not isinstance(claim, PercentageClaim | StatisticClaim):
            return
        for way in ROUNDINGS[1:]:
            yield f"{fact.id} printed {ROUNDED_AS[way]}", replace(fact, decimals=way)
        if claim.kind == "sd":
            for spread in _SPREADS:
                yield f"{fact.id} a {spread}", replace(fact, spread=spread)
