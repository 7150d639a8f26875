"""Reading `truth.jsonl`: what whoever invented the entries knows and a record cannot."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pilotage.capture.playing.lines import Act
from pilotage.findings import Finding, InputErrors, error

TRUTH: Final = "truth.jsonl"
"""File beside the entries."""

SHOWN: Final = 20


def slips_beside(path: Path, acts: Sequence[Act]) -> frozenset[int] | None:
    """The lines of the entries that hold a slip of typing; None where there is no such file.

    Raises InputErrors where it does not belong to these entries.
    """
    file = path.parent / TRUTH
    if not file.is_file():
        return None
    items = {line: item for act in acts for item, line in (act.lines or {}).items()}
    found, mistakes = set[int](), list[Finding]()
    for number, slip in _told(file):
        if slip is None or items.get(slip[0]) != slip[1]:
            words = f"is no slip of {path.name}: make both anew, or take this file away"
            mistakes.append(error(f"{TRUTH}:{number}", words))
        else:
            found.add(slip[0])
    if mistakes:
        raise InputErrors(mistakes[:SHOWN])
    return frozenset(found)


def _told(file: Path) -> Iterator[tuple[int, tuple[int, str] | None]]:
    """The number of each line that tells a slip, with the line of the entries and the item; None
    for a line that cannot be read."""
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            said = json.loads(line)
            if said["what"] == "slip":
                yield number, (said["line"], said["item"])
        except (ValueError, KeyError, TypeError):
            yield number, None
