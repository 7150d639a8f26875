"""What a command leaves in a folder: all of its files, or none; and one file, whole or not at all.

Files are written into a staging folder on the same disk and moved into place when nothing more can
go wrong. Where something fails, or the command is interrupted, the folder is as it was before.
"""

import os
import re
import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pilotage.findings import InputErrors, error

_BY_THE_SYSTEM = re.compile(r"\s*\(os error \d+\)")
"""How libraries that are not written in Python mark what the operating system refused."""
_CUT_SHORT = "transport error"
"""What Polars says of a Parquet file whose last part the disk did not take."""

UNFINISHED = ".unfinished"
"""How the name of a file ends that was being written when its process was killed."""


@contextmanager
def all_or_nothing(folder: Path, *, whole: Collection[str] = ()) -> Iterator[Path]:
    """Give an empty folder to write into; when the block ends, its files move into `folder`.

    A file of the same name gives way and every other file in `folder` stays. A folder inside that
    is named in `whole` gives way as a whole. Raises InputErrors where `folder` cannot be written.
    """
    target = Path(os.path.abspath(folder))  # noqa: PTH100 (`resolve` would follow links)
    with _plain_refusals(folder):
        stage = _staging_folder(target)
    try:
        new = stage / "new"
        with _plain_refusals(folder, written_as=new):
            new.mkdir(parents=True)
            yield new
            _move_into(target, new, stage / "old", whole)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def left_as_it_was(folder: Path) -> Iterator[None]:
    """For a block that fills a new or an empty folder by itself: where the block fails, the folder
    is missing or empty again."""
    missing = _missing_folders(folder)
    was_empty = folder.is_dir() and not any(folder.iterdir())
    try:
        yield
    except BaseException:
        if missing:
            shutil.rmtree(missing[0], ignore_errors=True)
        elif was_empty:
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def write_whole(
    path: Path, content: bytes | str, *, at_once: bool = False, durable: bool = False
) -> None:
    """Write a file, a text in UTF-8; whatever happens, there is the old file or the new one.

    What a killed process leaves beside it gives way to the next write. `at_once`: other processes
    may write the same file now, so each works under a name of its own. `durable`: the content is on
    the disk before the file has its name, so that a power cut leaves no torn one. Raises OSError,
    having left nothing.
    """
    own = f".{uuid.uuid4().hex[:12]}" if at_once else ""
    unfinished = path.with_name(f".{path.name}{own}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def twin(folder: Path, copy: Path) -> None:
    """Make `copy` hold the files of `folder`, so that a part of it may be exchanged there; as
    further names of the same files where the disk allows it. Nothing where there is no folder."""
    if folder.is_dir():
        shutil.copytree(folder, copy, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _staging_folder(target: Path) -> Path:
    """A place for a folder that no one else uses, in `target` or where `target` will be made."""
    return folder_towards(target) / f".pilotage-{uuid.uuid4().hex[:12]}"


def folder_towards(target: Path) -> Path:
    """`target`, or the innermost folder on its way that is there. Raises InputErrors where a file
    stands in the way."""
    place = target
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise InputErrors([error(str(place), "is a file; name a folder to write to")])
    return place


def _missing_folders(folder: Path) -> list[Path]:
    """The folders on the way to `folder`, itself included, that do not exist; outermost first."""
    return [path for path in (*reversed(folder.parents), folder) if not path.exists()]


def _move_into(target: Path, new: Path, old: Path, whole: Collection[str]) -> None:
    """Move everything in `new` into `target`, keeping in `old` what gives way; or nothing."""
    old.mkdir()
    made = _missing_folders(target)
    moves = _Moves(old)
    try:
        target.mkdir(parents=True, exist_ok=True)
        moves.merge(new, target, whole)
    except BaseException:
        moves.take_back()
        for path in reversed(made):
            if path.is_dir():
                path.rmdir()
        raise


@dataclass(slots=True)
class _Moves:
    """Moves that were made, each with the place where the earlier file is kept."""

    old: Path
    made: list[tuple[Path, Path, Path]] = field(default_factory=list)

    def merge(self, new: Path, target: Path, whole: Collection[str]) -> None:
        for source in sorted(new.iterdir()):
            place = target / source.name
            if source.is_dir() and place.is_dir() and source.name not in whole:
                self.merge(source, place, ())
            elif os.path.lexists(place) and source.is_dir() != place.is_dir():
                kind, wanted = ("folder", "file") if place.is_dir() else ("file", "folder")
                words = f"is a {kind}, and a {wanted} of that name is to be written; move it away"
                raise InputErrors([error(str(place), words)])
            else:
                self._exchange(source, place)

    def _exchange(self, source: Path, place: Path) -> None:
        kept = self.old / str(len(self.made))
        self.made.append((source, place, kept))  # first, so that an interruption is taken back too
        if os.path.lexists(place):
            shutil.move(place, kept)
        shutil.move(source, place)

    def take_back(self) -> None:
        for source, place, kept in reversed(self.made):
            if os.path.lexists(place) and not os.path.lexists(source):
                shutil.move(place, source)
            if os.path.lexists(kept):
                shutil.move(kept, place)


@contextmanager
def _plain_refusals(folder: Path, *, written_as: Path | None = None) -> Iterator[None]:
    """What the disk refuses as InputErrors about `folder`; no finding names the staging folder."""
    try:
        yield
    except InputErrors as errors:
        staged = str(written_as or folder)
        named = [replace(f, where=f.where.replace(staged, str(folder))) for f in errors.findings]
        raise InputErrors(named) from None
    except Exception as problem:
        reason = _refusal(problem)
        if reason is None:
            raise
        raise InputErrors([error(str(folder), f"cannot be written: {reason}")]) from problem


def _refusal(problem: Exception) -> str | None:
    """What the operating system refused, in its words; None where something else is wrong."""
    said = str(getattr(problem, "strerror", None) or problem)
    if isinstance(problem, OSError) or _BY_THE_SYSTEM.search(said):
        return _BY_THE_SYSTEM.sub("", said.rpartition("error: ")[2])
    return "a file was cut short; is the disk full?" if _CUT_SHORT in said else None
