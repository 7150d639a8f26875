"""One sentence under examination: its numbers, which are taken, and the claims found so far."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pilotage.publication.drafting.document import Sentence
from pilotage.publication.drafting.numerals import (
    NAMES,
    LeftOut,
    Numeral,
    left_out,
    numerals,
)
from pilotage.publication.drafting.typography import view

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A claim as a pattern has found it. `names` are the groups and variables that it needs, under
    keys of the sentence: where two claims have the same key, they speak of the same."""

    kind: str
    start: int
    end: int
    values: tuple[tuple[str, Decimal | str], ...] = ()
    numbers: tuple[Numeral, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    """What the words say beyond the numbers: comparator, unit, role, direction."""
    open: tuple[str, ...] = ()
    """Which of these a person should look at, as the words do not settle them."""
    reading: str = ""
    ask: str = ""
    """A question to the person who completes the claim."""

    @property
    def digits(self) -> int:
        return max((number.digits for number in self.numbers), default=0)


def one(
    kind: str,
    start: int,
    end: int,
    number: Numeral,
    *,
    names: Pairs = (),
    says: Pairs = (),
    is_open: tuple[str, ...] = (),
) -> Found:
    """A claim of one number."""
    values = (("value", number.value),)
    return Found(kind, start, end, values, (number,), names, says, open=is_open)


@dataclass(slots=True)
class Scan:
    """A sentence, its view, and what of it is taken."""

    sentence: Sentence
    seen: str
    numbers: dict[int, Numeral]
    left_out: tuple[LeftOut, ...]
    found: list[Found] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    unclear: tuple[Numeral, ...] = ()
    """Numbers of which no pattern may say anything, as it is not clear where they end."""
    keys: int = 0

    @property
    def text(self) -> str:
        return self.sentence.text

    def at(self, start: int, end: int | None = None) -> Numeral | None:
        """The number that begins here, if it is whole and free."""
        number = self.numbers.get(start)
        if number is None or start in self.taken or (end is not None and number.end != end):
            return None
        return number

    def group(self, match: re.Match[str], name: str) -> Numeral | None:
        """The free number that a part of a pattern has matched."""
        return self.at(*match.span(name)) if match[name] is not None else None

    def free(self) -> tuple[Numeral, ...]:
        """The numbers that no claim has taken."""
        return tuple(number for start, number in self.numbers.items() if start not in self.taken)

    def key(self) -> str:
        """A new key for a group or a variable."""
        self.keys += 1
        return str(self.keys)

    def add(self, found: Found) -> None:
        """A claim; its numbers are taken."""
        self.found.append(found)
        self.taken |= {number.start for number in found.numbers}

    def read(self, *patterns: tuple[re.Pattern[str], "Reader"]) -> None:
        """Hand every match of each pattern to its reader, pattern by pattern."""
        for pattern, reader in patterns:
            for match in pattern.finditer(self.seen):
                reader(self, match)

    def before(self, start: int, length: int = 60) -> str:
        return self.seen[max(start - length, 0) : start]

    def after(self, end: int, length: int = 60) -> str:
        return self.seen[end : end + length]


Reader = Callable[[Scan, re.Match[str]], None]
"""Adds to a sentence what a match of a pattern says."""


def in_words(
    scan: Scan, kind: str, span: tuple[int, int], names: tuple[str, ...], says: Pairs = (),
    is_open: tuple[str, ...] = (),
) -> Found:  # fmt: skip
    """A claim without a number."""
    start, end = span
    while end > start and scan.seen[end - 1] in " ,(":
        end -= 1
    keys = tuple((name, scan.key()) for name in names)
    return Found(kind, start, end, (), (), keys, says, is_open)


_SPLIT = re.compile(r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d,]|\.\d)")
"""One number with spaces in it, or two numbers side by side."""


def scan(sentence: Sentence) -> Scan:
    """A sentence before any pattern has looked at it."""
    seen = view(sentence.text)
    without = left_out(seen)
    inside = {at for each in without for at in range(each.start, each.end)}
    split = {at for match in _SPLIT.finditer(seen) for at in range(*match.span())}
    found = [each for each in numerals(seen) if each.start not in inside]
    clear = {each.start: each for each in found if each.start not in split}
    return Scan(sentence, seen, clear, without, unclear=tuple(n for n in found if n.start in split))


_RUN = re.compile(r"\d+")


def names_with_digits(scan: Scan) -> Iterator[LeftOut]:
    """Digits of a sentence that are in no number and are not left out for another reason."""
    covered = {at for each in scan.left_out for at in range(each.start, each.end)}
    every = (*scan.numbers.values(), *scan.unclear)
    covered |= {at for each in every for at in range(each.start, each.end)}
    covered |= {
        at
        for each in scan.found
        if each.kind in ("identifier", "date")
        for at in range(each.start, each.end)
    }
    last = 0
    for match in _RUN.finditer(scan.seen):
        if match.start() >= last and not set(range(*match.span())) <= covered:
            start, last = _word(scan.seen, match, covered)
            yield LeftOut(start, last, NAMES)


def _word(seen: str, match: re.Match[str], covered: set[int]) -> tuple[int, int]:
    """The word around a run of digits, as far as nothing else has it."""
    own = [at for at in range(*match.span()) if at not in covered]
    start, end = own[0], own[-1] + 1
    while start > 0 and seen[start - 1].isalnum() and start - 1 not in covered:
        start -= 1
    while end < len(seen) and seen[end].isalnum() and end not in covered:
        end += 1
    return start, end
