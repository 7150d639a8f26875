"""What was found about the range of a quantity, and of all of them."""

from dataclasses import dataclass
from typing import Literal

from pilotage.publication.reconstruct.ranges.quantities import Quantity

Status = Literal["forced", "proved", "not proved"]


@dataclass(frozen=True, slots=True)
class Range:
    """`low` and `high` are values that some cohort has; below `least` and above `most` none has
    one. The range is proved where they are the same."""

    quantity: Quantity
    low: int
    high: int
    least: int
    most: int

    @property
    def status(self) -> Status:
        """Forced: every cohort has this one value."""
        if (self.low, self.high) != (self.least, self.most):
            return "not proved"
        return "forced" if self.low == self.high else "proved"

    @property
    def is_narrowed(self) -> bool:
        """Does a claim or a rule exclude a value that the study's file would allow?"""
        domain = self.quantity.domain
        return (self.least, self.most) != (domain[0], domain[-1])


@dataclass(frozen=True, slots=True)
class Ranges:
    """All ranges. `searches`: how many searches it took; `cohorts`: how many different ones were
    seen; `in_time`: false where the limit came first."""

    subjects: tuple[str, ...]
    found: tuple[Range, ...]
    searches: int
    cohorts: int
    in_time: bool

    def number(self, *statuses: Status) -> int:
        return sum(found.status in statuses for found in self.found)
