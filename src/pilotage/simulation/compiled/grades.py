"""Toxicity grades as expressions of numbers, equal to `instruments.ctcae.grade` for every value.

A laboratory's limits of normal are the same for all virtual subjects, so most grades are steps of
the value alone: the bounds are found by asking `grade`, tolerance and unknown grades included. A
grade that rests on the baseline is written rule by rule.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from pilotage.instruments.ctcae import TERMS, grade
from pilotage.instruments.ctcae_terms import (
    RELATIVE_TOLERANCE,
    Comparison,
    GradeRule,
    Quantity,
    rules_of,
)
from pilotage.simulation.truth import Truth, all_of, any_of

Limits = tuple[float | None, float | None]
Line = tuple[str, str]
"""A variable and the expression that it becomes."""


def grade_lines(
    variable: str, value: str, base: str, *, term: str, version: str, limits: Limits, least: float
) -> Iterator[Line]:
    """Lines after which `variable` is the grade of `value`; NaN where it cannot be known. The value
    is never below `least`."""
    if "BASE" in TERMS[term].references(version):  # type: ignore[arg-type]
        yield from _by_rules(variable, value, base, rules_of(term, version), limits)
        return
    text = "nan"
    for bound, found in reversed(steps(term, version, limits)):
        if bound < least:
            continue
        said = "nan" if found is None else repr(float(found))
        text = f"({said} if {value} <= {bound!r} else {text})"
    yield variable, text


def steps(term: str, version: str, limits: Limits) -> list[tuple[float, int | None]]:
    """The last value of each run of equal grades, in ascending order, with that grade."""
    bounds = sorted(set(_bounds(rules_of(term, version), limits)) - {0.0})

    def graded(value: float) -> int | None:
        return grade(term, value, lln=limits[0], uln=limits[1], version=version)

    middles = [(low + high) / 2 for low, high in pairwise([0.0, *bounds])]
    inside = sorted({-1.0, 0.0, *middles, 2 * bounds[-1] if bounds else 1.0})
    found: list[tuple[float, int | None]] = []
    for low, high in pairwise(inside):
        if graded(low) != graded(high):
            found.append((_last_equal(graded, low, high), graded(low)))
    return [*found, (math.inf, graded(inside[-1]))]


def _bounds(rules: tuple[GradeRule, ...], limits: Limits) -> Iterator[float]:
    known: dict[Quantity, float | None] = {"LLN": limits[0], "ULN": limits[1], "ONE": 1.0}
    for rule in rules:
        for comparison in rule.comparisons:
            right = known.get(comparison.right)
            if right is not None:
                yield comparison.factor * right


def _last_equal(graded: Callable[[float], int | None], low: float, high: float) -> float:
    """The largest number between the two that has the grade of the lower one."""
    wanted = graded(low)
    while True:
        middle = low + (high - low) / 2
        if middle in (low, high):
            return low
        if graded(middle) == wanted:
            low = middle
        else:
            high = middle


def _by_rules(
    variable: str, value: str, base: str, rules: tuple[GradeRule, ...], limits: Limits
) -> Iterator[Line]:
    """The highest grade whose rule holds; NaN where a higher one may hold."""
    yield f"{variable}_v", f"({value} if {value} >= 0 else nan)"
    yield f"{variable}_b", f"({base} if {base} > 0 else nan)"
    said: dict[Quantity, str | None] = {
        "VALUE": f"{variable}_v",
        "BASE": f"{variable}_b",
        "LLN": None if limits[0] is None else repr(float(limits[0])),
        "ULN": None if limits[1] is None else repr(float(limits[1])),
        "ONE": "1.0",
    }
    yield variable, "0.0"
    for rule in sorted(rules, key=lambda rule: rule.grade):
        parts = [_compared(comparison, said) for comparison in rule.comparisons]
        holds = all_of(*(part[0] for part in parts))
        fails = any_of(*(part[1] for part in parts))
        higher = f"({variable} != {variable} or {variable} < {rule.grade})"
        kept = f"(nan if not {fails} and {higher} else {variable})"
        yield variable, f"({float(rule.grade)!r} if {holds} else {kept})"


def _compared(comparison: Comparison, said: dict[Quantity, str | None]) -> Truth:
    left, right = said[comparison.left], said[comparison.right]
    if left is None or right is None:
        return "False", "False"
    bound = f"({comparison.factor!r} * {right})"
    near = f"(abs({left} - {bound}) <= {RELATIVE_TOLERANCE!r} * max(abs({left}), abs({bound})))"
    below, above = f"({left} < {bound})", f"({left} > {bound})"
    inner, outer = (below, above) if "<" in comparison.operator else (above, below)
    if "=" in comparison.operator:
        return f"({inner} or {near})", f"({outer} and not {near})"
    return f"({inner} and not {near})", f"({outer} or {near})"
