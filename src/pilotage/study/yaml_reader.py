"""Reads a YAML file into plain values and remembers the line of every part.

Only the part of YAML 1.2 that a person expects is read: groups of keys, lists, text, numbers, true,
false and nothing. Keys are always text as written. Text that looks like a date, a time, an octal
number or a word such as `no` stays text. Tags, anchors, merge keys and further documents are
refused, so a small file cannot become a large value.

Source: YAML 1.2.2, chapter 10.3 (core schema), without its octal and hexadecimal numbers.
"""

import math
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pilotage.findings import Finding, error
from pilotage.study.names import shortened
from pilotage.study.places import Path
from pilotage.study.yaml_problems import in_plain_words

LARGEST_FILE = 500_000
LONGEST_LINE = 10_000
DEEPEST = 30
MOST_PARTS = 100_000
MOST_FINDINGS = 100

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,15})")
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]{0,15})(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_UNPRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True)
class YamlText:
    """What a file says (lists as tuples), the line of every part, and what is wrong with it.

    `value` is None where the file could not be read to its end. `refused` are the parts that hold
    something this reader does not take.
    """

    value: Any
    lines: dict[Path, int]
    findings: tuple[Finding, ...]
    refused: frozenset[Path] = frozenset()


def read_yaml(content: bytes, *, file: str) -> YamlText:
    """Read the bytes of a YAML file. Never raises; `file` is the name that findings show."""
    text, findings = _decoded(content, file)
    if text is None:
        return YamlText(None, {}, findings)
    builder = _Builder(file, text)
    try:
        for event in _events(text):
            if not builder.add(event):
                return YamlText(None, {}, tuple(builder.findings))
    except Exception as problem:  # the parser raises more kinds than its own on broken text
        line, message = in_plain_words(problem, text, builder.line_of, builder.line)
        first, last = builder.quoted
        if first < line == last:
            message = f"the text in quotes that opens in line {first} ends here; close it there"
        builder.complain(line, message)
        return YamlText(None, {}, tuple(builder.findings))
    if builder.value is None and not builder.findings:
        builder.complain(1, "the file is empty")
    return YamlText(
        builder.value, builder.lines, tuple(builder.findings), frozenset(builder.refused)
    )


