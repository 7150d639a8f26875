"""Cumulative incidence of an event that another can prevent, such as the end of treatment."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pilotage.analysis.results import Result, Scope, confidence
from pilotage.analysis.select import Selection
from pilotage.analysis.time_to_event import AT_VISITS, NOT_KNOWN, without_time
from pilotage.conditions import columns
from pilotage.instruments.division import quotient
from pilotage.statistics import NotComputable
from pilotage.statistics.competing import cumulative_incidence
from pilotage.study.sap import CumulativeIncidenceAnalysis

EVENT, COMPETING = "event", "competing event"

_NOT_KNOWN = {
    **NOT_KNOWN,
    "of whom it is not known whether the competing event happened": pl.col("COMPETES").is_null(),
    "with the competing event on a day that is not known": pl.col("ON").is_null(),
}
"""Why it is not known what came first, or when."""


def incidence(analysis: CumulativeIncidenceAnalysis, chosen: Selection) -> Iterator[Result]:
    """n, events, competing events, censored; the incidence up to the last time with its interval,
    and the curve. What came first counts; on one day the event itself does.

    A competing event before the start of the time has not competed. One on an unknown day, or of
    which it is not known whether it happened, leaves its subject out.
    """
    every = with_first(chosen.rows, analysis).sort("USUBJID")
    rows = every.filter(pl.col("WEEKS").is_not_null())
    timeless = every.filter(pl.col("WEEKS").is_null())
    scope = Scope(
        n=rows.height,
        level=chosen.level,
        parameter=analysis.parameter,
        missing=f"{without_time(timeless, _NOT_KNOWN)}; "
        "without either event: censored at the last assessment with a known score",
        sources=chosen.counted(rows),
        considered=chosen.considered(timeless),
    )
    causes = rows["CAUSE"].to_list()
    yield scope.number("n", rows.height, "count of subjects at risk")
    yield scope.number("events", causes.count(EVENT), "count of subjects with the event first")
    yield scope.number(
        "competing", causes.count(COMPETING), "count of subjects with the competing event first"
    )
    yield scope.number("censored", causes.count(None), "count of subjects")
    in_points = replace(scope, sources=chosen.counted_in_points(rows, rows["WEEKS"].n_unique()))
    yield from _curve(analysis, rows["WEEKS"].to_list(), causes, scope, in_points)


def with_first(rows: pl.DataFrame, analysis: CumulativeIncidenceAnalysis) -> pl.DataFrame:
    """The rows of the parameter with WEEKS and CAUSE of what came first; WEEKS is missing where
    that cannot be known."""
    had = pl.col("CNSR") == 0
    days = (pl.col(analysis.competing_on) - pl.col("STARTDT")).dt.total_days()
    return (
        rows.filter(pl.col("PARAMCD") == analysis.parameter)
        .with_columns(COMPETES=columns(analysis.competing), ON=quotient(days, 7))
        # an event on the day of the competing one, or before it, was not prevented by it
        .with_columns(OTHER=pl.col("COMPETES") & ~(had & (pl.col("AVALWK") <= pl.col("ON"))))
        .with_columns(OTHER=pl.col("OTHER") & (pl.col("ON") >= 0))
        .with_columns(
            WEEKS=pl.when("OTHER").then("ON").when(~pl.col("OTHER")).then("AVALWK"),
            CAUSE=pl.when("OTHER").then(pl.lit(COMPETING)).when(had).then(pl.lit(EVENT)),
        )
    )


def _curve(
    analysis: CumulativeIncidenceAnalysis,
    times: list[float],
    causes: list[str | None],
    scope: Scope,
    in_points: Scope,
) -> Iterator[Result]:
    method = (
        f"cumulative incidence (Aalen-Johansen), {analysis.interval} "
        f"{confidence(analysis.level)}; {AT_VISITS}"
    )
    try:
        found = cumulative_incidence(
            times, causes, cause=EVENT, level=analysis.level, interval=analysis.interval
        )
    except NotComputable as reason:
        for statistic in ("last_incidence", "last_low", "last_high"):
            yield scope.absent(statistic, str(reason), method)
        return
    points = list(
        zip(found.times, found.at_risk, found.incidence, found.low, found.high, strict=True)
    )
    for statistic, value in zip(("incidence", "low", "high"), points[-1][2:], strict=True):
        yield scope.maybe(f"last_{statistic}", value, method, "not defined")
    for time, at_risk, height, low, high in points:
        point = replace(in_points, n=int(at_risk), at=float(time))
        for statistic, value in (("incidence", height), ("low", low), ("high", high)):
            yield point.maybe(statistic, value, method, "not defined")
