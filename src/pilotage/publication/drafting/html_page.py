"""Reads a paper saved as a web page: its headings, paragraphs and tables."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pilotage.publication.claims import Section
from pilotage.publication.drafting.document import CITED, Block, Blocks, Document, Table
from pilotage.publication.drafting.grid import Spanning, grid, span
from pilotage.publication.drafting.headings import Part, part_of, parts
from pilotage.publication.drafting.jats import CITATION
from pilotage.publication.drafting.numerals import NUMBER_OF_A_DISPLAY
from pilotage.publication.drafting.typography import clean

_UNREAD = frozenset(
    ("script", "style", "nav", "noscript", "template", "footer", "aside", "form", "button",
     "select", "svg", "iframe", "object", "head")
)  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = frozenset(
    ("p", "div", "li", "ul", "ol", "section", "article", "main", "header", "blockquote",
     "figcaption", "figure", "caption", "dt", "dd", "br", "hr", "pre", "body", "address")
)  # fmt: skip
_EMPTY = frozenset(("br", "hr", "img", "input", "meta", "link", "col", "wbr", "source"))
_LEGEND = re.compile(r"((?:Supplementary )?(?:Figure|Fig\.?|Table) [A-Z]?\d+[A-Za-z]?)\b", re.I)
_CITATION = re.compile(r"\[?\d+(?:\s*[-–,]\s*\d+)*\]?,?")


def read_html(text: str, section: Section | None) -> Document:
    """The paper of a web page. Sections are told by its headings."""
    page = _Page()
    page.feed(text)
    page.close()
    page.paragraph()
    return _document(page, section)


@dataclass(slots=True)
class _OpenTable:
    rows: list[list[Spanning]] = field(default_factory=list)
    heads: int | None = None
    across: int = 1
    down: int = 1
    heading: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    heading: bool = False
    table: _OpenTable | None = None


class _Page(HTMLParser):
    """Collects headings, paragraphs and tables in their order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self.dropped: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.unread = ""
        self.depth = 0
        self.tables: list[_OpenTable] = []
        self.in_cell = False
        self.heading = False
        self.raised = False
        self.link: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.unread:
            self.depth += tag == self.unread
        elif tag in _UNREAD:
            if tag != "head":
                self.paragraph_unless_cell()
            self.unread, self.depth = tag, 1
        elif tag in _HEADINGS:
            self.paragraph_unless_cell()
            self.heading = not self.in_cell
        elif tag == "a" and (dict(attrs).get("href") or "").startswith("#"):
            self.end_of_link()
            self.link = []
        elif tag == "sup":
            self.raised = True
        elif tag in ("table", "thead", "tbody", "tr", "td", "th"):
            self.table_tag(tag, dict(attrs))
        elif tag in _BLOCKS:
            self.paragraph_unless_cell()

    def handle_endtag(self, tag: str) -> None:
        if self.unread:
            self.depth -= tag == self.unread
            if self.depth <= 0:
                self.unread = ""
        elif tag in ("td", "th", "tr", "thead", "table"):
            self.end_of_table_tag(tag)
        elif tag == "a":
            self.end_of_link()
        elif tag == "sup":
            self.raised = False
        elif tag == "caption" and self.tables:
            self.tables[-1].caption = clean("".join(self.words))
            self.words = []
        elif tag in _HEADINGS or tag in _BLOCKS:
            self.paragraph_unless_cell()

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        if self.link is not None:
            self.link.append(f"^{data}" if self.exponent(data) else data)
        else:
            self.words.append(f"^{data}" if self.exponent(data) else data)

    def exponent(self, data: str) -> bool:
        return self.raised and self.link is None and data.strip().lstrip("-−–").isdigit()

    def end_of_link(self) -> None:
        """A link within the page that is only numbers is a citation."""
        if self.link is None:
            return
        words, self.link = "".join(self.link), None
        if _CITATION.fullmatch(clean(words)):
            self.dropped.append((CITATION, clean(words)))
            words = CITED
        self.words.append(words)

    def paragraph_unless_cell(self) -> None:
        if self.in_cell:
            self.words.append(" ")
        else:
            self.paragraph()

    def paragraph(self) -> None:
        self.end_of_link()
        words = clean("".join(self.words))
        if words:
            self.pieces.append(_Piece(words, self.heading))
        self.words, self.heading, self.raised = [], False, False

    # -- tables ------------------------------------------------------------------------------------

    def table_tag(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "table":
            self.end_of_cell()
            self.paragraph()
            self.tables.append(_OpenTable())
        elif not self.tables:
            self.paragraph()
        elif tag in ("tr", "thead", "tbody"):
            self.end_of_cell()
            if tag == "tr":
                self.tables[-1].rows.append([])
        else:
            self.end_of_cell()
            table = self.tables[-1]
            if not table.rows:
                table.rows.append([])
            table.across, table.down = span(attrs.get("colspan")), span(attrs.get("rowspan"))
            table.heading = tag == "th"
            self.words, self.in_cell = [], True

    def end_of_table_tag(self, tag: str) -> None:
        if not self.tables:
            self.paragraph()
            return
        self.end_of_cell()
        if tag == "thead":
            self.tables[-1].heads = len(self.tables[-1].rows)
        elif tag == "table":
            self.paragraph()
            self.pieces.append(_Piece("", table=self.tables.pop()))

    def end_of_cell(self) -> None:
        if self.in_cell and self.tables:
            self.end_of_link()
            table = self.tables[-1]
            words = clean("".join(self.words).replace(CITED, ""))
            table.rows[-1].append(Spanning(words, table.across, table.down, table.heading))
            self.words = []
        self.in_cell = False

    def close(self) -> None:
        super().close()
        while self.tables:
            self.end_of_table_tag("table")


def _document(page: _Page, section: Section | None) -> Document:
    blocks = Blocks(dropped=page.dropped)
    names = [part_of(piece.text) if piece.heading else None for piece in page.pieces]
    headed = any(names)
    first: Part = section or ("title" if headed else "abstract")
    tables = 0
    for piece, name, part in zip(page.pieces, names, parts(names), strict=True):
        here = part or first
        if piece.table is not None:
            tables += 1
            display = _display(piece.table.caption) or f"Table {tables}"
            if piece.table.caption:
                _legend(blocks, piece.table.caption, _display(piece.table.caption) or "", display)
            made = grid(piece.table.rows, heads=piece.table.heads)
            blocks.found.append(Table(here, display, made.heads, made.rows))
        elif piece.heading and not blocks.title and name is None and part is None:
            blocks.title = piece.text
            blocks.found.append(Block("title", piece.text))
        elif not piece.heading:
            legend = _display(piece.text)
            if legend and re.match(r"\s*[.:|]", piece.text[len(legend) :]):
                _legend(blocks, piece.text, legend, legend)
            else:
                blocks.found.append(Block(here, piece.text))
        elif name is None:
            blocks.dropped.append(("headings", piece.text))
    return blocks.document(headings=headed or section is not None)


def _legend(blocks: Blocks, words: str, label: str, display: str) -> None:
    """A legend without the number of its table or figure."""
    if label:
        blocks.dropped.append((NUMBER_OF_A_DISPLAY, label))
    blocks.found.append(Block("legends", words[len(label) :].lstrip(" .:|"), display))


def _display(words: str) -> str | None:
    match = _LEGEND.match(words)
    return match[1] if match else None
