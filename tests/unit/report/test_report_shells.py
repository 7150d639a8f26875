"""The plan before any data: every analysis in words, every output as a shell without a number."""

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from report_examples import pages, read_html, template

from pilotage.report.html import render_html
from pilotage.report.model import Document, Part, Prose, Table
from pilotage.report.shells import shell_document, write_shells
from pilotage.report.shells.nobody import nobody
from pilotage.report.shells.plan import in_words
from pilotage.report.typeset import render_pdf
from pilotage.study import Study, load_study

BUILT_IN = "lenalidomide_cle"


@pytest.fixture(scope="module")
def made(study: Study) -> Document:
    return shell_document(study)


@pytest.fixture(scope="module")
def built_in() -> tuple[Study, Document]:
    study = load_study(BUILT_IN)
    return study, shell_document(study)


def part(document: Document, name: str) -> Part:
    return next(part for part in document.parts if part.id == name)


def lines(table: Part) -> list[tuple[str, ...]]:
    assert isinstance(table, Table)
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_every_analysis_and_every_output_of_the_plan_is_there(built_in):
    study, document = built_in
    assert {o.id for o in study.sap.outputs} <= {p.id for p in document.parts}
    told = " ".join(p.heading for part in document.parts if isinstance(part, Prose)
                    for p in part.passages)  # fmt: skip
    assert [a.id for a in study.sap.analyses if f"({a.id})" not in told] == []


def test_no_shell_holds_a_number(built_in):
    """Cells hold patterns; a digit may stand only in what the study itself says."""
    _, document = built_in
    for shell in document.parts:
        if isinstance(shell, Table):
            for row in shell.rows:
                for cell in row.cells[1:]:
                    assert not re.search(r"[0-9]", cell.text.replace("n1", "")), (shell.id, cell)


def test_a_proportion_is_a_share_with_its_interval_in_its_populations(made):
    assert lines(part(made, "T2")) == [
        ("Complete response by week 8", "xx/xx (xx %)", "xx.x to xx.x %", "xx/xx (xx %)",
         "xx.x to xx.x %"),
    ]  # fmt: skip
    table = part(made, "T2")
    assert isinstance(table, Table)
    assert [c.group for c in table.columns[1::2]] == [
        "Treated (n = xx)", "First cycle of at least 28 days (n = xx)",
    ]  # fmt: skip


def test_categories_and_summaries_have_the_lines_that_the_study_declares(made):
    assert lines(part(made, "T1")) == [
        ("Age (years)",),
        ("n", "xx"),
        ("Mean (SD)", "xx.x (xx.x)"),
        ("Median (quartiles)", "xx.x (xx.x to xx.x)"),
        ("Range", "xx.x to xx.x"),
        ("Sex",),
        ("Female", "xx/xx (xx %)"),
        ("Male", "xx/xx (xx %)"),
    ]


def test_terms_that_nobody_can_know_before_have_one_line(made):
    assert lines(part(made, "T3")) == [
        ("Adverse events under treatment",),
        ("Any event", "xx/xx (xx %)", "xx.x to xx.x %", "xx"),
        ("(a line for each value)", "xx/xx (xx %)", "xx.x to xx.x %", "xx"),
    ]


def test_an_analysis_in_words_says_data_population_missing_values_methods_and_source(made, study):
    (primary,) = (p for p in made.parts if p.id == "plan-primary")
    assert isinstance(primary, Prose)
    assert primary.passages[0].heading == "Complete response by week 8 (RESPONSE)"
    assert primary.passages[0].sentences[0].text == (
        "Data: ADRS where PARAMCD is RESPW8. A subject counts with a row in which AVALC is CR. "
        "Populations: Treated, First cycle of at least 28 days. Of whom it cannot be known: "
        "counted as no event. Intervals of 95 %: exact (Clopper-Pearson), Wilson. Source: P-50."
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_of_analysis_can_be_said_in_every_language(built_in, language):
    from pilotage.report.shells.document import shell_context

    study, _ = built_in
    context = shell_context(study, study.protocol.versions[0].date, language)
    for analysis in study.sap.analyses:
        said = in_words(context, analysis)
        assert all(source in said for source in analysis.sources)
        assert said.endswith(".")


def test_sentences_of_the_results_keep_their_words_and_get_patterns(built_in):
    _, document = built_in
    text = part(document, "S1")
    assert isinstance(text, Prose)
    first = text.passages[0].sentences[0].text
    assert first.startswith("xx subjects with refractory")
    told = " ".join(cell.text for passage in text.passages for cell in passage.sentences)
    assert "P = x.xxx" in told
    assert "{" not in told


def test_the_plan_knows_no_subject_and_says_that_it_has_no_data(built_in):
    study, document = built_in
    assert nobody(study, study.protocol.versions[0].date).adsl.height == 0
    outputs = [p for p in document.parts if not p.id.startswith("plan-")]
    assert all(p.notes[-1].text.startswith("Shell: no data yet.") for p in outputs)
    assert not document.synthetic


@pytest.mark.slow
def test_the_plan_is_a_page_and_a_pdf_with_the_same_words_and_bytes(study, tmp_path):
    first, second = write_shells(study, tmp_path / "a"), write_shells(study, tmp_path / "b")
    for name in ("plan.html", "plan.pdf"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert first.name == second.name == "plan.html"
    made = shell_document(study)
    read_html(render_html(made))
    printed = "".join(pages(render_pdf(made)))
    assert "xx/xx (xx %)" in printed
    about = PdfReader(io.BytesIO((tmp_path / "a/plan.pdf").read_bytes())).metadata
    assert about is not None
    assert about.title == made.title


def test_a_plan_whose_groups_are_not_declared_has_a_line_for_each(tmp_path: Path):
    edit = ("sap.yaml", "    event: AVALC == 'CR'\n", "    event: AVALC == 'CR'\n    by: SEX\n")
    made = shell_document(template(tmp_path, edit))
    assert [line[0] for line in lines(part(made, "T2"))] == [
        "Complete response by week 8", "Female", "Male",
    ]  # fmt: skip
