"""Which statistics each kind of analysis gives, and in which unit: what a claim may name."""

from collections.abc import Iterator

from pilotage.analysis.summary import METHODS
from pilotage.study import Study
from pilotage.study.columns import dataset_columns
from pilotage.study.sap import (
    AnyAnalysis,
    CategoriesAnalysis,
    ChangeAnalysis,
    ComparisonAnalysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    SummaryAnalysis,
    TimeToEventAnalysis,
)

OF_A_CATEGORY = ("count ", "proportion ")
"""Statistics of an analysis of categories begin so; the category follows."""

OF_EVENT_TIMES = ("median_among_events", "minimum_among_events", "maximum_among_events")
"""Statistics of a time to event that leave out who is still waiting, as publications often do."""

_IN_WEEKS = (*OF_EVENT_TIMES, "median", "median_low", "median_high")
_OF_A_CHANGE = tuple(
    f"{statistic}_{part}"
    for statistic in ("mean", "sd", "sem", "median", "minimum", "maximum")
    for part in ("baseline", "visit", "change")
)


def statistics_of(analysis: AnyAnalysis) -> tuple[str, ...]:
    """The names that STATISTIC can have in the results of the analysis; those of categories and of
    the points of a curve are left out. Empty for a kind of analysis that no claim is answered by.
    """
    return tuple(_named(analysis))


def _named(analysis: AnyAnalysis) -> Iterator[str]:
    match analysis:
        case ProportionAnalysis():
            yield from ("count", "unknown", "not_at_risk", "proportion")
            yield from (f"{one}_{end}" for one in analysis.intervals for end in ("low", "high"))
        case CategoriesAnalysis():
            pass
        case SummaryAnalysis():
            yield from ("n", *METHODS)
        case ChangeAnalysis():
            yield from ("n", *_OF_A_CHANGE, "mean_change_low", "mean_change_high")
            yield from (f"p_{test}" for test in analysis.tests)
        case TimeToEventAnalysis():
            yield from ("n", "events", "censored", *_IN_WEEKS)
        case CumulativeIncidenceAnalysis():
            yield from ("n", "events", "competing", "censored")
            yield from ("last_incidence", "last_low", "last_high")
        case EventsAnalysis():
            yield from ("subjects", "events", "proportion")
            yield from (f"{analysis.interval}_{end}" for end in ("low", "high"))
        case ComparisonAnalysis():
            yield from (f"p_{test}" for test in analysis.tests)


def unit_of(study: Study, analysis: AnyAnalysis, statistic: str) -> str | None:
    """The unit of a statistic; None for counts, shares and P values, and where none is declared."""
    match analysis:
        case TimeToEventAnalysis():
            return "weeks" if statistic in _IN_WEEKS else None
        case ChangeAnalysis() if (
            statistic.removesuffix("_low").removesuffix("_high") in _OF_A_CHANGE
        ):
            own = study.protocol.parameters.get(analysis.parameter)
            return own.unit if own else None
        case SummaryAnalysis() if statistic in METHODS:
            columns = dataset_columns(analysis.dataset, study.protocol, study.sap)
            own_column = columns.get(analysis.variable)
            return own_column.unit if own_column else None
    return None
