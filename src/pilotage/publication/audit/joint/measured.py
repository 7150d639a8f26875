"""Claims about the values of a variable as conditions on sums and counts of an unknown cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pilotage.publication.arithmetic import Ends, Printed, Spread, moments
from pilotage.publication.audit.joint.facts import Fact, Key
from pilotage.publication.audit.joint.population import Population
from pilotage.publication.claims import (
    ChangeClaim,
    Comparator,
    ComparisonClaim,
    RangeClaim,
    StatisticClaim,
    ThresholdClaim,
)
from pilotage.publication.comparators import comparison

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, IntVar

SETTLED = 60
"""Up to so many subjects, which sums and squares give a mean and a spread is settled beforehand."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Binds facts about values to a population. `wholes` are the groups of which a defined group is
    those who meet the limit. With `only_if`, a fact has to hold where these are true."""

    population: Population
    wholes: dict[str, tuple[str, ...]]
    only_if: "tuple[BoolVarT, ...]" = ()

    def _add(self, condition: Any) -> None:
        self._if_asked(self.population.model.add(condition))

    def _one_of(self, options: "Sequence[BoolVarT]") -> None:
        self._if_asked(self.population.model.add_bool_or(*options))

    def _if_asked(self, constraint: Any) -> None:
        if self.only_if:
            constraint.only_enforce_if(*self.only_if)

    def _number(self, *groups: str) -> "IntVar":
        return self.population.number(*groups)

    def _within(self, group: str, of: str | None) -> "IntVar":
        return self._number(group) if of is None or of == group else self._number(group, of)

    def _lies(self, number: Any, ends: Ends, per: Any = 1) -> None:
        """number / per lies between the ends; `per` is above 0."""
        low, high = ends.low, ends.high
        self._add(low.denominator * number - low.numerator * per >= (0 if ends.low_in else 1))
        self._add(high.numerator * per - high.denominator * number >= (0 if ends.high_in else 1))

    # -- values -----------------------------------------------------------------------------------

    def _values(self, fact: Fact) -> None:
        """Every subject of the group has such a value; of a limit that defines the group, nobody
        else of its whole has one."""
        claim: Any = fact.claim
        key, group = (claim.variable, claim.at), frozenset([claim.group])
        every = self.population.ground.domains[key]
        printed = fact.printed(claim.value)
        allowed = [v for v in every if fits(Fraction(v) / fact.per, claim.comparator, printed)]
        others = [v for v in every if v not in set(allowed)]
        self._add(self.population.of_values(key, group, others) == 0)
        if isinstance(claim, ThresholdClaim):
            wholes = frozenset(self.wholes.get(str(claim.group), ()))
            outside = self.population.of_values(key, wholes, allowed)
            self._add(outside == self.population.of_values(key, group, allowed))

    def _two_ends(self, fact: Fact, claim: RangeClaim) -> None:
        key, group = (claim.variable, claim.at), frozenset([claim.group])
        if claim.kind == "range":
            self._least(fact, key, group, claim.low)
            self._greatest(fact, key, group, claim.high)
            return
        # of all definitions of quartiles: it lies between two neighbours near a quarter of the rank
        n, population = self._number(claim.group), self.population
        self._add(n >= 1)
        for value, upper in ((claim.low, False), (claim.high, True)):
            ends, every = fact.printed(value).ends, population.ground.domains[key]
            at_most = [v for v in every if Fraction(v) / fact.per <= ends.high]
            below = [v for v in every if Fraction(v) / fact.per < ends.low]
            under: Any = population.of_values(key, group, below)
            up_to: Any = population.of_values(key, group, at_most)
            few, many = (n - up_to, n - under) if upper else (under, up_to)
            self._add(many >= 1)
            self._add(4 * many >= n - 6)
            self._add(4 * few <= n + 3)

    def _least(self, fact: Fact, key: Key, group: frozenset[str], value: float) -> None:
        self._end(fact, key, group, value, beyond=lambda v, there: v < there)

    def _greatest(self, fact: Fact, key: Key, group: frozenset[str], value: float) -> None:
        self._end(fact, key, group, value, beyond=lambda v, there: v > there)

    def _end(
        self, fact: Fact, key: Key, group: frozenset[str], value: float, *, beyond: Any
    ) -> None:
        every, printed = self.population.ground.domains[key], fact.printed(value)
        there = [v for v in every if printed.fits(Fraction(v) / fact.per)]
        self._add(self.population.of_values(key, group, there) >= 1)
        if there:
            out = [v for v in every if v not in set(there) and beyond(v, there[0])]
            self._add(self.population.of_values(key, group, out) == 0)

    # -- statistics -------------------------------------------------------------------------------

    def _statistic(self, fact: Fact, claim: StatisticClaim) -> None:
        key, group = (claim.variable, claim.at), frozenset([claim.group])
        n = self._number(claim.group)
        self._add(n >= 1)
        match claim.kind:
            case "mean":
                ends = _times(fact.printed(claim.value).ends, fact.per)
                self._lies(self.population.total(key, group), ends, n)
            case "median":
                ends = _times(fact.printed(claim.value).ends, 2 * fact.per)
                self._lies(self._middles(key, group), ends)
            case "minimum":
                self._least(fact, key, group, claim.value)
            case "maximum":
                self._greatest(fact, key, group, claim.value)
            case _:
                self._spread(fact, claim, key, group)

    def _middles(self, key: Key, group: frozenset[str]) -> Any:
        """The two middle values together; one value twice where their number is odd."""
        model, values = self.population.model, self.population.ground.domains[key]
        n, parts = self._number(*group), []
        for value in values[:-1]:
            up_to = self.population.up_to(key, group, value)
            for more in (0, 1):  # the lower middle lies above the value; so does the upper
                literal = model.new_bool_var("")
                model.add(2 * up_to <= n + more - 1).only_enforce_if(literal)
                model.add(2 * up_to >= n + more).only_enforce_if(~literal)
                parts.append(literal)
        return 2 * values[0] + sum(parts)

    def _spread(self, fact: Fact, claim: StatisticClaim, key: Key, group: frozenset[str]) -> None:
        """n Q - T² lies between the squares of the ends times n (n - 1), or what the spread is
        divided by; Q is the sum of squares and T the sum."""
        population, model = self.population, self.population.model
        kind: Spread = "standard error" if claim.kind == "sem" else fact.spread
        n, total = self._number(claim.group), population.total(key, group)
        most, largest = population.ground.most, max(abs(v) for v in population.ground.domains[key])
        self._add(n >= (1 if kind == "population SD" else 2))
        squares = model.new_int_var(0, most * largest**2, "")
        self._add(squares == total + 2 * population.halves(key, group))
        n_squares, total_squared = (
            model.new_int_var(0, (most * largest) ** 2, "") for _ in range(2)
        )
        model.add_multiplication_equality(n_squares, [n, squares])
        model.add_multiplication_equality(total_squared, [total, total])
        by: dict[Spread, list[Any]] = {
            "sample SD": [n, n - 1], "population SD": [n, n], "standard error": [n, n, n - 1],
        }  # fmt: skip
        factors = by[kind]
        per = model.new_int_var(0, most ** len(factors), "")
        model.add_multiplication_equality(per, factors)
        ends = _times(fact.printed(claim.value).ends, fact.per)
        if ends.low < 0:
            ends = Ends(Fraction(0), ends.high, True, ends.high_in)
        squared = Ends(ends.low**2, ends.high**2, ends.low_in, ends.high_in)
        self._lies(n_squares - total_squared, squared, per)

    def _change(self, claim: ChangeClaim) -> None:
        """The mean or the median rose, or fell, as the claim says."""
        assert claim.group is not None
        before, after = (claim.variable, claim.since), (claim.variable, claim.at)
        group, model = frozenset([claim.group]), self.population.model
        self._add(self._number(claim.group) >= 1)
        sums = [self.population.total(key, group) for key in (after, before)]
        middles = [self._middles(key, group) for key in (after, before)]
        options = []
        for new, old in (sums, middles):
            option = model.new_bool_var("")
            condition = {
                "increase": new >= old + 1, "decrease": new <= old - 1,
                "no increase": new <= old, "no decrease": new >= old,
            }[claim.direction]  # fmt: skip
            model.add(condition).only_enforce_if(option)
            options.append(option)
        self._one_of(options)

    def _some_below(self, claim: ComparisonClaim) -> None:
        """Whatever statistic is meant: not everybody of the one group lies on the wrong side of
        everybody of the other."""
        assert claim.variable is not None
        lower, upper = claim.group, claim.than
        if claim.comparator == ">":
            lower, upper = upper, lower
        key, model = (claim.variable, None), self.population.model
        values, options = self.population.ground.domains[key], []
        for value in values[:-1]:
            option = model.new_bool_var("")
            below = self.population.up_to(key, frozenset([lower]), value)
            above = self._number(upper) - self.population.up_to(key, frozenset([upper]), value)
            model.add(below >= 1).only_enforce_if(option)
            model.add(above >= 1).only_enforce_if(option)
            options.append(option)
        self._one_of(options)

    # -- a mean and a spread together --------------------------------------------------------------

    def _mean_beside(self, fact: Fact, facts: Sequence[Fact]) -> Fact | None:
        if getattr(fact.claim, "kind", "") not in ("sd", "sem"):
            return None
        same = [
            other
            for other in facts
            if (other.groups, other.keys) == (fact.groups, fact.keys)
            and getattr(other.claim, "kind", "") == "mean"
        ]
        return same[0] if same else None

    def _together(self, mean: Fact, spread: Fact) -> bool:
        """Bind a mean and a spread at once; False where there would be too much to settle."""
        ground = self.population.ground
        (key,), group = spread.keys, spread.groups
        if ground.most > SETTLED or spread.per != 1 or mean.per != 1:
            return False
        values = ground.domains[key]
        one: Any = mean.claim
        other: Any = spread.claim
        kind: Spread = "standard error" if other.kind == "sem" else spread.spread
        sizes = range(1 if kind == "population SD" else 2, ground.most + 1)
        options = [
            (found.n, found.total, (found.squares - found.total) // 2)
            for n in sizes
            for found in moments(
                n,
                mean.printed(one.value),
                spread.printed(other.value),
                low=values[0],
                high=values[-1],
                kind=kind,
            )
        ]
        sums = [
            self._number(*group),
            self.population.total(key, group),
            self.population.halves(key, group),
        ]
        if options:
            self._if_asked(self.population.model.add_allowed_assignments(sums, options))
        else:
            self._one_of([])
        return True


def fits(number: Fraction, comparator: Comparator, printed: Printed) -> bool:
    """Does the number stand to the printed one as the sign says?"""
    if comparator == "=":
        return printed.fits(number)
    return comparison(comparator)(number, printed.value)


def _times(ends: Ends, factor: Fraction) -> Ends:
    return Ends(ends.low * factor, ends.high * factor, ends.low_in, ends.high_in)
