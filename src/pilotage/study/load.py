"""Loads a study: its folder of files as one frozen record, or every mistake with its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as Folder
from typing import TypeVar

from pydantic import BaseModel

from pilotage.conditions import Namespace
from pilotage.findings import Finding, InputErrors, error
from pilotage.study.files import PROSE, PROTOCOL, RESULTS_TEXT, SAP, StudyFiles, read_files
from pilotage.study.names import did_you_mean
from pilotage.study.places import Lines, Path, place_of
from pilotage.study.prose import Prose, read_prose
from pilotage.study.protocol import Label, Protocol, text_of
from pilotage.study.results_text import ResultsText
from pilotage.study.sap import Sap
from pilotage.study.shape import Shaped, shaped
from pilotage.study.yaml_reader import YamlText, read_yaml

_STUDIES = Folder(__file__).parent.parent / "studies"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Study:
    """A study that loaded without a mistake.

    `headings` are the ids and titles of protocol.md. `findings` are warnings and notes. `where`
    gives the file and line of every part, by its path from here: `("protocol", "dosing", "rows",
    0)`. `digest` is what `sha256sum FILES | sha256sum` prints in the study's folder for its
    files in alphabetical order: protocol.yaml, sap.yaml, protocol.md, open_questions.md,
    results_text.yaml and the codelists. `results_text` is None for a study that has none.
    """

    folder: Folder
    protocol: Protocol
    sap: Sap
    headings: Mapping[str, str]
    findings: tuple[Finding, ...]
    digest: str
    where: Mapping[Path, tuple[str, int]] = field(repr=False)
    results_text: ResultsText | None = None

    @cached_property
    def namespace(self) -> Namespace:
        """The names that decision tables and edit checks may use."""
        from pilotage.study.namespace import namespace

        return namespace(self.protocol)

    def text(self, label: Label, language: str | None = None) -> str:
        """A label in the language asked for, else in the study's first language."""
        if isinstance(label, str):
            return label
        wanted = language if language in label else self.protocol.languages[0]
        return label.get(wanted) or text_of(label)

    def place(self, *path: str | int) -> str:
        """`protocol.yaml:41`: where a part stands, for example `place("protocol", "dosing")`."""
        file = SAP if path[:1] == ("sap",) else PROTOCOL
        return place_of(self.where, path, file=file)


def builtin_studies() -> dict[str, Folder]:
    """The studies that come with Pilotage: name and folder."""
    if not _STUDIES.is_dir():
        return {}
    folders = sorted(folder for folder in _STUDIES.iterdir() if (folder / PROTOCOL).is_file())
    return {folder.name: folder for folder in folders}


