"""Time to an event: Kaplan-Meier in weeks, and the times of those who had it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import polars as pl

from pilotage.analysis.results import Result, Scope, confidence
from pilotage.analysis.select import Selection
from pilotage.statistics import NotComputable
from pilotage.statistics.locations import summarise
from pilotage.statistics.survival import kaplan_meier
from pilotage.study.sap import TimeToEventAnalysis

AT_VISITS = "interval-censored: seen at visits only, taken as of the visit"
"""What every time to an event is: nobody knows on which day between two visits it happened."""

_TIMELESS = pl.col("AVALWK").is_null()
NOT_KNOWN: Mapping[str, pl.Expr] = MappingProxyType(
    {
        "without a known start": pl.col("STARTDT").is_null(),
        "with the event on a day that is not known": _TIMELESS & (pl.col("CNSR") == 0),
        "of whom it is not known whether the event happened": _TIMELESS & pl.col("CNSR").is_null(),
        "without a known last day": _TIMELESS,
    }
)
"""Why a subject of ADTTE has no time, in words; the first reason that holds is the subject's."""


def without_time(rows: pl.DataFrame, reasons: Mapping[str, pl.Expr] = NOT_KNOWN) -> str:
    """How many are left out, and why each: '1 without a known start: left out'."""
    first = pl.coalesce(
        pl.when(holds).then(pl.lit(words)) for words, holds in reasons.items()
    ).alias("WHY")
    counted = dict(rows.select(first).to_series().value_counts().rows())
    parts = [f"{counted[words]} {words}: left out" for words in reasons if words in counted]
    return "; ".join(parts) or f"0 {next(iter(reasons))}: left out"


def time_to_event(analysis: TimeToEventAnalysis, chosen: Selection) -> Iterator[Result]:
    """n, events, censored; median with interval and the curve (Kaplan-Meier, all subjects at
    risk); median and range of the times among subjects with the event, as publications often
    print them."""
    every = chosen.rows.filter(pl.col("PARAMCD") == analysis.parameter).sort("USUBJID")
    rows = every.filter(pl.col("AVALWK").is_not_null())
    timeless = every.filter(pl.col("AVALWK").is_null())
    times = rows["AVALWK"].to_list()
    happened = [censored == 0 for censored in rows["CNSR"].to_list()]
    scope = Scope(
        n=rows.height,
        level=chosen.level,
        parameter=analysis.parameter,
        missing=f"{without_time(timeless)}; without the event: "
        "censored at the last assessment with a known score",
        sources=chosen.counted(rows),
        considered=chosen.considered(timeless),
    )
    yield scope.number("n", rows.height, "count of subjects at risk")
    yield scope.number("events", sum(happened), "count of subjects")
    yield scope.number("censored", len(happened) - sum(happened), "count of subjects")
    in_weeks = replace(scope, unit="week")
    # these leave out the subjects who are still waiting: shown because publications print them
    observed = summarise([t for t, event in zip(times, happened, strict=True) if event])
    for statistic in ("median", "minimum", "maximum"):
        yield in_weeks.maybe(
            f"{statistic}_among_events",
            getattr(observed, statistic),
            f"{statistic} of the times of subjects with the event; {AT_VISITS}",
            "no subject with the event",
        )
    in_points = replace(scope, sources=chosen.counted_in_points(rows, len(set(times))))
    yield from _curve(analysis, times, happened, in_weeks, in_points)


def _curve(
    analysis: TimeToEventAnalysis,
    times: list[float],
    happened: list[bool],
    scope: Scope,
    in_points: Scope,
) -> Iterator[Result]:
    method = f"Kaplan-Meier, {analysis.interval} {confidence(analysis.level)}; {AT_VISITS}"
    try:
        found = kaplan_meier(times, happened, level=analysis.level, interval=analysis.interval)
    except NotComputable as reason:
        for statistic in ("median", "median_low", "median_high"):
            yield scope.absent(statistic, str(reason), method)
        return
    for statistic in ("median", "median_low", "median_high"):
        yield scope.maybe(statistic, getattr(found, statistic), method, "not reached")
    points = zip(found.times, found.survival, found.low, found.high, found.at_risk, strict=True)
    for time, survival, low, high, at_risk in points:
        point = replace(in_points, n=int(at_risk), at=float(time))
        for statistic, value in (("survival", survival), ("low", low), ("high", high)):
            yield point.maybe(statistic, value, method, "not defined")
