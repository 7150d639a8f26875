"""What would mend a set of facts that cannot all be true: one claim read otherwise, tried one by
one. Each repair that is named was searched for: with it a cohort exists in which whatever else the
paper says of numbers of subjects, and nothing contradicts, is true too."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice
from typing import Any

from pilotage.publication.arithmetic import ROUNDINGS, Spread
from pilotage.publication.audit.joint.check import Checker, TimeIsUp
from pilotage.publication.audit.joint.facts import OPEN, Fact
from pilotage.publication.audit.words import ROUNDED_AS
from pilotage.publication.claims import (
    AllOrNoneClaim,
    CountClaim,
    PercentageClaim,
    StatisticClaim,
)
from pilotage.statistics.rounding import text

TRIES = 24
"""So many other values of one claim are tried."""

EACH = 2
"""So many repairs of one kind are named for one claim."""

_SPREADS: tuple[Spread, ...] = ("population SD", "standard error")


@dataclass(frozen=True, slots=True)
class Repairs:
    """Looks for repairs of sets of facts. `settled`: the facts that are in no impossible set."""

    checker: Checker
    settled: tuple[Fact, ...] = field(default=())

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
                if mends and self._beside(fact):
                    mends = self.checker.possible([*others, fact, *self._beside(fact)]) is True
            except TimeIsUp:
                return
            if mends:
                yield words

    def _beside(self, fact: Fact) -> list[Fact]:
        """What else is said of numbers of subjects, and of the same variable; and how many are in
        the groups that the fact is about."""
        kinds = (CountClaim, PercentageClaim, AllOrNoneClaim)
        near = [o for o in self.settled if isinstance(o.claim, kinds) or o.keys & fact.keys]
        sizes = [other for name in sorted(fact.groups) for other in self._stated(name)]
        return [other for other in dict.fromkeys([*near, *sizes]) if other.id != fact.id]

    def _stated(self, group: str) -> list[Fact]:
        """The facts that say how many are in a group; none where they say different numbers."""
        stated = [
            (other, other.claim.value)
            for other in self.checker.facts.facts
            if isinstance(other.claim, CountClaim)
            and other.claim.comparator == "="
            and other.claim.group == group
        ]
        said = {value for _, value in stated}
        return [other for other, _ in stated] if len(said) == 1 else []

    def _values(self, fact: Fact) -> Iterator[tuple[str, Fact]]:
        """Other numbers, the nearest first."""
        claim: Any = fact.claim
        if not isinstance(claim, CountClaim | PercentageClaim | StatisticClaim):
            return
        step = 10.0**-claim.printed_digits
        near = [(at // 2 + 1) * (1 if at % 2 else -1) * step for at in range(TRIES)]
        values = [round(claim.value + away, claim.printed_digits) for away in near]
        for value in dict.fromkeys([*values, *self._means(claim)]):
            if value < 0 or (isinstance(claim, PercentageClaim) and value > 100):
                continue
            new = int(value) if isinstance(claim, CountClaim) else value
            shown, old = (text(each, claim.printed_digits) for each in (new, claim.value))
            yield f"{shown} instead of {old} in {fact.id}", fact.saying(value=new)

    def _means(self, claim: Any) -> list[float]:
        """The means of so many whole numbers as the group is stated to have, the nearest first."""
        if claim.kind != "mean":
            return []
        facts = self.checker.facts.facts
        stated = [
            other.claim.value
            for other in facts
            if isinstance(other.claim, CountClaim)
            and other.claim.group == claim.group
            and other.claim.comparator == "="
            and other.claim.value
        ]
        if len(set(stated)) != 1:
            return []
        middle = round(claim.value * stated[0])
        sums = sorted(
            range(middle - TRIES, middle + TRIES + 1), key=lambda each: abs(each - middle)
        )
        return [float(text(Fraction(each, stated[0]), claim.printed_digits)) for each in sums]

    def _wholes(self, fact: Fact) -> Iterator[tuple[str, Fact]]:
        """The share, the statistic or the number, of another large group whose size is stated."""
        claim: Any = fact.claim
        facts = self.checker.facts
        key = "of" if isinstance(claim, PercentageClaim) else "group"
        if not isinstance(claim, PercentageClaim | StatisticClaim | CountClaim):
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


def _nearest_first(middle: int) -> list[int]:
    """The whole numbers around one, as many as are tried."""
    away = [distance for at in range(1, TRIES // 2 + 1) for distance in (-at, at)]
    return [middle, *(middle + each for each in away)]
