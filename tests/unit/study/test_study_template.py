"""The study of `pilotage new` as an example: whole, consistent, and told in its own report."""

from pathlib import Path

import polars as pl
import pytest

from pilotage.analysis import analyse
from pilotage.courses import write_cohort
from pilotage.datasets import Datasets, derive
from pilotage.datasets.facts import read_target
from pilotage.report.context import Context
from pilotage.report.document import document
from pilotage.report.lookup import Lookup
from pilotage.report.model import Prose
from pilotage.report.words import Words
from pilotage.study import Study, load_study, new_study
from pilotage.study.placeholders import Asked, read_template

SUBJECTS = 10


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_study(new_study(tmp_path_factory.mktemp("studies") / "new"))


@pytest.fixture(scope="module")
def datasets(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Datasets:
    folder: Path = tmp_path_factory.mktemp("data") / "snapshot"
    return derive(study, write_cohort(study, folder, seed=1, subjects=SUBJECTS))


def asked(study: Study) -> set[str]:
    """The analyses whose numbers a sentence shows."""
    assert study.results_text is not None
    texts = [str(one.text) for part in study.results_text.sections for one in part.sentences]
    pieces = [piece for text in texts for piece in read_template(text)]
    return {piece.analysis for piece in pieces if isinstance(piece, Asked)}


def test_it_plans_as_many_subjects_as_its_protocol_says(study: Study) -> None:
    assert study.protocol.study.design.planned_subjects == SUBJECTS
    assert "ten subjects" in (study.folder / "protocol.md").read_text("utf-8")


def test_every_analysis_is_shown_and_nothing_is_shown_twice_in_tables(study: Study) -> None:
    sap = study.sap
    in_tables = [name for o in sap.outputs if o.kind == "table" for name in o.analyses]
    in_figures = {name for o in sap.outputs if o.kind == "figure" for name in o.analyses}
    assert sorted(in_tables) == sorted(set(in_tables))
    assert {a.id for a in sap.analyses} == {*in_tables, *in_figures}
    assert asked(study) <= {*in_tables, *in_figures}
    assert set(sap.headlines) <= set(in_tables)


def test_the_report_has_text_tables_figures_and_listings(study: Study) -> None:
    layouts = {output.layout for output in study.sap.outputs}
    assert layouts >= {
        "results text", "narratives", "baseline", "response", "response by subject",
        "adverse events", "flow", "swimmer", "waterfall", "individual courses",
        "course over time", "time to event", "laboratory courses", "adverse event listing",
        "laboratory listing", "exposure", "deviations",
    }  # fmt: skip


def test_every_question_has_a_place_of_its_own(study: Study) -> None:
    targets = [i.target for f in study.protocol.forms.values() for i in f.items.values()]
    assert len(targets) == len(set(targets))


def test_every_table_that_the_report_reads_has_a_form(study: Study) -> None:
    """So that whoever reads the forms knows every column that one's own data need."""
    targets = [i.target for f in study.protocol.forms.values() for i in f.items.values()]
    domains = {read_target(target).domain for target in targets}
    assert domains >= {"dm", "ex", "qs", "lb", "ae", "ds", "dv"}


@pytest.mark.parametrize(
    ("dataset", "column", "codelist"),
    [
        ("adsl", "SEX", "sex"),
        ("adsl", "DCSREAS", "end"),
        ("adae", "AESEV", "severity"),
        ("adae", "AEREL", "relation"),
        ("adae", "AEACN", "action"),
        ("adae", "AEOUT", "outcome"),
    ],
)
def test_every_code_of_its_subjects_has_a_label(
    study: Study, datasets: Datasets, dataset: str, column: str, codelist: str
) -> None:
    found = set(datasets.named()[dataset][column].drop_nulls())
    assert found
    assert found <= set(study.protocol.codelists[codelist])


def test_every_sentence_has_its_numbers(study: Study, datasets: Datasets) -> None:
    made = document(
        Context(
            study, datasets, Lookup(analyse(study, datasets)), Words(study.protocol.languages[0])
        )
    )
    (text,) = [part for part in made.parts if isinstance(part, Prose) and part.id == "S1"]
    sentences = [cell for passage in text.passages for cell in passage.sentences]
    assert len(sentences) >= 9
    for sentence in sentences:
        assert sentence.results, sentence.text
        assert "[" not in sentence.text
        assert "not collected" not in sentence.text
        assert "= <" not in sentence.text
    assert any("P <0.0001" in sentence.text for sentence in sentences)


def test_its_subjects_take_both_doses_and_some_respond(datasets: Datasets) -> None:
    doses = datasets.adex.filter(pl.col("EXDOSE") > 0)["DOSESTEP"].unique().to_list()
    assert sorted(doses) == ["10 mg QD", "20 mg QD"]
    best = datasets.adrs.filter(pl.col("PARAMCD") == "BESTRESP")["AVALC"]
    assert {"CR", "PR"} <= set(best)
