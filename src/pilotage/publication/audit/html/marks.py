"""Where the words of claims stand in a sentence: its excerpts joined, its numbers marked.

Claims of one sentence quote different parts of it, which may overlap. Parts that share words at
their ends are joined again; between others stands an ellipsis. A claim whose printed words are not
found in its own part is left to be shown after the sentence.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from pilotage.publication.claims import Claim

LEFT_OUT = " … "
"""Stands between two parts of a sentence that do not touch."""

SHARED = 2
"""So many words must be shared at least, for two parts to be joined."""

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the sentence; the claims that it is, none where it is only words."""

    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence in pieces, and the claims whose printed words do not stand in it."""

    pieces: tuple[Piece, ...]
    elsewhere: tuple[str, ...]


def marked(claims: Sequence[Claim]) -> Marked:
    """The sentence that the claims quote, with the printed words of each."""
    text = joined(claim.sentence for claim in claims)
    taken: dict[str, tuple[int, int]] = {}
    for claim in claims:
        found = _place(claim, text, list(taken.values()))
        if found is not None:
            taken[claim.id] = found
    elsewhere = tuple(claim.id for claim in claims if claim.id not in taken)
    return Marked(tuple(_pieces(text, taken)), elsewhere)


def joined(excerpts: Iterable[str]) -> str:
    """Parts of one sentence as one text: each part once, joined where they share words."""
    parts = list(dict.fromkeys(" ".join(each.split()) for each in excerpts))
    while (touching := _touching(parts)) is not None:
        one, other, both = touching
        parts[one] = both
        del parts[other]
    return LEFT_OUT.join(parts)


def _touching(parts: Sequence[str]) -> tuple[int, int, str] | None:
    """The first two parts that are one, and both as one."""
    for one, other in combinations(range(len(parts)), 2):
        both = _both(parts[one], parts[other])
        if both:
            return one, other, both
    return None


def _both(one: str, other: str) -> str:
    if _whole(other, one):
        return one
    return other if _whole(one, other) else _overlapped(one, other) or _overlapped(other, one)


def _overlapped(first: str, second: str) -> str:
    """The first and then the rest of the second, where the end of the one begins the other."""
    words, more = _WORD.findall(first), _WORD.findall(second)
    for shared in range(min(len(words), len(more)) - 1, SHARED - 1, -1):
        if words[-shared:] == more[:shared]:
            return " ".join([*words, *more[shared:]])
    return ""


# -- the place of a claim --------------------------------------------------------------------------


def _place(claim: Claim, text: str, taken: list[tuple[int, int]]) -> tuple[int, int] | None:
    """From where to where the printed words stand in the claim's own part; where they stand there
    several times, in a place that no other claim has yet."""
    excerpt, printed = " ".join(claim.sentence.split()), " ".join(claim.printed.split())
    own = _occurrences(excerpt, text)
    start = own[0] if own else 0
    places = [start + at for at in _occurrences(printed, excerpt)] if own else []
    spans = [(at, at + len(printed)) for at in places]
    free = [span for span in spans if span not in taken]
    return next(iter(free or spans), None)


def _occurrences(part: str, text: str) -> list[int]:
    """Where the part stands as whole words; where it never does, wherever it stands."""
    return _whole(part, text) or _everywhere(part, text)


def _whole(part: str, text: str) -> list[int]:
    return [at for at in _everywhere(part, text) if _is_whole(part, text, at)]


def _everywhere(part: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(part), text)] if part else []


def _is_whole(part: str, text: str, at: int) -> bool:
    before, after = text[:at][-1:], text[at + len(part) :][:1]
    cut_before = before.isalnum() and part[:1].isalnum()
    cut_after = after.isalnum() and part[-1:].isalnum()
    return not cut_before and not cut_after


def _pieces(text: str, taken: dict[str, tuple[int, int]]) -> Iterable[Piece]:
    """The text cut at the claims; claims that overlap are one piece."""
    at = 0
    for begin, end, names in _clusters(taken):
        if begin > at:
            yield Piece(text[at:begin])
        yield Piece(text[begin:end], names)
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _clusters(taken: dict[str, tuple[int, int]]) -> list[tuple[int, int, tuple[str, ...]]]:
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for name, (begin, end) in sorted(taken.items(), key=lambda each: each[1]):
        if found and begin < found[-1][1]:
            first, last, names = found[-1]
            found[-1] = (first, max(last, end), (*names, name))
        else:
            found.append((begin, end, (name,)))
    return found
