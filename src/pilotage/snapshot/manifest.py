"""The manifest of a snapshot: where it comes from, its data cut, and the hash of every file."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

MANIFEST: Final = "manifest.json"


class Version(Protocol):
    """Anything that names a version of the protocol and the day from which it holds."""

    @property
    def id(self) -> str: ...
    @property
    def date(self) -> date: ...


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    id: str
    date: date


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file was when it was recorded: the SHA-256 of its bytes, their number, its rows."""

    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the writer of a snapshot says about it.

    `synthetic` is True for invented subjects; `seed` is the seed they were made with (None: not
    made with one); `protocol_versions` are the versions in force up to the data cut.
    """

    pilotage: str
    study: str
    data_cut: date
    synthetic: bool
    seed: int | None
    protocol_versions: tuple[ProtocolVersion, ...]
    files: Mapping[str, FileRecord]


def record(data: bytes, rows: int) -> FileRecord:
    return FileRecord(hashlib.sha256(data).hexdigest(), len(data), rows)


def dump(manifest: Manifest) -> bytes:
    """The manifest as the bytes of its file: the same manifest gives the same bytes."""
    versions = [{"id": v.id, "date": v.date.isoformat()} for v in manifest.protocol_versions]
    files = {
        name: {"sha256": file.sha256, "bytes": file.bytes, "rows": file.rows}
        for name, file in sorted(manifest.files.items())
    }
    content = {
        "pilotage": manifest.pilotage,
        "study": manifest.study,
        "data_cut": manifest.data_cut.isoformat(),
        "synthetic": manifest.synthetic,
        "seed": manifest.seed,
        "protocol_versions": versions,
        "files": files,
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


class ManifestError(Exception):
    """The manifest cannot be read: each problem with its line (0: none)."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = problems
        super().__init__("; ".join(message for _, message in problems))


def load(data: bytes) -> Manifest:
    """Read the bytes of a manifest. Raises ManifestError with every problem found."""
    content = _json(data)
    if not isinstance(content, dict):
        raise ManifestError([(1, "is not an object of JSON: it begins with '{'")])
    wrong = _problems(content)
    if wrong:
        raise ManifestError([(0, message) for message in wrong])
    versions = tuple(
        ProtocolVersion(version["id"], date.fromisoformat(version["date"]))
        for version in content["protocol_versions"]
    )
    return Manifest(
        pilotage=content["pilotage"],
        study=content["study"],
        data_cut=date.fromisoformat(content["data_cut"]),
        synthetic=content["synthetic"],
        seed=content["seed"],
        protocol_versions=versions,
        files={name: FileRecord(**file) for name, file in content["files"].items()},
    )


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as wrong:
        message = f"byte {wrong.start + 1} is not UTF-8; save the file as UTF-8"
        raise ManifestError([(0, message)]) from None
    except json.JSONDecodeError as wrong:
        message = f"is not JSON: {wrong.msg} at column {wrong.colno}"
        raise ManifestError([(wrong.lineno, message)]) from None
    except (ValueError, RecursionError) as wrong:
        raise ManifestError([(0, f"is not JSON that can be read: {wrong}")]) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"the key {key!r} stands twice")
        content[key] = value
    return content


def _problems(content: dict[str, Any]) -> list[str]:
    expected = {
        "pilotage": (_is_text, "the version of Pilotage, as text"),
        "study": (_is_text, "the id of the study, as text"),
        "data_cut": (_is_day, "a day such as '2009-12-31'"),
        "synthetic": (_is_flag, "true or false"),
        "seed": (_is_seed, "a whole number or null"),
        "protocol_versions": (_is_versions, "a list of {id, date}"),
        "files": (_is_files, "for each file its sha256, bytes and rows"),
    }
    missing = [f"the key {key!r} is missing" for key in expected if key not in content]
    wrong = [
        f"{key!r} is not {meaning}"
        for key, (is_right, meaning) in expected.items()
        if key in content and not is_right(content[key])
    ]
    unknown = [f"the key {key!r} is not known" for key in content if key not in expected]
    return missing + wrong + unknown


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_seed(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_versions(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(version, dict)
        and version.keys() == {"id", "date"}
        and _is_text(version["id"])
        and _is_day(version["date"])
        for version in value
    )


def _is_files(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(file, dict)
        and file.keys() == {"sha256", "bytes", "rows"}
        and isinstance(file["sha256"], str)
        and re.fullmatch(r"[0-9a-f]{64}", file["sha256"]) is not None
        and _is_count(file["bytes"])
        and _is_count(file["rows"])
        for file in value.values()
    )


def differences(manifest: Manifest, files: Mapping[str, FileRecord]) -> list[tuple[str, str]]:
    """Where the files are not those of the manifest: file name and what differs."""
    found = []
    for name in sorted(manifest.files.keys() | files.keys()):
        then, now = manifest.files.get(name), files.get(name)
        if now is None:
            found.append((name, f"{MANIFEST} names the file, but it is not in the folder"))
        elif then is None:
            found.append((name, f"{MANIFEST} does not name the file; it was added later"))
        elif then.sha256 != now.sha256:
            message = "the file was changed after the snapshot was written"
            hashes = f"sha256 {now.sha256[:12]}…, in {MANIFEST} {then.sha256[:12]}…"
            found.append((name, f"{message} ({hashes})"))
        elif then != now:
            counts = f"{now.bytes} bytes and {now.rows} rows"
            stated = f"{then.bytes} bytes and {then.rows} rows"
            found.append((name, f"the file has {counts}, but {MANIFEST} says {stated}"))
    return found
