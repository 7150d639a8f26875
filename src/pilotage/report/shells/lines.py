"""The lines that each kind of analysis will fill, with patterns instead of numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotage.analysis.categories import declared
from pilotage.analysis.origin import codes_read
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.shells import patterns
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


@dataclass(frozen=True, slots=True)
class ShellLine:
    """A line of a shell: what it is called, and its patterns for value, interval and events."""

    label: str
    value: str = ""
    interval: str = ""
    events: str = ""
    level: int = 0
    heading: bool = False


def shell_lines(context: Context, analysis: Analysis) -> list[ShellLine]:
    """The lines of an analysis; of groups and terms those that the study declares."""
    label = context.text(analysis.label)
    lines = list(_lines(context, analysis, label))
    if analysis.by is None or isinstance(analysis, ComparisonAnalysis):
        return lines
    inner = [line for line in lines if not line.heading] or lines
    found = [ShellLine(label, heading=True)]
    for group in _levels(context, context.codes(analysis.by).labels.values()):
        if len(inner) == 1:
            found.append(_renamed(inner[0], group, 1))
        else:
            found.append(ShellLine(group, heading=True, level=1))
            found += [_renamed(line, line.label, 2) for line in inner]
    return found


def _renamed(line: ShellLine, label: str, level: int) -> ShellLine:
    return ShellLine(label, line.value, line.interval, line.events, level)


def _levels(context: Context, labels: Iterable[str]) -> list[str]:
    """The declared names, each once; a line for all of them where none is declared."""
    named = [label[:1].upper() + label[1:] for label in dict.fromkeys(labels)]
    return named or [context.words("each_value")]


def _lines(context: Context, analysis: Analysis, label: str) -> Iterator[ShellLine]:
    words = context.words
    match analysis:
        case ProportionAnalysis():
            interval = patterns.INTERVAL if analysis.intervals else ""
            yield ShellLine(label, patterns.SHARE, interval)
        case CategoriesAnalysis():
            yield from _categories(context, analysis, label)
        case EventsAnalysis():
            yield ShellLine(label, heading=True)
            named = [words("any_event"), *_declared(context, analysis, analysis.term)]
            for name in named:
                yield ShellLine(name, patterns.SHARE, patterns.INTERVAL, patterns.COUNT, 1)
        case SummaryAnalysis(by_visit=True):
            yield ShellLine(f"{label}, {words('mean_sd_n')}", heading=True)
            for name in _visits(context):
                yield ShellLine(name, f"{patterns.SPREAD}, {patterns.COUNT}", level=1)
        case SummaryAnalysis():
            yield ShellLine(label, heading=True)
            yield ShellLine(words("n"), patterns.COUNT, level=1)
            yield ShellLine(words("mean_sd"), patterns.SPREAD, level=1)
            yield ShellLine(words("median_quartiles"), patterns.CENTRE, level=1)
            yield ShellLine(words("range"), patterns.BOUNDS, level=1)
        case ChangeAnalysis():
            yield from _change(context, analysis, label)
        case TimeToEventAnalysis():
            name = words("median_interval", level=formats.level(analysis.level))
            yield ShellLine(label, heading=True)
            yield ShellLine(words("events"), patterns.SHARE, level=1)
            yield ShellLine(name, patterns.CENTRE, level=1)
            yield ShellLine(words("median_events"), patterns.CENTRE, level=1)
        case CumulativeIncidenceAnalysis():
            name = words("incidence", level=formats.level(analysis.level))
            yield ShellLine(label, heading=True)
            yield ShellLine(words("events"), patterns.SHARE, level=1)
            yield ShellLine(words("competing_first"), patterns.SHARE, level=1)
            yield ShellLine(name, f"{patterns.PERCENT} ({patterns.INTERVAL})", level=1)
        case TwoStageDesignAnalysis():
            parts = dict.fromkeys(("r1", "n1", "r", "n"), patterns.COUNT)
            yield ShellLine(label, words("stages", **parts))
        case ComparisonAnalysis():
            yield ShellLine(label, heading=True)
            yield from _p_values(context, analysis.tests)


def _categories(context: Context, analysis: CategoriesAnalysis, label: str) -> Iterator[ShellLine]:
    if context.codes(analysis.variable).yes_no:
        yield ShellLine(label, patterns.SHARE)
        return
    yield ShellLine(label, heading=True)
    for name in _declared(context, analysis, analysis.variable):
        yield ShellLine(name, patterns.SHARE, level=1)


def _declared(context: Context, analysis: Analysis, variable: str) -> list[str]:
    """The values that the study declares for the column, in words."""
    protocol = context.study.protocol
    read = codes_read(analysis, protocol)
    codes = context.codes(variable, read[0] if read else None)
    known = declared(analysis, variable, read, context.study)
    return _levels(context, [codes.heading(code) for code in known] or codes.labels.values())


def _change(context: Context, analysis: ChangeAnalysis, label: str) -> Iterator[ShellLine]:
    words, level = context.words, formats.level(analysis.level)
    if analysis.by_visit:
        named = words("mean_change", level=level).lower()
        yield ShellLine(f"{label}: {named}", heading=True)
        for name in _visits(context)[1:]:
            yield ShellLine(name, patterns.CENTRE, level=1)
        return
    week = None if analysis.week is None else formats.count(analysis.week)
    visit = words("after_course") if week is None else f"{words('week')} {week}"
    yield ShellLine(label, heading=True)
    yield ShellLine(words("n_both"), patterns.COUNT, level=1)
    yield ShellLine(words("baseline_mean"), patterns.SPREAD, level=1)
    yield ShellLine(words("visit_mean", visit=visit), patterns.SPREAD, level=1)
    yield ShellLine(words("mean_change", level=level), patterns.CENTRE, level=1)
    yield from _p_values(context, analysis.tests)


def _p_values(context: Context, tests: Iterable[str]) -> Iterator[ShellLine]:
    for test in tests:
        name = context.words("p", test=context.words(f"test_{test}"))
        yield ShellLine(name, patterns.P, level=1)


def _visits(context: Context) -> list[str]:
    """Baseline and the analysis visits with a window of their own."""
    weeks = [window.week for window in context.study.protocol.analysis_windows.rows]
    named = [f"{context.words('week')} {formats.count(week)}" for week in weeks]
    return [context.words("baseline"), *named]
