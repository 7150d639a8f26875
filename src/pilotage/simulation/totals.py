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

from pilotage.simulation.columns import Column


@dataclass(slots=True)
class Sum:
    """Of one column: sum, sum of squares, least and greatest value."""

    sum: float = 0
    squares: float = 0
    least: float = math.inf
    greatest: float = -math.inf

    def add(self, values: pl.Series) -> None:
        if values.dtype.is_integer():
            self.sum += int(values.sum())
            self.squares += int((values * values).sum())
        else:
            listed = values.to_list()
            self.sum += math.fsum(listed)
            self.squares += math.fsum(value * value for value in listed)
        self.least = min(self.least, float(values.min()))  # type: ignore[arg-type]
        self.greatest = max(self.greatest, float(values.max()))  # type: ignore[arg-type]


@dataclass(slots=True)
class Totals:
    """The sums of every column over all trials so far; `successes`: how many trials had so many of
    them."""

    columns: tuple[Column, ...]
    trials: int = 0
    sums: dict[str, Sum] = field(default_factory=dict)
    successes: Counter[int] = field(default_factory=Counter)

    def add(self, trials: pl.DataFrame) -> None:
        self.trials += trials.height
        for column in self.columns:
            self.sums.setdefault(column.name, Sum()).add(trials[column.name])
        found = trials["SUCCESSES"].value_counts(sort=False).rows()
        self.successes.update({int(number): int(times) for number, times in found})

    def mean(self, name: str) -> float:
        return self.sums[name].sum / self.trials

    def sd(self, name: str) -> float:
        """The standard deviation between trials; 0 for a single one."""
        found = self.sums[name]
        if self.trials < 2:
            return 0.0
        # of whole numbers exact until the division: no cancellation between large sums
        spread = self.trials * found.squares - found.sum * found.sum
        return math.sqrt(max(spread, 0.0) / (self.trials * (self.trials - 1)))

    def error(self, name: str) -> float:
        """The Monte-Carlo standard error of the mean."""
        return self.sd(name) / math.sqrt(self.trials)

    def rows(self) -> Iterator[tuple[Column, float, float, float, float]]:
        """Each column with mean, standard deviation, least and greatest value of a trial."""
        for column in self.columns:
            found = self.sums[column.name]
            yield column, self.mean(column.name), self.sd(column.name), found.least, found.greatest
