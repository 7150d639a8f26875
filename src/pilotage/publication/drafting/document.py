"""A paper as sentences with their places, whatever file it came in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pilotage.publication.claims import Section
from pilotage.publication.drafting.headings import Part
from pilotage.publication.drafting.sentences import sentences
from pilotage.publication.drafting.typography import clean


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: the words of its row and of its column, and where it begins in the
    sentence that is made of the three."""

    row: str
    column: str
    start: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and its place, as `published.yaml` counts: paragraphs within the section,
    sentences within the paragraph; of a table the paragraph is the table, and the sentence its
    row."""

    part: Part
    paragraph: int
    number: int
    text: str
    display: str | None = None
    cell: Cell | None = None
    cited: bool = False
    """Did it cite other work, in marks that do not stand in the text any more?"""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a part; a legend says of which table or figure it is."""

    part: Part
    text: str
    display: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, every row as wide as the widest. A cell that spans several stands in each of
    them."""

    part: Part
    display: str
    heads: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as it was read. `dropped`: texts that are no sentences (page numbers, citations), by
    what they are."""

    title: str
    sentences: tuple[Sentence, ...]
    dropped: tuple[tuple[str, str], ...] = ()
    headings: bool = True


@dataclass(slots=True)
class Blocks:
    """What a reader finds, in the order of the paper."""

    title: str = ""
    found: list[Block | Table] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)

    def document(self, *, headings: bool) -> Document:
        """Its sentences, counted."""
        return Document(
            clean(self.title), tuple(_counted(self.found)), tuple(self.dropped), headings
        )


CITED = "\ue001"
"""Stands for a citation that a reader has dropped, until sentences are cut."""


_IN_BRACKETS = re.compile(rf"\s?[\[(](?=[^\])]{{0,80}}{CITED})[{CITED}\s,;–-]*[\])]")


def _counted(blocks: Iterable[Block | Table]) -> Iterable[Sentence]:
    paragraphs: dict[Part, int] = {}
    for block in blocks:
        part: Part = "tables" if isinstance(block, Table) and _section(block.part) else block.part
        number = paragraphs.get(part, 0) + 1
        made = (
            list(_cells(block, part, number))
            if isinstance(block, Table)
            else list(_sentences(block, number))
        )
        if made:
            paragraphs[part] = number
        yield from made


def _section(part: Part) -> bool:
    return part not in ("references", "back matter")


def _sentences(block: Block, paragraph: int) -> Iterable[Sentence]:
    whole = clean(_IN_BRACKETS.sub(CITED, block.text))
    for number, text in enumerate(sentences(whole), start=1):
        words = clean(text.replace(f" {CITED}", "").replace(CITED, ""))
        if words:
            cited = CITED in text
            yield Sentence(block.part, paragraph, number, words, block.display, cited=cited)


def _cells(table: Table, part: Part, paragraph: int) -> Iterable[Sentence]:
    """Each head once, and each cell with the words of its row and its column."""
    columns = tuple(_column(table.heads, at) for at in range(_width(table)))
    for at, head in enumerate(columns):
        if head and head not in columns[:at]:
            yield Sentence(part, paragraph, 1, head, table.display)
    for number, row in enumerate(table.rows, start=1 + len(table.heads)):
        label = row[0] if row else ""
        if label:
            yield Sentence(part, paragraph, number, label, table.display)
        for at in range(1, len(row)):
            if row[at] and (row[at] != row[at - 1] or at == 1):
                if row[at] == label:
                    continue
                yield _cell(table, part, paragraph, number, label, columns[at], row[at])


def _cell(
    table: Table, part: Part, paragraph: int, number: int, row: str, column: str, text: str
) -> Sentence:
    before = " | ".join(words for words in (row, column) if words)
    before = f"{before}: " if before else ""
    cell = Cell(row, column, len(before))
    return Sentence(part, paragraph, number, before + text, table.display, cell)


def _column(heads: tuple[tuple[str, ...], ...], at: int) -> str:
    words = [row[at] for row in heads if at < len(row) and row[at]]
    return " ".join(dict.fromkeys(words))


def _width(table: Table) -> int:
    return max((len(row) for row in (*table.heads, *table.rows)), default=0)


def section_of(part: Part) -> Section | None:
    """The section of `published.yaml`; None for what is none."""
    return None if part == "references" or part == "back matter" else part
