"""Change from baseline: means at both ends, the mean change with its interval, and the tests."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pilotage.analysis.p_values import p_row
from pilotage.analysis.results import Result, Scope, confidence
from pilotage.analysis.select import Selection
from pilotage.analysis.summary import METHODS, unit
from pilotage.statistics import NotComputable
from pilotage.statistics.locations import summarise
from pilotage.statistics.paired import changes, paired_t
from pilotage.study.sap import ChangeAnalysis


def change(analysis: ChangeAnalysis, chosen: Selection) -> Iterator[Result]:
    """Baseline against a visit, each visit, or the record with a flag, over the subjects with both
    values."""
    rows = chosen.rows.filter(
        (pl.col("PARAMCD") == analysis.parameter)
        & pl.col("BASE").is_not_null()
        & pl.col("AVAL").is_not_null()
    )
    if analysis.record is not None:
        yield from _change(rows.filter(pl.col(analysis.record) == "Y"), analysis, chosen)
        return
    rows = rows.filter(pl.col("ANL01FL") == "Y")
    visits = _visits(rows, analysis)
    if not visits:
        yield from _change(rows.clear(), analysis, chosen)
    for week, name in visits:
        own = rows.filter(pl.col("AVISITN") == week)
        yield from _change(own, analysis, chosen, visit_number=week, visit=name)


def _visits(rows: pl.DataFrame, analysis: ChangeAnalysis) -> list[tuple[int, str]]:
    """The visits to compare with baseline; of `by_visit` those at which there are values."""
    if analysis.week is not None:
        return [(analysis.week, f"Week {analysis.week}")]
    after = rows.filter(pl.col("AVISITN") > 0)
    return after.select("AVISITN", "AVISIT").unique().sort("AVISITN").rows()


def _change(
    rows: pl.DataFrame,
    analysis: ChangeAnalysis,
    chosen: Selection,
    *,
    visit_number: int | None = None,
    visit: str | None = None,
) -> Iterator[Result]:
    after, before = rows["AVAL"].to_list(), rows["BASE"].to_list()
    scope = Scope(
        n=rows.height,
        level=chosen.level,
        parameter=analysis.parameter,
        visit_number=visit_number,
        visit=visit,
        missing=f"{chosen.n - rows.height} without both values: left out",
        sources=chosen.counted(rows),
    )
    in_unit = replace(scope, unit=unit(rows))
    yield scope.number("n", rows.height, "count of subjects with both values")
    for name, values in (
        ("baseline", before),
        ("visit", after),
        ("change", changes(after, before)),
    ):
        found = summarise(values)
        reason = found.reason or "not defined"
        for statistic in ("mean", "sd", "sem", "median", "minimum", "maximum"):
            number = getattr(found, statistic)
            yield in_unit.maybe(f"{statistic}_{name}", number, METHODS[statistic], reason)
    yield from _interval(in_unit, after, before, analysis.level)
    for test in analysis.tests:
        yield p_row(scope, test, after, before)


def _interval(
    scope: Scope, after: list[float], before: list[float], level: float
) -> Iterator[Result]:
    method = f"mean change, paired t {confidence(level)}"
    try:
        found = paired_t(after, before, level=level)
    except NotComputable as reason:
        yield scope.absent("mean_change_low", str(reason), method)
        yield scope.absent("mean_change_high", str(reason), method)
    else:
        yield scope.maybe("mean_change_low", found.low, method, "not defined")
        yield scope.maybe("mean_change_high", found.high, method, "not defined")