def _decoded(content: bytes, file: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The text with plain line ends, or None and why it cannot be read."""
    if len(content) > LARGEST_FILE:
        size = f"{len(content):,} bytes; at most {LARGEST_FILE:,} are read"
        return None, (error(f"{file}:1", f"the file has {size}"),)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = len(re.split(rb"\r\n|\r|\n", content[: problem.start]))
        byte = content[problem.start]
        message = f"this line is not UTF-8 text (byte {byte:#04x}); save the file as UTF-8"
        return None, (error(f"{file}:{line}", message),)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        message = f"the character U+{ord(found[0]):04X} cannot be shown; remove it"
        return None, (error(f"{file}:{line}", message),)
    for line, written in enumerate(text.split("\n"), start=1):
        if len(written) > LONGEST_LINE:
            message = f"the line has {len(written):,} characters; at most {LONGEST_LINE:,} are read"
            return None, (error(f"{file}:{line}", message),)
    return text, ()


def _events(text: str) -> Iterator[Any]:
    """The parser's events, one after the other, so that reading can stop at any of them."""
    from ruamel.yaml import YAML

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from YAML(typ="safe", pure=True).parse(text)


@dataclass(slots=True)
class _Open:
    """A group of keys or a list whose end has not been read yet.

    A path of None marks what is read on but not kept, below something refused.
    """

    path: Path | None
    values: dict[str, Any] | list[Any]
    key: str | None = None  # of a group: the key whose value comes next
    kept: bool = True  # is the value of that key kept?
    is_key: bool = False  # it stands where a key should


@dataclass(slots=True)
class _Builder:
    """Puts the value together from the parser's events."""

    file: str
    text: str
    line: int = 1
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    refused: set[Path] = field(default_factory=set)
    documents: int = 0
    parts: int = 0
    stack: list[_Open] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    quoted: tuple[int, int] = (0, 0)  # first and last line of the latest text in quotes

    def __post_init__(self) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def complain(self, line: int, message: str) -> None:
        self.findings.append(error(f"{self.file}:{line}", message))

    def line_of(self, mark: Any) -> int:
        return bisect_right(self.starts, mark.index)

    def add(self, event: Any) -> bool:
        """Take the next event; False when reading must stop."""
        self.line = self.line_of(event.start_mark)
        self.parts += 1
        if self.parts > MOST_PARTS:
            self.complain(self.line, f"the file has more than {MOST_PARTS:,} parts")
            return False
        match type(event).__name__:
            case "ScalarEvent":
                self._refuse_marks(event)
                self._scalar(event)
            case "AliasEvent":
                self._alias(event)
            case "MappingStartEvent" | "SequenceStartEvent" as kind:
                self._refuse_marks(event)
                return self._begin({} if kind == "MappingStartEvent" else [])
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end()
            case "DocumentStartEvent":
                return self._document(event)
        return len(self.findings) < MOST_FINDINGS

    def _document(self, event: Any) -> bool:
        self.documents += 1
        if event.version or event.tags:
            directive = self.text.count("\n", 0, max(self.text.find("%"), 0)) + 1
            self.complain(directive, "lines that start with '%' are not read; remove them")
        if self.documents > 1:
            self.complain(self.line, "a second document starts here ('---'); a file holds one")
            return False
        return True

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor:
            anchor = shortened(event.anchor)
            self.complain(self.line, f"the anchor '&{anchor}' is not read; remove it")
        if event.tag:
            tag = shortened(str(event.tag).replace("tag:yaml.org,2002:", "!!"))
            self.complain(self.line, f"the tag '{tag}' is not read; remove it")
            self._refuse_here()

    def _refuse_here(self) -> None:
        if not self._awaits_key() and (path := self._here()) is not None:
            self.refused.add(path)

    def _awaits_key(self) -> bool:
        here = self.stack[-1] if self.stack else None
        return here is not None and isinstance(here.values, dict) and here.key is None

    def _alias(self, event: Any) -> None:
        alias = shortened(event.anchor)
        self.complain(self.line, f"'*{alias}' repeats another part; write the part out")
        self._refuse_here()
        if self._awaits_key():
            self.stack[-1].key, self.stack[-1].kept = "", False
        else:
            self._place(None)

    def _scalar(self, event: Any) -> None:
        plain = bool(event.implicit[0])
        if event.style in ("'", '"'):
            self.quoted = self.line, self.line_of(event.end_mark)
        if self._awaits_key():
            self._key(self.stack[-1], event.value, plain=plain)
        else:
            self._place(_resolved(event.value) if plain else event.value)

    def _key(self, here: _Open, key: str, *, plain: bool) -> None:
        values, path = here.values, here.path
        assert isinstance(values, dict)
        here.key, here.kept = key, False
        if plain and key == "<<":
            self.complain(self.line, "'<<' (merge) is not read; write the keys out")
        elif plain and key == "":
            self.complain(self.line, "a key is missing before ':'")
        elif path is None:
            return
        elif key in values:
            first = self.lines[(*path, key)]
            name = shortened(key)
            message = f"the key '{name}' stands here twice, first in line {first}"
            self.complain(self.line, message)
        else:
            here.kept = True
            values[key] = None
            self.lines[(*path, key)] = self.line

    def _begin(self, values: dict[str, Any] | list[Any]) -> bool:
        if len(self.stack) >= DEEPEST:
            message = f"the file is nested more than {DEEPEST} levels deep here"
            self.complain(self.line, message)
            return False
        if self._awaits_key():
            self.complain(self.line, "a key must be text, not a list or a group of keys")
            self.stack[-1].key, self.stack[-1].kept = "", False
            self.stack.append(_Open(None, values, is_key=True))
        else:
            self.stack.append(_Open(self._here(), values))
        return True

    def _end(self) -> None:
        done = self.stack.pop()
        if not done.is_key:
            self._place(done.values if isinstance(done.values, dict) else tuple(done.values))

    def _here(self) -> Path | None:
        """The path of the value that is about to be read, with its line noted; None if not kept."""
        if not self.stack:
            self.lines[()] = 1
            return ()
        here = self.stack[-1]
        if here.path is None or not here.kept:
            return None
        if isinstance(here.values, dict):
            return (*here.path, here.key or "")
        path = (*here.path, len(here.values))
        self.lines.setdefault(path, self.line)
        return path

    def _place(self, value: Any) -> None:
        """Put a finished value where it belongs."""
        path = self._here()
        if not self.stack:
            self.value = value
            return
        here = self.stack[-1]
        if isinstance(here.values, list):
            here.values.append(value)
            return
        if path is not None:
            here.values[str(path[-1])] = value
        here.key, here.kept = None, True


def _resolved(text: str) -> str | int | float | bool | None:
    """The value of text without quotes, by YAML's core schema; a number too large stays text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
