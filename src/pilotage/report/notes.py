"""The footnotes of one output: each text once, with a letter where cells refer to it."""

from pilotage.report.model import Note


class Notes:
    """Collects footnotes while the cells are made; letters follow the order of first use."""

    def __init__(self) -> None:
        self._marked: dict[str, str] = {}
        self._plain: dict[str, tuple[str, ...]] = {}

    def mark(self, text: str) -> str:
        """The letter of a footnote that belongs to cells."""
        return self._marked.setdefault(_sentence(text), letter(len(self._marked)))

    def add(self, text: str, results: tuple[str, ...] = ()) -> None:
        """A footnote of the whole output."""
        if text:
            self._plain.setdefault(_sentence(text), results)

    def all(self) -> tuple[Note, ...]:
        marked = [Note(text, mark=mark) for text, mark in self._marked.items()]
        plain = [Note(text, results=results) for text, results in self._plain.items()]
        return (*marked, *plain)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def letter(place: int) -> str:
    """a to z, then aa, ab…"""
    rest, last = divmod(place, 26)
    own = chr(ord("a") + last)
    return own if rest == 0 else letter(rest - 1) + own
