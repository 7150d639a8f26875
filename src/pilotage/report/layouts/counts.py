"""Tables of the plan's analyses, populations side by side: disposition, response, adverse events,
and summaries."""

from collections.abc import Iterable

from pilotage.report.context import Context
from pilotage.report.layouts.changes import change_lines, comparison_lines
from pilotage.report.layouts.locations import summary_lines
from pilotage.report.layouts.proportions import category_lines, event_lines, proportion_lines
from pilotage.report.layouts.sheet import EVENTS, INTERVAL, VALUE, Line, Sheet, sheet, table
from pilotage.report.layouts.times import design_lines, incidence_lines, time_lines
from pilotage.report.model import Table
from pilotage.study.sap import (
    CategoriesAnalysis,
    ChangeAnalysis,
    ComparisonAnalysis,
    CumulativeIncidenceAnalysis,
    EventsAnalysis,
    Output,
    ProportionAnalysis,
    SummaryAnalysis,
    TimeToEventAnalysis,
    TwoStageDesignAnalysis,
)


def disposition(output: Output, context: Context) -> Table:
    """Who was enrolled, treated, and how it ended: counts by population."""
    return _table(output, context, label="subjects", shows=(VALUE,))


def baseline(output: Output, context: Context) -> Table:
    """One column per population: categories, means, medians, changes with their tests."""
    return _table(output, context, label="characteristic", shows=(VALUE,))


def response(output: Output, context: Context) -> Table:
    """Counts by population with their confidence intervals."""
    return _table(output, context, label="outcome", shows=(VALUE, INTERVAL))


def adverse_events(output: Output, context: Context) -> Table:
    """Subjects with an event and events, in all and by term; 'not collected' is not zero."""
    return _table(output, context, label="event", shows=(VALUE, INTERVAL, EVENTS))


def _table(output: Output, context: Context, *, label: str, shows: tuple[str, ...]) -> Table:
    made = sheet(output, context)
    lines = [line for name in output.analyses for line in lines_of(made, name)]
    if INTERVAL in shows:
        _name_intervals(made, output.analyses)
    return table(made, lines, label=context.words(label), shows=shows)


def lines_of(made: Sheet, name: str) -> list[Line]:
    """The lines of an analysis. Every kind of analysis can stand in every table: none is left out
    in silence."""
    match made.context.analysis(name):
        case ProportionAnalysis() as analysis:
            return proportion_lines(made, analysis)
        case CategoriesAnalysis() as analysis:
            return category_lines(made, analysis)
        case SummaryAnalysis() as analysis:
            return summary_lines(made, analysis)
        case ChangeAnalysis() as analysis:
            return change_lines(made, analysis)
        case ComparisonAnalysis() as analysis:
            return comparison_lines(made, analysis)
        case TimeToEventAnalysis() as analysis:
            return time_lines(made, analysis)
        case CumulativeIncidenceAnalysis() as analysis:
            return incidence_lines(made, analysis)
        case TwoStageDesignAnalysis() as analysis:
            return design_lines(made, analysis)
        case EventsAnalysis() as analysis:
            return event_lines(made, analysis)
        case other:
            raise TypeError(f"no lines for analyses of kind {type(other).__name__}")


def _name_intervals(made: Sheet, names: Iterable[str]) -> None:
    """A footnote with the methods of the intervals shown, each once."""
    methods = []
    for name in names:
        match made.context.analysis(name):
            case ProportionAnalysis(intervals=(first, *_)):
                methods.append(made.context.words(first))
            case EventsAnalysis(interval=only):
                methods.append(made.context.words(only))
    if methods:
        named = ", ".join(dict.fromkeys(methods))
        made.notes.add(made.context.words("intervals", methods=named))
