"""Adverse events: subjects with an event and number of events, in all and by term."""

from collections.abc import Iterator

import polars as pl

from pilotage.analysis.categories import declared
from pilotage.analysis.proportion import proportion_rows
from pilotage.analysis.results import Result, Scope
from pilotage.analysis.select import ANY, Selection, level_of
from pilotage.study import Study
from pilotage.study.sap import EventsAnalysis


def events(analysis: EventsAnalysis, chosen: Selection, study: Study) -> Iterator[Result]:
    """For any event and for each term: subjects, events, proportion with interval. Terms that the
    study declares come first, also where nobody has them. The level is the term; in a group, the
    group and the term."""
    term = level_of(pl.col(analysis.term))
    yield from _counts(ANY, chosen.rows, analysis, chosen)
    listed = declared(analysis, analysis.term, chosen.codes, study)
    present = chosen.rows.select(term).to_series().unique().sort().to_list()
    for name in dict.fromkeys((*listed, *present)):
        yield from _counts(name, chosen.rows.filter(term == name), analysis, chosen)


def _counts(
    term: str, rows: pl.DataFrame, analysis: EventsAnalysis, chosen: Selection
) -> Iterator[Result]:
    subjects, open_rows = rows["USUBJID"].n_unique(), chosen.undecided.height
    group = None if chosen.level is None else chosen.level.replace(":", "%3A")
    scope = Scope(
        n=chosen.n,
        level=term if group is None else f"{group}: {term}",
        text=term,
        missing=f"{open_rows} events of which it is not known whether they belong here: left out; "
        "without a recorded event: counted as no event",
        sources=chosen.counted(rows),
        considered=chosen.considered(chosen.undecided),
    )
    yield scope.number("subjects", subjects, "count of subjects")
    yield scope.number("events", rows.height, "count of events")
    yield from proportion_rows(scope, subjects, chosen.n, (analysis.interval,), analysis.level)
