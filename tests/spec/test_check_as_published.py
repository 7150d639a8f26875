"""The built-in study: nothing is open in the one that runs, and what its paper leaves open is a
current page of the documentation."""

import time
from collections import Counter

import pytest

import left_open_page
from pilotage.check import study_findings, study_may_go_live
from pilotage.study import builtin_studies, load_study


@pytest.fixture(scope="module")
def published():
    return study_findings(load_study("lenalidomide_cle/as_published"))


def test_the_study_that_runs_has_no_error_and_no_warning_that_is_not_answered():
    begun = time.process_time()
    found = study_findings(load_study("lenalidomide_cle"))
    assert [str(f) for f in found if f.severity != "note" and not f.answered] == []
    assert study_may_go_live(found)
    assert time.process_time() - begun < 10


def test_the_study_as_published_is_found_inside_the_built_in_one():
    assert list(builtin_studies()) == ["lenalidomide_cle"]
    assert load_study("lenalidomide_cle/as_published").protocol.study.id == "LEN-CLE-AS-PUBLISHED"


def test_the_study_as_published_may_not_go_live(published):
    assert not study_may_go_live(published)
    kinds = Counter(finding.kind for finding in published)
    assert set(kinds) == {
        "gap", "overlap", "time-conflict", "no-visit", "no-test", "no-action-when-missed",
        "undefined-term", "no-maximum-age", "not-stated",
    }  # fmt: skip


def test_the_paper_does_not_say_what_the_live_study_had_to_choose(published):
    examples = {finding.example for finding in published if finding.kind == "gap"}
    assert "CLASI activity is 6 points and CLASI activity at baseline is 10 points" in examples
    assert "phase of treatment is off treatment" in examples
    keys = {finding.key for finding in published}
    assert "undefined-term EX01C" in keys
    assert "no-test stopping pregnancy.pregnant" in keys


def test_an_open_question_answers_each_finding_and_each_answer_is_used(published):
    told = [finding for finding in published if finding.kind in left_open_page.CLASSES]
    assert [finding.key for finding in told if not left_open_page.answered_by(finding)] == []
    known = left_open_page.questions()
    used = {left_open_page.answered_by(finding) for finding in told}
    for answer in left_open_page.answers():
        assert set(answer["by"]) <= known.keys()
        assert tuple(answer["by"]) in used, f"{answer['finding']} answers nothing"


def test_every_class_that_proofs_can_find_has_its_words_on_the_page(published):
    assert {finding.kind for finding in published} <= left_open_page.CLASSES.keys()


def test_the_page_is_current(published):
    written = left_open_page.PAGE.read_text(encoding="utf-8")
    assert written == left_open_page.page(published), "run `make docs`"


def test_the_sentences_of_the_paper_stand_under_every_source(published):
    said = left_open_page.sentences()
    cited = {source for finding in published for source in finding.source}
    assert [source for source in sorted(cited) if not said.get(source)] == []