def load_study(where: str | Folder) -> Study:
    """Load a built-in study by its name, or the study in a folder.

    A name of a built-in study wins over a folder of that name; `./name` is always the folder.
    Raises InputErrors with every mistake of every file, sorted by file and line.
    """
    folder = study_folder(where)
    files = read_files(folder)
    loading = _Loading(files)
    prose = loading.prose()
    protocol = loading.protocol()
    sap = loading.shaped(Sap, SAP, loading.yaml(SAP))
    text: Shaped[ResultsText] = Shaped(None, (), frozenset())
    if RESULTS_TEXT in files.contents:
        text = loading.shaped(ResultsText, RESULTS_TEXT, loading.yaml(RESULTS_TEXT))
    findings = [*files.findings, *_findings_between(protocol, sap, text, prose, loading.lines)]
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors or protocol.model is None or sap.model is None:
        raise InputErrors(in_order(errors))
    return Study(
        folder=folder,
        protocol=protocol.model,
        sap=sap.model,
        headings=prose.headings,
        findings=in_order(findings),
        digest=files.digest(),
        where=loading.lines,
        results_text=text.model,
    )


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sorted by file and line, each finding once."""

    def key(finding: Finding) -> tuple[str, int]:
        file, _, line = finding.where.rpartition(":")
        return (file, int(line)) if line.isdigit() else (finding.where, 0)

    return tuple(sorted(dict.fromkeys(findings), key=key))


def study_folder(where: str | Folder) -> Folder:
    """The folder of a study, found as `load_study` finds it. Raises InputErrors where there is
    none."""
    builtin = builtin_studies()
    if isinstance(where, str) and where in builtin:
        return builtin[where]
    folder, name = Folder(where), str(where)
    try:
        if folder.is_dir():
            return _with_files(folder)
        words = "is a file, not a study folder" if folder.exists() else "no such study folder"
    except OSError as problem:
        words = f"the folder cannot be opened: {problem.strerror or problem}"
    known = f"; built-in studies: {', '.join(builtin)}" if builtin else ""
    hint = did_you_mean(name, builtin)
    raise InputErrors([error(name, words + (hint or known))])


def _with_files(folder: Folder) -> Folder:
    """The folder, if it has at least one of the files that make a study."""
    if any((folder / name).exists() for name in (PROTOCOL, SAP, PROSE)):
        return folder
    words = f"is no study folder: it has no {PROTOCOL}; 'pilotage new DIR' makes a small study"
    raise InputErrors([error(str(folder), words)])


def _findings_between(
    protocol: Shaped[Protocol],
    sap: Shaped[Sap],
    text: Shaped[ResultsText],
    prose: Prose,
    where: Lines,
) -> list[Finding]:
    """What the parts say about each other, and what the protocol leaves open."""
    from pilotage.study.completeness import not_stated
    from pilotage.study.consistency import Report, inconsistencies

    if protocol.model is None:
        return []
    mended = [("protocol", *path) for path in protocol.mended]
    mended += [("sap", *path) for path in sap.mended]
    mended += [("results_text", *path) for path in text.mended]
    report = Report(protocol.model, headings=prose.headings, where=where, mended=mended)
    found = inconsistencies(report, sap.model, text.model)
    found += not_stated(protocol.model, ("protocol",), where=where, file=PROTOCOL)
    if sap.model is not None:
        found += not_stated(sap.model, ("sap",), where=where, file=SAP)
    return found


class _Loading:
    """Reads the files of one study, and gathers the findings and the line of every part."""

    def __init__(self, files: StudyFiles) -> None:
        self.files = files
        self.lines: Lines = {}

    def prose(self) -> Prose:
        prose = read_prose(self.files.text(PROSE), file=PROSE)
        self.files.findings.extend(prose.findings)
        if PROSE in self.files.contents and not prose.headings:
            words = "no heading begins with an id, such as '## P-01 Design'"
            self.files.findings.append(error(f"{PROSE}:1", words))
        return prose

    def yaml(self, name: str) -> YamlText:
        content = self.files.contents.get(name)
        if content is None:
            return YamlText(None, {}, ())
        found = read_yaml(content, file=name)
        self.files.findings.extend(found.findings)
        return found

    def protocol(self) -> Shaped[Protocol]:
        text = self.yaml(PROTOCOL)
        codelists = {name: self.yaml(file) for name, file in self.files.codelists.items()}
        lines: Lines = {}
        refused: set[Path] = set()
        if isinstance(text.value, dict):
            for name, codelist in codelists.items():
                refused |= self._merge_codelist(name, codelist, text, lines)
        return self.shaped(Protocol, PROTOCOL, text, lines=lines, refused=refused)

    def _merge_codelist(
        self, name: str, codelist: YamlText, protocol: YamlText, lines: Lines
    ) -> set[Path]:
        """Add codelists/NAME.yaml to the protocol's codelists; returns the refused parts."""
        file = self.files.codelists[name]
        path: Path = ("codelists", name)
        together = protocol.value.setdefault("codelists", {})
        if not isinstance(together, dict):
            return set()
        if name in together:
            words = f"the codelist '{name}' stands in {PROTOCOL}:{protocol.lines[path]} already"
            self.files.findings.append(error(f"{file}:1", words))
            return set()
        together[name] = codelist.value
        lines[path] = (file, 1)
        lines.update({(*path, *inner): (file, line) for inner, line in codelist.lines.items()})
        broken = {(*path, *inner) for inner in codelist.refused}
        return broken if codelist.value is not None else {path}

    def shaped(
        self,
        model: type[M],
        name: str,
        text: YamlText,
        *,
        lines: Lines | None = None,
        refused: set[Path] | None = None,
    ) -> Shaped[M]:
        """The model of a file; None without a word where the file could not be read."""
        if not text.lines:
            return Shaped(None, (), frozenset())
        here: Lines = {path: (name, line) for path, line in text.lines.items()} | (lines or {})
        already = text.refused | (refused or set())
        result = shaped(model, text.value, file=name, lines=here, refused=already)
        self.files.findings.extend(result.findings)
        part = name.removesuffix(".yaml")
        self.lines.update({(part, *path): place for path, place in here.items()})
        return result
