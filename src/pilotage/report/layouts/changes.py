"""Lines of changes from baseline and of comparisons, with their P values."""

from collections.abc import Callable, Iterable

from pilotage.report import formats
from pilotage.report.layouts.sheet import Entry, Line, Sheet
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell
from pilotage.study.sap import ChangeAnalysis, ComparisonAnalysis

IGNORES_PAIRING = ("pooled_t", "welch_t", "mann_whitney_exact", "mann_whitney_asymptotic")
"""Tests of two groups. In a comparison of the same subjects at two visits they are shown only
because publications use them."""

Find = Callable[[str, str], Found | None]
"""The row of a population with a statistic."""


def change_lines(made: Sheet, analysis: ChangeAnalysis) -> list[Line]:
    """Means at baseline and after it, mean change with its interval, and every test; of a change at
    each visit a line for each, with n and the first test beside."""
    label, words = made.context.text(analysis.label), made.context.words
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    digits = made.context.places(analysis.dataset, "AVAL", analysis.parameter) + 1
    if analysis.by_visit:
        named = words("mean_change", level=formats.level(analysis.level))
        heading = Line(f"{label}: {named.lower()}", heading=True)
        return [heading, *_visit_lines(made, analysis, digits)]

    def find(population: str, statistic: str) -> Found | None:
        return made.find(analysis, population, statistic, visit=analysis.week)

    def count(population: str) -> Cell:
        row = find(population, "n")
        return made.cell(formats.count(value_of(row)), row, missing=row)

    def mean(population: str, when: str) -> Cell:
        rows = [find(population, f"mean_{when}"), find(population, f"sd_{when}")]
        return made.cell(formats.with_spread(*map(value_of, rows), digits=digits), *rows)

    level = formats.level(analysis.level)
    after = next((row.visit for p in made.populations if (row := find(p, "n")) and row.visit), None)
    return [
        Line(label, heading=True),
        Line(words("n_both"), made.entries(analysis, count), level=1),
        Line(words("baseline_mean"), made.entries(analysis, lambda p: mean(p, "baseline")), 1),
        Line(
            words("visit_mean", visit=after or words("after_course")),
            made.entries(analysis, lambda p: mean(p, "visit")),
            level=1,
        ),
        Line(
            words("mean_change", level=level),
            made.entries(analysis, lambda p: _mean_change(made, p, find, digits)),
            level=1,
        ),
        *_p_lines(made, analysis, analysis.tests),
    ]


def _mean_change(
    made: Sheet, population: str, find: Find, digits: int, *, beside: str = ""
) -> Cell:
    names = ("mean_change", "mean_change_low", "mean_change_high")
    rows = [find(population, name) for name in names]
    text = formats.with_bounds(*map(value_of, rows), digits=digits, bounds=digits)
    hint = (rows[1].method or "") if rows[1] else ""
    return made.cell(text, *rows, detail=beside, hint=hint)


def _visit_lines(made: Sheet, analysis: ChangeAnalysis, digits: int) -> list[Line]:
    words, test = made.context.words, next(iter(analysis.tests), None)
    significance = made.context.study.sap.significance

    def line(week: int | None, name: str) -> Line:
        def find(population: str, statistic: str) -> Found | None:
            return made.find(analysis, population, statistic, visit=week)

        def cell(population: str) -> Cell:
            n, p = find(population, "n"), find(population, f"p_{test}") if test else None
            said = formats.size(int(value_of(n) or 0))
            if p is not None and p.value is not None:
                shown = formats.p_value(p.value, significance=significance)
                said = f"{said}; {words('p', test=words(f'test_{test}'))}: {shown}"
            return _mean_change(made, population, find, digits, beside=said)

        return Line(name, made.entries(analysis, cell), level=1)

    visits = made.context.results.visits(analysis.id, *made.populations)
    return [line(week, name) for week, name in visits] or [line(None, words("n_both"))]


def comparison_lines(made: Sheet, analysis: ComparisonAnalysis) -> list[Line]:
    """Two groups of subjects: a P value for each test; the heading names the groups."""
    label = made.context.text(analysis.label)
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    return [Line(label, heading=True), *_p_lines(made, analysis, analysis.tests)]


def _p_lines(
    made: Sheet, analysis: ChangeAnalysis | ComparisonAnalysis, tests: Iterable[str]
) -> list[Line]:
    lines = []
    for test in tests:

        def entry(population: str, test: str = test) -> Entry | Cell:
            return _p_cell(made, analysis, population, test)

        name = made.context.words("p", test=made.context.words(f"test_{test}"))
        lines.append(Line(name, made.entries(analysis, entry), level=1))
    return lines


def _p_cell(
    made: Sheet, analysis: ChangeAnalysis | ComparisonAnalysis, population: str, test: str
) -> Cell:
    """A P value with everything it has to name: what all P values of the test in this table share
    is a footnote, the rest (n, degrees of freedom, ties, zeros) a second line of the cell."""
    rows = made.context.results.rows(analysis.id, population)
    found = next((row for row in rows if row.statistic == f"p_{test}"), None)
    found = found or made.context.results.nothing(analysis.id, population)
    significance = made.context.study.sap.significance
    text = formats.p_value(value_of(found), significance=significance)
    if found is None or found.value is None:
        return made.cell(text, found)
    shared = _shared(made, test)
    own = [part for part in _parts(found) if part not in shared]
    note = "; ".join(shared)
    if isinstance(analysis, ChangeAnalysis) and test in IGNORES_PAIRING:
        note += f"; {made.context.words('unpaired')}"
    cell = made.cell(text, found, detail="; ".join(own), hint=found.method or "")
    return Cell(cell.text, cell.results, marks=made.marks(note), detail=cell.detail, hint=cell.hint)


def _parts(row: Found) -> list[str]:
    return (row.method or "").split("; ")


def _shared(made: Sheet, test: str) -> list[str]:
    """The parts of the method that all P values of the test in this table name."""
    methods = [
        _parts(row)
        for name in made.output.analyses
        for population in made.populations
        for row in made.context.results.rows(name, population)
        if row.statistic == f"p_{test}" and row.value is not None
    ]
    return [part for part in methods[0] if all(part in other for other in methods)]
