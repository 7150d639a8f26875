"""Reads `synthetic.yaml` of a study: its nature, or every mistake with its line."""

from pilotage.courses.consistency import inconsistencies
from pilotage.courses.history import as_recorded
from pilotage.courses.nature import Nature
from pilotage.findings import Finding, InputErrors, error
from pilotage.study import Study
from pilotage.study.load import in_order
from pilotage.study.places import Lines, Path, place_of
from pilotage.study.shape import shaped
from pilotage.study.yaml_reader import read_yaml

FILE = "synthetic.yaml"


def load_nature(study: Study) -> Nature:
    """The nature of the study's synthetic subjects, with answers as SDTM keeps them. Raises
    InputErrors with every mistake."""
    if not (study.folder / FILE).exists():
        words = (
            f"there is no such file in {study.folder}; it says what invented subjects are like "
            "('pilotage new' writes a study with an example)"
        )
        raise InputErrors([error(FILE, words)])
    nature, findings = _read(study)
    mistakes = [finding for finding in findings if finding.severity == "error"]
    if nature is None or mistakes:
        raise InputErrors(in_order(mistakes))
    return as_recorded(nature, study.protocol)


def nature_findings(study: Study) -> tuple[Finding, ...]:
    """Every mistake and doubt of synthetic.yaml; none for a study without one."""
    if not (study.folder / FILE).exists():
        return ()
    return in_order(_read(study)[1])


def place_in_file(study: Study, path: Path) -> str:
    """`synthetic.yaml:24` of a part, or of the nearest part around it."""
    file = study.folder / FILE
    found = read_yaml(file.read_bytes(), file=FILE).lines if file.exists() else {}
    return place_of({path: (FILE, line) for path, line in found.items()}, path, file=FILE)


def _read(study: Study) -> tuple[Nature | None, list[Finding]]:
    try:
        content = (study.folder / FILE).read_bytes()
    except OSError as problem:
        return None, [error(FILE, f"the file cannot be read: {problem.strerror}")]
    found = read_yaml(content, file=FILE)
    if found.value is None and found.findings:
        return None, [*found.findings]
    lines: Lines = {path: (FILE, line) for path, line in found.lines.items()}
    made = shaped(Nature, found.value, file=FILE, lines=lines, refused=found.refused)
    findings = [*found.findings, *made.findings]
    if made.model is not None:
        findings += inconsistencies(made.model, study, lines=lines, mended=made.mended, file=FILE)
    return made.model, findings
