"""Reads a report that was written: every text of report.html that tells of results, and which."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from pilotage.publication.gate.numbers import plain

Kind = Literal["sentence", "cell", "answer"]
_KINDS: dict[str, Kind] = {"span": "sentence", "td": "cell", "dd": "answer"}
_LEFT_OUT = ("sup", "small", "style", "script")
_DETAILS = "details"
"""The numbers behind a drawing are a table of their own, folded away: they are no finished text."""
_VOID = ("img", "br", "hr", "meta", "link", "col", "input")


@dataclass(frozen=True, slots=True)
class Told:
    """A text of the report and the RESULTIDs that it tells of. `part` is the identifier of the
    table, figure or section; `passage` the heading and `at` the place among its sentences."""

    part: str
    kind: Kind
    text: str
    results: tuple[str, ...]
    passage: str = ""
    at: int = 0

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if self.kind == "sentence":
            return f"{self.part}, {self.passage}, sentence {self.at}"
        return "first answers" if self.kind == "answer" else self.part


@dataclass(slots=True)
class _Reader(HTMLParser):
    """Collects the texts; keeps nothing of what it passes over."""

    told: list[Told] = field(default_factory=list)
    _part: str = ""
    _passage: str = ""
    _at: int = 0
    _open: list[str] = field(default_factory=list)
    _results: tuple[str, ...] = ()
    _depth: int = 0
    _text: list[str] = field(default_factory=list)
    _heading: list[str] | None = None

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        self._open.append(tag)
        given = dict(attrs)
        if tag == "section":
            self._part, self._passage, self._at = given.get("id") or "", "", 0
        elif tag == "h3":
            self._heading, self._at = [], 0
        results = given.get("data-results")
        if results and not self._depth and tag in _KINDS and _DETAILS not in self._open:
            self._results, self._depth, self._text = tuple(results.split("\n")), len(self._open), []

    def handle_data(self, data: str) -> None:
        if any(tag in _LEFT_OUT for tag in self._open[-2:]):
            return
        if self._heading is not None:
            self._heading.append(data)
        if self._depth:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        if tag == "h3" and self._heading is not None:
            self._passage, self._heading = "".join(self._heading).strip(), None
        while self._open:
            closed = self._open.pop()
            if self._depth and len(self._open) < self._depth:
                self._close(closed)
            if closed == tag:
                break

    def _close(self, tag: str) -> None:
        kind = _KINDS.get(tag, "cell")
        self._at += kind == "sentence"
        text = plain(" ".join("".join(self._text).split()))
        at = self._at if kind == "sentence" else 0
        self.told.append(Told(self._part, kind, text, self._results, self._passage, at))
        self._results, self._depth, self._text = (), 0, []


def read_report(html: str) -> tuple[Told, ...]:
    """Every text with results, in the order of the page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.told)
