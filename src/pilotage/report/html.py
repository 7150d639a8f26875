"""The report as one self-contained HTML file: no script, no request, light and dark, printable."""

from base64 import b64encode
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from pilotage.report.alignment import Piece, aligned, seen_and_rest
from pilotage.report.model import (
    Cell,
    Column,
    Document,
    Figure,
    Note,
    Prose,
    Row,
    Table,
    ends_group,
)
from pilotage.report.words import Words

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATES = files("pilotage.report") / "templates"

SHORT = 18
"""Columns of texts up to this length never break a line: names of subjects above all."""

CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
"""Control characters have no place in HTML."""


def render_html(document: Document) -> str:
    """The document as HTML. Every text is escaped; figures are images inside the file."""
    return filled(
        TEMPLATES / "report.html",
        document=document,
        style=style_sheet(),
        words=Words(document.language),
        is_figure=lambda part: isinstance(part, Figure),
        is_prose=lambda part: isinstance(part, Prose),
        image=_image,
        drawn=_drawn,
        seen_and_rest=seen_and_rest,
        groups=_groups,
        paragraphs=_paragraphs,
    )


def filled(template: Traversable, **values: object) -> str:
    """A template of a page with its values put in; it may extend `page.html`, the frame of every
    page. Every text is escaped, and a name without a value is an error."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    frame = {"page.html": (TEMPLATES / "page.html").read_text("utf-8")}
    environment = Environment(
        loader=DictLoader(frame), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    page = environment.from_string(template.read_text("utf-8"))
    return page.render(**values).translate(CONTROL)


def style_sheet(*more: Traversable) -> "Markup":
    """The style of every page, with what a page of its own kind adds."""
    from markupsafe import Markup

    sheets = (TEMPLATES / "report.css", *more)
    return Markup("\n".join(sheet.read_text("utf-8") for sheet in sheets))


def _image(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


DrawnCell = tuple[Cell, tuple[Piece, ...], str]
DrawnRow = tuple[Row, list[DrawnCell], bool]


def _drawn(table: Table) -> Iterator[tuple[list[tuple[Column, str]], list[DrawnRow]]]:
    """Each panel of the table: columns and cells with the class that aligns them, and whether a
    group of rows begins."""
    columns = aligned(table)
    classes = [_class(table, place, right=made.right) for place, made in enumerate(columns)]
    plain = iter(range(len(table.rows)))
    numbered = [(row, -1 if row.heading else next(plain)) for row in table.rows]
    rows = [(*one, ends) for one, ends in zip(numbered, ends_group(table), strict=True)]
    for panel in table.panels or (tuple(range(len(table.columns))),):
        yield (
            [(table.columns[place], classes[place]) for place in panel],
            [
                (
                    row,
                    []
                    if row.heading
                    else [(row.cells[p], columns[p].cells[at], classes[p]) for p in panel],
                    row.heading or ends,
                )
                for row, at, ends in rows
            ],
        )


def _class(table: Table, place: int, *, right: bool) -> str:
    if table.columns[place].align == "number":
        return "number right" if right else "number"
    texts = [row.cells[place].text for row in table.rows if not row.heading]
    return "text short" if max(map(len, texts), default=0) <= SHORT else "text"


def _groups(columns: list[tuple[Column, str]]) -> list[tuple[str, int]]:
    """Common heads with how many columns they span; empty where no column has one."""
    spans: list[tuple[str, int]] = []
    for column, _ in columns:
        if spans and column.group and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    return spans if any(name for name, _ in spans) else []


def _paragraphs(notes: tuple[Note, ...]) -> list[list[Note]]:
    """The footnotes with a mark, those without, and the last, which says where all comes from."""
    marked = [note for note in notes if note.mark]
    plain = [note for note in notes if not note.mark]
    return [some for some in (marked, plain[:-1], plain[-1:]) if some]
