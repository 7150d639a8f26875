"""The files of a study folder, read once, and the digest over them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from pilotage.findings import Finding, error, warning
from pilotage.study.yaml_reader import LARGEST_FILE

PROTOCOL, SAP, PROSE, QUESTIONS = "protocol.yaml", "sap.yaml", "protocol.md", "open_questions.md"
RESULTS_TEXT = "results_text.yaml"
CODELISTS = "codelists"
VERSIONS = "versions"


@dataclass(frozen=True, slots=True)
class StudyFiles:
    """The bytes of every file that could be read, by its name in the folder, in alphabetical order;
    what is wrong with the others; and the ids of the older versions that have a folder."""

    contents: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    def codelists(self, version: str | None = None) -> dict[str, str]:
        """The codelist files of the present protocol, or of an older version: name of the codelist
        and name of the file."""
        folder = f"{inside(version)}{CODELISTS}/"
        files = [name for name in self.contents if name.startswith(folder)]
        return {name.removeprefix(folder).removesuffix(".yaml"): name for name in files}

    def text(self, name: str) -> str:
        """A file of prose; bytes that are not UTF-8 are a finding. Empty for a file that is not
        there."""
        content = self.contents.get(name, b"")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            line = content.count(b"\n", 0, problem.start) + 1
            words = "this line is not UTF-8 text; save the file as UTF-8"
            self.findings.append(error(f"{name}:{line}", words))
            return content.decode("utf-8-sig", errors="replace")

    def digest(self) -> str:
        """What `sha256sum FILES | sha256sum` prints in the folder, the files in their order."""
        listing = "".join(
            f"{hashlib.sha256(content).hexdigest()}  {name}\n"
            for name, content in self.contents.items()
        )
        return hashlib.sha256(listing.encode()).hexdigest()


def inside(version: str | None) -> str:
    """What the names of the files of an older version begin with: `versions/1.0/`."""
    return "" if version is None else f"{VERSIONS}/{version}/"


def read_files(folder: Path) -> StudyFiles:
    """Read protocol.yaml, sap.yaml, protocol.md and the codelists, if they are present
    open_questions.md and results_text.yaml, and of every older version of the protocol
    protocol.yaml, protocol.md and the codelists."""
    files = StudyFiles()
    names = [PROTOCOL, SAP, PROSE, *_codelists(folder, "", files)]
    names += [name for name in (QUESTIONS, RESULTS_TEXT) if (folder / name).exists()]
    for path in sorted((folder / VERSIONS).glob("[!.]*")):
        if not path.is_dir():
            words = f"is not read: {VERSIONS}/ holds a folder for each older version"
            files.findings.append(warning(f"{VERSIONS}/{path.name}", words))
            continue
        files.versions.append(path.name)
        start = inside(path.name)
        names += [start + PROTOCOL, start + PROSE, *_codelists(folder, start, files)]
    for name in sorted(names):
        _read(folder, name, files)
    return files


def _codelists(folder: Path, start: str, files: StudyFiles) -> list[str]:
    found = []
    for path in sorted((folder / start / CODELISTS).glob("*")):
        name = f"{start}{CODELISTS}/{path.name}"
        if path.suffix == ".yaml":
            found.append(name)
        elif path.suffix == ".yml":
            files.findings.append(warning(name, f"is not read; name it {path.stem}.yaml"))
    return found


def _read(folder: Path, name: str, files: StudyFiles) -> None:
    path = folder / name
    if not path.is_file():
        words = "is not a file" if path.exists() else f"{folder} has no such file"
        files.findings.append(error(name, words))
        return
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        words = f"the file cannot be read: {problem.strerror or problem}"
        files.findings.append(error(name, words))
        return
    if len(content) > LARGEST_FILE:
        words = f"the file has more than {LARGEST_FILE:,} bytes; no more are read"
        files.findings.append(error(f"{name}:1", words))
        return
    files.contents[name] = content
