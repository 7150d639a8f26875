"""Reads an article in JATS, the XML of journals: sections, tables, legends; citations are dropped.

Entities that the file declares itself are refused, and nothing outside the file is ever opened.

Source: ANSI/NISO Z39.96, JATS 1.3.
"""

import html
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from xml.parsers import expat

from pilotage.findings import InputErrors, error
from pilotage.publication.claims import Section
from pilotage.publication.drafting.document import CITED, Block, Blocks, Document, Table
from pilotage.publication.drafting.grid import Grid, Spanning, grid, span
from pilotage.publication.drafting.headings import Part, part_of
from pilotage.publication.drafting.typography import clean

Element = ElementTree.Element
DEEPEST = 200
CITATION = "citations"

_BY_TYPE: dict[str, Part] = {
    "intro": "introduction",
    "materials": "methods",
    "subjects": "methods",
    "cases": "results",
    "conclusions": "conclusion",
    "supplementary-material": "supplement",
}
_BLOCKS = ("p", "disp-quote", "list-item", "def", "verse-group", "statement", "boxed-text")
_APART = ("table-wrap", "fig", "fig-group", "supplementary-material", "fn-group", "fn", "media",
          "table-wrap-group", "ref-list", "disp-formula-group")  # fmt: skip
_UNREAD = ("object-id", "label", "tex-math", "alternatives-graphic", "graphic", "alt-text")


def read_jats(content: bytes, file: str, section: Section | None) -> Document:
    """The paper of a JATS file. Raises InputErrors for what is no such article."""
    root = _tree(content, file)
    article = root if _name(root) == "article" else root.find(".//article")
    if article is None:
        words = (
            f"is XML with the root '{_name(root)}', and no article in JATS; save the paper as text"
        )
        raise InputErrors([error(file, words)])
    reader = _Reader(Blocks(), section)
    reader.article(article)
    return reader.blocks.document(headings=reader.headed)


class _Reader:
    def __init__(self, blocks: Blocks, section: Section | None) -> None:
        self.blocks = blocks
        self.section = section
        self.headed = False
        self.tables = 0

    def article(self, article: Element) -> None:
        title = article.find("./front//article-title")
        self.blocks.title = "" if title is None else clean(self.words(title).replace(CITED, ""))
        if self.blocks.title:
            self.blocks.found.append(Block("title", self.blocks.title))
        for abstract in article.findall("./front//abstract"):
            self.headed = True
            self.inside(abstract, "abstract")
        for sec in article.findall("./body") + article.findall("./floats-group"):
            self.body(sec)
        for each in article.findall("./back/*"):
            name = _name(each)
            part: Part = "supplement" if name in ("app-group", "app") else "back matter"
            self.inside(each, "references" if name == "ref-list" else part)

    def body(self, body: Element) -> None:
        """The sections of the body; what stands before them is of the section given, else the
        introduction."""
        first = self.section or ("introduction" if body.find("./sec") is not None else "results")
        part: Part = first
        for each in body:
            if _name(each) == "sec":
                part = self.part(each, part)
                self.headed = True
                self.inside(each, part)
            else:
                self.one(each, part)

    def part(self, sec: Element, before: Part) -> Part:
        title = sec.find("./title")
        named = None if title is None else part_of(clean(self.words(title).replace(CITED, "")))
        if named is not None:
            return named
        types = (sec.get("sec-type") or "").split("|")
        known = [_BY_TYPE.get(each) or part_of(each) for each in types]
        return next((each for each in known if each is not None), before)

    def inside(self, element: Element, part: Part) -> None:
        for each in element:
            self.one(each, part)

    def one(self, each: Element, part: Part) -> None:
        name = _name(each)
        if name == "table-wrap":
            self.table(each, part)
        elif name == "fig":
            self.legend(each)
        elif name == "title" or name in _UNREAD:
            return
        elif name in _BLOCKS or not any(True for _ in each):
            self.blocks.found.append(Block(part, self.words(each)))
            for apart in each.iter():
                if apart is not each and _name(apart) in ("table-wrap", "fig"):
                    self.one(apart, part)
        else:
            self.inside(each, part)

    def legend(self, figure: Element) -> None:
        display = _label(figure, "Figure")
        for paragraph in _all(figure, ("title", "p")):
            self.blocks.found.append(Block("legends", self.words(paragraph), display))

    def table(self, wrap: Element, part: Part) -> None:
        self.tables += 1
        display = _label(wrap, f"Table {self.tables}")
        for caption in wrap.findall("./caption"):
            for paragraph in _all(caption, ("title", "p")):
                self.blocks.found.append(Block("legends", self.words(paragraph), display))
        for table in wrap.iter("table"):
            made = self.grid(table)
            self.blocks.found.append(Table(part, display, made.heads, made.rows))
        for foot in wrap.findall("./table-wrap-foot"):
            for paragraph in _all(foot, ("p",)):
                self.blocks.found.append(Block("legends", self.words(paragraph), display))

    def grid(self, table: Element) -> Grid:
        rows = list(table.iter("tr"))
        head = table.find("./thead")
        heads = None if head is None else len(list(head.iter("tr")))
        return grid([[self.cell(cell) for cell in row] for row in rows], heads=heads)

    def cell(self, cell: Element) -> Spanning:
        text = clean(self.words(cell).replace(CITED, ""))
        heading = _name(cell) == "th"
        return Spanning(text, span(cell.get("colspan")), span(cell.get("rowspan")), heading)

    def words(self, element: Element) -> str:
        """The text of an element without citations, and without what stands apart from it."""
        return "".join(self.pieces(element))

    def pieces(self, element: Element) -> Iterator[str]:
        yield element.text or ""
        for each in element:
            name = _name(each)
            if name == "xref" and each.get("ref-type") in (
                "bibr",
                "fn",
                "table-fn",
                "aff",
                "corresp",
            ):
                self.blocks.dropped.append((CITATION, clean("".join(each.itertext()))))
                yield CITED
            elif name == "sup" and clean("".join(each.itertext())).lstrip("-−–").isdigit():
                yield _raised(self.words(each), each.find(".//xref") is not None)
            elif name in ("break", "p", "list-item", "title", "td"):
                yield f" {self.words(each)} "
            elif name not in (*_APART, *_UNREAD):
                yield self.words(each)
            yield each.tail or ""


