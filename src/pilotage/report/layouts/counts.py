"""Tables of the plan's analyses, populations side by side: disposition, response, adverse events,
and summaries."""

from pilotage.report.context import Context
from pilotage.report.kinds import SHOWN
from pilotage.report.layouts.intervals import intervals_of
from pilotage.report.layouts.sheet import EVENTS, INTERVAL, VALUE, Line, Sheet, sheet, table
from pilotage.report.layouts.times import tell_both_ways
from pilotage.report.model import Table
from pilotage.study.sap import EventsAnalysis, Output, ProportionAnalysis


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
    asked = [context.analysis(name) for name in output.analyses]
    if INTERVAL not in shows:
        asked = [a for a in asked if not isinstance(a, ProportionAnalysis | EventsAnalysis)]
    made.notes.add(intervals_of(context, asked))
    tell_both_ways(context, made.notes, output)
    return table(made, lines, label=context.words(label), shows=shows)


def lines_of(made: Sheet, name: str) -> list[Line]:
    """The lines of an analysis."""
    analysis = made.context.analysis(name)
    return SHOWN[type(analysis)].lines(made, analysis)
