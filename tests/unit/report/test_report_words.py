"""The report's own texts: one catalogue, complete in every language, nothing in it unused."""

import re
import string
from pathlib import Path

import pytest

import pilotage.report
from pilotage.report.typeset import WORDS
from pilotage.report.words import CATALOGUE, LANGUAGES, Words

FOLDER = Path(pilotage.report.__file__).parent
SOURCES = [p for p in sorted(FOLDER.rglob("*")) if p.suffix in (".py", ".html")]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_text_exists_in_every_language_with_the_same_places_to_fill(key):
    texts = CATALOGUE[key]
    assert len(texts) == len(LANGUAGES)
    assert all(texts)
    assert len({frozenset(placeholders(text)) for text in texts}) == 1


def test_every_text_is_used():
    code = "\n".join(p.read_text("utf-8") for p in SOURCES if not p.name.startswith("words"))
    quoted = set(re.findall(r"[\"']([a-z0-9_]+)[\"']", code)) | set(WORDS)
    begun = ("adsl_", "course_", "how_", "narrated_", "test_", "findings_")
    begun += ("clopper_pearson", "wilson", "endpoint_", "figure_")
    unused = [key for key in CATALOGUE if key not in quoted and not key.startswith(begun)]
    assert unused == []


def test_an_unknown_language_reads_english():
    assert Words("xx")("subject") == "Subject"
    assert Words("es")("subject") == "Sujeto"


@pytest.mark.parametrize("language", LANGUAGES)
def test_synthetic_data_are_called_so_in_every_language(language):
    words = Words(language)
    for key in ("synthetic", "synthetic_mark", "synthetic_line"):
        assert "synthetic" in words(key).lower()
    assert words("synthetic").startswith("Synthetic")


def test_numbers_become_text_in_formats_alone():
    """No format specification, no rounding and no `str` of a number anywhere else."""
    for path in FOLDER.rglob("*.py"):
        if path.name != "formats.py":
            code = path.read_text("utf-8")
            assert not re.search(r"\{[^{}\"']*:[^{}\"']*[.%][0-9]*[f%eg]\}", code), path.name
            assert not re.search(r"\.round\(.*\)\.cast\(pl\.String|as_written|round_half_up", code)


def test_the_report_types_no_level_of_an_interval():
    for path in SOURCES:
        if path.name != "formats.py":
            assert not re.search(r"95 ?%|0\.95", path.read_text("utf-8")), path.name
