"""Changes from baseline as a table for print: a line each, in the headline population."""

from collections.abc import Iterator, Sequence

from pilotage.report import formats, patterns
from pilotage.report.context import Context
from pilotage.report.layouts.changes import IGNORES_PAIRING
from pilotage.report.layouts.intervals import intervals_of
from pilotage.report.layouts.sheet import FEW, Sheet, sheet
from pilotage.report.layouts.shell_lines import visits
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell, Column, Row, Table
from pilotage.study.sap import ChangeAnalysis, Output

SHORT = 12
"""Characters of a test whose words stay together where the head of its column is broken."""


def changes(output: Output, context: Context) -> Table:
    """n, both means, the mean change with its interval, and a P value of each test that keeps the
    pairing; of a change at each visit a line for each. The other tests and populations are results
    all the same, for another table."""
    made = sheet(output, context)
    analyses = changes_of(output, context)
    tests = shown_tests(analyses)
    rows = [row for analysis in analyses for row in _rows(made, analysis, tests)]
    made.notes.add(context.words("n_of_changes"))
    made.notes.add(intervals_of(context, analyses))
    _tell_methods(made, analyses, tests)
    return _table(output, context, made, tests, rows)


def change_shell(output: Output, context: Context) -> Table:
    """The same before any data."""
    made = sheet(output, context)
    analyses = changes_of(output, context)
    tests = shown_tests(analyses)
    texts = (patterns.COUNT, patterns.SPREAD, patterns.SPREAD, patterns.CENTRE)
    cells = [Cell(text) for text in (*texts, *(patterns.P for _ in tests))]
    rows = []
    for analysis in analyses:
        label = Cell(context.text(analysis.label))
        if analysis.by_visit:
            rows.append(Row((label,), heading=True))
            rows += [Row((Cell(name), *cells), level=1) for name in visits(context)[1:]]
        else:
            rows.append(Row((label, *cells)))
    return _table(output, context, made, tests, rows)


def population_of(output: Output, context: Context) -> str | None:
    """The headline population, where all the changes are planned for it; else their first one."""
    analyses = changes_of(output, context)
    if not analyses:
        return None
    common = [p for p in analyses[0].populations if all(p in a.populations for a in analyses)]
    known = context.study.sap.populations
    headline = (p for p in common if known[p].headline)
    return next(headline, (common or list(analyses[0].populations))[0])


def changes_of(output: Output, context: Context) -> list[ChangeAnalysis]:
    found = (context.analysis(name) for name in output.analyses)
    return [analysis for analysis in found if isinstance(analysis, ChangeAnalysis)]


def shown_tests(analyses: Sequence[ChangeAnalysis]) -> tuple[str, ...]:
    """The tests that keep the pairing, in the order of the plan; of one in two forms the exact one.
    Where a plan has none of them, its first."""
    every = tuple(dict.fromkeys(test for analysis in analyses for test in analysis.tests))
    paired = [test for test in every if test not in IGNORES_PAIRING]
    doubled = {f"{test.removesuffix('_exact')}_asymptotic" for test in paired if "_exact" in test}
    return tuple(test for test in paired if test not in doubled) or every[:1]


def _rows(made: Sheet, analysis: ChangeAnalysis, tests: tuple[str, ...]) -> Iterator[Row]:
    context = made.context
    population = population_of(made.output, context)
    label = Cell(context.text(analysis.label))
    if population is None or population not in analysis.populations:
        return
    if not analysis.by_visit:
        yield Row((label, *_cells(made, analysis, population, analysis.week, tests)))
        return
    yield Row((label,), heading=True)
    visits_of = context.results.visits(analysis.id, population)
    for week, name in visits_of:
        yield Row((Cell(name), *_cells(made, analysis, population, week, tests)), level=1)
    if not visits_of:
        nothing = _cells(made, analysis, population, None, tests)
        yield Row((Cell(context.words("no_result")), *nothing), level=1)


def _cells(
    made: Sheet,
    analysis: ChangeAnalysis,
    population: str,
    week: int | None,
    tests: tuple[str, ...],
) -> tuple[Cell, ...]:
    words = made.context.words
    digits = made.context.places(analysis.dataset, "AVAL", analysis.parameter) + 1

    def find(statistic: str) -> Found | None:
        return made.find(analysis, population, statistic, visit=week)

    def mean(end: str) -> Cell:
        rows = [find(f"mean_{end}"), find(f"sd_{end}")]
        return made.cell(formats.with_spread(*map(value_of, rows), digits=digits), *rows)

    n = find("n")
    count = made.cell(formats.count(value_of(n)), n)
    if n is not None and n.value is not None and n.value < FEW:
        few = made.marks(words("few_values", few=formats.count(FEW)))
        count = Cell(count.text, count.results, marks=(*count.marks, *few))
    names = ("mean_change", "mean_change_low", "mean_change_high")
    change = [find(name) for name in names]
    text = formats.with_bounds(*map(value_of, change), digits=digits, bounds=digits)
    hint = (change[1].method or "") if change[1] else ""
    told = made.cell(text, *change, hint=hint)
    return (count, mean("baseline"), mean("visit"), told, *(
        _p(made, analysis, find(f"p_{test}"), test) for test in tests
    ))  # fmt: skip


def _p(made: Sheet, analysis: ChangeAnalysis, found: Found | None, test: str) -> Cell:
    if found is None and test not in analysis.tests:
        made.notes.add(made.context.words("empty_test"))
        return Cell()
    significance = made.context.study.sap.significance
    text = formats.p_value(value_of(found), significance=significance)
    return made.cell(text, found, hint=(found.method or "") if found else "")


def _tell_methods(made: Sheet, analyses: Sequence[ChangeAnalysis], tests: tuple[str, ...]) -> None:
    """How the tests are made, as far as all their P values of this table agree."""
    population = population_of(made.output, made.context)
    told = []
    for test in tests:
        methods = [
            (row.method or "").split("; ")
            for analysis in analyses
            for row in made.context.results.rows(analysis.id, population or "")
            if row.statistic == f"p_{test}" and row.value is not None
        ]
        if methods:
            told.append(", ".join(p for p in methods[0] if all(p in m for m in methods)))
    if told:
        made.notes.add(made.context.words("tests_of_changes", tests="; ".join(told)))


def _table(
    output: Output, context: Context, made: Sheet, tests: tuple[str, ...], rows: Sequence[Row]
) -> Table:
    words = context.words
    levels = {analysis.level for analysis in changes_of(output, context)}
    level = formats.level(levels.pop()) if len(levels) == 1 else ""
    change = words("mean_change", level=level) if level else words("mean_change_any")
    heads = (words("n"), words("baseline_mean"), words("later_mean"), change)
    named = [words("p", test=_together(words(f"test_{test}"))) for test in tests]
    return Table(
        output.id,
        context.number_of(output),
        context.text(output.title),
        (Column(words("characteristic")), *(Column(head, "number") for head in (*heads, *named))),
        tuple(rows),
        made.notes.all(),
        empty=words("no_parts"),
    )


def _together(test: str) -> str:
    return test.replace(" ", "\N{NO-BREAK SPACE}") if len(test) <= SHORT else test
