"""The text of the results: the study's sentences with their numbers, each from a result."""

from collections.abc import Iterable
from dataclasses import replace

from pilotage.analysis.select import ANY
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.intervals import intervals_of
from pilotage.report.layouts.sheet import level_of
from pilotage.report.lookup import Found
from pilotage.report.model import Cell, Passage, Prose
from pilotage.report.notes import Notes
from pilotage.report.sentence_numbers import Number, in_sentence, number_of
from pilotage.study.consistency.results_text import labelled
from pilotage.study.placeholders import EACH, Asked, Named, Piece, read_template
from pilotage.study.plan_statistics import SIGNIFICANT, bounds
from pilotage.study.sap import ChangeAnalysis, EventsAnalysis, Output


def results_text(output: Output, context: Context) -> Prose:
    """Every sentence of the study's results_text.yaml."""
    text = context.study.results_text
    sections = () if text is None else text.sections
    passages = [
        Passage(
            context.text(section.title),
            tuple(sentence(context, context.text(one.text)) for one in section.sentences),
        )
        for section in sections
    ]
    notes = context.notes(output)
    templates = [context.text(one.text) for section in sections for one in section.sentences]
    _tell_methods(context, notes, templates)
    return Prose(
        output.id,
        context.number_of(output),
        context.text(output.title),
        tuple(passages),
        notes.all(),
        empty=context.words("no_text"),
    )


def _tell_methods(context: Context, notes: Notes, templates: Iterable[str]) -> None:
    """How the intervals of the text are made, what stands beside a zero, and which level the
    visits with a small P value are below: told once."""
    asked = [p for text in templates for p in read_template(text) if isinstance(p, Asked)]
    bounded = {
        piece.analysis: context.analysis(piece.analysis)
        for piece in asked
        if piece.statistic == "interval" or (piece.form == "share" and _is_zero(context, piece))
    }
    notes.add(intervals_of(context, bounded.values()))
    zeros = [p for p in asked if p.form == "share" and _is_zero(context, p)]
    for level in dict.fromkeys(level_of(context.analysis(piece.analysis)) for piece in zeros):
        notes.add(context.words("up_to_rule", level=level))
    for piece in asked:
        analysis = context.analysis(piece.analysis)
        if piece.statistic == SIGNIFICANT and isinstance(analysis, ChangeAnalysis):
            level = formats.plain(context.study.sap.significance)
            test = context.words(f"test_{analysis.tests[0]}")
            notes.add(context.words("significance_rule", level=level, test=test))


def _is_zero(context: Context, asked: Asked) -> bool:
    """Does the place show a count of 0 beside the upper end of its interval?"""
    if asked.level == EACH:
        if isinstance(context.analysis(asked.analysis), EventsAnalysis):
            return False  # of terms only those are told that somebody had
        levels = context.results.levels(asked.analysis, asked.population)
        return any(_is_zero(context, replace(asked, level=name)) for name in levels)
    return (
        number_of(context, asked).value == 0
        and bounds(context.analysis(asked.analysis)) is not None
    )


def sentence(context: Context, template: str) -> Cell:
    """A sentence with its numbers. What has no result says so in its place and, behind the
    sentence, why; a sentence without any result is its subject and the reason alone."""
    text, told = "", False
    results: list[str] = []
    missing: dict[str, Found] = {}
    for piece in read_template(template):
        words, found = _said(context, piece, start=not text.strip())
        text = _continued(text, words)
        results += [row.id for row in found]
        told = told or any(row.value is not None for row in found)
        if words.startswith(ABSENT):
            missing |= {row.reason: row for row in found if row.value is None and row.reason}
    if missing and not told:
        parts = [f"{_subject(context, row)}: {_why(context, row)}" for row in missing.values()]
        text = f"{'; '.join(parts)}."
    elif missing:
        reasons = "; ".join(missing)
        text = f"{text.rstrip()} ({context.words('because', reason=reasons)})"
    return Cell(unbroken(text.strip()), tuple(dict.fromkeys(results)))


def _continued(text: str, words: str) -> str:
    """The text with what follows: 'P = ' and '<0.0001' make 'P <0.0001'."""
    bound = words.startswith(("<", ">"))
    return (text.removesuffix("= ") if bound else text) + words


ABSENT = "["
"""Begins what stands where there is no number."""


def absent(context: Context, row: Found | None) -> str:
    """'[not collected]' in the place of a number."""
    return f"{ABSENT}{_status(context, row)}]"


def unbroken(text: str) -> str:
    """No line ends between a number and its per cent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _status(context: Context, row: Found | None) -> str:
    collected = row is None or row.status != "not collected"
    return context.words("no_result" if collected else "not_collected")


def _why(context: Context, row: Found) -> str:
    return f"{_status(context, row)} ({row.reason})"


def _subject(context: Context, row: Found) -> str:
    analysis, _, _ = row.id.partition("/")
    return context.text(context.analysis(analysis).label)


def _said(context: Context, piece: Piece, *, start: bool) -> tuple[str, list[Found]]:
    match piece:
        case str():
            return piece, []
        case Named():
            label = labelled(context.study.protocol, context.study.sap)[piece.name]
            return in_sentence(context.text(label), start=start), []
        case Asked():
            if piece.level == EACH:
                return _each(context, piece)
            number = number_of(context, piece)
            return _shown(context, number, piece, start=start), list(number.rows)


def _shown(context: Context, number: Number, asked: Asked, *, start: bool) -> str:
    if number.text is None:
        return absent(context, number.rows[0] if number.rows else None)
    if asked.nouns is not None:
        one, many = asked.nouns
        return f"{number.text} {one if number.value == 1 else many}"
    if asked.statistic == "visit":
        return in_sentence(number.text, start=start)
    return number.text


def _each(context: Context, asked: Asked) -> tuple[str, list[Found]]:
    """'mild 7/8 (88 %), severe 3/3 (100 %)': every level, in the order of the study."""
    analysis = context.analysis(asked.analysis)
    event = isinstance(analysis, EventsAnalysis)
    variable = analysis.term if isinstance(analysis, EventsAnalysis) else analysis.by or ""
    codes = context.codes(variable)
    levels = context.results.levels(asked.analysis, asked.population)
    names = codes.ordered(name for name in levels if name is not None and name != ANY)
    parts: list[str] = []
    rows: list[Found] = []
    for name in names:
        number = number_of(context, replace(asked, level=name))
        if event and not number.value:
            continue  # of the terms that the study declares, those that somebody had
        label = in_sentence(codes.heading(name), start=False)
        colon = ":" if asked.nouns else ""
        parts.append(f"{label}{colon} {_shown(context, number, asked, start=False)}")
        rows += number.rows
    if not parts:
        nothing = context.results.nothing(asked.analysis, asked.population)
        return (absent(context, nothing), [nothing]) if nothing else (context.words("nobody"), [])
    return ", ".join(parts), rows
