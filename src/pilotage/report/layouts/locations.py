"""Lines of values: summaries, changes from baseline, comparisons with their P values."""

from collections.abc import Iterable

from pilotage.report import formats
from pilotage.report.layouts.sheet import Entry, Line, Sheet
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell
from pilotage.study.sap import ChangeAnalysis, ComparisonAnalysis, SummaryAnalysis

IGNORES_PAIRING = ("pooled_t", "welch_t", "mann_whitney_exact", "mann_whitney_asymptotic")
"""Tests of two groups. In a comparison of the same subjects at two visits they are shown only
because publications use them."""


def summary_lines(made: Sheet, analysis: SummaryAnalysis) -> list[Line]:
    """Mean, SD, median, quartiles and range; by visit a line each with mean, SD and n."""
    label = made.context.text(analysis.label)
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    lines = []
    codes = made.context.codes(analysis.by or "")
    levels = made.context.results.levels(analysis.id, *made.populations) or [None]
    for level in [None] if analysis.by is None else codes.ordered(x for x in levels if x):
        name = label if level is None else f"{label}: {codes.label(level)}"
        by_visit = analysis.by_visit and made.context.results.visits(analysis.id, *made.populations)
        lines += (_by_visit if by_visit else _in_all)(made, analysis, name, level)
    return lines


def _digits(made: Sheet, analysis: SummaryAnalysis, level: str | None) -> int:
    parameter = None
    for population in made.populations:
        for row in made.context.results.rows(analysis.id, population):
            parameter = parameter or row.parameter
    return made.context.places(analysis.dataset, analysis.variable, parameter)


def _in_all(made: Sheet, analysis: SummaryAnalysis, label: str, level: str | None) -> list[Line]:
    own = _digits(made, analysis, level)

    def found(population: str, *statistics: str) -> list[Found | None]:
        return [made.find(analysis, population, name, level=level) for name in statistics]

    def mean(population: str) -> Cell:
        rows = found(population, "mean", "sd")
        text = formats.with_spread(*map(value_of, rows), digits=own + 1)
        return made.cell(text, *rows, missing=rows[0])

    def median(population: str) -> Cell:
        rows = found(population, "median", "q1", "q3")
        text = formats.with_bounds(*map(value_of, rows), digits=own + 1, bounds=own + 1)
        return made.cell(text, *rows)

    def range_(population: str) -> Cell:
        rows = found(population, "minimum", "maximum")
        return made.cell(formats.interval(*map(value_of, rows), digits=own), *rows)

    words = made.context.words
    _name_methods(made, analysis, {"sd": words("sd"), "q1": words("quartiles")})
    return [
        Line(label, heading=True),
        *_count_line(made, analysis, level),
        Line(words("mean_sd"), made.entries(analysis, mean), level=1),
        Line(words("median_quartiles"), made.entries(analysis, median), level=1),
        Line(words("range"), made.entries(analysis, range_), level=1),
    ]


def _count_line(made: Sheet, analysis: SummaryAnalysis, level: str | None) -> list[Line]:
    """How many values there are, where that differs from how many subjects there are."""
    rows = {p: made.find(analysis, p, "n", level=level) for p in made.populations}
    complete = all(r is None or r.n == made.context.size(p) for p, r in rows.items())
    if complete and level is None:
        return []

    def cell(population: str) -> Cell:
        row = rows[population]
        return made.cell(formats.count(value_of(row)), row)

    return [Line(made.context.words("n"), made.entries(analysis, cell), level=1)]


def _by_visit(made: Sheet, analysis: SummaryAnalysis, label: str, level: str | None) -> list[Line]:
    own = _digits(made, analysis, level)
    words = made.context.words
    lines = [Line(f"{label}, {words('mean_sd_n')}", heading=True)]
    for visit, name in made.context.results.visits(analysis.id, *made.populations):

        def cell(population: str, visit: int = visit) -> Cell:
            mean, sd, n = (
                made.find(analysis, population, statistic, level=level, visit=visit)
                for statistic in ("mean", "sd", "n")
            )
            text = formats.with_spread(value_of(mean), value_of(sd), digits=own + 1)
            return made.cell(f"{text}, {formats.count(value_of(n))}", mean, sd, n)

        lines.append(Line(name, made.entries(analysis, cell), level=1))
    return lines


def _name_methods(made: Sheet, analysis: SummaryAnalysis, names: dict[str, str]) -> None:
    for population in made.populations:
        for row in made.context.results.rows(analysis.id, population):
            if row.statistic in names and row.method:
                made.notes.add(
                    made.context.words("method", name=names[row.statistic], method=row.method)
                )


def change_lines(made: Sheet, analysis: ChangeAnalysis) -> list[Line]:
    """Means at baseline and at the visit, mean change with its interval, and every test."""
    label, words = made.context.text(analysis.label), made.context.words
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    digits = made.context.places(analysis.dataset, "AVAL", analysis.parameter) + 1

    def find(population: str, statistic: str) -> Found | None:
        return made.find(analysis, population, statistic, visit=analysis.week)

    def count(population: str) -> Cell:
        row = find(population, "n")
        return made.cell(formats.count(value_of(row)), row, missing=row)

    def mean(population: str, when: str) -> Cell:
        rows = [find(population, f"mean_{when}"), find(population, f"sd_{when}")]
        return made.cell(formats.with_spread(*map(value_of, rows), digits=digits), *rows)

    def change(population: str) -> Cell:
        names = ("mean_change", "mean_change_low", "mean_change_high")
        rows = [find(population, name) for name in names]
        text = formats.with_bounds(*map(value_of, rows), digits=digits, bounds=digits)
        return made.cell(text, *rows, hint=(rows[1].method or "") if rows[1] else "")

    level = formats.level(analysis.level)
    visit = next((n for p in made.populations if (n := _visit_name(made, analysis, p))), "")
    return [
        Line(label, heading=True),
        Line(words("n_both"), made.entries(analysis, count), level=1),
        Line(words("baseline_mean"), made.entries(analysis, lambda p: mean(p, "baseline")), 1),
        Line(
            words("visit_mean", visit=visit),
            made.entries(analysis, lambda p: mean(p, "visit")),
            level=1,
        ),
        Line(words("mean_change", level=level), made.entries(analysis, change), level=1),
        *_p_lines(made, analysis, analysis.tests),
    ]


def _visit_name(made: Sheet, analysis: ChangeAnalysis, population: str) -> str | None:
    row = made.find(analysis, population, "n", visit=analysis.week)
    return row.visit if row else None


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
