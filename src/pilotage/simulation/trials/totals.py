"""Sums over trials, block by block: means with their Monte-Carlo standard errors, whatever the
number of trials, in memory that does not grow.

Counts are added as whole numbers and amounts with `fsum` in the order of the blocks, so that the
result is the same to the last digit for any number of workers.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from pilotage.simulation.trials.columns import Column


@dataclass(slots=True)
class Sum:
    """Of one column: sum, sum of squares and of products with N, least and greatest value."""

    sum: float = 0
    squares: float = 0
    with_n: float = 0
    least: float = math.inf
    greatest: float = -math.inf

    def add(self, values: pl.Series, sizes: pl.Series) -> None:
        if values.dtype.is_integer():
            # a count of 3e9 squared is beyond 64 bits
            wide = values.cast(pl.Int128)
            self.sum += int(wide.sum())
            self.squares += int((wide * wide).sum())
            self.with_n += int((wide * sizes).sum())
        else:
            self.sum += math.fsum(values.to_list())
            self.squares += math.fsum((values * values).to_list())
            self.with_n += math.fsum((values * sizes).to_list())
        self.least = min(self.least, float(values.min()))  # type: ignore[arg-type]
        self.greatest = max(self.greatest, float(values.max()))  # type: ignore[arg-type]

    def join(self, later: "Sum") -> None:
        self.sum += later.sum
        self.squares += later.squares
        self.with_n += later.with_n
        self.least = min(self.least, later.least)
        self.greatest = max(self.greatest, later.greatest)


@dataclass(slots=True)
class Totals:
    """The sums of every column over all trials so far; `ends`: how many trials ended after so many
    subjects with so many successes."""

    columns: tuple[Column, ...]
    trials: int = 0
    sums: dict[str, Sum] = field(default_factory=dict)
    ends: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, trials: pl.DataFrame) -> None:
        self.trials += trials.height
        for column in self.columns:
            self.sums.setdefault(column.name, Sum()).add(trials[column.name], trials["N"])
        for n, successes, times in trials.group_by("N", "SUCCESSES").len().iter_rows():
            self.ends[n, successes] += times

    def join(self, later: "Totals") -> None:
        """Add what later trials add up to. Decimal numbers: the order matters to the last digit."""
        self.trials += later.trials
        for column in self.columns:
            self.sums.setdefault(column.name, Sum()).join(later.sums[column.name])
        self.ends.update(later.ends)

    def mean(self, name: str) -> float:
        return self.sums[name].sum / self.trials

    def sd(self, name: str) -> float | None:
        """The standard deviation between trials; None for a single one, which does not tell it."""
        found = self.sums[name]
        if self.trials < 2:
            return None
        # of whole numbers exact until the division: no cancellation between large sums
        spread = self.trials * found.squares - found.sum * found.sum
        return math.sqrt(max(spread, 0.0) / (self.trials * (self.trials - 1)))

    def error(self, name: str) -> float | None:
        """The Monte-Carlo standard error of the mean; None for a single trial."""
        sd = self.sd(name)
        return None if sd is None else sd / math.sqrt(self.trials)

    def of_a_subject(self, name: str) -> tuple[float, float | None]:
        """The mean of an included subject, of all trials together, and its standard error: of a
        ratio of two means, by linearisation; None for a single trial."""
        found, sizes = self.sums[name], self.sums["N"]
        ratio = found.sum / sizes.sum
        if self.trials < 2:
            return ratio, None
        # of whole numbers exact until the division, as above
        total = sizes.sum
        spread = found.squares * total * total - 2 * found.sum * total * found.with_n
        spread += found.sum * found.sum * sizes.squares
        spread = max(spread / (total * total), 0.0) * self.trials / (self.trials - 1)
        return ratio, math.sqrt(spread) / total

    def rows(self) -> Iterator[tuple[Column, float, float | None, float, float]]:
        """Each column with mean, standard deviation, least and greatest value of a trial."""
        for column in self.columns:
            found = self.sums[column.name]
            yield column, self.mean(column.name), self.sd(column.name), found.least, found.greatest
