"""A claim as a constraint: in force where its own literal is true.

A claim that speaks of a group or a variable that the reconstruction does not model binds nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from pilotage.publication.claims import (
    AllOrNoneClaim,
    AnyClaim,
    CountClaim,
    PercentageClaim,
    PValueClaim,
    RangeClaim,
    StatisticClaim,
    ValueClaim,
)
from pilotage.publication.comparators import comparison
from pilotage.publication.reconstruct.grid import Grid, total
from pilotage.publication.reconstruct.measured import Measured
from pilotage.publication.reconstruct.models import Choice
from pilotage.publication.reconstruct.reading import Reading, read
from pilotage.publication.reconstruct.wording import NotModelled, Wording

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT


@dataclass(slots=True)
class Binder:
    """Turns claims into constraints of one model; without `squares`, those about squares are bound
    in a weaker form."""

    wording: Wording
    squares: bool = True
    measured: Measured = field(init=False)

    def __post_init__(self) -> None:
        self.measured = Measured(self.wording, self.squares)

    @property
    def grid(self) -> Grid:
        return self.wording.grid

    def bind(self, claim: AnyClaim, choice: Choice | None) -> "BoolVarT":
        """The literal that puts the claim, as it is read, in force. Raises NotModelled."""
        force, reading = self.grid.model.new_bool_var(claim.id), read(claim, choice)
        match claim:
            case CountClaim():
                self._count(claim, reading, force)
            case PercentageClaim():
                self._percentage(claim, reading, force)
            case AllOrNoneClaim():
                self._all_or_none(claim, reading, force)
            case StatisticClaim():
                self.measured.statistic(claim, reading, force)
            case RangeClaim(kind="range"):
                self.measured.range(claim, reading, force)
            case ValueClaim():
                self.measured.value(claim, reading, force)
            case PValueClaim():
                self.measured.p_value(claim, reading, force)
            case _:
                raise NotModelled(f"claims of the kind {claim.kind}")
        return force

    def _count(self, claim: CountClaim, reading: Reading, force: "BoolVarT") -> None:
        group = self.wording.whose(reading.group)
        if reading.of is not None:
            group = self._within(group, self.wording.members(reading.of), claim.id)
        fits = comparison(claim.comparator)
        allowed = [n for n in range(len(group) + 1) if fits(n, claim.value)]
        self.grid.one_of(total(group), allowed, force)

    def _percentage(self, claim: PercentageClaim, reading: Reading, force: "BoolVarT") -> None:
        whole = self.wording.whose(reading.of)
        group = self._within(self.wording.whose(reading.group), whole, claim.id)
        printed, fits, equal = (
            reading.printed,
            comparison(claim.comparator),
            claim.comparator == "=",
        )
        pairs = [
            (k, n)
            for n in range(1, len(whole) + 1)
            for k in range(n + 1)
            if (share := Fraction(100 * k, n)) is not None
            and (printed.fits(share) if equal else fits(share, printed.value))
        ]
        self._one_pair(group, whole, pairs, force)

    def _within(
        self, group: Sequence["BoolVarT"], whole: Sequence["BoolVarT"], key: str
    ) -> list["BoolVarT"]:
        """For each subject the literal of belonging to both."""
        pairs = zip(group, whole, strict=True)
        return [self.grid.both(list(two), ("in", key, at)) for at, two in enumerate(pairs)]

    def _one_pair(
        self,
        group: Sequence["BoolVarT"],
        whole: Sequence["BoolVarT"],
        pairs: Iterable[tuple[int, int]],
        force: "BoolVarT",
    ) -> None:
        """So many of so many, one of the pairs."""
        model, options = self.grid.model, []
        for k, n in pairs:
            option = model.new_bool_var("")
            model.add(total(group) == k).only_enforce_if(option)
            model.add(total(whole) == n).only_enforce_if(option)
            options.append(option)
        model.add_bool_or([~force, *options])

    def _all_or_none(self, claim: AllOrNoneClaim, reading: Reading, force: "BoolVarT") -> None:
        group, whole = self.wording.whose(reading.group), self.wording.whose(reading.of)
        for one, two in zip(group, whole, strict=True):
            self.grid.model.add_bool_or([~force, ~two, one if claim.kind == "all" else ~one])
