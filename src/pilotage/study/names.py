"""The known name that a person most likely meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile

_LONGEST = 60
_MOST = 20


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, whatever the case; None if none is close.

    Of equally close names the one with the longer common beginning, then the first.
    """
    if not name or len(name) > _LONGEST:
        return None
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    meant = name.casefold()
    close = get_close_matches(meant, folded, n=_MOST, cutoff=0.65)
    if not close:
        return None
    likeness = [SequenceMatcher(None, found, meant).ratio() for found in close]
    best = [found for found, like in zip(close, likeness, strict=True) if like == max(likeness)]
    order = list(folded)
    return folded[min(best, key=lambda found: (-_same_start(found, meant), order.index(found)))]


def _same_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'X'?`, or nothing when no known name is close."""
    found = nearest(name, known)
    return f"; did you mean '{found}'?" if found is not None and found != name else ""


def shortened(text: str) -> str:
    """Text for a message, cut where it is longer than anyone wants to read."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def listed(names: Iterable[str]) -> str:
    """Names in quotes, for a sentence: 'a', 'b' or 'c'."""
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
