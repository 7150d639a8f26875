"""The acts of a rehearsal that were refused, in a file of the data directory.

They are written before the acts around them are: what an interruption takes back is played again,
and refused again.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from pilotage.output import write_whole

REFUSED: Final = "refused.jsonl"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that was not done: the line at which it begins, what it was, and why."""

    line: int
    act: str
    subject: str
    why: str


def refused_until(line: int) -> list[Refusal]:
    """What was refused up to a line of the entries; what comes after it is played again."""
    file = Path(settings.DATA) / REFUSED
    if not file.is_file():
        return []
    told = file.read_bytes().decode(errors="replace").split("\n")
    return [each for each in map(_read, told) if each and each.line <= line]


def _read(text: str) -> Refusal | None:
    """None for a line that was torn off while it was written."""
    try:
        return Refusal(**json.loads(text))
    except (ValueError, TypeError):
        return None


def write_refusals(refused: Sequence[Refusal]) -> None:
    """Write all of them anew: whatever happens, the file holds the old ones or the new ones."""
    file = Path(settings.DATA) / REFUSED
    write_whole(file, "".join(_lines(refused)), durable=True)


def _lines(refused: Sequence[Refusal]) -> Iterator[str]:
    for each in refused:
        yield json.dumps(asdict(each), ensure_ascii=False) + "\n"
