"""Texts in the languages of the study."""

from pydantic import BaseModel

from pilotage.study.consistency.report import Report
from pilotage.study.names import did_you_mean
from pilotage.study.places import Path, parts


def check_labels(report: Report, model: BaseModel, path: Path) -> None:
    """Every label has the first language (else an error) and the others (else a warning)."""
    languages = tuple(dict.fromkeys(report.protocol.languages))
    for here, place, value in parts(model, path):
        if not place.is_label() or value is None or value == "not stated":
            continue
        if isinstance(value, str):
            missing = languages[1:]
        elif isinstance(value, dict):
            missing = tuple(language for language in languages if language not in value)
            _languages_of(report, here, value)
        else:
            continue
        for language in missing:
            key = here[-1]
            name = f"'{key}'" if isinstance(key, str) else f"entry {key + 1}"
            if language == languages[0]:
                words = f"{name} has no text in '{language}', the study's first language"
                report.error(here, words)
            else:
                report.warning(here, f"{name} has no text in '{language}'")


def _languages_of(report: Report, path: Path, texts: dict[str, str]) -> None:
    languages = report.protocol.languages
    for language in texts:
        if language not in languages:
            words = f"'{language}' is no language of this study ({', '.join(languages)})"
            report.error((*path, language), words + did_you_mean(language, languages))
