"""One more file of a study folder, read as strictly as protocol.yaml."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pilotage.findings import InputErrors, error
from pilotage.study.places import Lines
from pilotage.study.shape import shaped
from pilotage.study.yaml_reader import read_yaml

Model = TypeVar("Model", bound=BaseModel)


def load_part(path: Path, model: type[Model]) -> Model:
    """Read a YAML file as `model`. Raises InputErrors with every mistake and its line."""
    try:
        found = read_yaml(path.read_bytes(), file=path.name)
    except FileNotFoundError:
        raise InputErrors([error(path.name, f"{path.parent} has no {path.name}")]) from None
    lines: Lines = {place: (path.name, line) for place, line in found.lines.items()}
    made = shaped(model, found.value, file=path.name, lines=lines, refused=found.refused)
    mistakes = [*found.findings, *made.findings]
    if made.model is None or mistakes:
        raise InputErrors(mistakes)
    return made.model
