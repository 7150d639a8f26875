"""What is known of a subject from its other forms, by the names that conditions use."""

from collections.abc import Iterable, Mapping

from pilotage.capture.entry_forms.page import fields_of
from pilotage.capture.entry_forms.values import state_of
from pilotage.conditions import Value
from pilotage.forms.answer import Answer
from pilotage.study import Study

Filled = tuple[str, Mapping[str, Answer]]
"""A form and what was answered in it."""


def known_of(study: Study, filled: Iterable[Filled]) -> dict[str, Value]:
    """Every name that the filled forms give a value to, earlier forms first: the last value of a
    name counts. A form that the study does not have says nothing."""
    known: dict[str, Value] = {}
    for form, answers in filled:
        if form in study.protocol.forms:
            known |= state_of(fields_of(study, form), answers)
    return known