def _raised(words: str, cites: bool) -> str:
    """Raised digits: an exponent where they are no citation."""
    return words if cites or CITED in words else f"^{words}"


def _all(element: Element, names: tuple[str, ...]) -> list[Element]:
    return [each for each in element.iter() if _name(each) in names]


def _label(element: Element, otherwise: str) -> str:
    label = element.find("./label")
    return (clean("".join(label.itertext())) if label is not None else "").rstrip(".:") or otherwise


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


# -- the tree --------------------------------------------------------------------------------------


def _tree(content: bytes, file: str) -> Element:
    """The tree of an XML file. An entity that the file declares is refused; names of letters that
    a document type would declare elsewhere are known from HTML."""
    made = _Tree(file)
    try:
        made.parser.Parse(content, True)
    except expat.ExpatError as problem:
        words = f"is no whole XML: {expat.ErrorString(problem.code)}; save it again, or as text"
        raise InputErrors([error(f"{file}:{problem.lineno}", words)]) from None
    except (LookupError, ValueError):
        words = "declares a character set that is not known; save it as UTF-8"
        raise InputErrors([error(file, words)]) from None
    return made.builder.close()


class _Tree:
    """Builds the tree while expat reads. Prefixes of names are dropped."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.builder = ElementTree.TreeBuilder()
        self.depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.builder.data
        self.parser.EntityDeclHandler = self.declared
        self.parser.SkippedEntityHandler = self.skipped

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            words = f"its elements lie more than {DEEPEST} deep; save the paper as text"
            raise InputErrors([error(self.where, words)])
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        self.builder.start(name.rpartition(":")[2], plain)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(name.rpartition(":")[2])

    def declared(self, name: str, *_: object) -> None:
        words = f"declares an entity ('{name}'), which could stand for anything; write it out"
        raise InputErrors([error(self.where, words)])

    def skipped(self, name: str, is_parameter: int) -> None:
        if not is_parameter:
            self.builder.data(html.unescape(f"&{name};"))

    @property
    def where(self) -> str:
        return f"{self.file}:{self.parser.CurrentLineNumber}"
