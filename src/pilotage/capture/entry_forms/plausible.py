"""Laboratory lines that are more likely to be a slip of the pen than a result."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from pilotage.capture.entry_forms.page import Field, FormPage
from pilotage.capture.entry_forms.unit_words import unit_words
from pilotage.capture.entry_forms.values import number_of
from pilotage.datasets.laboratory_findings import FRACTION_BELOW
from pilotage.forms.answer import Answer
from pilotage.instruments.ctcae import TERMS
from pilotage.instruments.units import UnknownUnit, counts_single_cells, parse_number
from pilotage.study import Study

About = tuple[str, tuple[str, ...], str]
"""The id of a question about answers, the items, and the words."""

REPORTED: Final = ("<", ">", "≤", "≥")
"""How a laboratory begins a result that lies beyond what it can measure."""


def about_laboratory(
    study: Study, page: FormPage, answers: Mapping[str, Answer]
) -> Iterator[About]:
    """Limits of normal the wrong way round, parts of a cell, values that no one lives with."""
    for field in page.fields:
        answer = answers.get(field.item, Answer())
        if not field.is_laboratory or not answer.value or answer.missing:
            continue
        place = f"{page.code}.{field.item}"
        low, high = (parse_number(text, answer.unit or None).value
                     for text in (answer.low, answer.high))  # fmt: skip
        if low is not None and high is not None and low > high:
            words = _(
                "%(label)s: the lower limit of normal %(low)s is above the upper one %(high)s"
            )
            said = words % {"label": field.label, "low": answer.low, "high": answer.high}
            yield f"{place}.limits", (field.item,), said
        if _unlikely(study, field, answer):
            words = _(
                "%(label)s is %(value)s %(unit)s, which is hardly possible: is the unit right?"
            )
            said = words % {
                "label": field.label,
                "value": answer.value,
                "unit": unit_words(answer.unit),
            }
            yield f"{place}.unit", (field.item,), said


def _unlikely(study: Study, field: Field, answer: Answer) -> bool:
    """A fraction of a cell, or a value above 0 and below what its toxicity term calls possible."""
    written = parse_number(answer.value, answer.unit or None).value
    if written is None:
        return False
    if _cells(answer.unit) and 0 < written < FRACTION_BELOW and written % 1:
        return True
    parameter = study.protocol.parameters.get(field.analyte or "")
    value = number_of(field, answer.value, answer.unit)
    if parameter is None or not parameter.grade or value is None or parameter.unit != field.unit:
        return False
    return 0 < value < TERMS[parameter.grade].least


def _cells(unit: str) -> bool:
    try:
        return counts_single_cells(unit)
    except UnknownUnit:
        return False
