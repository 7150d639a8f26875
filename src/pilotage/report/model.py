"""What a report is made of, before any layout language: one model for HTML and PDF."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "number"]
"""`number`: numbers stand right, below each other on the decimal point."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and where it comes from, so that a number can be followed back.

    `results` are RESULTIDs, `source` is a row of a dataset (`ADSL SYN-01.1`), several a line each;
    `marks` are letters of footnotes, `detail` a small second line, `hint` what a pointer shows.
    """

    text: str = ""
    results: tuple[str, ...] = ()
    source: str = ""
    marks: tuple[str, ...] = ()
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Columns side by side with the same `group` get a common head."""

    label: str
    align: Align = "left"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, its label first. `level` indents; a heading spans the table."""

    cells: tuple[Cell, ...]
    level: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote; with a mark when it belongs to cells, without one for the whole output."""

    text: str
    mark: str = ""
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`number` is 'Table 1.2', empty where a table has none. `panels` are places of columns: a
    table that is too wide for the page is drawn in parts, each with the first column."""

    id: str
    number: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...] = ()
    empty: str = ""
    panels: tuple[tuple[int, ...], ...] = ()


def ends_group(table: Table) -> list[bool]:
    """For each row: is it the first that does not belong to the heading above it any more?"""
    found, open_at = [], None
    for row in table.rows:
        found.append(not row.heading and open_at is not None and row.level <= open_at)
        if row.heading:
            open_at = row.level
        elif found[-1]:
            open_at = row.level - 1 if row.level else None
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG, the words that stand for it where it cannot be seen, and its numbers."""

    id: str
    number: str
    title: str
    svg: str
    words: str
    numbers: Table
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences under a heading, each with the results or rows that it tells of."""

    heading: str
    sentences: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """An output in sentences: a text of results, or narratives."""

    id: str
    number: str
    title: str
    passages: tuple[Passage, ...]
    notes: tuple[Note, ...] = ()
    empty: str = ""


Part = Table | Figure | Prose
"""An output of the report."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One question, and its answer in each population."""

    label: str
    answers: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. `facts` are what every reader must be able to check: data cut, protocol
    version, digest of the study. `dated` says what the date is, if not the data cut."""

    title: str
    subtitle: str
    synthetic: bool
    language: str
    date: str
    headlines: tuple[Headline, ...]
    populations: Table
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    dated: str = ""
