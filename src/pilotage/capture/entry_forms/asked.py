"""Which questions are asked now, and which of them nobody has answered yet."""

from collections.abc import Mapping

from pilotage.capture.entry_forms.page import FormPage
from pilotage.capture.entry_forms.scores import score_of
from pilotage.capture.entry_forms.values import names_given, state_of
from pilotage.conditions import Value, holds
from pilotage.forms.answer import Answer

Known = Mapping[str, Value]


def asked(page: FormPage, answers: Mapping[str, Answer], known: Known) -> frozenset[str]:
    """The items that are asked: those without a condition, and those whose condition is not known
    to be false. While it is unknown the question is asked; it is never hidden in silence.

    The form's own answers go before what is known of the subject otherwise.
    """
    state = whole_state(page, answers, known)
    return frozenset(
        field.item
        for field in page.fields
        if field.when is None or holds(field.when, state) is not False
    )


def open_items(page: FormPage, answers: Mapping[str, Answer], known: Known) -> tuple[str, ...]:
    """The required items that are asked and open, in the order of the form: while there is one, the
    form is not complete. Instruments ask only for what a score still needs."""
    now = asked(page, answers, known)
    needed = _needed(page, answers)
    return tuple(
        field.item
        for field in page.fields
        if field.required
        and field.item in now
        and answers.get(field.item, Answer()).is_open
        and (field.kind != "points" or field.item in needed)
    )


def whole_state(page: FormPage, answers: Mapping[str, Answer], known: Known) -> dict[str, Value]:
    """What is known otherwise, with the form's own answers in place of what was answered before."""
    own = f"{page.code}."
    given = names_given(page)
    before = {
        name: value
        for name, value in known.items()
        if not name.startswith(own) and name not in given
    }
    return before | state_of(page, answers)


def _needed(page: FormPage, answers: Mapping[str, Answer]) -> frozenset[str]:
    """The items of an instrument that some score needs, given the other answers."""
    return frozenset(item for score in score_of(page, answers) for item in score.open_items)
