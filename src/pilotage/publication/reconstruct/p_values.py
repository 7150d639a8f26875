"""P values as conditions on sums: which sums of differences and of their squares give one."""

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from pilotage.publication.arithmetic import Moments, Printed
from pilotage.publication.reconstruct.grid import Grid, domain_of
from pilotage.statistics.distributions import student_p, student_quantile

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import BoolVarT

LARGEST_CHANGE = 9
"""Changes larger than this are not looked for: they are no small integers any more."""


def two_sample_p(one: Moments, two: Moments, test: str) -> float:
    """The P value of the pooled or of Welch's t test, from sums and sums of squares."""
    a, b = float(one.variance) / one.n, float(two.variance) / two.n
    difference = float(Fraction(one.total, one.n) - Fraction(two.total, two.n))
    if test == "welch_t":
        df = (a + b) ** 2 / (a**2 / (one.n - 1) + b**2 / (two.n - 1))
        return student_p(difference / math.sqrt(a + b), df)
    df = one.n + two.n - 2
    variance = ((one.n - 1) * float(one.variance) + (two.n - 1) * float(two.variance)) / df
    return student_p(difference / math.sqrt(variance * (1 / one.n + 1 / two.n)), df)


def paired_p(changes: Moments) -> float:
    """The P value of the paired t test, from the sum of the changes and of their squares."""
    error = math.sqrt(float(changes.variance) / changes.n)
    return student_p(float(Fraction(changes.total, changes.n)) / error, changes.n - 1)


def changes_with(n: int, printed: Printed) -> list[Moments]:
    """The sums of n changes, and of their squares, whose paired t test prints this P value. The
    mean change is at most 2, and the changes are at most LARGEST_CHANGE."""
    if n < 2 or printed.value <= 0:
        return []
    low, high = (float(bound) for bound in printed.bounds)
    most, least = (student_quantile(1 - p, n - 1) for p in (low, high))
    found = []
    for total in range(1, 2 * n + 1):
        # t = mean / sqrt(variance / n), solved for the sum of squares
        ends = (total**2 / n * (1 + (n - 1) / t**2) for t in (most, least))
        first, last = math.floor(next(ends)), math.ceil(next(ends))
        for squares in range(first, last + 1):
            made = Moments(n, total, squares)
            if squares > n * LARGEST_CHANGE**2:
                break
            if (squares - total) % 2 or made.variance <= 0:
                continue
            if printed.fits(Fraction(paired_p(made))):
                found += [made, Moments(n, -total, squares)]
    return found


def paired_options(
    grid: Grid,
    before: str,
    after: str,
    group: list["BoolVarT"],
    printed: Printed,
    force: "BoolVarT",
) -> None:
    """Bind the changes of the group to sums with which the test prints so."""
    model = grid.model
    lowest = domain_of(grid.unknowns[after])[0] - domain_of(grid.unknowns[before])[-1]
    whole, squares = [], []
    for at, inside in enumerate(group):
        change = grid.numbers[after, at] - grid.numbers[before, at]
        options = []
        for value in range(max(lowest, -LARGEST_CHANGE), LARGEST_CHANGE + 1):
            option = model.new_bool_var("")
            model.add(change == value).only_enforce_if(option)
            options.append(option)
            whole.append(value * option)
            squares.append(value * value * option)
        model.add(sum(options) == 1).only_enforce_if(force, inside)
        model.add(sum(options) == 0).only_enforce_if(~inside)
    fitting = []
    for n, size in grid.sizes(group):
        for made in changes_with(n, printed):
            option = model.new_bool_var("")
            model.add_implication(option, size)
            model.add(sum(whole) == made.total).only_enforce_if(option)
            model.add(sum(squares) == made.squares).only_enforce_if(option)
            fitting.append(option)
    model.add_bool_or([~force, *fitting])
