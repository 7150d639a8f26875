"""The numbers of a sentence, in digits and in words, and those that say nothing about a trial."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pilotage.publication.printed import NUMBER_WORDS

WORD = "|".join(sorted((word for word in NUMBER_WORDS if word != "both"), key=len, reverse=True))
NUMBER = (
    r"(?:-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?x\s?10\s?\^?\s?-?\d+|[eE]-?\d+)?|-?\.\d+"
    rf"|\b(?:{WORD})\b)"
)
"""A number in a pattern over the view of a sentence."""

MOST_DIGITS = 15
"""A number of more digits is no number of a trial, but a name."""

_UNITS = (
    r"(?:mg|kg|g|µg|mcg|ng|pg|ml|l|dl|mm|cm|m|mmol|µmol|nmol|iu|u|d|wk|w|mo|y|yr|yrs|h|hr|hrs|min|x"
    r"|th|fold)(?![A-Za-z])"
)
_DIGITS = re.compile(
    r"(?P<minus>(?:(?<=^)|(?<=[\s(\[=<>≤≥,;:/±|]))-)?"
    r"(?<![A-Za-z0-9_.])(?<![^\W\d_])(?<!\d,)(?<![A-Za-z]-)"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?:\s?x\s?10\s?\^?\s?(?P<power>-?\d{1,3})(?!\s?/)|[eE](?P<e>-?\d{1,3})(?![A-Za-z\d]))?"
    rf"(?![.,]?\d)(?!(?!{_UNITS})[^\W\d_])"
)
_WORDS = re.compile(
    rf"(?<![\w-])(?P<word>{WORD})(?![\w])(?!-(?:way|sided|tailed|another))", re.IGNORECASE
)
_NOT_COUNTING = re.compile(
    r"\b(?:one another|no one|one's|one of the most|one or more|at one time|one hand|zero-sum)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number of a sentence: where it stands, its value and its decimal places."""

    start: int
    end: int
    value: Decimal
    digits: int
    word: bool = False

    @property
    def whole(self) -> bool:
        return self.digits == 0 and self.value == self.value.to_integral_value() and self.value >= 0


def numerals(seen: str) -> tuple[Numeral, ...]:
    """The numbers in the view of a sentence, in their order."""
    found = [*_in_digits(seen), *_in_words(seen)]
    return tuple(sorted(found, key=lambda numeral: numeral.start))


def _in_digits(seen: str) -> Iterator[Numeral]:
    for match in _DIGITS.finditer(seen):
        digits = match["digits"].replace(",", "")
        if len(digits) > MOST_DIGITS:
            continue
        places = len(digits.partition(".")[2])
        dash = match["minus"] and not seen[: match.start()].rstrip()[-1:].isdigit()
        value = Decimal(f"-{digits}" if dash else digits)
        power = int(match["power"] or match["e"] or 0)
        if abs(power) > MOST_DIGITS - len(digits):
            continue
        if power:
            value, places = value.scaleb(power), max(places - power, 0)
        start = match.start() if dash else match.start("digits")
        yield Numeral(start, match.end(), value, places)


def _in_words(seen: str) -> Iterator[Numeral]:
    none = [match.span() for match in _NOT_COUNTING.finditer(seen)]
    for match in _WORDS.finditer(seen):
        if not any(start <= match.start() < end for start, end in none):
            value = Decimal(NUMBER_WORDS[match["word"].lower()])
            yield Numeral(match.start(), match.end(), value, 0, word=True)


# -- what is left out ------------------------------------------------------------------------------

NUMBER_OF_A_DISPLAY = "numbers of tables, figures and sections"
_LIST = r"\d+[A-Za-z]?(?:\s*(?:,|;|and|or|to|-)\s*[A-Z]?\d+[A-Za-z]?)*"
LEFT_OUT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "levels of intervals",
        re.compile(
            r"\b\d\d(?:\.\d)? ?%[- ](?:CIs?\b|C\.I|confidence|credible|CrIs?\b)", re.IGNORECASE
        ),
    ),
    ("citations", re.compile(r"\[\d+(?:\s*[-,;]\s*\d+)*\]")),
    ("citations", re.compile(r"(?<=[a-z.,)])\^\d+(?:[-,]\d+)*(?![\d.])")),
    ("citations", re.compile(r"\((?:[^()]{0,80}\b)?et al\.?,? (?:19|20)\d\d[a-z]?(?:;[^()]*)?\)")),
    (
        NUMBER_OF_A_DISPLAY,
        re.compile(
            r"\b(?:tables?|fig(?:ure)?s?\.?|appendix|appendices|sections?|refs?\.?|references?|eqs?\.?"
            rf"|equations?|box|panel|chapter|supplement(?:ary)?(?: \w+)?|online)\s+(?:S|e)?{_LIST}",
            re.IGNORECASE,
        ),
    ),
    (
        "parts of units",
        re.compile(
            r"(?:(?<=/)|(?<=per )|(?<=/ ))(?:1\.73|1,?000(?:,?000)?|100(?:,000)?|10,000)"
            r"(?=\s?(?:m2|m\^2|m²|patient|person|subject|women|men|population|live|\w*-years))"
            r"|(?<=\d )x\s?10\^?\d+(?=\s?/)|(?<=\dx)10\^\d+(?=\s?/)"
        ),
    ),
    ("parts of units", re.compile(r"(?<=[A-Za-z])\^?-?[23](?![\w.])(?<=[mM][23]|[\^\-][23])")),
)
"""What a number is that says nothing about a trial, and how it looks."""
NAMES = "digits in names"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stretch with digits that are no number of the trial, and what they are."""

    start: int
    end: int
    what: str


def left_out(seen: str) -> tuple[LeftOut, ...]:
    """Every stretch that is left out, in its order; none overlaps another."""
    found = [
        LeftOut(match.start(), match.end(), what)
        for what, pattern in LEFT_OUT
        for match in pattern.finditer(seen)
    ]
    apart: list[LeftOut] = []
    for each in sorted(found, key=lambda each: (each.start, -each.end)):
        if not apart or each.start >= apart[-1].end:
            apart.append(each)
    return tuple(apart)
