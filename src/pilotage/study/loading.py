"""Reads the files of one study, or of an older version of its protocol, into models."""

from typing import TypeVar

from pydantic import BaseModel

from pilotage.findings import Finding, error
from pilotage.study.files import PROSE, PROTOCOL, StudyFiles, inside
from pilotage.study.places import Lines, Path
from pilotage.study.prose import Prose, read_prose
from pilotage.study.protocol import Protocol
from pilotage.study.shape import Shaped, shaped
from pilotage.study.yaml_reader import YamlText, read_yaml

M = TypeVar("M", bound=BaseModel)


class Loading:
    """Gathers the findings and the line of every part. `version` is the older version of the
    protocol that is read; None for the files that stand in the study folder itself."""

    def __init__(self, files: StudyFiles, version: str | None = None) -> None:
        self.files = files
        self.version = version
        self.findings: list[Finding] = []
        self.lines: Lines = {}

    def name(self, file: str) -> str:
        """The name of a file as seen from the study folder."""
        return inside(self.version) + file

    def prose(self) -> Prose:
        file = self.name(PROSE)
        prose = read_prose(self.files.text(file), file=file)
        self.findings.extend(prose.findings)
        if file in self.files.contents and not prose.headings:
            words = "no heading begins with an id, such as '## P-01 Design'"
            self.findings.append(error(f"{file}:1", words))
        return prose

    def yaml(self, file: str) -> YamlText:
        content = self.files.contents.get(file)
        if content is None:
            return YamlText(None, {}, ())
        found = read_yaml(content, file=file)
        self.findings.extend(found.findings)
        return found

    def protocol(self) -> Shaped[Protocol]:
        text = self.yaml(self.name(PROTOCOL))
        files = self.files.codelists(self.version)
        codelists = {name: self.yaml(file) for name, file in files.items()}
        lines: Lines = {}
        refused: set[Path] = set()
        if isinstance(text.value, dict):
            for name, codelist in codelists.items():
                refused |= self._merge_codelist(name, files[name], codelist, text, lines)
        return self.shaped(Protocol, PROTOCOL, text, lines=lines, refused=refused)

    def _merge_codelist(
        self, name: str, file: str, codelist: YamlText, protocol: YamlText, lines: Lines
    ) -> set[Path]:
        """Add codelists/NAME.yaml to the protocol's codelists; returns the refused parts."""
        path: Path = ("codelists", name)
        together = protocol.value.setdefault("codelists", {})
        if not isinstance(together, dict):
            return set()
        if name in together:
            first = f"{self.name(PROTOCOL)}:{protocol.lines[path]}"
            words = f"the codelist '{name}' stands in {first} already"
            self.findings.append(error(f"{file}:1", words))
            return set()
        together[name] = codelist.value
        lines[path] = (file, 1)
        lines.update({(*path, *inner): (file, line) for inner, line in codelist.lines.items()})
        broken = {(*path, *inner) for inner in codelist.refused}
        return broken if codelist.value is not None else {path}

    def shaped(
        self,
        model: type[M],
        file: str,
        text: YamlText,
        *,
        lines: Lines | None = None,
        refused: set[Path] | None = None,
    ) -> Shaped[M]:
        """The model of a file; None without a word where the file could not be read."""
        if not text.lines:
            return Shaped(None, (), frozenset())
        name = self.name(file)
        here: Lines = {path: (name, line) for path, line in text.lines.items()} | (lines or {})
        already = text.refused | (refused or set())
        result = shaped(model, text.value, file=name, lines=here, refused=already)
        self.findings.extend(result.findings)
        part = file.removesuffix(".yaml")
        self.lines.update({(part, *path): place for path, place in here.items()})
        return result
