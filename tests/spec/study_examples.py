"""Studies for tests: that of `tests/small_study`, and what an edit of one place makes of it.

The files under `broken_studies` hold cases like this one. After the title comes the file; lines
that begin with `-` are taken out, lines that begin with `+` are put in, a line that begins with a
space is there to find the place. What begins with `>` is what a person must read, all of it.

    == a key is misspelled
    protocol.yaml
    -     whole_numbers: true
    +     whole_number: true
    > protocol.yaml:57: 'whole_number' is not a part of parameters.SCORE; did you mean …
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pilotage.findings import InputErrors
from pilotage.study import load_study

CASES = Path(__file__).parent / "broken_studies"
SMALL_STUDY = Path(__file__).parents[1] / "small_study"


@dataclass(frozen=True)
class Broken:
    title: str
    file: str
    old: str
    new: str
    messages: tuple[str, ...]


def read_cases(name: str) -> Iterator[Broken]:
    text = (CASES / name).read_text(encoding="utf-8")
    for case in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        title, file, *lines = case.rstrip("\n").split("\n")
        edit = [line for line in lines if not line.startswith(">")]
        yield Broken(
            title,
            file,
            "".join(f"{line[2:]}\n" for line in edit if line[:1] != "+"),
            "".join(f"{line[2:]}\n" for line in edit if line[:1] != "-"),
            tuple(line[2:] for line in lines if line.startswith(">")),
        )


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the one place in a file where lines begin with `old`."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert f"\n{text}".count(f"\n{old}") == 1, f"{old!r} stands not exactly once in {file}"
    path.write_text(f"\n{text}".replace(f"\n{old}", f"\n{new}", 1)[1:], encoding="utf-8")


def messages(folder: Path) -> list[str]:
    """What a person reads when the study is loaded: every error, in order."""
    try:
        load_study(folder)
    except InputErrors as errors:
        return [str(finding) for finding in errors.findings]
    return []


def study_in(folder: Path) -> Path:
    return Path(shutil.copytree(SMALL_STUDY, folder / "study"))
