"""Descriptive statistics of a column, in all or by analysis visit."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import Selection, parameter
from pilotage.statistics.locations import summarise
from pilotage.study import Study
from pilotage.study.columns import dataset_columns
from pilotage.study.sap import SummaryAnalysis

METHODS = {
    "mean": "arithmetic mean",
    "sd": "standard deviation, n - 1",
    "sem": "standard error of the mean",
    "median": "median",
    "q1": "quartile, SAS definition 5",
    "q3": "quartile, SAS definition 5",
    "minimum": "smallest value",
    "maximum": "largest value",
}

IN_UNIT = ("AVAL", "BASE", "CHG")
"""Columns of a dataset whose unit stands in AVALU."""


def summary(analysis: SummaryAnalysis, chosen: Selection, study: Study) -> Iterator[Result]:
    """n and the descriptive statistics of the known values; by visit for rows of an analysis
    visit, in all where there is none."""
    column = dataset_columns(analysis.dataset, study.protocol, study.sap).get(analysis.variable)
    declared = None if column is None else column.unit
    visits = chosen.rows.filter(pl.col("AVISITN").is_not_null()) if analysis.by_visit else None
    if visits is None or visits.is_empty():
        rows = chosen.rows if visits is None else visits
        yield from _summary(rows, analysis, chosen, Scope(unit=declared))
        return
    for number, label in visits.select("AVISITN", "AVISIT").unique().sort("AVISITN").rows():
        rows = visits.filter(pl.col("AVISITN") == number)
        scope = Scope(visit_number=number, visit=label, unit=declared)
        yield from _summary(rows, analysis, chosen, scope)


def _summary(
    rows: pl.DataFrame,
    analysis: SummaryAnalysis,
    chosen: Selection,
    scope: Scope,
) -> Iterator[Result]:
    has_value = pl.col(analysis.variable).is_not_null()
    known = rows.filter(has_value)
    without = rows.filter(~has_value) if known.height < rows.height else rows.clear()
    found = summarise(known[analysis.variable].cast(pl.Float64).to_list())
    scope = replace(
        scope,
        n=found.n,
        level=chosen.level,
        parameter=parameter(rows),
        unit=unit(rows) if analysis.variable in IN_UNIT else scope.unit,
        missing=f"{chosen.n - known['USUBJID'].n_unique()} without a value: left out",
        sources=chosen.counted(known),
        considered=chosen.considered(without),
    )
    yield scope.number("n", found.n, "count of values")
    for statistic, method in METHODS.items():
        reason = found.reason or "not defined"
        yield scope.maybe(statistic, getattr(found, statistic), method, reason)


def unit(rows: pl.DataFrame) -> str | None:
    """The unit of the rows, where they have one and only one."""
    if "AVALU" not in rows.columns:
        return None
    units = rows["AVALU"].drop_nulls().unique().to_list()
    return str(units[0]) if len(units) == 1 else None
