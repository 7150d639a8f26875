"""The whole report: HTML and PDF of the same model, whatever the texts and whatever is missing."""

import io
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader
from report_examples import (
    Element,
    Subject,
    built,
    letters,
    pages,
    read_html,
    snapshot,
    template,
)

from pilotage.report.html import render_html
from pilotage.report.model import Document, Figure, Table
from pilotage.report.typeset import render_pdf
from pilotage.study import Study

pytestmark = pytest.mark.slow

HOSTILE = (
    '<script>alert("1")</script>',
    "#let x = 1; #panic()",
    "$x^2$ *b* _i_ `c` @ref \\n // no",
    "a & b < c > d ' \" {{ 7 * 7 }} {% raw %}",
    "שלום עולם",
    "مرحبا",
    "crossed 漢字 and \U0001f600 \U0001f9ec",
    "tab\tand\x07bell",
)


def labels(made: Document) -> list[str]:
    """Every text of every table, and all titles."""
    tables = [p if isinstance(p, Table) else p.numbers for p in made.parts]
    cells = [c.text for t in tables for row in t.rows for c in row.cells]
    heads = [c.label for t in tables for c in t.columns]
    return [text for text in (*cells, *heads, *(t.title for t in tables)) if text]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder = tmp_path_factory.mktemp("hostile")
    study = template(
        folder,
        ("protocol.yaml", "  short_title: Pilot study\n", f"  short_title: '{HOSTILE[0]} *b*'\n"),
        ("sap.yaml", "    title: Adverse events\n", "    title: '#panic() $x$ <b>'\n"),
        ("sap.yaml", "    label: Symptom score by visit\n", "    label: '$\\alpha$ <i> #x'\n"),
        ("sap.yaml", "    label: Time to relapse\n", "    label: '$\\nosuchword{$ 漢 </svg>'\n"),
    )
    subjects = [
        Subject(f"S{place} {text}", events=((text, "MILD"),)) for place, text in enumerate(HOSTILE)
    ]
    made, _ = built(study, snapshot(folder, *subjects))
    return made


def test_html_escapes_every_text(hostile):
    html = render_html(hostile)
    tree = read_html(html)
    assert tree.all("script", "b", "i", "link", "iframe", "object") == [
        e for e in tree.all("b") if e.text.startswith(("Table", "Figure"))
    ]
    shown = tree.text
    for text in HOSTILE[:-1]:
        assert text in shown
    assert "alert(" in shown
    assert "\x07" not in html


def test_the_pdf_shows_every_text_as_it_is_and_names_what_no_font_has(hostile):
    text = letters("".join(pages(render_pdf(hostile))))
    for expected in (*HOSTILE[:4], "#panic() $x$ <b>"):
        assert letters(expected) in text
    assert letters("crossed [U+6F22][U+5B57] and \U0001f600 [U+1F9EC]") in text
    assert letters("tab[U+0009]and[U+0007]bell") in text


def test_texts_from_right_to_left_are_in_the_pdf(hostile):
    text = letters("".join(pages(render_pdf(hostile))))
    assert "שלום" in text or "םולש" in text


def test_figures_draw_hostile_names_without_reading_them(hostile):
    for part in hostile.parts:
        if isinstance(part, Figure):
            assert part.svg.count("<svg") == part.svg.count("</svg>") == 1
            assert "<script" not in part.svg


# -- every page says what it is --------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(trial: tuple[Study, Path]) -> Document:
    return built(*trial)[0]


def sections(tree: Element) -> list[Element]:
    return tree.all("section")


def test_every_page_and_every_section_says_synthetic(made):
    assert made.synthetic
    assert all("Synthetic data" in page for page in pages(render_pdf(made)))
    found = sections(read_html(render_html(made)))
    assert len(found) == len(made.parts) + 3
    assert all("Synthetic data" in section.text for section in found)


def test_a_report_of_other_data_never_says_synthetic(study, tmp_path):
    made, _ = built(study, snapshot(tmp_path, Subject("S1"), Subject("S2")))
    assert "ynthetic" not in "".join(pages(render_pdf(made)))
    assert "ynthetic data" not in read_html(render_html(made)).all("body")[0].text


def test_spanish_is_a_language_of_the_report(trial):
    made, _ = built(*trial, language="es")
    tree = read_html(render_html(made))
    assert tree.all("html")[0].attributes["lang"] == "es"
    assert "Primeras respuestas" in tree.text
    assert all("Synthetic" in page for page in pages(render_pdf(made)))


