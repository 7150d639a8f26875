"""The first answers: what a person asks before opening the report."""

from pilotage.conditions import Comparison, Literal, Name
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.counts import lines_of
from pilotage.report.layouts.sheet import EVENTS, INTERVAL, VALUE, Entry, Line, Sheet, sheet
from pilotage.report.model import Cell, Headline
from pilotage.study.sap import Analysis, EventsAnalysis, Output, ProportionAnalysis


def headlines(context: Context) -> tuple[Headline, ...]:
    """The headline analyses of the plan (its primary endpoints where it names none), each with an
    answer in every population, and a line that says when the data are synthetic."""
    sap = context.study.sap
    chosen = sap.headlines or tuple(a.id for a in sap.analyses if a.endpoint == "primary")
    made = [_headline(context, context.analysis(name)) for name in chosen]
    if context.datasets.synthetic:
        made.append(Headline("", (Cell(context.words("synthetic_line")),)))
    return tuple(made)


def as_lines(found: tuple[Headline, ...]) -> tuple[str, ...]:
    """The same as plain text, a line each."""
    return tuple(
        ": ".join(part for part in (line.label, "; ".join(a.text for a in line.answers)) if part)
        for line in found
    )


def _headline(context: Context, analysis: Analysis) -> Headline:
    """The lines that a table would show of the analysis, as a sentence part for each population;
    of adverse events only the line of all together."""
    made = sheet(_output(analysis), context)
    lines = [line for line in lines_of(made, analysis.id) if not line.heading]
    if isinstance(analysis, EventsAnalysis):
        lines = lines[:1]
    alone = len(lines) == 1
    answers = tuple(
        _members(made, lines[0], p)
        if alone and _asks_for_members(analysis, p)
        else _answer(made, lines, p, alone=alone)
        for p in analysis.populations
    )
    return Headline(context.text(analysis.label), answers)


def _asks_for_members(analysis: Analysis, population: str) -> bool:
    """Is the question how many belong to the population in which it is asked?"""
    return isinstance(analysis, ProportionAnalysis) and analysis.event == Comparison(
        Name(population), "==", Literal("Y")
    )


def _members(made: Sheet, line: Line, population: str) -> Cell:
    """'15 subjects': of a population itself everybody belongs to it."""
    cell = line.entries[population][VALUE]
    count, _, _ = cell.text.partition("/")
    return Cell(f"{count} {made.context.words('subjects').lower()}", cell.results)


def _output(analysis: Analysis) -> Output:
    return Output(
        id="T0",
        kind="table",
        layout="response",
        title=analysis.label,
        analyses=(analysis.id,),
        source=analysis.source,
    )


def _answer(made: Sheet, lines: list[Line], population: str, *, alone: bool) -> Cell:
    parts, used = [], []
    for line in lines:
        shown = line.entries.get(population, {})
        value = shown.get(VALUE, Cell(formats.NONE))
        label = "" if alone else f"{line.label} "
        parts.append(label + ", ".join([_value(made, value), *_beside(made, shown)]))
        used += [name for cell in shown.values() for name in cell.results]
    words = made.context.words
    name = made.context.population_name(population)
    if alone and parts[0][:1].isdigit():
        first, comma, rest = parts[0].partition(", ")
        answer = words("in_population", answer=first, population=name) + comma + rest
    else:
        answer = f"{name}: {'; '.join(parts)}"
    return Cell(answer, tuple(dict.fromkeys(used)))


def _value(made: Sheet, cell: Cell) -> str:
    """The number; where there is none, or nobody to count, also the reason."""
    absent = (formats.NONE, formats.NOBODY, made.context.words("not_collected"))
    if cell.text not in absent:
        return cell.text
    reasons = [n.text.removesuffix(".") for n in made.notes.all() if n.mark in cell.marks]
    return f"{cell.text} ({'; '.join(reasons)})" if reasons else cell.text


def _beside(made: Sheet, shown: Entry) -> list[str]:
    """The interval and the number of events, where the line has them."""
    words, parts = made.context.words, []
    if INTERVAL in shown and shown[INTERVAL].text != formats.NONE:
        level = words("interval", level=made.interval_level)
        parts.append(f"{level} {shown[INTERVAL].text}")
    if EVENTS in shown and shown[EVENTS].text != formats.NONE:
        parts.append(f"{shown[EVENTS].text} {words('events').lower()}")
    return parts
