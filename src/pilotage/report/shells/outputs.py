"""Each output as an empty shell: its heads and lines, with patterns where numbers will stand."""

from dataclasses import replace

from pilotage.report import patterns
from pilotage.report.context import Context
from pilotage.report.document import LAYOUTS
from pilotage.report.layouts.change_table import change_shell
from pilotage.report.layouts.sheet import EVENTS, INTERVAL, VALUE, Sheet, sheet
from pilotage.report.layouts.shell_lines import ShellLine
from pilotage.report.model import Cell, Column, Note, Part, Passage, Prose, Row, Table
from pilotage.report.provenance import DIGITS, methods_of
from pilotage.report.shells.lines import shell_lines
from pilotage.report.shells.sentences import template_text
from pilotage.study.consistency.figures import FIGURES
from pilotage.study.sap import Output

SHOWS: dict[str, tuple[str, ...]] = {
    "disposition": (VALUE,),
    "baseline": (VALUE,),
    "response": (VALUE, INTERVAL),
    "adverse events": (VALUE, INTERVAL, EVENTS),
}
"""The columns of each population in tables of analyses, as `layouts.counts` makes them."""

HEAD = {
    "disposition": "subjects",
    "baseline": "characteristic",
    "response": "outcome",
    "adverse events": "event",
}


def shell(output: Output, context: Context) -> Part:
    """The shell of an output, with its footnotes and the word that it is one."""
    made: Table | Prose
    if output.layout in SHOWS:
        made = _of_analyses(output, context)
    elif output.layout == "changes":
        made = change_shell(output, context)
    elif output.layout in FIGURES:
        made = _of_figure(output, context)
    elif output.layout == "results text":
        made = _of_sentences(output, context)
    elif output.layout == "narratives":
        made = _of_narratives(output, context)
    else:
        made = _of_rows(output, context)
    return replace(made, notes=(*made.notes, Note(_stamp(output, context))))


def _stamp(output: Output, context: Context) -> str:
    """What stands under a shell: that it is one, how it will be filled, from which sources."""
    words, methods = context.words, methods_of(output, context)
    said = [words("stamp_method", method="; ".join(methods))] if methods else []
    said.append(words("stamp_rounding", rule=words("rounding_rule")))
    said.append(words("stamp_study", digest=context.study.digest[:DIGITS]))
    said.append(words("plan_source", sources=", ".join(output.sources)))
    return " ".join([words("is_shell"), *(f"{one}." for one in said)])


def _of_analyses(output: Output, context: Context) -> Table:
    shows, made = SHOWS[output.layout], sheet(output, context)
    heads = [Column(context.words(HEAD[output.layout]))]
    for population in made.populations:
        named = f"{context.population_name(population)} (n = {patterns.COUNT})"
        if len(shows) == 1:
            heads.append(Column(named, "number"))
        else:
            heads += [Column(_head(made, show), "number", group=named) for show in shows]
    analyses = [context.analysis(name) for name in output.analyses]
    rows = [
        _row(line, made.populations, shows, analysis.populations)
        for analysis in analyses
        for line in shell_lines(context, analysis)
    ]
    return Table(
        output.id,
        context.number_of(output),
        context.text(output.title),
        tuple(heads),
        tuple(rows),
        made.notes.all(),
    )


def _row(
    line: ShellLine, populations: tuple[str, ...], shows: tuple[str, ...], asked: tuple[str, ...]
) -> Row:
    if line.heading:
        return Row((Cell(line.label),), level=line.level, heading=True)
    texts = {VALUE: line.value, INTERVAL: line.interval, EVENTS: line.events}
    cells = (Cell(texts[show] if p in asked else "") for p in populations for show in shows)
    return Row((Cell(line.label), *cells), level=line.level)


def _head(made: Sheet, show: str) -> str:
    words = made.context.words
    if show == INTERVAL:
        level = made.interval_level
        return words("interval", level=level) if level else words("interval_mixed")
    return words(show)


def _of_rows(output: Output, context: Context) -> Table:
    """Tables by subject and listings: their own heads over one row of patterns."""
    made = LAYOUTS[output.layout](output, context)
    assert isinstance(made, Table)
    cells = [Cell(context.words("subject_pattern"))]
    cells += [Cell(_pattern(column)) for column in made.columns[1:]]
    about_data = {context.words(key) for key in ("accountability", "no_accountability")}
    notes = tuple(note for note in made.notes if note.text.rstrip(".") not in about_data)
    return replace(made, rows=(Row(tuple(cells)),), notes=notes)


def _pattern(column: Column) -> str:
    return patterns.COUNT if column.align == "number" else patterns.TEXT


def _of_figure(output: Output, context: Context) -> Prose:
    """What the figure will draw, in words."""
    words = context.words
    named = [context.text(context.analysis(name).label) for name in output.analyses]
    measured = context.study.protocol.parameters
    named += [context.text(measured[name].label) for name in output.parameters if name in measured]
    drawn = words(f"figure_{output.layout.replace(' ', '_')}")
    said = [Cell(f"{drawn}.")]
    if named:
        said.append(Cell(f"{words('figure_of')}: {'; '.join(dict.fromkeys(named))}."))
    return _prose(output, context, (Passage("", tuple(said)),))


def _of_sentences(output: Output, context: Context) -> Prose:
    text = context.study.results_text
    passages = tuple(
        Passage(
            context.text(section.title),
            tuple(
                Cell(template_text(context, context.text(one.text))) for one in section.sentences
            ),
        )
        for section in (() if text is None else text.sections)
    )
    return _prose(output, context, passages)


def _of_narratives(output: Output, context: Context) -> Prose:
    return _prose(output, context, (Passage("", (Cell(context.words("narrative_shell")),)),))


def _prose(output: Output, context: Context, passages: tuple[Passage, ...]) -> Prose:
    return Prose(
        output.id,
        context.number_of(output),
        context.text(output.title),
        passages,
        context.notes(output).all(),
        empty=context.words("no_text"),
    )
