"""Reads `worked_examples.yaml` of a study: the examples, and every mistake with its line."""

from functools import lru_cache

from pilotage.findings import Finding, error
from pilotage.study import Study
from pilotage.study.part import Part
from pilotage.study.places import Lines
from pilotage.study.shape import shaped
from pilotage.study.worked_examples import FILE, WorkedExamples
from pilotage.study.yaml_reader import read_yaml


def read_examples(study: Study) -> Part[WorkedExamples] | None:
    """What the file says, mistakes in its shape and all; None for a study without the file."""
    path = study.folder / FILE
    if not path.exists():
        return None
    try:
        content = path.read_bytes()
    except OSError as problem:
        words = f"the file cannot be read: {problem.strerror or problem}"
        return Part(None, (error(FILE, words),), {}, frozenset())
    return _read(content)


@lru_cache(maxsize=4)
def _read(content: bytes) -> Part[WorkedExamples]:
    found = read_yaml(content, file=FILE)
    lines: Lines = {path: (FILE, line) for path, line in found.lines.items()}
    made = shaped(WorkedExamples, found.value, file=FILE, lines=lines, refused=found.refused)
    findings: tuple[Finding, ...] = (*found.findings, *made.findings)
    return Part(made.model, findings, lines, made.mended)
