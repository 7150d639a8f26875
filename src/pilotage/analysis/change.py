"""Change from baseline at a visit, and the comparison of two groups: means, intervals, tests."""

from collections.abc import Callable, Iterator
from functools import partial

import polars as pl

from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import NO_LEVEL, Selection, sources
from pilotage.analysis.summary import METHODS
from pilotage.statistics import NotComputable, Test
from pilotage.statistics.groups import mann_whitney, pooled_t, welch_t
from pilotage.statistics.locations import summarise
from pilotage.statistics.paired import paired_t, signed_rank
from pilotage.study.sap import ChangeAnalysis, ComparisonAnalysis

TESTS: dict[str, Callable[..., Test]] = {
    "paired_t": paired_t,
    "signed_rank_exact": partial(signed_rank, method="exact"),
    "signed_rank_asymptotic": partial(signed_rank, method="asymptotic"),
    "pooled_t": pooled_t,
    "welch_t": welch_t,
    "mann_whitney_exact": partial(mann_whitney, method="exact"),
    "mann_whitney_asymptotic": partial(mann_whitney, method="asymptotic"),
}


def change(analysis: ChangeAnalysis, chosen: Selection) -> Iterator[Result]:
    """Means at baseline and at the visit, mean change with interval, and every test asked for, over
    the subjects with both values."""
    rows = chosen.rows.filter(
        (pl.col("PARAMCD") == analysis.parameter)
        & (pl.col("AVISITN") == analysis.week)
        & (pl.col("ANL01FL") == "Y")
        & pl.col("BASE").is_not_null()
        & pl.col("AVAL").is_not_null()
    )
    after, before = rows["AVAL"].to_list(), rows["BASE"].to_list()
    scope = Scope(
        n=rows.height,
        level=chosen.level,
        parameter=analysis.parameter,
        visit_number=analysis.week,
        visit=f"Week {analysis.week}",
        missing=f"{chosen.n - rows.height} without both values: left out",
        sources=sources(rows),
    )
    yield scope.number("n", rows.height, "count of subjects with both values")
    differences = [a - b for a, b in zip(after, before, strict=True)]
    for name, values in (("baseline", before), ("visit", after), ("change", differences)):
        found = summarise(values)
        reason = found.reason or "not defined"
        yield scope.maybe(f"mean_{name}", found.mean, METHODS["mean"], reason)
        yield scope.maybe(f"sd_{name}", found.sd, METHODS["sd"], reason)
    yield from _interval(scope, after, before, analysis.level)
    for test in analysis.tests:
        yield p_row(scope, test, after, before)


def _interval(
    scope: Scope, after: list[float], before: list[float], level: float
) -> Iterator[Result]:
    method = f"mean change, paired t {level:.0%}"
    try:
        found = paired_t(after, before, level=level)
    except NotComputable as reason:
        yield scope.absent("mean_change_low", str(reason), method)
        yield scope.absent("mean_change_high", str(reason), method)
    else:
        yield scope.maybe("mean_change_low", found.low, method, "not defined")
        yield scope.maybe("mean_change_high", found.high, method, "not defined")


def p_row(scope: Scope, name: str, first: list[float], second: list[float]) -> Result:
    """The P value of a test, with its full description; or the reason why there is none."""
    try:
        found = TESTS[name](first, second)
    except NotComputable as reason:
        return scope.absent(f"p_{name}", str(reason), name)
    return scope.number(f"p_{name}", found.p, in_full(found))


def in_full(test: Test) -> str:
    """Everything that a printed P value has to name: test, n, degrees of freedom, ties, zero
    rule."""
    sizes = test.group_sizes
    details = [f"n = {test.n}" if sizes is None else f"n = {sizes[0]} and {sizes[1]}"]
    if test.df is not None:
        details.append(f"df = {test.df:.6g}")
    if test.ties is not None:
        details.append(f"{test.ties} tied values")
    if test.zeros is not None:
        details.append(f"{test.zero_differences} zero differences, {test.zeros} rule")
    return f"{test.method}; two-sided; {'; '.join(details)}"


def comparison(analysis: ComparisonAnalysis, groups: list[Selection]) -> Iterator[Result]:
    """Two groups of subjects on a column; anything but two groups with values cannot be compared.
    Subjects whose group or value is not known are left out."""
    known = {
        str(group.level): group.rows.filter(pl.col(analysis.variable).is_not_null())
        for group in groups
        if group.level != NO_LEVEL
    }
    rows = {level: found for level, found in known.items() if found.height}
    values = {
        level: found[analysis.variable].cast(pl.Float64).to_list() for level, found in rows.items()
    }
    everyone = sum(group.n for group in groups)
    compared = sum(found["USUBJID"].n_unique() for found in rows.values())
    scope = Scope(
        n=sum(len(found) for found in values.values()),
        level=" against ".join(values) or None,
        missing=f"{everyone - compared} without a group or a value: left out",
        sources=sources(pl.concat(rows.values())) if rows else None,
    )
    for test in analysis.tests:
        if len(values) == 2:
            first, second = values.values()
            yield p_row(scope, test, first, second)
        else:
            reason = f"{len(values)} groups with values; a comparison needs two"
            yield scope.absent(f"p_{test}", reason, test)
