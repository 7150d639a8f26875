"""One more file of a study folder, read as strictly as protocol.yaml."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from pilotage.findings import Finding, error
from pilotage.study import places
from pilotage.study.names import did_you_mean
from pilotage.study.places import Lines
from pilotage.study.shape import shaped
from pilotage.study.yaml_reader import read_yaml

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Part(Generic[Model]):
    """The model (None where even mending did not help), the mistakes, the line of every part, and
    the parts that were mended so that the rest could be checked."""

    model: Model | None
    findings: tuple[Finding, ...]
    lines: Lines
    mended: frozenset[places.Path]


@dataclass(slots=True)
class PartReport:
    """What is found when a part is held against its study. Nothing is said about a place that the
    shape of the file was wrong in (`mended`)."""

    lines: Lines
    mended: Collection[places.Path]
    file: str
    findings: list[Finding] = field(default_factory=list, init=False)

    def error(self, path: places.Path, message: str) -> None:
        if not places.starts_with_any(path, self.mended):
            self.findings.append(error(self.place(path), message))

    def place(self, path: places.Path) -> str:
        return places.place_of(self.lines, path, file=self.file)

    def known(self, path: places.Path, name: str, names: Iterable[str], message: str) -> bool:
        """Is the name among these? If not: error, with the nearest."""
        names = tuple(names)
        if name not in names:
            self.error(path, f"{message}{did_you_mean(name, names)}")
        return name in names


def read_part(path: Path, model: type[Model]) -> Part[Model]:
    """Read a YAML file as `model`, mistakes and all. Never raises."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return _none(error(path.name, f"{path.parent} has no {path.name}"))
    except OSError as problem:
        words = f"the file cannot be read: {problem.strerror or problem}"
        return _none(error(path.name, words))
    found = read_yaml(content, file=path.name)
    lines: Lines = {place: (path.name, line) for place, line in found.lines.items()}
    made = shaped(model, found.value, file=path.name, lines=lines, refused=found.refused)
    return Part(made.model, (*found.findings, *made.findings), lines, made.mended)


def _none(finding: Finding) -> Part[Model]:
    return Part(None, (finding,), {}, frozenset())
