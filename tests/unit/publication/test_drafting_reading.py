"""Papers as plain text, JATS XML and HTML become the same sentences with their places."""

import gzip
from pathlib import Path

import pytest

from pilotage.findings import InputErrors
from pilotage.publication.drafting import draft_claims, read_paper
from pilotage.publication.drafting.headings import part_of, parts
from pilotage.publication.drafting.plain import REPEATED
from pilotage.publication.drafting.sentences import sentences

PAPERS = Path(__file__).parents[2] / "papers/drafting"


def sentences_of(name: str) -> list[str]:
    """Place, display and text of each sentence of a paper."""
    return [
        f"{each.part} {each.paragraph}.{each.number}"
        + (f" ({each.display})" if each.display else "")
        + f" {each.text}"
        for each in read_paper(PAPERS / name).sentences
    ]


# -- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one",
    [
        "It was 4.5 vs. 3.9 in the others.",
        "Some drugs, i.e. A and B, were stopped.",
        "As Fig. 2 shows, it fell.",
        "Writer et al. [24] described it.",
        "A. B. Writer and C. Reader wrote it.",
        "It was made by Hands, Inc. of Chicago.",
        "See No. 3 of the list.",
        "The P value was .03 or less.",
    ],
)
def test_a_point_that_ends_no_sentence(one: str) -> None:
    assert sentences(one) == (one,)


def test_sentences_end_before_a_capital_letter_a_number_and_a_bracket() -> None:
    text = "It fell. 12 patients stopped. (None died.) Was it 10^9/L? No. None."
    assert sentences(text) == (
        "It fell.", "12 patients stopped.", "(None died.)", "Was it 10^9/L?", "No.", "None.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("2. Patients and Methods", "methods"),
        ("MATERIALS AND METHODS", "methods"),
        ("Results:", "results"),
        ("## Discussion", "discussion"),
        ("Conflicts of interest", "back matter"),
        ("REFERENCES", "references"),
        ("Figure legends", "legends"),
        ("Statistical analysis", None),
        ("Results were good in many of the patients that were seen", None),
    ],
)
def test_the_part_of_a_heading(heading: str, part: str | None) -> None:
    assert part_of(heading) == part


def test_the_headings_of_an_abstract_in_parts_belong_to_it() -> None:
    found = parts(["abstract", "introduction", "methods", "results", "conclusion",
                   "introduction", "methods", "results"])  # fmt: skip
    assert found == ("abstract",) * 5 + ("introduction", "methods", "results")


# -- readers ---------------------------------------------------------------------------------------


def test_plain_text_is_read_with_its_sections_and_broken_words() -> None:
    found = sentences_of("wrapped.txt")
    assert "abstract 1.1 Background: Dry hands are common [1-3]." in found
    assert "results 1.4 Treatment lasted 3 to 4 weeks in most of them." in found
    assert any("The follow-up was 12 months, and a follow-up visit" in line for line in found)
    assert not any("\u00ad" in line or "  " in line for line in found)
    dropped = read_paper(PAPERS / "wrapped.txt").dropped
    assert ("page numbers", "12") in dropped


def test_only_lines_beside_a_page_break_are_page_numbers_or_running_titles(tmp_path: Path) -> None:
    pages = [
        "Results\n\nIt healed in\n\n12\n\nof them and went\n\n7\n",
        "\fRunning title\n\non for weeks. It was\n\n8\n",
        "\fRunning title\n\nnot seen later.\n\n9\n",
        "\fRunning title\n\nThree stopped.\n",
    ]
    paper = tmp_path / "a.txt"
    paper.write_text("".join(pages), encoding="utf-8")
    document = read_paper(paper)
    assert [each.text for each in document.sentences] == [
        "It healed in", "12", "of them and went on for weeks.", "It was not seen later.",
        "Three stopped.",
    ]  # fmt: skip
    assert document.dropped == (
        ("page numbers", "7"), (REPEATED, "Running title"), ("page numbers", "8"),
        (REPEATED, "Running title"), ("page numbers", "9"), (REPEATED, "Running title"),
        ("headings", "Results"),
    )  # fmt: skip


def test_jats_is_read_with_its_sections_tables_and_legends() -> None:
    assert sentences_of("article.xml") == [
        "title 1.1 Balm for dry hands",
        "abstract 1.1 Healing was seen in 14 (70%) of the patients.",
        "introduction 1.1 One in 4 persons has dry hands.",
        "methods 1.1 Counts below 1.5 × 10^9/L were excluded.",
        "results 1.1 Twenty patients were treated (Table 1).",
        "results 1.2 The hazard ratio was 0.52 (95% CI, 0.31 to 0.87; P=0.01).",
        "legends 1.1 (Table 1) At entry, of 40 patients.",
        "tables 1.1 (Table 1) Characteristic",
        "tables 1.1 (Table 1) Group Balm (n = 20)",
        "tables 1.1 (Table 1) Group Placebo (n = 20)",
        "tables 1.1 (Table 1) P value",
        "tables 1.3 (Table 1) Age, years, mean (SD)",
        "tables 1.3 (Table 1) Age, years, mean (SD) | Group Balm (n = 20): 41.5 (9.2)",
        "tables 1.3 (Table 1) Age, years, mean (SD) | Group Placebo (n = 20): 43.0 (8.8)",
        "tables 1.3 (Table 1) Age, years, mean (SD) | P value: 0.60",
        "tables 1.4 (Table 1) Women, n (%)",
        "tables 1.4 (Table 1) Women, n (%) | Group Balm (n = 20): 12 (60)",
        "tables 1.4 (Table 1) Women, n (%) | Group Placebo (n = 20): 15 (75)",
        "tables 1.4 (Table 1) Women, n (%) | P value: .31",
        "tables 1.5 (Table 1) Score, median (range)",
        "tables 1.5 (Table 1) Score, median (range) | Group Balm (n = 20): 8 (4–12)",
        "tables 1.5 (Table 1) Score, median (range) | Group Placebo (n = 20): 7.5 (4–11)",
        "tables 1.5 (Table 1) Score, median (range) | P value: <0.9",
        "legends 2.1 (Table 1) One patient had no score.",
        "legends 3.1 (Figure 1) The score over 12 weeks.",
        "back matter 1.1 Paid by grant 12345.",
        "references 1.1 Writer A. Hands.",
        "references 1.2 2001;12:1.",
    ]


