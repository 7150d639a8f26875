"""The report as PDF through Typst. The data go in as JSON, so that no text is read as markup."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from pilotage.report.alignment import Piece, aligned, seen_and_rest
from pilotage.report.glyphs import drawable, font_folder
from pilotage.report.model import Document, Part, Prose, Table, ends_group
from pilotage.report.words import Words

WORDS = (
    "about", "contents", "continued", "first_answers", "numbers_behind", "synthetic",
)  # fmt: skip

PER_INCH = 200.0
"""Dots in an inch of a drawing as PNG."""


def render_pdf(document: Document) -> bytes:
    """The document as PDF: same document, same bytes (its date is the data cut, its fonts come
    with Typst and Matplotlib). PDF/A-2a for the archive, PDF/UA-1 for those who cannot see it."""
    import typst

    templates = files("pilotage.report") / "templates"
    with tempfile.TemporaryDirectory() as scratch, as_file(templates) as source:
        folder = Path(scratch)
        shutil.copy(source / "report.typ", folder / "report.typ")
        (folder / "report.json").write_text(json.dumps(as_data(document)), "utf-8")
        made = typst.compile(
            str(folder / "report.typ"),
            root=str(folder),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=0,
        )
    assert isinstance(made, bytes)
    return made


def render_images(drawings: Sequence[str]) -> list[bytes]:
    """Each SVG drawing as PNG, at the resolution of print: same drawing, same bytes."""
    import typst

    if not drawings:
        return []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pages = []
        for place, svg in enumerate(drawings):
            (folder / f"{place}.svg").write_text(svg, "utf-8")
            pages.append(f'#page(image("{place}.svg"))')
        source = "#set page(width: auto, height: auto, margin: 0pt)\n" + "\n".join(pages)
        (folder / "pages.typ").write_text(source, "utf-8")
        made = typst.compile(
            str(folder / "pages.typ"),
            root=str(folder),
            ignore_system_fonts=True,
            format="png",
            ppi=PER_INCH,
        )
    return made if isinstance(made, list) else [made]


def as_data(document: Document) -> dict[str, Any]:
    """The document as plain data for the template."""
    words = Words(document.language)
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "synthetic": document.synthetic,
        "language": document.language,
        "date": document.date,
        "dated": document.dated or words("data_cut"),
        "headlines": [
            {"label": line.label, "answers": [cell.text for cell in line.answers]}
            for line in document.headlines
        ],
        "populations": _table(document.populations),
        "facts": [list(fact) for fact in document.facts],
        "parts": [_part(part) for part in document.parts],
        "words": {key: words(key) for key in WORDS},
    }
    drawn: dict[str, Any] = _drawable(data)
    return drawn


def _drawable(data: Any) -> Any:
    """The same data, every text of it in characters that can be drawn."""
    match data:
        case str():
            return drawable(data)
        case list():
            return [_drawable(one) for one in data]
        case dict():
            return {key: one if key == "svg" else _drawable(one) for key, one in data.items()}
    return data


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Table):
        return {"kind": "table", **_table(part)}
    if isinstance(part, Prose):
        return {"kind": "prose", **_prose(part)}
    return {
        "kind": "figure",
        "id": part.id,
        "number": part.number,
        "title": part.title,
        "svg": part.svg,
        "words": part.words,
        "notes": [asdict(note) for note in part.notes],
        "numbers": _table(part.numbers),
    }


def _prose(prose: Prose) -> dict[str, Any]:
    return {
        "id": prose.id,
        "number": prose.number,
        "title": prose.title,
        "passages": [
            {
                "heading": passage.heading,
                "text": " ".join(cell.text for cell in passage.sentences if cell.text),
            }
            for passage in prose.passages
        ],
        "empty": prose.empty,
        "notes": [{"text": note.text, "mark": note.mark} for note in prose.notes],
    }


def _table(table: Table) -> dict[str, Any]:
    columns = aligned(table)
    plain = iter(range(len(table.rows)))
    rows = []
    for row in table.rows:
        if row.heading:
            heading = {"pieces": [[row.cells[0].text, False]], "rest": []}
            cells: list[Any] = [{**heading, "marks": "", "detail": ""}]
        else:
            at = next(plain)
            cells = [
                {
                    **_pieces(columns[place].cells[at]),
                    "marks": ",".join(cell.marks),
                    "detail": cell.detail,
                }
                for place, cell in enumerate(row.cells)
            ]
        rows.append({"cells": cells, "level": row.level, "heading": row.heading})
    for made, ends in zip(rows, ends_group(table), strict=True):
        made["ends-group"] = ends
    return {
        "id": table.id,
        "number": table.number,
        "title": table.title,
        "columns": [
            {
                "label": column.label,
                "group": column.group,
                "number": column.align == "number",
                "right": column.align == "number" and made.right,
            }
            for column, made in zip(table.columns, columns, strict=True)
        ],
        "rows": rows,
        "notes": [{"text": note.text, "mark": note.mark} for note in table.notes],
        "empty": table.empty,
        "panels": [list(panel) for panel in table.panels] or [list(range(len(table.columns)))],
    }


def _pieces(pieces: tuple[Piece, ...]) -> dict[str, Any]:
    """What is seen of a cell, and the hidden rest that fills it behind its marks."""
    seen, rest = seen_and_rest(pieces)
    return {
        "pieces": [[piece.text, piece.hidden] for piece in seen],
        "rest": [[piece.text, piece.hidden] for piece in rest],
    }
