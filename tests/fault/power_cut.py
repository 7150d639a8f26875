"""A power cut, replayed: what a disk may hold when the power goes at a moment of the record.

The disk has written what was synced. What was not synced yet may be there, be there in part
(sectors of 512 bytes, in any order), or not be there at all.
"""

import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HEAD = struct.Struct("=qqqq")
SECTOR = 512


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that the process asked of the disk: W write, T truncate, S sync, A acknowledge."""

    kind: str
    file: str
    offset: int
    length: int
    data: bytes


@dataclass(slots=True)
class Disk:
    """What a file holds for sure, and what was asked since."""

    safe: bytearray = field(default_factory=bytearray)
    pending: list[Deed] = field(default_factory=list)


def build_recorder(folder: Path) -> Path:
    """Compile the recorder. Raises CalledProcessError without a C compiler."""
    made = folder / "recorder.so"
    source = Path(__file__).with_name("recorder.c")
    flags = ["-O2", "-shared", "-fPIC", "-D_LARGEFILE64_SOURCE"]
    subprocess.run(["cc", *flags, str(source), "-o", str(made), "-ldl"], check=True)
    return made


def record(arguments: Sequence[str], *, folder: Path, recorder: Path, match: str) -> list[Deed]:
    """Run a Python script under the recorder and return what it asked of files named `match`."""
    log = folder / "record.log"
    log.unlink(missing_ok=True)
    surroundings = {
        **os.environ,
        "LD_PRELOAD": str(recorder),
        "RECORDER_LOG": str(log),
        "RECORDER_MATCH": match,
    }
    subprocess.run([sys.executable, *arguments], check=True, env=surroundings)
    return list(_read(log.read_bytes()))


def _read(log: bytes) -> Iterator[Deed]:
    at = 0
    while at < len(log):
        kind, offset, length, name_length = HEAD.unpack_from(log, at)
        at += HEAD.size
        name = log[at : at + name_length].decode()
        at += name_length
        carried = length if chr(kind) in "WA" else 0
        yield Deed(chr(kind), Path(name).name, offset, length, log[at : at + carried])
        at += carried


def acknowledged(deeds: Sequence[Deed]) -> list[str]:
    """The words that the user was given, in order."""
    return [deed.data.decode().strip() for deed in deeds if deed.kind == "A"]


def rebuild(start: Path, deeds: Sequence[Deed], folder: Path, chance: random.Random) -> None:
    """Write into a folder what the disk may hold after these deeds and a power cut.

    `start` is the folder as it was before the first of them, all of it on the disk.
    """
    disks = {
        path.name: Disk(bytearray(path.read_bytes())) for path in start.iterdir() if path.is_file()
    }
    for deed in deeds:
        if deed.kind == "A" or deed.file.endswith("-shm"):
            continue
        disk = disks.setdefault(deed.file, Disk())
        if deed.kind == "S":
            for waiting in disk.pending:
                _apply(disk.safe, waiting)
            disk.pending.clear()
        else:
            disk.pending.append(deed)
    for name, disk in disks.items():
        if name.endswith("-shm"):
            continue
        for deed in _surviving(disk.pending, chance):
            _apply(disk.safe, deed)
        (folder / name).write_bytes(bytes(disk.safe))


def _surviving(pending: Sequence[Deed], chance: random.Random) -> Iterator[Deed]:
    """Of what was not synced: nothing, everything, or any of its sectors."""
    mood = chance.random()
    for deed in pending:
        if mood < 0.25:
            continue
        if mood < 0.4 or deed.kind == "T":
            if deed.kind == "W" or chance.random() < 0.5:
                yield deed
            continue
        for first in range(0, deed.length, SECTOR):
            if chance.random() < 0.5:
                part = deed.data[first : first + SECTOR]
                yield Deed("W", deed.file, deed.offset + first, len(part), part)


def _apply(content: bytearray, deed: Deed) -> None:
    if deed.kind == "T":
        del content[deed.length :]
        content.extend(bytes(deed.length - len(content)))
        return
    end = deed.offset + deed.length
    content.extend(bytes(max(end - len(content), 0)))
    content[deed.offset : end] = deed.data
