"""One end of a range: what is known to be possible, and what is known not to be."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from pilotage.publication.reconstruct.problem import Problem
from pilotage.publication.reconstruct.ranges.quantities import Quantity
from pilotage.publication.reconstruct.space import Also, Witness

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel


@dataclass(slots=True)
class End:
    """Turned so that it is as large as possible: all values are `sign` times the quantity.
    `inner`: a cohort has it; `loose`: a loose solution has; `outer`: nothing beyond it is possible.
    `steps` are the values that it can have, in order."""

    quantity: Quantity
    sign: int
    steps: Sequence[int]
    inner: int
    loose: int
    outer: int
    given_up: bool = False

    @property
    def is_open(self) -> bool:
        return self.inner < self.outer and not self.given_up

    def shown_by(self, witness: Witness) -> int:
        """The largest that this solution shows."""
        low, high = self.quantity.seen(witness)
        return high if self.sign > 0 else -low

    def saw(self, witness: Witness) -> None:
        value = self.shown_by(witness)
        self.inner, self.loose = max(self.inner, value), max(self.loose, value)

    def saw_loose(self, witness: Witness) -> None:
        self.loose = min(self.outer, max(self.loose, self.shown_by(witness)))

    def limit_to(self, bound: float) -> None:
        """Proved: it is not above the bound, hence not above the last step not above it."""
        at = bisect_right(self.steps, floor(bound + 1e-6)) - 1
        self.outer = min(self.outer, max(self.steps[max(at, 0)], self.inner))
        self.loose = min(self.loose, self.outer)

    def goal(self) -> int:
        """What is asked for next: the last value, then one half way to what is not excluded."""
        if self.outer == self.steps[-1]:
            return self.outer
        low, high = bisect_left(self.steps, self.loose), bisect_left(self.steps, self.outer)
        return self.steps[(low + high + 1) // 2]

    def below(self, value: int) -> int:
        """The next smaller step."""
        return self.steps[max(bisect_left(self.steps, value) - 1, 0)]

    def between(self, far: int) -> int | None:
        """A step half way from what a cohort has to a value beyond it; None where there is none."""
        low, high = bisect_right(self.steps, self.inner), bisect_left(self.steps, far)
        return self.steps[(low + high) // 2] if low < high else None


def ends_of(quantities: Iterable[Quantity]) -> list[End]:
    """The ends that are asked for, with nothing known of them."""
    found = []
    for quantity in quantities:
        for sign in quantity.ends:
            steps = sorted(sign * value for value in quantity.domain)
            found.append(End(quantity, sign, steps, steps[0], steps[0], steps[-1]))
    return found


# -- what is asked for -----------------------------------------------------------------------------


def reach(ends: Sequence[End], goals: Sequence[int]) -> Also:
    """As many of the ends as possible, and at least one, are as far out as their goals."""

    def also(model: "CpModel", problem: Problem) -> None:
        reached = []
        for end, goal in zip(ends, goals, strict=True):
            literal = model.new_bool_var("")
            quantity = end.sign * end.quantity.expression(model, problem)
            model.add(quantity >= goal).only_enforce_if(literal)
            reached.append(literal)
        model.add_bool_or(reached)
        model.maximize(sum(reached))

    return also


def largest(end: End, *, above: int | None = None) -> Also:
    """The end as far out as can be."""

    def also(model: "CpModel", problem: Problem) -> None:
        quantity = end.sign * end.quantity.expression(model, problem)
        if above is not None:
            model.add(quantity > above)
        model.maximize(quantity)

    return also


def require(end: End, value: int) -> Also:
    """The end is at least so far out; nothing where the problem does not have what it takes."""

    def also(model: "CpModel", problem: Problem) -> None:
        if end.quantity.is_in(problem):
            model.add(end.sign * end.quantity.expression(model, problem) >= value)

    return also
