"""Reads `reconstruction.yaml`: how a cohort is built, or every mistake with its line."""

from pilotage.findings import Finding, InputErrors
from pilotage.publication.claims import Published
from pilotage.publication.reconstruct.consistency import Report, inconsistencies
from pilotage.publication.reconstruct.models import Reconstruction
from pilotage.study import Study
from pilotage.study.load import in_order
from pilotage.study.part import read_part

FILE = "reconstruction.yaml"


def load_reconstruction(study: Study, published: Published) -> Reconstruction:
    """How the study's cohort is built. Raises InputErrors with every mistake."""
    made, findings = _read(study, published)
    if made is None or findings:
        raise InputErrors(in_order(findings))
    return made


def reconstruction_findings(study: Study, published: Published) -> tuple[Finding, ...]:
    """Every mistake of reconstruction.yaml; none for a study without one."""
    if not (study.folder / FILE).exists():
        return ()
    return in_order(_read(study, published)[1])


def _read(study: Study, published: Published) -> tuple[Reconstruction | None, list[Finding]]:
    part = read_part(study.folder / FILE, Reconstruction)
    findings = list(part.findings)
    if part.model is not None:
        report = Report(part.lines, part.mended, FILE, part.model, study, published)
        inconsistencies(report)
        findings += report.findings
    return part.model, findings
