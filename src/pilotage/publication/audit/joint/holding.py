"""Is a claim true of these subjects? Counted by hand from the definitions, without a solver.

So an example cohort is checked by other means than those that found it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from pilotage.publication.audit.joint.cohort import Cohort
from pilotage.publication.audit.joint.facts import Fact, Facts, Key
from pilotage.publication.audit.joint.population import Found
from pilotage.publication.audit.joint.relations import Lattice
from pilotage.publication.claims import (
    AllOrNoneClaim,
    ChangeClaim,
    Comparator,
    ComparisonClaim,
    CountClaim,
    PercentageClaim,
    RangeClaim,
    StatisticClaim,
    ThresholdClaim,
    ValueClaim,
)
from pilotage.publication.comparators import comparison
from pilotage.publication.groups import Group, as_tuple


@dataclass(frozen=True, slots=True)
class Held:
    """Subjects of whom facts are true or not. `wholes` says of which groups each is a part."""

    subjects: Found
    groups: Mapping[str, Group]

    def holds(self, fact: Fact) -> bool:
        """Is the fact true of these subjects? KeyError where a value is missing that it needs."""
        match fact.claim:
            case CountClaim() as claim:
                number = Fraction(self._inside(claim.group, claim.of))
                return comparison(claim.comparator)(number, Fraction(claim.value))
            case PercentageClaim() as claim:
                return self._percentage(fact, claim)
            case AllOrNoneClaim() as claim:
                inside = self._inside(claim.group, claim.of)
                return inside == (len(self._of(claim.of)) if claim.kind == "all" else 0)
            case StatisticClaim() as claim:
                return self._statistic(fact, claim)
            case RangeClaim() as claim:
                return self._range(fact, claim)
            case ValueClaim() | ThresholdClaim():
                return self._each(fact)
            case ChangeClaim() as claim:
                return self._change(claim)
            case ComparisonClaim() as claim:
                return self._comparison(claim)
        raise TypeError(fact.claim.kind)

    # -- who --------------------------------------------------------------------------------------

    def _of(self, *groups: str) -> list[dict[Key, int]]:
        """The values of those who are in all the groups."""
        return [values for own, values in self.subjects if own.issuperset(groups)]

    def _inside(self, group: str, of: str | None) -> int:
        return len(self._of(group) if of is None else self._of(group, of))

    def _percentage(self, fact: Fact, claim: PercentageClaim) -> bool:
        whole = len(self._of(claim.of))
        if whole == 0:
            return False
        share = Fraction(100 * self._inside(claim.group, claim.of), whole)
        return _stands(share, claim.comparator, fact)

    def _comparison(self, claim: ComparisonClaim) -> bool:
        stands = comparison(claim.comparator)
        if claim.share is not None:
            wholes = [len(self._of(one)) for one in (claim.group, claim.than)]
            if 0 in wholes:
                return False
            one, other = (
                Fraction(self._inside(claim.share, name), whole)
                for name, whole in zip((claim.group, claim.than), wholes, strict=True)
            )
            return stands(one, other)
        key = (str(claim.variable), None)
        first, second = self._values(claim.group, key), self._values(claim.than, key)
        if not first or not second:
            return False
        ends = (min(first), max(second)) if claim.comparator == "<" else (max(first), min(second))
        return stands(*ends)

    # -- values -----------------------------------------------------------------------------------

    def _values(self, group: str | None, key: Key) -> list[int]:
        return sorted(values[key] for values in self._of(str(group)))

    def _each(self, fact: Fact) -> bool:
        """Every subject of the group has such a value; of a limit that defines the group, nobody
        else of its whole."""
        claim: Any = fact.claim
        key = (claim.variable, claim.at)
        whole = as_tuple(self.groups[claim.group].subset_of)
        for own, values in self.subjects:
            fits = _stands(Fraction(values[key]) / fact.per, claim.comparator, fact)
            if claim.group in own and not fits:
                return False
            beside = isinstance(claim, ThresholdClaim) and claim.group not in own
            if beside and own.issuperset(whole) and fits:
                return False
        return True

    def _statistic(self, fact: Fact, claim: StatisticClaim) -> bool:
        values = self._values(claim.group, (claim.variable, claim.at))
        if not values:
            return False
        printed = fact.printed(claim.value)
        match claim.kind:
            case "mean":
                return printed.fits(_mean(values) / fact.per)
            case "median":
                return printed.fits(_median(values) / fact.per)
            case "minimum":
                return printed.fits(values[0] / fact.per)
            case "maximum":
                return printed.fits(values[-1] / fact.per)
        n = len(values)
        around = sum(v * v for v in values) - Fraction(sum(values) ** 2, n)
        kind = "standard error" if claim.kind == "sem" else fact.spread
        divisor = {"sample SD": n - 1, "population SD": n, "standard error": n * (n - 1)}[kind]
        return divisor > 0 and printed.fits_root(around / divisor / fact.per**2)

    def _range(self, fact: Fact, claim: RangeClaim) -> bool:
        values = [v / fact.per for v in self._values(claim.group, (claim.variable, claim.at))]
        if not values:
            return False
        low, high = fact.printed(claim.low), fact.printed(claim.high)
        if claim.kind == "range":
            return low.fits(values[0]) and high.fits(values[-1])
        return _quartile(values, low.bounds) and _quartile(
            [-v for v in reversed(values)], (-high.bounds[1], -high.bounds[0])
        )

    def _change(self, claim: ChangeClaim) -> bool:
        before, after = (
            self._values(claim.group, (claim.variable, at)) for at in (claim.since, claim.at)
        )
        if not before:
            return False
        sign: Comparator = {
            "increase": ">", "decrease": "<", "no increase": "<=", "no decrease": ">=",
        }[claim.direction]  # type: ignore[assignment]  # fmt: skip
        moved = comparison(sign)
        return any(moved(of(after), of(before)) for of in (_mean, _median))


def _stands(number: Fraction, comparator: Comparator, fact: Fact) -> bool:
    """Does the number stand to the printed one as the sign says?"""
    claim: Any = fact.claim
    printed = fact.printed(claim.value)
    if comparator == "=":
        return printed.fits(number)
    return comparison(comparator)(number, printed.value)


def _mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def _median(values: Sequence[int]) -> Fraction:
    n = len(values)
    return Fraction(values[(n - 1) // 2] + values[n // 2], 2)


def _quartile(values: Sequence[Fraction], ends: tuple[Fraction, Fraction]) -> bool:
    """Can the first quartile lie between the ends by any of the definitions in use? It lies between
    two neighbours near the rank of a quarter."""
    n, (low, high) = len(values), ends
    below = sum(value < low for value in values)
    up_to = sum(value <= high for value in values)
    return up_to >= 1 and 4 * up_to >= n - 6 and 4 * below <= n + 3


# -- a cohort that was found -----------------------------------------------------------------------


@dataclass(slots=True)
class Witness:
    """Subjects that the solver has found: of which other facts they are an example too. Nothing is
    said of facts about groups or variables that it was not asked for."""

    held: Held
    known: frozenset[str]
    keys: frozenset[Key]
    _true: set[Fact] = field(default_factory=set)
    _false: set[Fact] = field(default_factory=set)

    def shows(self, facts: frozenset[Fact]) -> bool:
        """Are all these facts true of it?"""
        if facts <= self._true:
            return True
        for fact in facts - self._true:
            if fact in self._false or not self._holds(fact):
                self._false.add(fact)
                return False
            self._true.add(fact)
        return True

    def _holds(self, fact: Fact) -> bool:
        spoken = fact.groups <= self.known and fact.keys <= self.keys
        return spoken and self.held.holds(fact)


def is_cohort(subjects: Found, lattice: Lattice, groups: frozenset[str]) -> bool:
    """Do the groups of these subjects lie to each other as the words say?"""
    members = [{name: name in own for name in groups} for own, _ in subjects]
    for relation in lattice.among(groups):
        if relation.kind == "subject":
            if sum(member[relation.group] for member in members) != 1:
                return False
        elif not all(relation.holds(member) for member in members):
            return False
    numbered = [own & lattice.subjects for own, _ in subjects]
    return all(len(own) <= 1 for own in numbered) and all(
        sum(name in own for own, _ in subjects) >= len(lattice.subjects_within(name))
        for name in groups
    )


def true_of(facts: Facts, subjects: Found, shown: Iterable[Fact]) -> bool:
    """Is this a cohort of which all these facts are true?"""
    every = list(shown)
    groups = facts.lattice.closure({name for fact in every for name in fact.groups})
    held = Held(subjects, facts.groups)
    return is_cohort(subjects, facts.lattice, groups) and all(held.holds(fact) for fact in every)


def shows_all(cohort: Cohort, facts: Facts) -> bool:
    """Are all facts true of the subjects of an example? Claims of a group that the paper does not
    state speak of some group, which the example leaves out: they are not asked."""
    subjects: Found = [(one.groups, dict(one.values)) for one in cohort.subjects]
    named = (fact for fact in facts.facts if not any(name[0] == "?" for name in fact.groups))
    return true_of(facts, subjects, named)
