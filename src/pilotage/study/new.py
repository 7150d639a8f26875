"""Begins a study: a folder with a small one that loads, to be changed line by line."""

import shutil
from pathlib import Path

from pilotage.findings import InputErrors, error

SCHEMAS = Path(__file__).parent / "schemas"
TEMPLATE = Path(__file__).parent / "template"


def new_study(folder: Path) -> Path:
    """Copy the template into `folder`, which must be empty or not exist yet; returns the folder.

    Raises InputErrors, with nothing written, for a folder that holds anything.
    """
    if folder.exists() and not folder.is_dir():
        raise InputErrors([error(str(folder), "is a file; name a new or an empty folder")])
    if folder.is_dir() and any(folder.iterdir()):
        words = "the folder is not empty; name a new or an empty folder"
        raise InputErrors([error(str(folder), words)])
    try:
        _copy(TEMPLATE, folder)
        _copy(SCHEMAS, folder / SCHEMAS.name)
    except OSError as problem:
        words = f"the study cannot be written here: {problem.strerror or problem}"
        raise InputErrors([error(str(folder), words)]) from problem
    return folder


def _copy(source: Path, target: Path) -> None:
    """Copy the files, without the permissions that they have where Pilotage is installed."""
    for file in sorted(path for path in source.rglob("*") if path.is_file()):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
