"""Lines of counts: proportions, categories, adverse events."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pilotage.analysis.select import ANY, NO_LEVEL
from pilotage.report import formats
from pilotage.report.codes import YES
from pilotage.report.layouts.sheet import EVENTS, INTERVAL, VALUE, Entry, Line, Sheet
from pilotage.report.lookup import Found, value_of
from pilotage.report.model import Cell
from pilotage.study.sap import Analysis, CategoriesAnalysis, EventsAnalysis, ProportionAnalysis

COUNT = "count "
"""Begins the statistics that count a category; its name follows."""


def proportion_lines(made: Sheet, analysis: ProportionAnalysis) -> list[Line]:
    """Subjects with the event of all subjects, with the first interval of the analysis; one line,
    or one for each group."""
    label = made.context.text(analysis.label)

    def line(name: str, level: str | None) -> Line:
        def entry(population: str) -> Entry:
            return _proportion(made, analysis, population, level)

        return Line(name, made.entries(analysis, entry), level=0 if level is None else 1)

    return made.not_collected(analysis, label) or by_group(made, analysis, label, line)


def by_group(
    made: Sheet, analysis: Analysis, label: str, line: Callable[[str, str | None], Line]
) -> list[Line]:
    """One line, or a heading and a line for each group of `by`, in the order of the study."""
    if analysis.by is None:
        return [line(label, None)]
    codes = made.context.codes(analysis.by)
    levels = made.context.results.levels(analysis.id, *made.populations)
    known = codes.ordered(level for level in levels if level is not None)
    if not known:
        return [line(label, None)]
    return [Line(label, heading=True), *(line(codes.heading(level), level) for level in known)]


def _proportion(
    made: Sheet, analysis: ProportionAnalysis, population: str, level: str | None
) -> Entry:
    count = made.find(analysis, population, "count", level=level)
    unknown = made.find(analysis, population, "unknown", level=level)
    text = formats.count_of(value_of(count), count.n if count else None)
    apart = made.context.results.find(analysis.id, population, "not_at_risk", level=level)
    used = (count, *(row for row in (unknown, apart) if row is not None and row.value))
    value = made.cell(text, *used, missing=count)
    shown = {VALUE: value}
    if analysis.intervals:
        shown[INTERVAL] = _interval(made, analysis, population, level)
    if text == formats.NOBODY and not value.marks:
        # the footnote that says why there is no interval says why nobody is counted
        known = shown.get(INTERVAL, Cell()).marks
        marks = known or made.marks(made.context.words("no_subject"))
        shown[VALUE] = replace(value, marks=marks)
    return shown


def _interval(
    made: Sheet,
    analysis: ProportionAnalysis | EventsAnalysis,
    population: str,
    level: str | None,
) -> Cell:
    method = analysis.interval if isinstance(analysis, EventsAnalysis) else analysis.intervals[0]
    low = made.find(analysis, population, f"{method}_low", level=level)
    high = made.find(analysis, population, f"{method}_high", level=level)
    text = formats.percent_interval(value_of(low), value_of(high))
    return made.cell(made.bounds(analysis, text), low, high, hint=low.method or "" if low else "")


def category_lines(made: Sheet, analysis: CategoriesAnalysis) -> list[Line]:
    """Subjects in each category. An answer yes or no takes one line: how many said yes."""
    label = made.context.text(analysis.label)
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    if analysis.by is None:
        return _categories(made, analysis, label, None, depth=0)
    codes = made.context.codes(analysis.by)
    levels = made.context.results.levels(analysis.id, *made.populations)
    lines = [Line(label, heading=True)]
    for level in codes.ordered(level for level in levels if level is not None):
        lines += _categories(made, analysis, codes.heading(level), level, depth=1)
    return lines


def _categories(
    made: Sheet, analysis: CategoriesAnalysis, label: str, level: str | None, *, depth: int
) -> list[Line]:
    counted = {
        p: {
            row.statistic.removeprefix(COUNT): row
            for row in made.context.results.rows(analysis.id, p)
            if row.statistic.startswith(COUNT) and row.level == level
        }
        for p in made.populations
    }
    rows = [row for found in counted.values() for row in found.values()]
    parameter = next((row.parameter for row in rows if row.parameter), None)
    codes = made.context.codes(analysis.variable, parameter)

    def line(name: str, accepted: Iterable[str], depth: int) -> Line:
        def entry(population: str) -> Cell:
            if not counted[population]:
                return made.cell(formats.NONE, made.find(analysis, population, "count"))
            return _category(made, counted[population], tuple(accepted))

        return Line(name, made.entries(analysis, entry), level=depth)

    if not rows:
        return [line(label, (), depth)]
    if codes.yes_no:
        return [line(label, YES, depth)]
    names = codes.ordered({name for found in counted.values() for name in found})
    if analysis.endpoint == "description":
        # of an outcome the empty categories are an answer, of a description they are none
        held = {name for found in counted.values() for name, row in found.items() if row.value}
        names = [name for name in names if name in held]
    lines = [line(codes.heading(name), (name,), depth + 1) for name in names]
    return [Line(label, heading=True, level=depth), *lines]


def _category(made: Sheet, counted: dict[str, Found], accepted: tuple[str, ...]) -> Cell:
    """Count of the accepted codes. A category that nobody has follows from all the others, which
    add up to n: the cell then shows them as its results. A line for `yes` alone also says of how
    many it is not known; elsewhere these have a line of their own."""
    own = [row for name, row in counted.items() if name in accepted]
    shown = own or list(counted.values())
    text = formats.count_of(sum(row.value or 0 for row in own), shown[0].n)
    cell = made.cell(text, *shown, missing=_others_left_out(shown[0]))
    unknown = counted.get(NO_LEVEL)
    if unknown is None or accepted != YES:
        return cell
    number = formats.count(unknown.value)
    mark = made.marks(made.context.words("of_these_unknown", n=number))
    results = tuple(dict.fromkeys((*cell.results, unknown.id)))
    return replace(cell, results=results, marks=(*cell.marks, *mark))


def _others_left_out(row: Found) -> Found:
    """The row without the first part of what it says of missing values: of those, the table has a
    line of its own."""
    _, _, rest = (row.missing or "").partition("; ")
    return replace(row, missing=rest or None)


def event_lines(made: Sheet, analysis: EventsAnalysis) -> list[Line]:
    """Any event, then each term: subjects with interval, and events. Codes stand in the order of
    the study, terms by how many subjects had them."""
    label = made.context.text(analysis.label)
    absent = made.not_collected(analysis, label)
    if absent:
        return absent
    groups: dict[str | None, dict[str, str]] = {}
    for population in made.populations:
        for row in made.context.results.rows(analysis.id, population):
            if row.statistic == "subjects" and row.level is not None and row.text is not None:
                group = row.level.removesuffix(f": {row.text}") if analysis.by else None
                groups.setdefault(group, {})[row.text] = row.level
    codes = made.context.codes(analysis.by or "")
    lines = [Line(label, heading=True)]
    for group, terms in (groups or {None: {ANY: ANY}}).items():
        if group is not None:
            name = codes.heading(group.replace("%3A", ":"))
            lines.append(Line(name, heading=True, level=1))
        lines += _terms(made, analysis, terms, depth=1 if group is None else 2)
    return lines


def _terms(
    made: Sheet, analysis: EventsAnalysis, levels: dict[str, str], *, depth: int
) -> list[Line]:
    """A line for any event and one for each term; `levels` says how results call the term."""
    codes = made.context.codes(analysis.term)
    ordered = codes.ordered(term for term in levels if term != ANY)
    if not codes.labels:
        ordered.sort(key=lambda term: _frequency(made, analysis, levels[term]))

    def line(term: str, name: str) -> Line:
        def entry(population: str) -> Entry:
            return _events(made, analysis, population, levels[term], levels.get(ANY))

        return Line(name, made.entries(analysis, entry), level=depth)

    every = line(ANY, made.context.words("any_event"))
    return [every, *(line(term, codes.heading(term)) for term in ordered)]


def _frequency(made: Sheet, analysis: EventsAnalysis, level: str) -> tuple[float, ...]:
    """Sorts the most frequent first: by subjects, then events, in the first population on."""
    found = [
        made.find(analysis, population, statistic, level=level)
        for population in made.populations
        for statistic in ("subjects", "events")
    ]
    return tuple(-(value_of(row) or 0.0) for row in found)


def _events(
    made: Sheet, analysis: EventsAnalysis, population: str, level: str, every: str | None
) -> Entry:
    subjects = made.find(analysis, population, "subjects", level=level)
    events = made.find(analysis, population, "events", level=level)
    if subjects is None:
        # the term occurs in another population only: among all events of this one it has none
        of_all = made.find(analysis, population, "subjects", level=every)
        none = formats.count_of(0, of_all.n if of_all else None)
        return {VALUE: made.cell(none, of_all), INTERVAL: made.cell(formats.NONE)}
    return {
        VALUE: made.cell(formats.count_of(subjects.value, subjects.n), subjects, missing=subjects),
        INTERVAL: _interval(made, analysis, population, level),
        EVENTS: made.cell(formats.count(value_of(events)), events),
    }
