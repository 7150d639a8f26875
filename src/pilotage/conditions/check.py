"""What is wrong with a condition, given the names that the study declares."""

import difflib
from collections.abc import Iterator

from pilotage.conditions.namespace import Namespace, Variable
from pilotage.conditions.nodes import (
    Between,
    Comparison,
    Condition,
    IsMissing,
    Literal,
    Logical,
    Name,
    Not,
    OneOf,
    Operand,
    Operator,
    number_text,
)


def check(condition: Condition, namespace: Namespace) -> list[str]:
    """Every mistake, in the order of the text, each once; empty when there is none.

    A message begins with a verb, so that it can follow the name of what holds the condition:
    "response PR uses 'SCORE.PCGH', which this study does not declare; …".
    """
    return list(dict.fromkeys(_mistakes(condition, namespace)))


def _mistakes(condition: Condition, namespace: Namespace) -> Iterator[str]:
    match condition:
        case Comparison(left, sign, right):
            yield from _comparison(left, sign, right, namespace)
        case Between(name, low, high):
            yield from _between(name, low, high, namespace)
        case OneOf(name, choices):
            for choice in choices:
                yield from _comparison(name, "==", choice, namespace)
        case IsMissing(name):
            yield from _undeclared(name, namespace)
        case Not(part):
            yield from _mistakes(part, namespace)
        case Logical(_, parts):
            for part in parts:
                yield from _mistakes(part, namespace)


def _undeclared(name: Name, namespace: Namespace, other: Operand | None = None) -> Iterator[str]:
    if name.name in namespace:
        return
    message = f"uses '{name}', which this study does not declare"
    beside = namespace.get(other.name) if isinstance(other, Name) else None
    if beside is not None and name.name in beside.choices:
        yield f"{message}; a text stands in quotes: '{name}'"
    else:
        yield message + _nearest(name.name, namespace)


def _comparison(
    left: Operand, sign: Operator, right: Operand, namespace: Namespace
) -> Iterator[str]:
    undeclared = [
        message
        for side, other in ((left, right), (right, left))
        if isinstance(side, Name)
        for message in _undeclared(side, namespace, other)
    ]
    if undeclared:
        yield from undeclared
        return
    for side in (left, right):
        if isinstance(side, Name) and namespace[side.name].type == "date":
            yield f"compares {side}, which is a date; dates can only be used with 'is missing'"
            return
    types = {_type(left, namespace), _type(right, namespace)}
    if len(types) > 1:
        yield _different_types(left, right, namespace)
    elif types == {"text"} and sign not in ("==", "!="):
        yield f"orders texts: {left} {sign} {right}; texts can only be compared with == and !="
    else:
        yield from _values(left, right, namespace)


def _type(operand: Operand, namespace: Namespace) -> str:
    if isinstance(operand, Name):
        return namespace[operand.name].type
    return "text" if isinstance(operand.value, str) else "number"


def _different_types(left: Operand, right: Operand, namespace: Namespace) -> str:
    if isinstance(left, Literal):
        left, right = right, left
    message = (
        f"compares {left}, which is a {_type(left, namespace)}, with {_said(right, namespace)}"
    )
    if isinstance(left, Name) and isinstance(right, Literal):
        if str(right) in namespace[left.name].choices:
            return f"{message}; a text stands in quotes: '{right}'"
        if isinstance(right.value, str) and _is_number(right.value):
            return f"{message}; a number stands without quotes"
    return message


def _said(operand: Operand, namespace: Namespace) -> str:
    kind = _type(operand, namespace)
    if isinstance(operand, Name):
        return f"{operand}, which is a {kind}"
    return f"the {kind} {operand}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _values(left: Operand, right: Operand, namespace: Namespace) -> Iterator[str]:
    """Units of two names; a literal against the choices or the range of the name beside it."""
    if isinstance(left, Name) and isinstance(right, Name):
        first, second = namespace[left.name].unit, namespace[right.name].unit
        if first and second and first != second:
            yield f"compares {left} in {first} with {right} in {second}; the units differ"
        return
    if isinstance(left, Literal):
        left, right = right, left
    if isinstance(left, Name) and isinstance(right, Literal):
        yield from _value(left, right, namespace[left.name])


def _value(name: Name, literal: Literal, variable: Variable) -> Iterator[str]:
    value = literal.value
    if isinstance(value, str):
        if variable.choices and value not in variable.choices:
            yield (
                f"compares {name} with {literal}, which is not one of its choices"
                f" ({_listed(variable.choices)}){_nearest(value, variable.choices)}"
            )
    elif not _in_range(value, variable):
        yield f"compares {name} with {literal}, which is outside its range ({_range(variable)})"


def _between(name: Name, low: Literal, high: Literal, namespace: Namespace) -> Iterator[str]:
    mistakes = [
        mistake for end in (low, high) for mistake in _comparison(name, ">=", end, namespace)
    ]
    yield from mistakes
    if isinstance(low.value, float) and isinstance(high.value, float) and low.value > high.value:
        yield (
            f"asks for {name} between {low} and {high}, which nothing can be; "
            f"write {name} between {high} and {low}"
        )


def _in_range(value: float, variable: Variable) -> bool:
    above = variable.low is None or value >= variable.low
    return above and (variable.high is None or value <= variable.high)


def _range(variable: Variable) -> str:
    unit = f" {variable.unit}" if variable.unit else ""
    low = None if variable.low is None else number_text(variable.low)
    high = None if variable.high is None else number_text(variable.high)
    if low is None:
        return f"at most {high}{unit}"
    return f"at least {low}{unit}" if high is None else f"{low} to {high}{unit}"


def _listed(choices: tuple[str, ...], most: int = 8) -> str:
    shown = ", ".join(choices[:most])
    return f"{shown}, … {len(choices)} in all" if len(choices) > most else shown


def _nearest(word: str, known: "Namespace | tuple[str, ...]") -> str:
    """`; did you mean 'X'?` with the nearest known word, or nothing; letter case is no distance."""
    by_small: dict[str, str] = {}
    for candidate in known:
        by_small.setdefault(candidate.lower(), candidate)
    close = difflib.get_close_matches(word.lower(), by_small, n=1, cutoff=0.6)
    return f"; did you mean '{by_small[close[0]]}'?" if close else ""
