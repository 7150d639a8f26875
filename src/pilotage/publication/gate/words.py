"""Numbers that belong to the words of a study: 'grade 2 or worse', 'more than 18 %', 'one year'."""

from collections.abc import Iterator
from fractions import Fraction

from pilotage.publication.gate.numbers import numbers_in
from pilotage.study import Study
from pilotage.study.placeholders import Asked, read_template
from pilotage.study.protocol import Label


def numbers_of_words(study: Study) -> frozenset[Fraction]:
    """Every number that a sentence may have by its words: in the sentence as the study writes it,
    in the labels of analyses, populations and parameters, in what answers are called, in the steps
    of dose."""
    return frozenset(number.value for text in _texts(study) for number in numbers_in(text))


def _texts(study: Study) -> Iterator[str]:
    text = study.results_text
    for section in () if text is None else text.sections:
        for sentence in section.sentences:
            for written in _every(sentence.text):
                yield from (p for p in read_template(written) if isinstance(p, str))
                yield from (noun for noun in _nouns(written))
    for analysis in study.sap.analyses:
        yield from _every(analysis.label)
    for population in study.sap.populations.values():
        yield from _every(population.label)
    for parameter in study.protocol.parameters.values():
        yield from _every(parameter.label)
    for codelist in study.protocol.codelists.values():
        for label in codelist.values():
            yield from _every(label)
    for step in study.protocol.treatment.ladder:
        yield step.step


def _nouns(template: str) -> Iterator[str]:
    for piece in read_template(template):
        if isinstance(piece, Asked) and piece.nouns is not None:
            yield from piece.nouns


def _every(label: Label) -> Iterator[str]:
    """A label in each language."""
    yield from [label] if isinstance(label, str) else label.values()
