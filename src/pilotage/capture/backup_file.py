"""The file of a backup: what it says of itself, and its parts put in their places, each compared
with its hash. Nothing here knows of Django."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from pilotage.findings import InputErrors, error

KIND: Final = "pilotage backup 1"
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sqlite3"
ROWS: Final = "rows/"
CUTS: Final = "cuts"
LARGEST_MANIFEST: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `record` is the hash of the first event of the trail."""

    study: str
    pilotage: str
    made: str
    engine: str
    record: str
    seq: int
    hash: str
    counts: Mapping[str, int]
    migrations: tuple[str, ...]
    files: Mapping[str, str]
    kind: str = KIND


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself. Raises InputErrors for anything that is not a backup."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
                raise ValueError
            told = json.loads(archive.read(MANIFEST))
            parts = set(archive.namelist()) - {MANIFEST}
        if told["kind"] != KIND:
            raise ValueError
        found = Manifest(**{field.name: told[field.name] for field in fields(Manifest)})
    except FileNotFoundError:
        raise InputErrors([error(str(file), "does not exist")]) from None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise InputErrors([error(str(file), "is not a backup of Pilotage")]) from None
    if parts != set(found.files):
        raise InputErrors([error(str(file), "holds other parts than its manifest says")])
    return found


def unpack(file: Path, manifest: Manifest, data: Path) -> None:
    """Put the parts of a backup into a data directory, each compared with its hash."""
    wrong: list[str] = []
    with zipfile.ZipFile(file) as archive:
        for name, sha256 in sorted(manifest.files.items()):
            place = _place(name, data)
            if place is None:
                wrong.append(f"has a part that no backup has: {name!r}")
            elif _unpacked(archive, name, place) != sha256:
                wrong.append(f"is damaged: {name} is not what was backed up")
    if wrong:
        raise InputErrors([error(str(file), words) for words in wrong])


def _place(name: str, data: Path) -> Path | None:
    """Where a part goes; None for a name that leads anywhere else."""
    if name == DATABASE:
        return data / "pilotage.sqlite3"
    for begin, folder in ((f"{CUTS}/", data / CUTS), (ROWS, data / "uploads" / "rows")):
        steps = name.removeprefix(begin).split("/")
        plain = all(step not in ("", ".", "..") and "\\" not in step for step in steps)
        if name.startswith(begin) and plain and "\0" not in name:
            return folder.joinpath(*steps)
    return None


def _unpacked(archive: zipfile.ZipFile, name: str, place: Path) -> str:
    digest = hashlib.sha256()
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with archive.open(name) as source, place.open("xb") as target:
            while block := source.read(1 << 20):
                digest.update(block)
                target.write(block)
    except zipfile.BadZipFile:
        return ""
    return digest.hexdigest()
