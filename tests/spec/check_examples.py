"""A study in which the proofs find nothing, damaged in one place: what is found then."""

import shutil
from pathlib import Path

from pilotage.check import study_findings
from pilotage.findings import Finding
from pilotage.study import load_study

SOUND_STUDY = Path(__file__).parents[1] / "sound_study"


def study_in(folder: Path, *edits: tuple[str, str], questions: str = "") -> Path:
    """The sound study in a folder, with texts of protocol.yaml replaced."""
    study = Path(shutil.copytree(SOUND_STUDY, folder / "study"))
    path = study / "protocol.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands not exactly once in protocol.yaml"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    if questions:
        (study / "open_questions.md").write_text(questions, encoding="utf-8")
    return study


def found_in(folder: Path, *edits: tuple[str, str], questions: str = "") -> list[Finding]:
    return study_findings(load_study(study_in(folder, *edits, questions=questions)))


def line_of(folder: Path, text: str) -> str:
    """`protocol.yaml:41`: the place of the only line with this text."""
    lines = (folder / "study/protocol.yaml").read_text(encoding="utf-8").splitlines()
    (number,) = [at for at, line in enumerate(lines, start=1) if text in line]
    return f"protocol.yaml:{number}"


def only(found: list[Finding], kind: str) -> Finding:
    """The finding, which is the only one of its study."""
    assert [finding.kind for finding in found] == [kind], [str(finding) for finding in found]
    return found[0]