# -- both forms hold the same ----------------------------------------------------------------------


def test_every_text_of_every_table_is_in_the_pdf(made):
    text = letters("".join(pages(render_pdf(made))))
    assert [label for label in labels(made) if letters(label) not in text] == []


def test_every_text_of_every_table_is_in_the_html(made):
    text = letters(read_html(render_html(made)).text)
    assert [label for label in labels(made) if letters(label) not in text] == []


def test_html_is_one_file_without_script_or_request(made):
    html = render_html(made)
    tree = read_html(html)
    assert tree.all("script", "link", "iframe") == []
    for element in tree.all("img", "a", "style"):
        for name in ("src", "href"):
            assert element.attributes.get(name, "#").startswith(("#", "data:image/svg+xml"))
    assert "url(" not in html
    assert "@import" not in html
    assert not [
        n for e in tree.all("td", "div", "img", "section") for n in e.attributes if n[:2] == "on"
    ]


def test_html_can_be_read_without_seeing_it(made):
    tree = read_html(render_html(made))
    assert all(image.attributes["alt"] for image in tree.all("img"))
    for table in tree.all("table"):
        assert table.all("caption")
        assert all(
            head.attributes["scope"] in ("col", "row", "colgroup", "rowgroup")
            for head in table.all("th")
        )
        widths = {
            sum(int(c.attributes.get("colspan", "1")) for c in row.all("th", "td"))
            for row in table.all("tr")
        }  # fmt: skip
        assert len(widths) == 1
    names = [e.attributes["id"] for e in tree.all("section", "h2", "div") if "id" in e.attributes]
    assert len(names) == len(set(names))
    skip, *links = tree.all("a")
    assert skip.attributes["href"][1:] == tree.all("main")[0].attributes["id"]
    targets = [link.attributes["href"][1:] for link in links]
    assert len(targets) == len(made.parts)
    assert set(targets) <= set(names)


def test_texts_of_the_pdf_stay_inside_the_page(made):
    """Every text begins between the margins, 18 mm from both sides."""
    margin = 18 / 25.4 * 72
    for page in PdfReader(io.BytesIO(render_pdf(made))).pages:
        starts = starts_of(page)
        assert starts
        assert all(margin - 1 <= x <= float(page.mediabox.width) - margin for x in starts)


def starts_of(page: PageObject) -> list[float]:
    """Where the texts of a page begin, from its left edge."""
    starts: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            starts.append(cm[4] + tm[4] * cm[0])

    page.extract_text(visitor_text=note)
    return starts


# -- what is missing is told -----------------------------------------------------------------------


def test_a_snapshot_without_adverse_events_says_not_collected(study, tmp_path):
    made, _ = built(study, snapshot(tmp_path, Subject("S1"), tables="dm ex qs"))
    table = next(p for p in made.parts if p.title == "Adverse events")
    assert isinstance(table, Table)
    assert [c.text for c in table.rows[0].cells[1:]] == ["not collected", "", ""]
    assert "0/1" not in letters(" ".join(c.text for row in table.rows for c in row.cells))


def test_a_snapshot_with_no_event_says_zero_with_its_upper_bound(study, tmp_path):
    made, _ = built(study, snapshot(tmp_path, *(Subject(f"S{n}") for n in range(15))))
    table = next(p for p in made.parts if p.title == "Adverse events")
    assert isinstance(table, Table)
    assert [c.text for c in table.rows[1].cells] == [
        "Any event",
        "0/15 (0 %)",
        "0.0 to 21.8 %",
        "0",
    ]


def test_a_cohort_of_which_nobody_was_treated_makes_a_report(study, tmp_path):
    made, _ = built(study, snapshot(tmp_path, Subject("S1", dose=0), Subject("S2", dose=0)))
    for part in made.parts:
        table = part if isinstance(part, Table) else part.numbers
        dashes = [c for row in table.rows for c in row.cells[1:] if c.text.startswith("–")]
        assert all(cell.marks for cell in dashes) or any("–:" in note.text for note in table.notes)
    assert len(pages(render_pdf(made))) >= 2
    read_html(render_html(made))


def test_a_cohort_of_one_makes_a_report(study, tmp_path):
    made, _ = built(study, snapshot(tmp_path, Subject("S1", events=(("RASH", "MILD"),))))
    assert len(pages(render_pdf(made))) >= 2
    read_html(render_html(made))
