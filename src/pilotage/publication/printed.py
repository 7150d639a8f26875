"""Reads the numbers in a few words of a paper: digits and English number words."""

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORDS = {
    **{word: value for value, word in enumerate(_UNITS)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    **{
        f"{ten}-{unit}": 10 * tens + units
        for tens, ten in enumerate(_TENS, start=2)
        for units, unit in enumerate(_UNITS[1:10], start=1)
    },
    "single": 1,
    "both": 2,
}
"""English number words, and what they say."""
_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER = re.compile(
    r"(?<![\w.,])(?<![^\W\d_][-–])"  # not inside a name such as C3 or CC-5013
    r"(?:(?P<minus>(?<!\S)[-−])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?![.,]?\d)"
    rf"|(?P<word>{_WORD})(?!\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed: its text, its value, and its decimal places."""

    text: str
    value: Decimal
    digits: int


def printed_numbers(text: str) -> tuple[PrintedNumber, ...]:
    """The numbers in a text, in their order.

    A comma before exactly three digits marks thousands, a point is always a decimal point. Digits
    that belong to a name (`C3`, `mm3`) are no number.
    """
    found = []
    for match in _NUMBER.finditer(text):
        if word := match["word"]:
            found.append(PrintedNumber(word, Decimal(NUMBER_WORDS[word.lower()]), 0))
        else:
            digits = match["digits"].replace(",", "")
            value = Decimal(f"-{digits}" if match["minus"] else digits)
            found.append(PrintedNumber(match[0], value, len(digits.partition(".")[2])))
    return tuple(found)


def decimals(text: str) -> int:
    """The decimal places of the most exact number in a text; 0 where there is none."""
    return max((number.digits for number in printed_numbers(text)), default=0)
