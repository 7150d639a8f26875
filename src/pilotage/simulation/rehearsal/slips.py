"""Slips of typing: what a value becomes when a hand or an eye goes astray.

Only what the item makes possible: digits of a number, the neighbour in a list, a date in the next
month or year. A text has none, nor has a picture. A slip is never equal to what was meant.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from pilotage.instruments import instruments
from pilotage.study.protocol import Form, Item, Protocol

Kind = Literal[
    "digits swapped",
    "digit lost",
    "digit doubled",
    "decimal point lost",
    "neighbouring choice",
    "another month",
    "another year",
]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
NUMBER: Final = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?(T.*)?")
YES_NO: Final = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Mistyped:
    """A wrong value, and what went wrong."""

    kind: Kind
    value: str


def slips_of_number(text: str) -> tuple[Mistyped, ...]:
    """Every slip of a plain number that gives another number; none for any other text."""
    if not NUMBER.fullmatch(text):
        return ()
    found: dict[str, Kind] = {}
    for kind, wrong in _of_digits(text):
        if NUMBER.fullmatch(wrong) and float(wrong) != float(text):
            found.setdefault(wrong, kind)
    return tuple(Mistyped(kind, wrong) for wrong, kind in found.items())


def _of_digits(text: str) -> Iterator[tuple[Kind, str]]:
    for at, digit in enumerate(text):
        if digit == ".":
            continue
        following = text[at + 1 : at + 2]
        if following.isdigit():
            yield "digits swapped", text[:at] + following + digit + text[at + 2 :]
        yield "digit lost", text[:at] + text[at + 1 :]
        yield "digit doubled", text[:at] + digit + text[at:]
    if "." in text:
        yield "decimal point lost", text.replace(".", "").lstrip("0")


def slips_of_choice(text: str, choices: Sequence[str]) -> tuple[Mistyped, ...]:
    """The answers beside the one that was meant; none where it is not in the list."""
    if text not in choices:
        return ()
    at = choices.index(text)
    beside = [*choices[max(at - 1, 0) : at], *choices[at + 1 : at + 2]]
    return tuple(Mistyped("neighbouring choice", wrong) for wrong in beside if wrong != text)


def slips_of_date(text: str) -> tuple[Mistyped, ...]:
    """The same day in the month or the year before or after, as far as the calendar has it."""
    read = DATE.fullmatch(text)
    if read is None:
        return ()
    year, month = int(read[1]), int(read[2])
    day, rest = read[3] or "", read[4] or ""
    found: list[Mistyped] = []
    for step in (-1, 1):
        moved = year * 12 + month - 1 + step
        nearby: tuple[tuple[Kind, int, int], ...] = (
            ("another month", moved // 12, moved % 12 + 1),
            ("another year", year + step, month),
        )
        for kind, other, number in nearby:
            if 1 <= other <= 9999 and int(day[1:] or 1) <= monthrange(other, number)[1]:
                found.append(Mistyped(kind, f"{other:04d}-{number:02d}{day}{rest}"))
    return tuple(found)


def possible_slips(protocol: Protocol, form: str, item: str, value: str) -> tuple[Mistyped, ...]:
    """Every slip that may happen when the value is typed into an item of a form."""
    declared = protocol.forms[form]
    question = declared.items.get(item)
    if question is None:
        return slips_of_choice(value, _points(declared, item))
    match question.type:
        case "integer" | "number":
            return slips_of_number(value)
        case "choice" | "yes_no":
            return slips_of_choice(value, _choices(protocol, question))
        case "date" | "datetime":
            return slips_of_date(value)
        case _:
            return ()


def _choices(protocol: Protocol, item: Item) -> Sequence[str]:
    if item.type == "yes_no":
        return YES_NO
    return tuple(protocol.codelists.get(item.codelist or "", ()))


def _points(form: Form, item: str) -> tuple[str, ...]:
    """The values that an item of an instrument allows, lowest first."""
    scale = instruments.get(form.instrument or "")
    own = (each for each in scale.items if each.code.lower() == item) if scale else iter(())
    return tuple(str(value) for each in own for value in sorted(each.allowed))
