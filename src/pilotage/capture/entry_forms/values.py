"""Answers as conditions know them: numbers in the study's unit, texts, days; missing is unknown."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from pilotage.capture.entry_forms.page import Field, FormPage
from pilotage.capture.entry_forms.scores import score_of
from pilotage.conditions import Value
from pilotage.forms.answer import Answer
from pilotage.instruments.units import IncompatibleUnits, UnknownUnit, convert, parse_number
from pilotage.snapshot.dates import partial_date

Answers = Mapping[str, Answer]


def state_of(page: FormPage, answers: Answers) -> dict[str, Value]:
    """`form.item` to value for every item of a form that has one, and `form.score` for every score
    of its instrument that has no open item; the same by the names of the state and of parameters.
    What cannot be read as a value is not there."""
    state: dict[str, Value] = {}
    for field in page.fields:
        answer = answers.get(field.item, Answer())
        value = value_of(field, answer)
        if value is not None:
            state[f"{page.code}.{field.item}"] = value
            state |= _by_other_names(field, value)
    parameters = {score: name for name, score in page.parameters}
    for score in score_of(page, answers):
        if score.total is not None:
            state[f"{page.code}.{score.code.lower()}"] = score.total
            if score.code in parameters:
                state[parameters[score.code]] = score.total
    return state


def names_given(page: FormPage) -> frozenset[str]:
    """The names without a form that the answers of this form give."""
    own = {name for field in page.fields for name, _ in field.gives}
    return frozenset(own | {name for name, _ in page.parameters})


def _by_other_names(field: Field, value: Value) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, unit in field.gives:
        if not isinstance(value, int | float) or unit is None or unit == field.unit:
            found[name] = value
        elif field.unit is not None:
            with suppress(UnknownUnit, IncompatibleUnits):
                found[name] = convert(value, field.unit, unit, analyte=field.analyte)
    return found


def value_of(field: Field, answer: Answer) -> Value:
    """The value of one answer in the unit of the study; None where there is none."""
    if not answer.value or answer.missing:
        return None
    if field.is_number or field.kind == "points":
        return number_of(field, answer.value, answer.unit)
    if field.kind in ("date", "datetime"):
        return _day(answer.value)
    return answer.value


def number_of(field: Field, text: str, unit: str) -> float | None:
    """A number in the field's unit; None for a text that is no plain number, for a number without
    its unit, and for a unit that does not lead to that of the study."""
    value = parse_number(text, unit or None).value
    if value is None or not (field.units or field.unit):
        return value
    if not unit:
        return None
    if field.unit is None or unit == field.unit:
        return value
    try:
        return convert(value, unit, field.unit, analyte=field.analyte)
    except (UnknownUnit, IncompatibleUnits):
        return None


def _day(text: str) -> date | str:
    """The day, or the text as written where it says less than one day."""
    try:
        read = partial_date(text)
    except ValueError:
        return text
    return read.first if read.first is not None and read.first == read.last else text
