"""Texts of the report in HTML and PDF: escaped, complete, each sentence with its origin."""

from dataclasses import replace
from pathlib import Path

import pytest
from report_examples import built, letters, pages, read_html

from pilotage.report.html import render_html
from pilotage.report.model import Cell, Document, Note, Passage, Prose
from pilotage.report.typeset import as_data, render_pdf
from pilotage.study import Study

HOSTILE = '<script>alert("1")</script> #panic() $x^2$ *b* {{ 7 * 7 }}'
PROSE = Prose(
    "S1",
    "Section 1",
    "A text of <b>results</b>",
    (
        Passage(
            "First & last",
            (
                Cell("Seen in 3/15 (20 %).", results=("CR/SAFFL/-/-/count",)),
                Cell(HOSTILE, source="ADAE S1.1"),
                Cell(""),
            ),
        ),
        Passage("", (Cell("Without a heading."),)),
    ),
    notes=(Note("A footnote."),),
)


@pytest.fixture(scope="module")
def made(trial: tuple[Study, Path]) -> Document:
    whole = built(*trial)[0]
    empty = Prose("S2", "Section 2", "Nothing", (), empty="Nobody to tell of.")
    return replace(whole, parts=(PROSE, empty))


def test_a_text_is_escaped_and_each_sentence_says_where_it_comes_from(made):
    tree = read_html(render_html(made))
    assert tree.all("script") == []
    (section,) = [s for s in tree.all("section") if s.attributes.get("id") == "S1"]
    assert [h.text for h in section.all("h2", "h3")] == [
        "Section 1 A text of <b>results</b>", "First & last",
    ]  # fmt: skip
    spans = section.all("span")
    assert [span.text for span in spans] == [
        "Seen in 3/15 (20 %).", HOSTILE, "Without a heading.",
    ]  # fmt: skip
    assert spans[0].attributes["data-results"] == "CR/SAFFL/-/-/count"
    assert spans[1].attributes["data-source"] == "ADAE S1.1"
    assert "A footnote." in section.text


def test_a_text_without_passages_says_why(made):
    assert "Nobody to tell of." in read_html(render_html(made)).text
    assert [part["kind"] for part in as_data(made)["parts"]] == ["prose", "prose"]


def test_the_page_begins_with_a_way_past_its_head(made):
    tree = read_html(render_html(made))
    first = tree.all("body")[0].all("a")[0]
    assert first.attributes["class"] == "skip"
    assert tree.all("main")[0].attributes["id"] == first.attributes["href"][1:]


@pytest.mark.slow
def test_the_pdf_holds_every_sentence_as_it_is(made):
    text = letters("".join(pages(render_pdf(made))))
    for expected in (HOSTILE, "Without a heading.", "First & last", "Nobody to tell of."):
        assert letters(expected) in text
    assert letters("Seen in 3/15 (20 %). " + HOSTILE) in text


def test_sentences_are_joined_by_spaces_and_empty_ones_leave_none(made):
    first = as_data(made)["parts"][0]["passages"][0]
    assert first["text"] == f"Seen in 3/15 (20 %). {HOSTILE}"
