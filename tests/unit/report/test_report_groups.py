"""A heading belongs to the rows below it that are indented under it, and to no other."""

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from report_examples import built, read_html

from pilotage.report.alignment import Piece, seen_and_rest
from pilotage.report.html import render_html
from pilotage.report.model import Cell, Column, Document, Note, Row, Table, ends_group
from pilotage.report.typeset import render_pdf
from pilotage.study import Study

COLUMNS = (Column("Outcome"), Column("Subjects", "number"))


def row(label: str, level: int = 0, text: str = "1", marks: tuple[str, ...] = ()) -> Row:
    return Row((Cell(label), Cell(text, marks=marks)), level=level)


def head(label: str, level: int = 0) -> Row:
    return Row((Cell(label),), level=level, heading=True)


def table(*rows: Row, notes: tuple[Note, ...] = ()) -> Table:
    return Table("T1", "Table 1", "A title", COLUMNS, rows, notes)


@pytest.mark.parametrize(
    ("rows", "ends"),
    [
        ([row("a"), row("b")], [0, 0]),
        ([head("A"), row("a", 1), row("b"), row("c")], [0, 0, 1, 0]),
        ([head("A"), row("a", 1), head("B"), row("b", 1)], [0, 0, 0, 0]),
        ([head("A"), head("B", 1), row("b", 2), row("a", 1), row("c")], [0, 0, 0, 1, 1]),
        ([head("A"), row("a")], [0, 1]),
    ],
)
def test_a_row_that_is_not_indented_under_the_heading_ends_its_group(rows, ends):
    assert ends_group(table(*rows)) == [bool(end) for end in ends]


@pytest.fixture(scope="module")
def made(trial: tuple[Study, Path]) -> Document:
    return built(*trial)[0]


def with_part(document: Document, part: Table) -> Document:
    from dataclasses import replace

    return replace(document, parts=(part,))


def test_a_page_gives_such_a_row_a_body_of_its_own(made):
    part = table(head("By sex"), row("Female", 1), row("In all"), row("Of these"))
    (section,) = [
        s for s in read_html(render_html(with_part(made, part))).all("section")
        if s.attributes.get("id") == "T1"
    ]  # fmt: skip
    bodies = [[r.all("th")[0].own_text for r in b.all("tr")] for b in section.all("tbody")]
    assert bodies == [["By sex", "Female"], ["In all", "Of these"]]


@pytest.mark.slow
def test_on_a_new_page_a_heading_comes_again_only_above_rows_of_its_group(made):
    def counted(*rows: Row) -> list[int]:
        reader = PdfReader(io.BytesIO(render_pdf(with_part(made, table(*rows)))))
        texts = [page.extract_text() for page in reader.pages]
        return [len(re.findall("A heading of its own", text)) for text in texts]

    heading = head("A heading of its own")
    inside = counted(heading, *(row(f"inside {n}", 1) for n in range(140)))
    outside = counted(heading, row("inside", 1), *(row(f"outside {n}") for n in range(140)))
    assert sum(inside) == len([n for n in inside if n]) >= 3
    assert sum(outside) == 1


def test_a_mark_stands_behind_what_is_seen_of_a_number(made):
    part = table(row("a", text="12.25"), row("b", text="–", marks=("a",)))
    tree = read_html(render_html(with_part(made, part)))
    cell = next(c for c in tree.all("td") if c.text.startswith("–"))
    kinds = [
        "mark" if child.tag == "sup" else "hidden"
        for child in cell.children
        if not isinstance(child, str) and child.tag in ("sup", "span")
    ]
    assert kinds == ["hidden", "mark", "hidden"]


def test_the_rest_of_a_cell_is_what_follows_the_last_thing_seen():
    hidden, seen = Piece("0", True), Piece("7")
    assert seen_and_rest((hidden, seen, hidden, hidden)) == ((hidden, seen), (hidden, hidden))
    assert seen_and_rest((seen,)) == ((seen,), ())
    assert seen_and_rest((hidden,)) == ((), (hidden,))
    assert seen_and_rest(()) == ((), ())


def test_footnotes_run_on_with_marks_first_and_the_origin_last(made):
    notes = (Note("one.", "a"), Note("two.", "b"), Note("Plain."), Note("More."), Note("Origin."))
    tree = read_html(render_html(with_part(made, table(row("a"), notes=notes))))
    (section,) = [s for s in tree.all("section") if s.attributes.get("id") == "T1"]
    lists = [[item.own_text for item in each.all("li")] for each in section.all("ul")]
    assert lists == [["one.", "two."], ["Plain.", "More."], ["Origin."]]
