"""Reads `published.yaml`: the claims of a paper, or every mistake with its line."""

from pathlib import Path

from pilotage.findings import Finding, InputErrors
from pilotage.publication.claims import Published
from pilotage.publication.consistency import Report, inconsistencies
from pilotage.publication.fit import misfits
from pilotage.study import Study
from pilotage.study.load import in_order
from pilotage.study.part import read_part

FILE = "published.yaml"


def read_published(path: Path) -> Published:
    """The claims of one file, without a study. Raises InputErrors with every mistake."""
    return _sound(*_read(path))


def load_published(study: Study) -> Published:
    """The claims of the study's paper, checked against its protocol and analysis plan too. Raises
    InputErrors with every mistake."""
    return _sound(*_read(study.folder / FILE, study))


def published_findings(study: Study) -> tuple[Finding, ...]:
    """Every mistake of published.yaml; none for a study without one."""
    if not (study.folder / FILE).exists():
        return ()
    return in_order(_read(study.folder / FILE, study)[1])


def _sound(published: Published | None, findings: list[Finding]) -> Published:
    if published is None or findings:
        raise InputErrors(in_order(findings))
    return published


def _read(path: Path, study: Study | None = None) -> tuple[Published | None, list[Finding]]:
    part = read_part(path, Published)
    findings = list(part.findings)
    if part.model is not None:
        report = Report(part.lines, part.mended, path.name, part.model)
        inconsistencies(report)
        if study is not None:
            misfits(report, study)
        findings += report.findings
    return part.model, findings
