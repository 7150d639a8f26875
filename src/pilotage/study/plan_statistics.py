"""What a sentence may ask of each kind of analysis: its statistics, and what is made of several."""

from pilotage.study.sap import (
    Analysis,
    CategoriesAnalysis,
    ChangeAnalysis,
    ComparisonAnalysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
    ProportionAnalysis,
    SummaryAnalysis,
    TimeToEventAnalysis,
    TwoStageDesignAnalysis,
)

OF_A_CATEGORY = ("count ", "proportion ")
"""Begin the statistics of an analysis of categories; the category follows."""

_LOCATIONS = ("mean", "sd", "sem", "median", "q1", "q3", "minimum", "maximum")
OF_A_CHANGE = tuple(
    f"{statistic}_{part}"
    for part in ("baseline", "visit", "change")
    for statistic in ("mean", "sd", "sem", "median", "minimum", "maximum")
)
OF_EVENT_TIMES = ("median_among_events", "minimum_among_events", "maximum_among_events")
"""Statistics of a time to event that leave out who is still waiting, as publications often do."""

SIGNIFICANT = "significant"
"""Of a change at each visit: the visits at which the first test is below the significance level."""


def statistics(analysis: Analysis) -> tuple[str, ...]:
    """The names that STATISTIC can have in the results of the analysis; those of categories and of
    points of a curve are left out."""
    match analysis:
        case ProportionAnalysis():
            ends = (f"{one}_{end}" for one in analysis.intervals for end in ("low", "high"))
            return ("count", "unknown", "not_at_risk", "proportion", *ends)
        case SummaryAnalysis():
            return ("n", *_LOCATIONS)
        case ChangeAnalysis():
            tests = (f"p_{test}" for test in analysis.tests)
            return ("n", *OF_A_CHANGE, "mean_change_low", "mean_change_high", *tests)
        case TimeToEventAnalysis():
            waited = ("n", "events", "censored")
            return (*waited, "median", "median_low", "median_high", *OF_EVENT_TIMES)
        case CumulativeIncidenceAnalysis():
            counted = ("n", "events", "competing", "censored")
            return (*counted, "last_incidence", "last_low", "last_high")
        case EventsAnalysis():
            ends = (f"{analysis.interval}_{end}" for end in ("low", "high"))
            return ("subjects", "events", "proportion", *ends)
        case ComparisonAnalysis():
            return tuple(f"p_{test}" for test in analysis.tests)
        case TwoStageDesignAnalysis():
            return ("r1", "n1", "r", "n")
        case CategoriesAnalysis():
            return ()
    return ()


def bounds(analysis: Analysis) -> tuple[str, str] | None:
    """The statistics that `interval` shows; None where the analysis has no interval."""
    match analysis:
        case ProportionAnalysis(intervals=(first, *_)):
            return f"{first}_low", f"{first}_high"
        case EventsAnalysis():
            return f"{analysis.interval}_low", f"{analysis.interval}_high"
        case ChangeAnalysis():
            return "mean_change_low", "mean_change_high"
        case TimeToEventAnalysis():
            return "median_low", "median_high"
        case CumulativeIncidenceAnalysis():
            return "last_low", "last_high"
    return None


def extremes(analysis: Analysis) -> tuple[str, str] | None:
    """The statistics that `range` shows."""
    match analysis:
        case SummaryAnalysis():
            return "minimum", "maximum"
        case TimeToEventAnalysis():
            return "minimum_among_events", "maximum_among_events"
    return None


def made_of_several(analysis: Analysis) -> tuple[str, ...]:
    """What a sentence may ask beside the statistics: n, interval with its level, range, the counts
    of all categories, the visit, the visits with a small P value."""
    found = ["n"]
    if bounds(analysis) is not None:
        found += ["interval", "level"]
    if extremes(analysis) is not None:
        found.append("range")
    if isinstance(analysis, CategoriesAnalysis):
        found.append("counts")
    if isinstance(analysis, ChangeAnalysis | SummaryAnalysis):
        found.append("visit")
    if isinstance(analysis, ChangeAnalysis) and analysis.by_visit and analysis.tests:
        found.append(SIGNIFICANT)
    return tuple(found)
