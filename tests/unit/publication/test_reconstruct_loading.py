"""reconstruction.yaml of the built-in study is read, and every mistake is told with its line."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pilotage.publication import Published, read_published
from pilotage.publication.reconstruct import load_reconstruction, reconstruction_findings
from pilotage.publication.reconstruct.load import FILE
from pilotage.publication.reconstruct.schema import SCHEMA, schema_text
from pilotage.study import Study, load_study


@pytest.fixture(scope="module")
def built_in() -> tuple[Study, Published]:
    study = load_study("lenalidomide_cle")
    return study, read_published(study.folder / "published.yaml")


def changed(built_in: tuple[Study, Published], folder: Path, old: str, new: str) -> list[str]:
    """What is found after a change of the file, the first place only."""
    study, published = built_in
    shutil.copy(study.folder / "open_questions.md", folder)
    text = (study.folder / FILE).read_text(encoding="utf-8")
    assert old in text
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    moved = replace(study, folder=folder)
    return [str(finding) for finding in reconstruction_findings(moved, published)]


def test_the_built_in_file_has_no_mistakes(built_in: tuple[Study, Published]) -> None:
    study, published = built_in
    assert reconstruction_findings(study, published) == ()
    assert load_reconstruction(study, published).cohort.subjects == "R-01"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("subjects: R-01", "subjects: R-02", "R-02 counts no subjects"),
        ("cut_day: CUTD", "cut_day: CUTT", "'CUTT' is no variable; did you mean 'CUTD'?"),
        ("last_day: FUPD", "last_day: PATH", "'PATH' is no number"),
        ("item: diagnosis.sle}", "item: diagnosis.slee}", "'slee' is no item of the form"),
        ("item: acr.acrdisc", "item: acr.acrdis", "'acrdis' is no item of acr_1997"),
        ("range: [18, 75]", "range: [75, 18]", "the lower end of a range comes first"),
        ("{variable: AGE, at: baseline", "{variable: AGES, at: baseline",
         "'AGES' is no variable of published.yaml"),
        ("at: week_2, is", "at: week_3, is", "'week_3' is no time of published.yaml"),
        ("\"PATH == 'sustained'\"", "\"PATH == 'sustain'\"", "PATH"),
        ("nobody: [hypersensitive", "nobody: [hypersensitiv",
         "'hypersensitiv' is no group of published.yaml"),
        ("holds: \"BSABL > 18\"", "holds: \"BSABLL > 18\"", "which is no variable"),
        ("sum: {SLEDAIBL: 1", "sum: {SLEDAI: 1", "'SLEDAI' is no variable"),
        ("- [AGE, BSABL", "- [AGES, BSABL", "'AGES' is no variable; did you mean 'AGE'?"),
        ("{claim: R-36, group", "{claim: R-999, group", "there is no claim 'R-999'"),
        ("group: enrolled, question: Q-74", "group: enroled, question: Q-74",
         "'enroled' is no group; did you mean 'enrolled'?"),
        ("question: Q-73", "question: Q-99", "open_questions.md has no Q-99"),
        ("{claim: R-37, group", "{claim: R-36, group", "there is a choice for R-36 already"),
        ("  CLASIDAM:\n    baseline", "  CLASIDAMM:\n    baseline",
         "'CLASIDAMM' is no parameter of the study"),
        ("days: REL1, after", "days: REL9, after", "'REL9' is no variable"),
        ("      stopped: [", "      stoped: [", "'stoped' is no choice of PATH"),
        ("regions: [FACE, VNECK]", "regions: [FACE, NECK]", "'NECK' is no region of clasi"),
        ("  consent.signed: {", "  consent.sign: {", "'sign' is no item of the form consent"),
        ("variable: PLATBL,", "variable: PLAT,", "'PLAT' is no variable"),
        ("haematology.basophils]", "haematology.baso]", "'haematology.baso' stands not under"),
        ("claim: {claim: R-104}", "claim: {claim: R-111}", "R-111 is not one number"),
        ("values: {term: Insomnia", "values: {terms: Insomnia", "'terms' is no item of the form"),
        ("supply: {form: dispensing", "supply: {form: dispense", "'dispense' is no form"),
        ("needs: [pregnancy_test]", "needs: [pregnancy]", "'pregnancy' is no form"),
        ("first: [pregnancy_screening]", "first: [pregnancy]", "'pregnancy' is no form"),
        ("forms: [clasi, childbearing", "forms: [clasy, childbearing", "'clasy' is no form"),
        ("form: haematology, chance", "form: haemato, chance", "'haemato' is no form"),
        ("missed form, form: haematology", "missed form", "say which 'form' is missed"),
        ("not attended", "{who} away", "{who} is none of {visit}, {form}, {days}"),
        ("when: \"PHASE == 'off treatment' or", "when: \"FASE == 'off treatment' or", "FASE"),
        ("score: CLASIDAM, regions", "score: CLASIDAMM, regions",
         "the course of 'CLASIDAMM' stands not under 'paths'"),
        ("screening_days: [17, 21]", "screening_days: [17, long]", "screening_days"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(
    built_in: tuple[Study, Published], tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = (built_in[0].folder / FILE).read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    found = changed(built_in, tmp_path, old, new)
    assert any(words in finding for finding in found), found
    lines = {int(finding.split(":")[1]) for finding in found if words in finding}
    assert all(finding.startswith(f"{FILE}:") for finding in found)
    assert min(abs(each - line) for each in lines) <= 2


def test_a_study_without_the_file_has_no_mistakes_in_it(
    built_in: tuple[Study, Published], tmp_path: Path
) -> None:
    study, published = built_in
    assert reconstruction_findings(replace(study, folder=tmp_path), published) == ()


def test_the_schema_file_is_current() -> None:
    """After a change of the models: python -m pilotage.publication.reconstruct.schema"""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()
    assert json.loads(schema_text())["properties"]["variables"]
