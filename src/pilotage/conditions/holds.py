"""Whether a condition holds for one subject: True, False or unknown (None).

Kleene's three-valued logic: a false part makes `and` false and a true part makes `or` true,
whatever else is unknown. A name is unknown where its value is absent, None or NaN. A value of
another type than the condition needs (a text where a number is compared, a date, a truth value)
makes that comparison unknown too, but the value is not missing. `columns` answers the same.
"""

import math
import numbers
import operator
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal

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
)

Value = float | int | str | date | None
State = Mapping[str, Value]

_COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(condition: Condition, state: State) -> bool | None:
    """True, False, or None where it cannot be known. Never raises for missing or odd values."""
    match condition:
        case Comparison(left, sign, right):
            return _compare(_value(left, state), sign, _value(right, state))
        case Between(name, low, high):
            return _and(
                _compare(_value(name, state), ">=", low.value),
                _compare(_value(name, state), "<=", high.value),
            )
        case OneOf(name, choices):
            value = _value(name, state)
            return _or(*(_compare(value, "==", choice.value) for choice in choices))
        case IsMissing(name):
            return _missing(state.get(name.name))
        case Not(part):
            answer = holds(part, state)
            return None if answer is None else not answer
        case Logical("and", parts):
            return _and(*(holds(part, state) for part in parts))
        case Logical(_, parts):
            return _or(*(holds(part, state) for part in parts))
    raise TypeError(f"{condition!r} is not a condition")


def unknown_names(condition: Condition, state: State) -> tuple[str, ...]:
    """The names that keep the answer unknown, in order of use; empty when the answer is known.

    A part that is known already, whatever its names hold, adds none. A name whose value has the
    wrong type for its comparison counts, since no answer can come from it.
    """
    return tuple(dict.fromkeys(_unknown(condition, state)))


def _unknown(condition: Condition, state: State) -> Iterator[str]:
    if holds(condition, state) is not None:
        return
    match condition:
        case Comparison(left, _, right):
            yield from _unknown_operands(left, right, state)
        case Between(name) | OneOf(name):
            yield name.name
        case Not(part):
            yield from _unknown(part, state)
        case Logical(_, parts):
            for part in parts:
                yield from _unknown(part, state)


def _unknown_operands(left: Operand, right: Operand, state: State) -> list[str]:
    """The missing ones; where none is missing, their types do not fit and each name counts."""
    names = [side.name for side in (left, right) if isinstance(side, Name)]
    return [name for name in names if _missing(state.get(name))] or names


def _value(operand: Operand, state: State) -> object:
    return operand.value if isinstance(operand, Literal) else state.get(operand.name)


def _is_number(value: object) -> bool:
    return isinstance(value, numbers.Real | Decimal) and not isinstance(value, bool)


def _number(value: typing.Any) -> float | None:
    """The value as a number; None where it is no number, or NaN."""
    if not _is_number(value):
        return None
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond every float
        number = math.inf if value > 0 else -math.inf
    except ValueError:  # a signalling NaN
        return None
    return None if math.isnan(number) else number


def _missing(value: object) -> bool:
    return value is None or (_is_number(value) and _number(value) is None)


def _compare(left: object, sign: Operator, right: object) -> bool | None:
    if isinstance(left, str) and isinstance(right, str):
        if sign == "==":
            return left == right
        return left != right if sign == "!=" else None
    first, second = _number(left), _number(right)
    return None if first is None or second is None else _COMPARE[sign](first, second)


def _and(*answers: bool | None) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _or(*answers: bool | None) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False
