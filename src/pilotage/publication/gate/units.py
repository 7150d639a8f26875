"""The word of a unit that a draft changed: '7.6 months' where the report says weeks.

Only the word directly after a number is read, and only where the report has a unit there. It is
asked about and no error: a number may be told in another unit on purpose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pilotage.publication.gate.finished import Told
from pilotage.publication.gate.link import Linked
from pilotage.publication.gate.numbers import Seen

SAME = (
    ("minute", "min", "minuto"),
    ("hour", "h", "hr", "hora"),
    ("day", "d", "día"),
    ("week", "wk", "semana"),
    ("month", "mo", "mes", "mese"),
    ("year", "yr", "año"),
    ("%", "percent"),
    ("kg", "kilogram", "kilogramo"),
    ("g", "gram", "gramo"),
    ("mg", "milligram", "miligramo"),
    ("µg", "μg", "mcg", "microgram", "microgramo"),
    ("ml", "millilitre", "milliliter", "mililitro"),
    ("cm", "centimetre", "centimeter", "centímetro"),
    ("mm", "millimetre", "millimeter", "milímetro"),
)
"""Words for the same unit, without the s of more than one."""

PASSED = frozenset({
    "a", "after", "among", "an", "and", "as", "at", "before", "but", "by", "for", "from", "in",
    "of", "on", "or", "per", "than", "that", "the", "to", "under", "versus", "vs", "was",
    "were", "when", "who", "with", "al", "con", "de", "del", "e", "en", "entre", "o", "para",
    "por", "que", "tras", "u", "y",
})  # fmt: skip
"""Words that go on with the sentence: the draft has no unit there, or has it further on."""
WITHIN = 4
"""Among so many words after the number the draft may have the unit: '7 whole weeks'."""

_NEXT = re.compile(r"\s*[-–‑]?\s*(%|[^\W\d_]+)")
_WORD = re.compile(r"%|[^\W\d_]+|[.,;:()]")
_KNOWN = {word: same[0] for same in SAME for word in same}


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """A number of a draft with another word after it than the unit that the report has there."""

    place: str
    text: str
    printed: str
    instead: str


def other_unit(told: Told, text: str, seen: Seen, place: Linked) -> Iterator[OtherUnit]:
    """The question about a number of the draft and the number of the report in whose place it
    stands; nothing where their units are the same or cannot be compared."""
    theirs, mine = _after(told.text, place.seen), _after(text, seen)
    unit = _plain(theirs)
    if not (unit in _KNOWN.values() or _is_of_the_result(unit, place)):
        return
    if not mine or mine.casefold() in PASSED or _plain(mine) == unit:
        return
    if _plain(mine) in _KNOWN.values() or unit not in map(_plain, _soon(text, seen)):
        yield OtherUnit(told.place, text, f"{seen.shown} {mine}", theirs)


def _after(text: str, number: Seen) -> str:
    """The word directly after a number; empty where there is none."""
    found = _NEXT.match(text, number.end)
    return found[1] if found else ""


def _soon(text: str, number: Seen) -> list[str]:
    """The next words of the same part of the sentence."""
    words = _WORD.findall(text, number.end)[:WITHIN]
    ends = [at for at, word in enumerate(words) if word in ".,;:()"]
    return words[: ends[0]] if ends else words


def _plain(word: str) -> str:
    """The unit as one of several words for it."""
    word = word.casefold()
    single = word.removesuffix("s") if len(word) > 2 else word
    return _KNOWN.get(word) or _KNOWN.get(single) or single


def _is_of_the_result(unit: str, place: Linked) -> bool:
    """Is it how the study calls the unit of this result?"""
    row = None if place.reading is None else place.reading.row
    first = _WORD.match(row.unit) if row is not None else None
    return bool(unit) and first is not None and unit == _plain(first[0])
