"""The footnotes of one output: each text once, with a letter where cells refer to it."""

from collections.abc import Sequence

from pilotage.report.model import Note


class Notes:
    """Collects footnotes while the cells are made; letters follow the order of first use."""

    def __init__(self) -> None:
        self._marked: dict[str, str] = {}
        self._plain: dict[str, tuple[str, ...]] = {}
        self._codes: dict[str, dict[str, tuple[int, str]]] = {}

    def mark(self, text: str) -> str:
        """The letter of a footnote that belongs to cells."""
        return self._marked.setdefault(_sentence(text), letter(len(self._marked)))

    def add(self, text: str, results: tuple[str, ...] = ()) -> None:
        """A footnote of the whole output."""
        if text:
            self._plain.setdefault(_sentence(text), results)

    def explain(self, head: str, codes: Sequence[tuple[int, str, str]]) -> None:
        """What codes mean that the cells show: place in the order, code, label. Those of one head
        make one footnote, however many columns show some of them."""
        known = self._codes.setdefault(head, {})
        known.update({code: (place, label) for place, code, label in codes})
        self._plain.setdefault(_CODES + head, ())

    def all(self) -> tuple[Note, ...]:
        marked = [Note(text, mark=mark) for text, mark in self._marked.items()]
        plain = [Note(self._text(key), results=results) for key, results in self._plain.items()]
        return (*marked, *plain)

    def _text(self, key: str) -> str:
        if not key.startswith(_CODES):
            return key
        head = key.removeprefix(_CODES)
        ordered = sorted(self._codes[head].items(), key=lambda item: item[1])
        meaning = "; ".join(f"{code} {label}" for code, (_, label) in ordered)
        return _sentence(f"{head}: {meaning}" if head else meaning)


_CODES = "\0"
"""Begins the key of a footnote about codes."""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def letter(place: int) -> str:
    """a to z, then aa, ab…"""
    rest, last = divmod(place, 26)
    own = chr(ord("a") + last)
    return own if rest == 0 else letter(rest - 1) + own
