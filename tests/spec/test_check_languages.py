"""What `check` says of languages in which the report has no words."""

import pytest
from check_examples import found_in, line_of

ENGLISH = "languages: [en]"


def test_a_language_without_words_of_the_report_is_a_warning(tmp_path):
    (found,) = found_in(tmp_path, (ENGLISH, "languages: [de]"))
    assert (found.severity, found.kind) == ("warning", "file")
    assert found.where == line_of(tmp_path, "languages: [de]")
    assert found.message == (
        "the report has no words of its own in 'de' (en, es only): its heads and notes are in "
        "English, between the labels of the study in 'de'"
    )


@pytest.mark.parametrize("languages", ["[en]", "[es]"])
def test_a_language_of_the_report_is_none(tmp_path, languages):
    assert found_in(tmp_path, (ENGLISH, f"languages: {languages}")) == []
