"""Adverse events: subjects with an event and number of events, in all and by term."""

from collections.abc import Iterator

import polars as pl

from pilotage.analysis.proportion import proportion_rows
from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import NO_LEVEL, Selection, sources
from pilotage.study.sap import EventsAnalysis

ANY = "any"


def events(analysis: EventsAnalysis, chosen: Selection) -> Iterator[Result]:
    """For any event and for each term: subjects, events, proportion with interval."""
    term = pl.col(analysis.term).cast(pl.String).fill_null(NO_LEVEL)
    yield from _counts(ANY, chosen.rows, analysis, chosen)
    for name in chosen.rows.select(term).to_series().unique().sort().to_list():
        yield from _counts(name, chosen.rows.filter(term == name), analysis, chosen)


def _counts(
    term: str, rows: pl.DataFrame, analysis: EventsAnalysis, chosen: Selection
) -> Iterator[Result]:
    subjects = rows["USUBJID"].n_unique()
    scope = Scope(n=chosen.n, level=term, text=term, sources=sources(rows))
    yield scope.number("subjects", subjects, "count of subjects")
    yield scope.number("events", rows.height, "count of events")
    yield from proportion_rows(scope, subjects, chosen.n, (analysis.interval,), 0.95)
