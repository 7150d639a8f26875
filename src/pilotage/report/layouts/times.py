"""Lines of times to an event."""

from pilotage.report import formats
from pilotage.report.layouts.proportions import by_group
from pilotage.report.layouts.sheet import VALUE, Line, Sheet
from pilotage.report.lookup import value_of
from pilotage.report.model import Cell
from pilotage.study.sap import TimeToEventAnalysis


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
    name = words("median_interval", level=formats.level(analysis.level))
    if analysis.by is None:
        others = Line(words("median_events"), made.entries(analysis, among_events), level=1)
        lines = [line(words("events"), None), median_line(name, None), others]
        return [Line(label, heading=True), *lines]
    return [
        *by_group(made, analysis, f"{label}: {words('events').lower()}", line),
        *by_group(made, analysis, f"{label}: {name.lower()}", median_line),
    ]
