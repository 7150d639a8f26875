"""The sentences of the results against the plan: every result that they name exists there."""

from collections.abc import Iterator

from pilotage.study.consistency.report import Report
from pilotage.study.names import did_you_mean
from pilotage.study.placeholders import EACH, Asked, Named, TemplateError, read_template
from pilotage.study.places import Path
from pilotage.study.plan_statistics import (
    OF_A_CATEGORY,
    SIGNIFICANT,
    made_of_several,
    statistics,
)
from pilotage.study.protocol import Label, Protocol
from pilotage.study.results_text import ResultsText
from pilotage.study.sap import AnyAnalysis, CategoriesAnalysis, EventsAnalysis, Sap


def check_results_text(report: Report, text: ResultsText, sap: Sap) -> None:
    """Sources, typed numbers, and names of results and labels, in every language."""
    known = {analysis.id: analysis for analysis in sap.analyses}
    for number, section in enumerate(text.sections):
        own: Path = ("results_text", "sections", number)
        _plain(report, (*own, "title"), section.title)
        for at, sentence in enumerate(section.sentences):
            path: Path = (*own, "sentences", at)
            report.sources(path, sentence)
            for here, words in _texts((*path, "text"), sentence.text):
                _sentence(report, here, words, known, sap)


def _texts(path: Path, label: Label) -> Iterator[tuple[Path, str]]:
    if isinstance(label, str):
        yield path, label
    else:
        yield from (((*path, language), text) for language, text in label.items())


def _plain(report: Report, path: Path, label: Label) -> None:
    for here, words in _texts(path, label):
        try:
            pieces = read_template(words)
        except TemplateError as problem:
            report.error(here, str(problem))
        else:
            if any(not isinstance(piece, str) for piece in pieces):
                report.error(here, "a title has no places for results; remove the brackets")


def _sentence(
    report: Report, path: Path, text: str, known: dict[str, AnyAnalysis], sap: Sap
) -> None:
    try:
        pieces = read_template(text)
    except TemplateError as problem:
        report.error(path, str(problem))
        return
    for piece in pieces:
        if isinstance(piece, Named):
            names = labelled(report.protocol, sap)
            if piece.name not in names:
                hint = did_you_mean(piece.name, names)
                report.error(path, f"nothing in the study is called '{piece.name}'{hint}")
        elif isinstance(piece, Asked):
            mistake = _mistake(piece, known)
            if mistake:
                report.error(path, f"there is no result '{piece.text}': {mistake}")


def _mistake(asked: Asked, known: dict[str, AnyAnalysis]) -> str:
    """What the plan does not have of it; empty where it has everything."""
    analysis = known.get(asked.analysis)
    if analysis is None:
        hint = did_you_mean(asked.analysis, known)
        return f"'{asked.analysis}' is no analysis of sap.yaml{hint}"
    if asked.population not in analysis.populations:
        hint = did_you_mean(asked.population, analysis.populations)
        named = ", ".join(analysis.populations)
        return f"{analysis.id} has no population '{asked.population}' ({named}){hint}"
    if asked.level is not None and analysis.by is None and not isinstance(analysis, EventsAnalysis):
        return f"{analysis.id} has no groups, so '{asked.level}' has no place here"
    if asked.level is None and (analysis.by is not None or isinstance(analysis, EventsAnalysis)):
        return f"{analysis.id} has several groups or terms; name one, or '{EACH}'"
    by_visit = bool(getattr(analysis, "by_visit", False))
    if by_visit and asked.statistic == SIGNIFICANT:
        if asked.week is not None:
            return f"'{SIGNIFICANT}' tells of every visit; name no week"
    elif by_visit != (asked.week is not None):
        words = "is shown by visit; name a week" if by_visit else "is not shown by visit"
        return f"{analysis.id} {words}"
    return _of_statistic(asked, analysis)


def _of_statistic(asked: Asked, analysis: AnyAnalysis) -> str:
    names = (*statistics(analysis), *made_of_several(analysis))
    category = isinstance(analysis, CategoriesAnalysis)
    if asked.statistic in names or (category and asked.statistic.startswith(OF_A_CATEGORY)):
        return ""
    offered = (*names, *(f"{begin}CODE" for begin in OF_A_CATEGORY)) if category else names
    hint = did_you_mean(asked.statistic, names) or f" ({', '.join(offered)})"
    return f"{analysis.id} has no statistic '{asked.statistic}'{hint}"


def labelled(protocol: Protocol, sap: Sap) -> dict[str, Label]:
    """Everything whose label a sentence may show, by its name."""
    summaries = {
        name: summary.label
        for classification in protocol.classifications.values()
        for name, summary in classification.summaries.items()
    }
    return {
        **{name: parameter.label for name, parameter in protocol.parameters.items()},
        **summaries,
        **{name: time.label for name, time in protocol.time_to_event.items()},
        **{name: fact.label for name, fact in protocol.subject_facts.items()},
        **{name: population.label for name, population in sap.populations.items()},
        **{analysis.id: analysis.label for analysis in sap.analyses},
    }