def test_a_web_page_is_read_without_what_surrounds_the_paper() -> None:
    assert sentences_of("page.html") == [
        "title 1.1 Balm for dry hands",
        "abstract 1.1 Seven of 9 patients (78%) healed.",
        "methods 1.1 Balm, 2.5–10 mg/day, was given for 8 weeks.",
        "results 1.1 Platelets were 210 × 10^9/L.",
        "results 1.2 The mean age was 45.2 (SD 3.1) years.",
        "legends 1.1 (Table 2) Healing",
        "tables 1.1 (Table 2) Week",
        "tables 1.1 (Table 2) Healed, n (%)",
        "tables 1.2 (Table 2) Week 4",
        "tables 1.2 (Table 2) Week 4 | Healed, n (%): 5 (56%)",
        "tables 1.3 (Table 2) Week 8",
        "tables 1.3 (Table 2) Week 8 | Healed, n (%): 7/9 (78%)",
        "results 2.1 None of them stopped.",
    ]


def test_a_sentence_remembers_that_it_cited_other_work() -> None:
    found = read_paper(PAPERS / "article.xml").sentences
    assert [each.text for each in found if each.cited] == [
        "Healing was seen in 14 (70%) of the patients.",
        "One in 4 persons has dry hands.",
        "Counts below 1.5 × 10^9/L were excluded.",
    ]


def test_what_a_file_is_is_told_by_what_it_holds(tmp_path: Path) -> None:
    for name in ("wrapped.txt", "article.xml", "page.html"):
        other = tmp_path / "paper"
        other.write_bytes((PAPERS / name).read_bytes())
        assert read_paper(other).sentences == read_paper(PAPERS / name).sentences


def test_lines_of_cells_are_a_table(tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text("Results\n\nWeek\tHealed, n (%)\nWeek 4\t5 (56%)\n", encoding="utf-8")
    assert [c.printed for c in draft_claims(paper).claims] == ["5", "56%"]


def test_text_without_headings_is_of_the_section_that_is_named(tmp_path: Path) -> None:
    paper = tmp_path / "a.txt"
    paper.write_text("Three patients stopped.", encoding="utf-8")
    assert [each.part for each in read_paper(paper).sentences] == ["abstract"]
    assert [each.part for each in read_paper(paper, "results").sentences] == ["results"]


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.x: is empty; a paper is needed as text, JATS XML or HTML"),
        (b" \n\t ", "a.x: is empty; a paper is needed as text, JATS XML or HTML"),
        (b"%PDF-1.7 ...", "a.x: is a PDF; save its text first"),
        (
            b"PK\x03\x04word/document.xml",
            "a.x: is a packed file, as of Word or LibreOffice; save it",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a.x: is an old Word file; save it"),
        (b"{\\rtf1 text}", "a.x: is rich text; save it"),
        (gzip.compress(b"text", mtime=0), "a.x: is packed with gzip; unpack it"),
        (b"One.\nTwo \xe9 three.", "a.x:2: byte 0xe9 is no UTF-8; save the file as UTF-8"),
        ("One.".encode("utf-16"), "a.x: is in UTF-16; save it as UTF-8"),
        (b"One\0two", "a.x: is no text"),
        (b"Nothing is said here.", "a.x: no number and no statement was found"),
        (b"<?xml version='1.0'?><record/>", "a.x: is XML with the root 'record', and no article"),
        (b"<?xml version='1.0'?>\n<article><body>", "a.x:2: is no whole XML: no element found"),
        (
            b"<?xml version='1.0'?>\n<!DOCTYPE article [<!ENTITY a 'bb'>]><article>&a;</article>",
            "a.x:2: declares an entity ('a'), which could stand for anything; write it out",
        ),
        (
            b"<?xml version='1.0'?><article>" + b"<sec>" * 300,
            "a.x:1: its elements lie more than 200 deep; save the paper as text",
        ),
    ],
)
def test_a_file_that_is_no_paper_is_refused_in_one_line(
    content: bytes, message: str, tmp_path: Path
) -> None:
    paper = tmp_path / "a.x"
    paper.write_bytes(content)
    with pytest.raises(InputErrors) as caught:
        draft_claims(paper)
    (finding,) = caught.value.findings
    assert str(finding).startswith(message)


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotage.publication.drafting.reading.LARGEST", 1_000_000)
    paper = tmp_path / "a.txt"
    paper.write_bytes(b"a " * 500_001)
    with pytest.raises(InputErrors, match=r"a\.txt: is larger than 1 MB; is it a paper\?"):
        read_paper(paper)
