"""The lines that each kind of analysis will fill, with patterns instead of numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotage.analysis.categories import declared
from pilotage.report import formats, patterns
from pilotage.report.context import Context
from pilotage.study.parameters_read import codes_read
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


def declared_levels(context: Context, labels: Iterable[str]) -> list[str]:
    """The declared names, each once; a line for all of them where none is declared."""
    named = [label[:1].upper() + label[1:] for label in dict.fromkeys(labels)]
    return named or [context.words("each_value")]


def proportion(context: Context, analysis: ProportionAnalysis, label: str) -> Iterator[ShellLine]:
    """One line: how many of how many, and the interval."""
    yield ShellLine(label, patterns.SHARE, patterns.INTERVAL if analysis.intervals else "")


def categories(context: Context, analysis: CategoriesAnalysis, label: str) -> Iterator[ShellLine]:
    """A line for each category; an answer yes or no takes one."""
    if context.codes(analysis.variable).yes_no:
        yield ShellLine(label, patterns.SHARE)
        return
    yield ShellLine(label, heading=True)
    for name in _declared(context, analysis, analysis.variable):
        yield ShellLine(name, patterns.SHARE, level=1)


def events(context: Context, analysis: EventsAnalysis, label: str) -> Iterator[ShellLine]:
    """Any event, then each term."""
    yield ShellLine(label, heading=True)
    for name in (context.words("any_event"), *_declared(context, analysis, analysis.term)):
        yield ShellLine(name, patterns.SHARE, patterns.INTERVAL, patterns.COUNT, 1)


def summary(context: Context, analysis: SummaryAnalysis, label: str) -> Iterator[ShellLine]:
    """Descriptive statistics, or a line for each visit."""
    words = context.words
    if analysis.by_visit:
        yield ShellLine(f"{label}, {words('mean_sd_n')}", heading=True)
        for name in visits(context):
            yield ShellLine(name, f"{patterns.SPREAD}, {patterns.COUNT}", level=1)
        return
    yield ShellLine(label, heading=True)
    yield ShellLine(words("n"), patterns.COUNT, level=1)
    yield ShellLine(words("mean_sd"), patterns.SPREAD, level=1)
    yield ShellLine(words("median_quartiles"), patterns.CENTRE, level=1)
    yield ShellLine(words("range"), patterns.BOUNDS, level=1)


def time_to_event(
    context: Context, analysis: TimeToEventAnalysis, label: str
) -> Iterator[ShellLine]:
    """Events, and the median in both ways."""
    words = context.words
    name = words("median_interval", level=formats.level(analysis.level))
    yield ShellLine(label, heading=True)
    yield ShellLine(words("events"), patterns.SHARE, level=1)
    yield ShellLine(name, patterns.CENTRE, level=1)
    yield ShellLine(words("median_events"), patterns.CENTRE, level=1)


def incidence(
    context: Context, analysis: CumulativeIncidenceAnalysis, label: str
) -> Iterator[ShellLine]:
    """Events, competing events, and the incidence up to the last time."""
    words = context.words
    name = words("incidence", level=formats.level(analysis.level))
    yield ShellLine(label, heading=True)
    yield ShellLine(words("events"), patterns.SHARE, level=1)
    yield ShellLine(words("competing_first"), patterns.SHARE, level=1)
    yield ShellLine(name, f"{patterns.PERCENT} ({patterns.INTERVAL})", level=1)


def design(context: Context, analysis: TwoStageDesignAnalysis, label: str) -> Iterator[ShellLine]:
    """The two stages, in one line."""
    parts = dict.fromkeys(("r1", "n1", "r", "n"), patterns.COUNT)
    yield ShellLine(label, context.words("stages", **parts))


def comparison(context: Context, analysis: ComparisonAnalysis, label: str) -> Iterator[ShellLine]:
    """A P value for each test."""
    yield ShellLine(label, heading=True)
    yield from _p_values(context, analysis.tests)


def change(context: Context, analysis: ChangeAnalysis, label: str) -> Iterator[ShellLine]:
    """Both ends, the mean change and every test; or a line for each visit."""
    words, level = context.words, formats.level(analysis.level)
    if analysis.by_visit:
        named = words("mean_change", level=level).lower()
        yield ShellLine(f"{label}: {named}", heading=True)
        for name in visits(context)[1:]:
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


def _declared(context: Context, analysis: Analysis, variable: str) -> list[str]:
    """The values that the study declares for the column, in words."""
    protocol = context.study.protocol
    read = codes_read(analysis, protocol)
    codes = context.codes(variable, read[0] if read else None)
    known = declared(analysis, variable, read, context.study)
    return declared_levels(
        context, [codes.heading(code) for code in known] or codes.labels.values()
    )


def _p_values(context: Context, tests: Iterable[str]) -> Iterator[ShellLine]:
    for test in tests:
        name = context.words("p", test=context.words(f"test_{test}"))
        yield ShellLine(name, patterns.P, level=1)


def visits(context: Context) -> list[str]:
    """Baseline and the analysis visits with a window of their own."""
    weeks = [window.week for window in context.study.protocol.analysis_windows.rows]
    named = [f"{context.words('week')} {formats.count(week)}" for week in weeks]
    return [context.words("baseline"), *named]
