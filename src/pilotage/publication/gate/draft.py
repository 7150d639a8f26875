"""A draft that an author wrote or changed: its sentences beside those of the report."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path

from pilotage.findings import InputErrors, error
from pilotage.publication.gate.finished import Told, read_report
from pilotage.publication.gate.link import Linked
from pilotage.publication.gate.numbers import Seen, numbers_in, plain

LIKE = 0.5
"""A sentence of a draft is that of the report which shares at least this part of its words."""

_END = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+(?=[A-ZÁÉÍÓÚÑ¿¡0-9\"“(\[])")
_SHORT = (" vs.", " e.g.", " i.e.", " al.", " fig.", " no.", " approx.", " ca.", "(fig.", " resp.")
"""Ends of words, and not of sentences."""
_TOKEN = re.compile(r"\w+(?:[-’']\w+)*|[^\w\s]")
_NUMBER = "#"
_TEXTS = (".md", ".txt", ".text", ".markdown", "")
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "div", "br", "dd", "dt", "section")
_PASSED = ("table", "style", "script", "svg", "details", "nav", "header")
_ITEM = re.compile(r"^[ \t]*(?:#{1,6}\s+|[-*+]\s+(?=\D)|>\s?(?=[^\W\d]))", re.MULTILINE)
"""Begins a heading, a point of a list or a quotation: a text of its own. What may be a number, or
the sign before one, stays."""
_EMPHASIS = re.compile(r"[*_`]{1,3}")


@dataclass(frozen=True, slots=True)
class Beside:
    """A sentence of the draft with that of the report that it comes from, if there is one. Each
    number has the number of the report in whose place it stands."""

    text: str
    numbers: tuple[Seen, ...]
    told: Told | None
    places: tuple[Linked | None, ...]


def read_draft(path: Path) -> tuple[str, ...]:
    """The sentences of a draft: a text file, Markdown or a page. Raises InputErrors for a file that
    cannot be read as one."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise InputErrors([error(str(path), "there is no such file")]) from None
    except IsADirectoryError:
        raise InputErrors([error(str(path), "is a folder; name a file with the text")]) from None
    except UnicodeDecodeError:
        words = "is no text in UTF-8; save it as plain text, Markdown or HTML"
        raise InputErrors([error(str(path), words)]) from None
    kind = path.suffix.lower()
    if kind in (".html", ".htm"):
        if told := _of_a_report(text):
            return told
        reader = _Page()
        reader.feed(text)
        reader.close()
        return _sentences("".join(reader.text))
    if kind not in _TEXTS:
        words = f"files of the kind '{kind}' are not read; save it as .txt, .md or .html"
        raise InputErrors([error(str(path), words)])
    return _sentences(_EMPHASIS.sub("", _ITEM.sub("\n\n", text)))


def _of_a_report(html: str) -> tuple[str, ...]:
    """The sentences of a report that was written by this program and then changed."""
    return tuple(each.text for each in read_report(html) if each.kind == "sentence")


class _Page(HTMLParser):
    """The running text of a page: no tables, no drawings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._passed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PASSED:
            self._passed.append(tag)
        if tag in _BLOCKS:
            self.text.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._passed and self._passed[-1] == tag:
            self._passed.pop()
        if tag in _BLOCKS:
            self.text.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._passed:
            self.text.append(data)


def _sentences(text: str) -> tuple[str, ...]:
    found = []
    for paragraph in re.split(r"\n\s*\n", plain(text)):
        joined = " ".join(paragraph.split())
        found += _joined(part.strip() for part in _END.split(joined) if part.strip())
    return tuple(found)


def _joined(parts: Iterable[str]) -> list[str]:
    """The parts of a paragraph as sentences: one that ends with 'vs.' goes on."""
    found: list[str] = []
    for part in parts:
        if found and found[-1].casefold().endswith(_SHORT):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


# -- beside the report -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """A sentence as its words, each number as one sign, and where the numbers stand."""

    words: tuple[str, ...]
    at: tuple[int, ...]

    @classmethod
    def of(cls, text: str, numbers: Sequence[Seen]) -> "_Words":
        words: list[str] = []
        at: list[int] = []
        end = 0
        for number in numbers:
            words += _TOKEN.findall(text[end : number.start].casefold())
            at.append(len(words))
            words.append(_NUMBER)
            end = number.end
        words += _TOKEN.findall(text[end:].casefold())
        return cls(tuple(words), tuple(at))


def beside(
    sentences: Sequence[str], told: Sequence[tuple[Told, Sequence[Linked]]]
) -> tuple[Beside, ...]:
    """Each sentence of the draft that has a number, beside the sentence of the report that is most
    like it."""
    known = [(each, own, _Words.of(each.text, [one.seen for one in own])) for each, own in told]
    found = []
    for text in sentences:
        numbers = numbers_in(text)
        if not numbers:
            continue
        mine = _Words.of(text, numbers)
        like = [
            Beside(text, numbers, known[at][0], _places(mine, known[at][2], known[at][1]))
            for at in _most_like(mine, [words for _, _, words in known])
        ]
        nothing = Beside(text, numbers, None, (None,) * len(numbers))
        found.append(max(like, key=_agreeing, default=nothing))
    return tuple(found)


def _agreeing(found: Beside) -> int:
    """How many numbers of the draft are those of the report's sentence."""
    pairs = zip(found.numbers, found.places, strict=True)
    return sum(place is not None and place.seen.value == seen.value for seen, place in pairs)


def _most_like(mine: _Words, known: Sequence[_Words]) -> list[int]:
    """The sentences that are most like it: several where their words are the same."""
    matcher: SequenceMatcher[str] = SequenceMatcher(autojunk=False)
    matcher.set_seq2(mine.words)
    best: float = LIKE
    places: list[int] = []
    for at, words in enumerate(known):
        matcher.set_seq1(words.words)
        if matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        ratio = matcher.ratio()
        if ratio > best:
            best, places = ratio, []
        if ratio == best:
            places.append(at)
    return places


def _places(mine: _Words, theirs: _Words, own: Sequence[Linked]) -> tuple[Linked | None, ...]:
    """For each number of the draft the one of the report in whose place it stands."""
    number_at = {at: own[n] for n, at in enumerate(theirs.at)}
    mine_at = {at: n for n, at in enumerate(mine.at)}
    found: list[Linked | None] = [None] * len(mine.at)
    matcher = SequenceMatcher(None, theirs.words, mine.words, autojunk=False)
    for tag, low, high, first, last in matcher.get_opcodes():
        one = [number_at[at] for at in range(low, high) if at in number_at]
        other = [mine_at[at] for at in range(first, last) if at in mine_at]
        if tag == "equal" or (tag == "replace" and len(one) == len(other)):
            for linked, n in zip(one, other, strict=True):
                found[n] = linked
    return tuple(found)
