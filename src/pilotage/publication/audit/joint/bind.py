"""A claim as conditions on how many subjects are in which groups, and with which values.

What a printed number may have been before it was rounded is exact: fractions, with their ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pilotage.publication.audit.joint.facts import Fact
from pilotage.publication.audit.joint.measured import Measured
from pilotage.publication.claims import (
    AllOrNoneClaim,
    ChangeClaim,
    ComparisonClaim,
    CountClaim,
    PercentageClaim,
    RangeClaim,
    StatisticClaim,
    ThresholdClaim,
    ValueClaim,
)
from pilotage.publication.groups import as_tuple

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT


@dataclass(frozen=True, slots=True)
class Binder(Measured):
    """Binds facts to a population."""

    def bind_all(
        self, facts: Sequence[Fact], asked: "Mapping[Fact, BoolVarT] | None" = None
    ) -> None:
        """All facts hold of the population; with `asked`, each where its literal is true. A mean
        and a spread of the same are bound as one: which sums and sums of squares give both is
        settled beforehand, exactly."""
        for fact in facts:
            pair = self._mean_beside(fact, facts)
            if asked is None:
                if pair is None or not self._together(pair, fact):
                    self.bind(fact)
                continue
            own = [asked[fact]]
            if pair is not None and self._where(*own, asked[pair])._together(pair, fact):
                own.append(~asked[pair])
            self._where(*own).bind(fact)

    def _where(self, *literals: "BoolVarT") -> "Binder":
        return Binder(self.population, self.wholes, literals)

    def bind(self, fact: Fact) -> None:
        """The fact holds of the population."""
        match fact.claim:
            case CountClaim() as claim:
                _compared(self, self._within(claim.group, claim.of), claim.comparator, claim.value)
            case PercentageClaim() as claim:
                self._percentage(fact, claim)
            case AllOrNoneClaim() as claim:
                inside, whole = self._within(claim.group, claim.of), self._number(claim.of)
                self._add(inside == (whole if claim.kind == "all" else 0))
            case StatisticClaim() as claim:
                self._statistic(fact, claim)
            case RangeClaim() as claim:
                self._two_ends(fact, claim)
            case ValueClaim() | ThresholdClaim():
                self._values(fact)
            case ChangeClaim() as claim:
                self._change(claim)
            case ComparisonClaim() as claim:
                self._comparison(claim)
            case _:
                raise TypeError(fact.claim.kind)

    # -- shares -----------------------------------------------------------------------------------

    def _percentage(self, fact: Fact, claim: PercentageClaim) -> None:
        inside, whole = self._within(claim.group, claim.of), self._number(claim.of)
        self._add(whole >= 1)
        if claim.comparator == "=":
            self._lies(100 * inside, fact.printed(claim.value).ends, whole)
            return
        value = fact.printed(claim.value).value
        shares = 100 * value.denominator * inside, value.numerator * whole
        _compared(self, shares[0] - shares[1], claim.comparator, 0)

    def _comparison(self, claim: ComparisonClaim) -> None:
        if claim.share is None:
            self._some_below(claim)
            return
        most, model = self.population.ground.most, self.population.model
        products = []
        for one, other in ((claim.group, claim.than), (claim.than, claim.group)):
            self._add(self._number(one) >= 1)
            product = model.new_int_var(0, most * most, "")
            parts = [self._within(claim.share, one), self._number(other)]
            model.add_multiplication_equality(product, parts)
            products.append(product)
        _compared(self, products[0] - products[1], claim.comparator, 0)


def wholes_of(groups: Any, name: str) -> tuple[str, ...]:
    """The groups of which a group is a part by the words."""
    return tuple(as_tuple(groups[name].subset_of)) if name in groups else ()


def _compared(binder: Binder, number: Any, comparator: str, value: int) -> None:
    condition = {
        "=": number == value, "<": number <= value - 1, "<=": number <= value,
        ">": number >= value + 1, ">=": number >= value,
    }[comparator]  # fmt: skip
    binder._add(condition)
