"""A value as an example writes it: the number, its unit and the limits of normal."""

import re
from dataclasses import dataclass

from pilotage.study.worked_examples import Answer, Written

NO_UNIT = "none"
_WITH_UNIT = re.compile(r"(?P<value>[<>]?-?[0-9][0-9.,]*) (?P<unit>\S.*)")


@dataclass(frozen=True, slots=True)
class Measured:
    """What is written into a table; `unit` is None where none is written."""

    text: str
    unit: str | None = None
    low: str | None = None
    high: str | None = None


def measured(answer: Answer, unit: str | None) -> Measured:
    """The parts of a number; `unit` is that of its item, for a number without one."""
    if isinstance(answer, Written):
        own = None if answer.unit == NO_UNIT else answer.unit
        return Measured(plain(answer.value) or "", own, plain(answer.low), plain(answer.high))
    text = plain(answer) or ""
    parts = _WITH_UNIT.fullmatch(text)
    if parts is not None and isinstance(answer, str):
        return Measured(parts["value"], parts["unit"])
    return Measured(text, unit)


def plain(value: object) -> str | None:
    """A value as a cell holds it: whole numbers without a point."""
    if value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
