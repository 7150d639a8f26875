"""The numbers of a text with their places: what a reader sees, and what stands before them."""

import re
from dataclasses import dataclass
from fractions import Fraction

from pilotage.publication.claims import Comparator
from pilotage.publication.printed import printed_numbers

_SPACES = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})
_MINUS = "-−"
_SIGNS: dict[str, Comparator] = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}


@dataclass(frozen=True, slots=True)
class Seen:
    """A number in a text, from `start` to `end`, with the sign of a limit before it."""

    text: str
    value: Fraction
    digits: int
    comparator: Comparator
    start: int
    end: int

    @property
    def shown(self) -> str:
        """The number with the sign before it."""
        return self.text if self.comparator == "=" else f"{self.comparator}{self.text}"


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.translate(_SPACES)


def numbers_in(text: str) -> tuple[Seen, ...]:
    """Every number of the text, in digits or in words. Digits that belong to a name are none."""
    found, at = [], 0
    for number in printed_numbers(text):
        start = text.index(number.text, at)
        at = end = start + len(number.text)
        value = Fraction(number.value)
        if value > 0 and _negative(text, start):
            start, value = start - 1, -value
        sign = _SIGNS.get(text[:start].rstrip()[-1:], "=")
        found.append(Seen(text[start:end], value, number.digits, sign, start, end))
    return tuple(found)


def _negative(text: str, start: int) -> bool:
    """Is the number's minus sign one that follows a bracket or another sign?"""
    before = text[start - 1 : start]
    return (
        bool(before) and before in _MINUS and not re.match(r"[\w)\]%]", text[start - 2 : start - 1])
    )
