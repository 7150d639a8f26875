"""Counts: subjects with something, and subjects in each category."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import polars as pl

from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import NO_LEVEL, Selection, level_of, parameter, sources
from pilotage.conditions import columns
from pilotage.statistics import Interval, NotComputable
from pilotage.statistics.proportions import clopper_pearson, wilson
from pilotage.study.sap import CategoriesAnalysis, ProportionAnalysis

INTERVALS: dict[str, Callable[..., Interval]] = {
    "clopper_pearson": clopper_pearson,
    "wilson": wilson,
}

NO_ROW_IS_NO_EVENT = ("ADAE",)
"""Datasets of events: a subject without a row had none. Elsewhere no row is unknown."""


def proportion(analysis: ProportionAnalysis, chosen: Selection) -> Iterator[Result]:
    """count, unknown, proportion and its intervals. A subject counts who has a row with the event;
    one for whom it cannot be known counts as no event, or is left out, as the analysis says."""
    events, unknown, rows = _subjects_with_event(analysis, chosen)
    n = chosen.n if analysis.missing == "no event" else chosen.n - unknown
    treated_as = "counted as no event" if analysis.missing == "no event" else "left out"
    scope = Scope(
        n=n,
        level=chosen.level,
        parameter=parameter(chosen.rows),
        missing=f"{unknown} not known: {treated_as}",
        sources=sources(rows),
    )
    yield scope.number("count", events, "count of subjects")
    yield scope.number("unknown", unknown, "count of subjects")
    yield from proportion_rows(scope, events, n, analysis.intervals, analysis.level)


def proportion_rows(
    scope: Scope, events: int, n: int, methods: tuple[str, ...], level: float
) -> Iterator[Result]:
    """The proportion, then low and high of each interval."""
    yield scope.maybe("proportion", events / n if n else None, "events / subjects", "no subject")
    for method in methods:
        name = f"{method} {level:.0%}"
        try:
            interval = INTERVALS[method](events, n, level=level)
        except NotComputable as reason:
            yield scope.absent(f"{method}_low", str(reason), name)
            yield scope.absent(f"{method}_high", str(reason), name)
        else:
            yield scope.number(f"{method}_low", interval.low, name)
            yield scope.number(f"{method}_high", interval.high, name)


def _subjects_with_event(
    analysis: ProportionAnalysis, chosen: Selection
) -> tuple[int, int, pl.DataFrame]:
    """Subjects with the event, subjects for whom it is unknown, and the rows that show the event.

    A row that may or may not belong to the analysis can only make the answer unknown. Without a row
    that belongs to it the answer is unknown too, but in a dataset of events it is no.
    """
    event = columns(analysis.event)
    perhaps = chosen.undecided.with_columns(EVENT=event).filter(pl.col("EVENT").fill_null(True))
    judged = chosen.rows.with_columns(EVENT=event)
    per_subject = pl.concat(
        [
            judged.select("USUBJID", "EVENT", ROW=pl.lit(True)),
            perhaps.select("USUBJID", EVENT=pl.lit(None, dtype=pl.Boolean), ROW=pl.lit(False)),
        ]
    )
    answers = per_subject.group_by("USUBJID").agg(
        YES=pl.col("EVENT").any(),
        OPEN=pl.col("EVENT").is_null().any(),
        ROW=pl.col("ROW").any(),
    )
    everyone = chosen.subjects.select("USUBJID").join(answers, on="USUBJID", how="left")
    yes = pl.col("YES").fill_null(False)
    no_row = ~pl.col("ROW").fill_null(False)
    if analysis.dataset in NO_ROW_IS_NO_EVENT:
        no_row = pl.lit(False)
    unknown = ~yes & (pl.col("OPEN").fill_null(False) | no_row)
    events, open_answers = everyone.select(YES=yes.sum(), OPEN=unknown.sum()).row(0)
    return events, open_answers, judged.filter("EVENT")


def categories(analysis: CategoriesAnalysis, chosen: Selection) -> Iterator[Result]:
    """count and proportion of subjects in each category; subjects without a value are a
    category."""
    known = chosen.rows.filter(pl.col(analysis.variable).is_not_null())
    scope = Scope(n=chosen.n, level=chosen.level, parameter=parameter(chosen.rows))
    named = known.with_columns(
        _TEXT=pl.col(analysis.variable).cast(pl.String), _NAME=level_of(pl.col(analysis.variable))
    )
    for name, text in named.select("_NAME", "_TEXT").unique().sort("_TEXT").rows():
        rows = named.filter(pl.col("_NAME") == name)
        count = rows["USUBJID"].n_unique()
        own = replace(scope, text=text, sources=sources(rows))
        yield own.number(f"count {name}", count, "count of subjects")
        yield own.number(f"proportion {name}", count / chosen.n, "subjects / subjects")
    without = chosen.n - known["USUBJID"].n_unique()
    if without:
        yield replace(scope, text=NO_LEVEL).number(
            f"count {NO_LEVEL}", without, "count of subjects"
        )
