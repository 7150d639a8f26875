"""Lines of times to an event, of cumulative incidence, and of the design of a trial."""

from collections.abc import Callable

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.proportions import by_group
from pilotage.report.layouts.sheet import VALUE, Line, Sheet
from pilotage.report.lookup import value_of
from pilotage.report.model import Cell
from pilotage.report.notes import Notes
from pilotage.study.sap import (
    Analysis,
    CumulativeIncidenceAnalysis,
    Output,
    TimeToEventAnalysis,
    TwoStageDesignAnalysis,
)


def time_lines(made: Sheet, analysis: TimeToEventAnalysis) -> list[Line]:
    """Subjects with the event, the median time with its interval (Kaplan-Meier), and the median and
    range among those who had it, which leave out everyone still waiting."""
    label = made.context.text(analysis.label)

    def events(population: str, level: str | None) -> Cell:
        row = made.find(analysis, population, "events", level=level)
        share = formats.count_of(value_of(row), row.n if row else None)
        return made.cell(share, row, missing=row)

    def median(population: str, level: str | None) -> Cell:
        names = ("median", "median_low", "median_high")
        rows = [made.find(analysis, population, name, level=level) for name in names]
        text = formats.with_bounds(*map(value_of, rows), digits=1, bounds=1)
        return made.cell(text, *rows, hint=(rows[0].method or "") if rows[0] else "")

    def among_events(population: str) -> Cell:
        names = ("median", "minimum", "maximum")
        rows = [made.find(analysis, population, f"{name}_among_events") for name in names]
        return made.cell(formats.with_bounds(*map(value_of, rows), digits=1, bounds=1), *rows)

    def line(name: str, level: str | None) -> Line:
        return Line(name, made.entries(analysis, lambda p: {VALUE: events(p, level)}), level=1)

    def median_line(name: str, level: str | None) -> Line:
        return Line(name, made.entries(analysis, lambda p: {VALUE: median(p, level)}), level=1)

    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    words = made.context.words
    made.notes.add(words("interval_censored"))
    name = words("median_interval", level=formats.level(analysis.level))
    if analysis.by is None:
        others = Line(words("median_events"), made.entries(analysis, among_events), level=1)
        lines = [line(words("events"), None), median_line(name, None), others]
        return [Line(label, heading=True), *lines]
    return [
        *by_group(made, analysis, f"{label}: {words('events').lower()}", line),
        *by_group(made, analysis, f"{label}: {name.lower()}", median_line),
    ]


def incidence_lines(made: Sheet, analysis: CumulativeIncidenceAnalysis) -> list[Line]:
    """Subjects with the event first, and with the competing one; the cumulative incidence up to the
    last time, with its interval."""
    label, words = made.context.text(analysis.label), made.context.words
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    made.notes.add(words("interval_censored"))

    def incidence(population: str, level: str | None) -> Cell:
        names = ("last_incidence", "last_low", "last_high")
        rows = [made.find(analysis, population, name, level=level) for name in names]
        height, low, high = map(value_of, rows)
        text = formats.percent(height, 1)
        if height is not None:
            text = f"{text} ({formats.percent_interval(low, high)})"
        return made.cell(text, *rows, hint=(rows[0].method or "") if rows[0] else "")

    def line(name: str, cell: Callable[[str, str | None], Cell]) -> list[Line]:
        if analysis.by is None:
            return [Line(name, made.entries(analysis, lambda p: {VALUE: cell(p, None)}), level=1)]
        heading = f"{label}: {name.lower()}"
        return by_group(
            made,
            analysis,
            heading,
            lambda shown, level: _of_level(made, analysis, shown, level, cell),
        )

    events = _counted(made, analysis, "events")
    competing = _counted(made, analysis, "competing")
    named = words("incidence", level=formats.level(analysis.level))
    lines = [
        *line(words("events"), events),
        *line(words("competing_first"), competing),
        *line(named, incidence),
    ]
    return lines if analysis.by else [Line(label, heading=True), *lines]


def tell_both_ways(context: Context, notes: Notes, output: Output) -> None:
    """Beside each other the two kinds of curve treat who ended treatment early in two ways."""
    kinds = {type(context.analysis(name)) for name in output.analyses}
    if {TimeToEventAnalysis, CumulativeIncidenceAnalysis} <= kinds:
        notes.add(context.words("both_ways"))


def _of_level(
    made: Sheet,
    analysis: Analysis,
    shown: str,
    level: str | None,
    cell: Callable[[str, str | None], Cell],
) -> Line:
    return Line(shown, made.entries(analysis, lambda p: {VALUE: cell(p, level)}), level=1)


def _counted(made: Sheet, analysis: Analysis, statistic: str) -> Callable[[str, str | None], Cell]:
    def cell(population: str, level: str | None) -> Cell:
        row = made.find(analysis, population, statistic, level=level)
        return made.cell(formats.count_of(value_of(row), row.n if row else None), row, missing=row)

    return cell


def design_lines(made: Sheet, analysis: TwoStageDesignAnalysis) -> list[Line]:
    """The two stages of the design, in words."""

    def cell(population: str) -> Cell:
        names = ("r1", "n1", "r", "n")
        rows = [made.find(analysis, population, name) for name in names]
        known = {n: formats.count(value_of(row)) for n, row in zip(names, rows, strict=True)}
        text = made.context.words("stages", **known)
        if any(value_of(row) is None for row in rows):
            text = formats.NONE
        return made.cell(text, *rows, hint=(rows[0].method or "") if rows[0] else "")

    return [Line(made.context.text(analysis.label), made.entries(analysis, cell))]
