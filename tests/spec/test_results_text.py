"""The text of the results as a study writes it: what may stand there, and what is refused where."""

from pathlib import Path

import pytest
from study_examples import messages, study_in

from pilotage.study import load_study
from pilotage.study.placeholders import Asked, Named, TemplateError, read_template

HEAD = """pilotage: 1
sections:
  - title: Response
    sentences:
"""


def study_with(folder: Path, *sentences: str) -> Path:
    """The small study with these sentences: the first on line 5 of its file, the next on 7."""
    where = study_in(folder)
    lines = "".join(f'      - text: "{text}"\n        source: P-50\n' for text in sentences)
    (where / "results_text.yaml").write_text(HEAD + lines, "utf-8")
    return where


def refused(folder: Path, *sentences: str) -> list[str]:
    return messages(study_with(folder, *sentences))


# -- sentences and places --------------------------------------------------------------------------
def test_a_sentence_is_read_as_words_and_places():
    assert read_template("Of {label SAFFL}, {CR.SAFFL.count:share} had it.") == (
        "Of ", Named("SAFFL"), ", ", Asked("CR", "SAFFL", "count", form="share"), " had it.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("{A.SAFFL.mean}", Asked("A", "SAFFL", "mean")),
        ("{A.SAFFL.mean:2}", Asked("A", "SAFFL", "mean", form="2")),
        ("{A.SAFFL.F.count}", Asked("A", "SAFFL", "count", level="F")),
        ("{A.SAFFL.week 8.mean}", Asked("A", "SAFFL", "mean", week=8)),
        ("{A.SAFFL.count CR}", Asked("A", "SAFFL", "count CR")),
        ("{A.SAFFL.count|one|many}", Asked("A", "SAFFL", "count", nouns=("one", "many"))),
    ],
)
def test_a_place_names_analysis_population_level_or_week_and_statistic(written, meant):
    assert read_template(written) == (meant,)


@pytest.mark.parametrize("typed", ["12", "86 %", "C3", "½", "٣", "²"])
def test_a_typed_number_is_refused_whatever_its_script(typed):
    with pytest.raises(TemplateError, match="typed number"):
        read_template(f"A response in {typed} of them.")


@pytest.mark.parametrize(
    "text",
    ["{CR}", "{CR.SAFFL}", "{CR..count}", "{A.B.C.D.E}", "{CR.SAFFL.count:9}", "{a|b}", "{", "x }",
     "{CR.SAFFL.count|one}", "{CR.SAFFL.count|1 subject|subjects}"],
)  # fmt: skip
def test_a_place_that_cannot_be_read_is_refused(text):
    with pytest.raises(TemplateError):
        read_template(text)


# -- the loader ------------------------------------------------------------------------------------
def test_a_study_may_have_a_text_and_need_not(tmp_path):
    assert load_study(study_in(tmp_path)).results_text is None
    (tmp_path / "other").mkdir()
    study = load_study(study_with(tmp_path / "other", "{RESPONSE.SAFFL.count:share} responded."))
    assert study.results_text is not None
    assert study.results_text.sections[0].sentences[0].source == "P-50"


def test_the_text_belongs_to_the_digest_of_the_study(tmp_path):
    before = load_study(study_in(tmp_path)).digest
    (tmp_path / "other").mkdir()
    assert load_study(study_with(tmp_path / "other", "Nothing to count.")).digest != before


def test_a_typed_number_is_an_error_with_its_line(tmp_path):
    assert refused(tmp_path, "Nothing.", "A response in 12 subjects.") == [
        "results_text.yaml:7: '12' holds a typed number; numbers come from results: "
        "{ANALYSIS.POPULATION.STATISTIC}, or {label NAME}"
    ]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("RESPONES.SAFFL.count",
         "'RESPONES' is no analysis of sap.yaml; did you mean 'RESPONSE'?"),
        ("RESPONSE.SAFL.count",
         "RESPONSE has no population 'SAFL' (SAFFL, EVALFL); did you mean 'SAFFL'?"),
        ("AGE.EVALFL.mean", "AGE has no population 'EVALFL' (SAFFL)"),
        ("RESPONSE.SAFFL.cuont",
         "RESPONSE has no statistic 'cuont'; did you mean 'count'?"),
        ("RESPONSE.SAFFL.F.count", "RESPONSE has no groups, so 'F' has no place here"),
        ("EVENTS.SAFFL.events", "EVENTS has several groups or terms; name one, or 'each'"),
        ("SCORE_VISIT.SAFFL.mean", "SCORE_VISIT is shown by visit; name a week"),
        ("SCORE_CHANGE.SAFFL.week 8.mean_change", "SCORE_CHANGE is not shown by visit"),
    ],
)  # fmt: skip
def test_a_result_that_the_plan_does_not_have_is_named_with_the_nearest(tmp_path, place, message):
    assert refused(tmp_path, f"It is {{{place}}}.") == [
        f"results_text.yaml:5: there is no result '{place}': {message}"
    ]


def test_a_label_must_belong_to_something(tmp_path):
    assert refused(tmp_path, "{label SCOER} fell.") == [
        "results_text.yaml:5: nothing in the study is called 'SCOER'; did you mean 'SCORE'?"
    ]


def test_a_sentence_has_a_source_that_exists(tmp_path):
    where = study_with(tmp_path, "Nothing.")
    text = (where / "results_text.yaml").read_text("utf-8")
    (where / "results_text.yaml").write_text(text.replace("P-50", "P-99"), "utf-8")
    assert messages(where) == ["results_text.yaml:6: 'P-99' is no heading of protocol.md"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("SCORE_CHANGE.SAFFL.significant", None),
        ("SCORE_CHANGE.SAFFL.week 8.significant",
         "'significant' tells of every visit; name no week"),
        ("SCORE_CHANGE.SAFFL.mean_change", "SCORE_CHANGE is shown by visit; name a week"),
    ],
)  # fmt: skip
def test_of_a_change_at_each_visit_the_significant_ones_are_asked_for_together(
    tmp_path, place, message
):
    where = study_with(tmp_path, f"At {{{place}}}.")
    plan = (where / "sap.yaml").read_text("utf-8")
    assert plan.count("    week: 8\n") == 1
    (where / "sap.yaml").write_text(plan.replace("    week: 8\n", "    by_visit: true\n"), "utf-8")
    found = [f"results_text.yaml:5: there is no result '{place}': {message}"] if message else []
    assert messages(where) == found


def test_a_change_at_one_visit_has_no_significant_visits(tmp_path):
    (found,) = refused(tmp_path, "At {SCORE_CHANGE.SAFFL.significant}.")
    assert "SCORE_CHANGE has no statistic 'significant'" in found


@pytest.mark.requirement("P-87")
def test_the_built_in_study_tells_every_sentence_of_its_publication():
    study = load_study("lenalidomide_cle")
    assert study.results_text is not None
    told = [one for section in study.results_text.sections for one in section.sentences]
    assert len(told) >= 45
    sources = {source for one in told for source in one.sources}
    assert {"P-60", "P-65", "P-66", "P-67", "P-68", "P-82", "P-84", "P-85", "P-87"} <= sources
