"""Would the form itself ask about a value? What a site hears at once about a slip.

The web application asks more when the entries are played: it knows the other forms of the subject.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from pilotage.conditions import Condition, Value, holds, names_in
from pilotage.datasets.facts import read_target
from pilotage.forms.answer import Answer
from pilotage.instruments.units import parse_number
from pilotage.study.protocol import Form, Item, Protocol

Answers = Mapping[str, Answer]


def is_asked_about(
    protocol: Protocol, form: str, typed: Answers, meant: Answers, item: str, today: date
) -> bool:
    """Does the form ask about a slip? A number outside its range, a day in the future, an end
    before its beginning, an answer to what is no longer asked, a check that fails and would not if
    all were right. What is unknown asks nothing."""
    declared = protocol.forms[form]
    question = declared.items.get(item)
    if question is not None and _is_odd(question, typed[item], today):
        return True
    if item in _out_of_order(declared, typed) and not _out_of_order(declared, meant):
        return True
    now, true = _state(protocol, form, typed), _state(protocol, form, meant)
    conditions = [each.when for each in declared.items.values() if each.when is not None]
    conditions += [check.holds for check in declared.checks]
    return any(
        isinstance(condition, Condition)
        and f"{form}.{item}" in names_in(condition)
        and holds(condition, now) is False
        and holds(condition, true) is not False
        for condition in conditions
    )


def _out_of_order(form: Form, answers: Answers) -> set[str]:
    """The items of an end that lies before its beginning."""
    found, begun = set[str](), dict[object, str]()
    for code, item in form.items.items():
        target = read_target(item.target)
        place, value = (target.domain, target.where), answers.get(code, Answer()).value
        if target.variable.endswith("STDTC"):
            begun[place] = code
        elif target.variable.endswith("ENDTC") and place in begun and value:
            first = answers.get(begun[place], Answer()).value
            if value[: len(first)] < first[: len(value)]:
                found |= {begun[place], code}
    return found


def _is_odd(item: Item, answer: Answer, today: date) -> bool:
    """Is it a day in the future, or a number outside the range that the item names?"""
    if item.type in ("date", "datetime"):
        return answer.value[:10] > today.isoformat()
    value = parse_number(answer.value, answer.unit or None).value
    if item.range is None or value is None or answer.unit not in ("", item.unit):
        return False
    return not min(item.range) <= value <= max(item.range)


def _state(protocol: Protocol, form: str, answers: Answers) -> dict[str, Value]:
    return dict(_values(protocol, form, answers))


def _values(protocol: Protocol, form: str, answers: Answers) -> Iterator[tuple[str, Value]]:
    """The answers of the form as conditions name them; of another unit than the item's, nothing."""
    for code, answer in answers.items():
        if answer.missing or not answer.value:
            continue
        item = protocol.forms[form].items.get(code)
        if item is None or item.type in ("integer", "number"):
            if item is None or answer.unit in ("", item.unit):
                yield f"{form}.{code}", parse_number(answer.value, answer.unit or None).value
        else:
            yield f"{form}.{code}", answer.value
