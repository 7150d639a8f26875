"""Loads a study: its folder of files as one frozen record, or every mistake with its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path as Folder

from pilotage.conditions import Namespace
from pilotage.findings import Finding, InputErrors, error
from pilotage.study.files import PROSE, PROTOCOL, RESULTS_TEXT, SAP, read_files
from pilotage.study.loading import Loading
from pilotage.study.names import did_you_mean
from pilotage.study.places import Lines, Path, place_of
from pilotage.study.prose import Prose
from pilotage.study.protocol import Label, Protocol, ProtocolVersion, text_of
from pilotage.study.results_text import ResultsText
from pilotage.study.sap import Sap
from pilotage.study.shape import Shaped
from pilotage.study.versions import KeptVersion, disagreements, read_kept, version_on

_STUDIES = Folder(__file__).parent.parent / "studies"


@dataclass(frozen=True)
class Study:
    """A study that loaded without a mistake.

    `headings` are the ids and titles of protocol.md. `findings` are warnings and notes. `where`
    gives the file and line of every part, by its path from here: `("protocol", "dosing", "rows",
    0)`. `digest` is what `sha256sum FILES | sha256sum` prints in the study's folder for its
    files in alphabetical order: protocol.yaml, sap.yaml, protocol.md, open_questions.md,
    results_text.yaml, the codelists and the older versions of the protocol. `results_text` is None
    for a study that has none. `kept` are the older versions of the protocol, by their id.
    """

    folder: Folder
    protocol: Protocol
    sap: Sap
    headings: Mapping[str, str]
    findings: tuple[Finding, ...]
    digest: str
    where: Mapping[Path, tuple[str, int]] = field(repr=False)
    results_text: ResultsText | None = None
    kept: Mapping[str, KeptVersion] = field(default_factory=dict, repr=False)

    @cached_property
    def namespace(self) -> Namespace:
        """The names that decision tables and edit checks may use."""
        from pilotage.study.namespace import namespace

        return namespace(self.protocol)

    @property
    def version(self) -> ProtocolVersion:
        """The version of the protocol that this is."""
        return self.protocol.versions[-1]

    def on(self, day: date) -> "Study | None":
        """The study under the version of the protocol that was in force on a day; None before the
        first version, and where the folder does not keep the version."""
        version = version_on(self.protocol, day)
        return None if version is None else self.under(version.id)

    def under(self, version: str) -> "Study | None":
        """The study under a version of its protocol, with the present analysis plan; None where the
        folder does not keep the version."""
        if version == self.version.id:
            return self
        return self._older.get(version)

    @cached_property
    def _older(self) -> "dict[str, Study]":
        plan = {path: place for path, place in self.where.items() if path[:1] != ("protocol",)}
        return {
            id_: replace(
                self,
                protocol=kept.protocol,
                headings=kept.headings,
                findings=kept.findings,
                where={**plan, **kept.where},
                kept={},
            )
            for id_, kept in self.kept.items()
            if kept.protocol is not None
        }

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
    loading = Loading(files)
    prose = loading.prose()
    protocol = loading.protocol()
    sap = loading.shaped(Sap, SAP, loading.yaml(SAP))
    kept = {version: read_kept(files, version) for version in files.versions}
    text: Shaped[ResultsText] = Shaped(None, (), frozenset())
    if RESULTS_TEXT in files.contents:
        text = loading.shaped(ResultsText, RESULTS_TEXT, loading.yaml(RESULTS_TEXT))
    findings = [*files.findings, *loading.findings]
    findings += _findings_between(protocol, sap, text, prose, loading.lines)
    findings += [finding for version in kept.values() for finding in version.findings]
    if protocol.model is not None and ("versions",) not in {p[:1] for p in protocol.mended}:
        findings += disagreements(protocol.model, loading.lines, kept)
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
        kept=kept,
    )


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sorted by file and line, each finding once."""

    def key(finding: Finding) -> tuple[str, int]:
        file, _, line = finding.where.rpartition(":")
        return (file, int(line)) if line.isdigit() else (finding.where, 0)

    return tuple(sorted(dict.fromkeys(findings), key=key))


def study_folder(where: str | Folder) -> Folder:
    """The folder of a study, found as `load_study` finds it; `name/inside` is a study in the folder
    of a built-in one. Raises InputErrors where there is none."""
    builtin = builtin_studies()
    if isinstance(where, str) and where in builtin:
        return builtin[where]
    folder, name = Folder(where), str(where)
    study, _, inside = name.partition("/")
    if isinstance(where, str) and inside and study in builtin:
        within = builtin[study] / inside
        if (within / PROTOCOL).is_file():
            return within
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
