"""Trials on disk: a Parquet file for each block of them, so that a run that was interrupted goes on
where it was, and none is taken for another.

Nothing in a file tells when or where it was made: the same run gives the same bytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from pilotage.findings import InputErrors, error
from pilotage.output import UNFINISHED, folder_towards, write_whole

FOLDER, MADE_OF = "trials", "simulation.json"


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of one run in a folder; `sizes` are the trials of each."""

    folder: Path
    sizes: tuple[int, ...]

    def path(self, number: int) -> Path:
        return self.folder / FOLDER / f"block-{number:05d}.parquet"

    def finished(self, number: int) -> pl.DataFrame | None:
        """A block of an earlier run of the same; None where it is to be made."""
        path = self.path(number)
        try:
            found = pl.read_parquet(path, hive_partitioning=False) if path.exists() else None
        except (OSError, pl.exceptions.PolarsError):
            return None
        return found if found is not None and found.height == self.sizes[number] else None

    def keep(self, number: int, trials: pl.DataFrame) -> None:
        self.keep_file(number, file_of(trials))

    def keep_file(self, number: int, content: bytes) -> None:
        path = self.path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Every block, in order."""
        for number in range(len(self.sizes)):
            yield pl.read_parquet(self.path(number), hive_partitioning=False)


def file_of(trials: pl.DataFrame) -> bytes:
    """The file of a block, wherever it is made."""
    file = BytesIO()
    trials.write_parquet(file, compression="zstd")
    return file.getvalue()


def open_blocks(folder: Path, sizes: tuple[int, ...], made_of: Mapping[str, object]) -> Blocks:
    """The blocks of a run in a folder: a new one, or one of the same run that was not finished.

    Raises InputErrors where the folder holds another run, with what differs, and where it is none.
    """
    folder_towards(folder)
    path = folder / MADE_OF
    said = json.dumps(made_of, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if path.exists():
        _refuse_another(path, said, made_of)
    elif folder.is_dir() and any(each.suffix != UNFINISHED for each in folder.iterdir()):
        words = "the folder is not empty; name a new or an empty folder, or that of the same run"
        raise InputErrors([error(str(folder), words)])
    else:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, said)
    return Blocks(folder, sizes)


def check_points(folder: Path, points: Iterable[str]) -> None:
    """Raise InputErrors where the runs of a grid, each in a folder of its own, would stand among
    something else: the run of one scenario, or of another grid, or other files."""
    if not folder.is_dir():
        return
    there = [each for each in folder.iterdir() if each.suffix != UNFINISHED]
    folders = {each.name for each in there if each.is_dir()}
    if (folder / MADE_OF).exists():
        words = "the folder holds the simulation of one scenario; name another folder"
        raise InputErrors([error(str(folder / MADE_OF), words)])
    if folders - set(points) or (there and not folders):
        words = "the folder is not empty; name a new or an empty folder, or that of the same grid"
        raise InputErrors([error(str(folder), words)])


def _refuse_another(path: Path, said: str, made_of: Mapping[str, object]) -> None:
    try:
        text = path.read_text(encoding="utf-8")
        if text == said:
            return
        there = json.loads(text)
    except (OSError, ValueError):
        there = {}
    differs = [
        f"{key} {there.get(key)} there, {made_of[key]} here"
        for key in made_of
        if there.get(key) != made_of[key] and not isinstance(made_of[key], Mapping)
    ]
    words = f"the folder holds another simulation ({'; '.join(differs) or 'other settings'})"
    raise InputErrors([error(str(path), f"{words}; name another folder")])
