"""Claims about numbers as constraints: values, ranges, means, SDs, medians, P values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from pilotage.publication.arithmetic import Moments, Printed, moments
from pilotage.publication.claims import PValueClaim, RangeClaim, StatisticClaim, ValueClaim
from pilotage.publication.comparators import comparison
from pilotage.publication.reconstruct.grid import Grid, domain_of, total
from pilotage.publication.reconstruct.p_values import changes_with, paired_options, two_sample_p
from pilotage.publication.reconstruct.reading import Reading, read
from pilotage.publication.reconstruct.wording import NotModelled, Wording

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT, LinearExprT

Options = list[tuple[Moments, "BoolVarT"]]


@dataclass(slots=True)
class Measured:
    """Binds claims about numbers. Without `squares`, claims about squares bind no more than the
    size of their group: it must be one with which they can be met at all."""

    wording: Wording
    squares: bool = True
    _moments: dict[tuple[object, ...], Options] = field(default_factory=dict)

    @property
    def grid(self) -> Grid:
        return self.wording.grid

    def value(self, claim: ValueClaim, reading: Reading, force: "BoolVarT") -> None:
        """Every subject of the group has a value that prints so."""
        name, per = self.wording.variable(claim.variable, claim.at, claim.unit)
        printed, fits = reading.printed, comparison(claim.comparator)
        equal = claim.comparator == "="
        allowed = [
            value
            for value in domain_of(self.grid.unknowns[name])
            if (printed.fits(value / per) if equal else fits(value / per, printed.value))
        ]
        for at, inside in enumerate(self.wording.whose(reading.group)):
            self.grid.one_of(self.grid.numbers[name, at], allowed, force, inside)

    def range(self, claim: RangeClaim, reading: Reading, force: "BoolVarT") -> None:
        """All values of the group lie between the ends, and one at each end."""
        name, per = self.wording.variable(claim.variable, claim.at, claim.unit)
        low, high = (
            Printed.of(end, claim.printed_digits).whole_numbers(per)
            for end in (claim.low, claim.high)
        )
        grid, model = self.grid, self.grid.model
        if not (low and high):
            model.add_bool_or([~force])
            return
        for side, end in (("low", low), ("high", high)):
            reached: list[BoolVarT] = []
            for at, inside in enumerate(self.wording.whose(reading.group)):
                over = grid.at_least(name, at, end[0])
                under = ~grid.at_least(name, at, end[-1] + 1)
                within, there = (over, under) if side == "low" else (under, over)
                model.add_bool_or([~force, ~inside, within])
                reached.append(grid.both([inside, there], (side, claim.id, at)))
            model.add_bool_or([~force, *reached])

    def statistic(self, claim: StatisticClaim, reading: Reading, force: "BoolVarT") -> None:
        """The mean, the SD (printed with its mean) or the median of the group prints so."""
        name, per = self.wording.variable(claim.variable, claim.at, claim.unit)
        group = self.wording.whose(reading.group)
        match claim.kind:
            case "median":
                self._median(name, group, reading.printed, per, force)
            case "mean":
                self._mean(name, group, reading.printed, per, force)
            case "sd" if (pair := self.wording.pair(claim)) is not None:
                mean, sd = (self._printed(one) for one in pair)
                if not self.squares:
                    values = domain_of(self.grid.unknowns[name])
                    low, high = values[0], values[-1]
                    every = range(1, len(group) + 1)
                    sizes = [n for n in every if moments(n, mean, sd, low=low, high=high)]
                    self.grid.one_of(total(group), sizes, force)
                    return
                options = self._of_moments(name, reading.group, mean, sd)
                self.grid.model.add_bool_or([~force, *(literal for _, literal in options)])
            case _:
                raise NotModelled(f"the {claim.kind} of {claim.variable} alone")

    def _printed(self, claim: StatisticClaim) -> Printed:
        return read(claim, self.wording.made.choice(claim.id)).printed

    def _mean(
        self,
        name: str,
        group: list["BoolVarT"],
        printed: Printed,
        per: Fraction,
        force: "BoolVarT",
    ) -> None:
        """The sum over the group lies where its mean prints so."""
        model, values = self.grid.model, domain_of(self.grid.unknowns[name])
        parts = []
        for at, inside in enumerate(group):
            part = model.new_int_var(min(0, values[0]), max(0, values[-1]), "")
            model.add(part == self.grid.numbers[name, at]).only_enforce_if(inside)
            model.add(part == 0).only_enforce_if(~inside)
            parts.append(part)
        sizes = self.grid.sizes(group)
        model.add_bool_or([~force, *(size for _, size in sizes)])
        for n, size in sizes:
            self.grid.one_of(sum(parts), printed.whole_numbers(per * n), force, size)

    def _median(
        self,
        name: str,
        group: list["BoolVarT"],
        printed: Printed,
        per: Fraction,
        force: "BoolVarT",
    ) -> None:
        """The mean of the two middle values (one value twice, where their number is odd)."""
        model, sizes = self.grid.model, self.grid.sizes(group)
        model.add_bool_or([~force, *(size for _, size in sizes)])
        middle = [self._ranked(name, group, sizes, upper, force) for upper in (False, True)]
        self.grid.one_of(sum(middle), printed.whole_numbers(2 * per), force)

    def _ranked(
        self,
        name: str,
        group: list["BoolVarT"],
        sizes: Sequence[tuple[int, "BoolVarT"]],
        upper: bool,
        force: "BoolVarT",
    ) -> "LinearExprT":
        """The lower or the upper middle value: enough values are not above it, enough not below."""
        model, values = self.grid.model, domain_of(self.grid.unknowns[name])
        value = model.new_int_var(values[0], values[-1], "")
        sides: tuple[list[BoolVarT], list[BoolVarT]] = ([], [])
        for at, inside in enumerate(group):
            number = self.grid.numbers[name, at]
            for side, expression in zip(sides, (value - number, number - value), strict=True):
                literal = model.new_bool_var("")
                model.add(expression >= 0).only_enforce_if(literal)
                model.add_implication(literal, inside)
                side.append(literal)
        below, above = sides
        for n, size in sizes:
            rank = n // 2 + 1 if upper else (n + 1) // 2
            model.add(total(below) >= rank).only_enforce_if(force, size)
            model.add(total(above) >= n - rank + 1).only_enforce_if(force, size)
        return value

    # -- squares ----------------------------------------------------------------------------------

    def _of_moments(self, name: str, group: str | None, mean: Printed, sd: Printed) -> Options:
        """Every size, sum and sum of squares with this mean and SD, each with its literal."""
        key = (name, group, mean, sd)
        if key in self._moments:
            return self._moments[key]
        members, model = self.wording.whose(group), self.grid.model
        values = domain_of(self.grid.unknowns[name])
        terms = [
            (value, self.grid.both([inside, self.grid.equals(name, at, value)], (*key, at, value)))
            for at, inside in enumerate(members)
            for value in values
            if value
        ]
        whole = sum(value * literal for value, literal in terms)
        squares = sum(value * value * literal for value, literal in terms)
        options: Options = []
        for n, size in self.grid.sizes(members):
            for found in moments(n, mean, sd, low=values[0], high=values[-1]):
                literal = model.new_bool_var("")
                model.add_implication(literal, size)
                model.add(whole == found.total).only_enforce_if(literal)
                model.add(squares == found.squares).only_enforce_if(literal)
                options.append((found, literal))
        self._moments[key] = options
        return options

    def p_value(self, claim: PValueClaim, reading: Reading, force: "BoolVarT") -> None:
        """The test that the study names gives this P value."""
        if reading.test is None:
            raise NotModelled("which test it comes from")
        if claim.variable is None or claim.than is not None:
            raise NotModelled("a P value between two groups")
        if reading.test == "paired_t":
            self._paired(claim, reading, force)
            return
        if not self.squares:
            return
        before, after = (self._compared(claim, time) for time in (claim.since, claim.at))
        for one, first in before:
            fitting = [
                second
                for two, second in after
                if reading.printed.fits(Fraction(two_sample_p(one, two, reading.test)))
            ]
            self.grid.model.add_bool_or([~force, ~first, *fitting])
        for options in (before, after):
            self.grid.model.add_bool_or([~force, *(literal for _, literal in options)])

    def _paired(self, claim: PValueClaim, reading: Reading, force: "BoolVarT") -> None:
        assert claim.variable is not None
        before, _ = self.wording.variable(claim.variable, claim.since, None)
        after, _ = self.wording.variable(claim.variable, claim.at, None)
        group = self.wording.whose(reading.group)
        if self.squares:
            paired_options(self.grid, before, after, group, reading.printed, force)
            return
        every = range(1, len(group) + 1)
        sizes = [n for n in every if changes_with(n, reading.printed)]
        self.grid.one_of(total(group), sizes, force)

    def _compared(self, claim: PValueClaim, time: str | None) -> Options:
        """The moments of the mean and SD, among the claims compared, that are of this time."""
        compared = [self.wording.published.claim(name) for name in claim.compares]
        mine = [c for c in compared if isinstance(c, StatisticClaim) and c.at == time]
        if not mine or (pair := self.wording.pair(mine[0])) is None:
            raise NotModelled("the means and SDs that it compares")
        mean, sd = (self._printed(one) for one in pair)
        group = read(pair[0], self.wording.made.choice(pair[0].id)).group
        name, _ = self.wording.variable(pair[0].variable, pair[0].at, pair[0].unit)
        return self._of_moments(name, group, mean, sd)
