"""Lines of values: summaries, in all and by visit."""

from pilotage.report import formats
from pilotage.report.context import MONTHS
from pilotage.report.layouts.sheet import Line, Sheet
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell
from pilotage.study.sap import SummaryAnalysis


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
    months = analysis.variable in MONTHS
    own = 1 if months else _digits(made, analysis, level)
    finer = own if months else own + 1

    def found(population: str, *statistics: str) -> list[Found | None]:
        return [made.find(analysis, population, name, level=level) for name in statistics]

    def mean(population: str) -> Cell:
        rows = found(population, "mean", "sd")
        text = formats.with_spread(*map(value_of, rows), digits=finer)
        return made.cell(text, *rows, missing=rows[0])

    def median(population: str) -> Cell:
        rows = found(population, "median", "q1", "q3")
        text = formats.with_bounds(*map(value_of, rows), digits=finer, bounds=finer)
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
