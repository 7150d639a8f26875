"""Entries of a rehearsal as a test writes them, and a record in which they are played."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pilotage.capture import first_start
from pilotage.capture.demo import Person
from pilotage.capture.planned import planned
from pilotage.capture.playing.player import Refusal, play
from pilotage.capture.playing.reading import Entries, read_entries
from pilotage.capture.playing.rehearsal import open_rehearsal

STUDY = Path(first_start.__file__).parents[1] / "study" / "template"
ONE = "ONE-1"
VISIT = {"planned": "ENTRY", "number": 1.0, "label": "Entry", "held_on": "2024-03-01", "order": 0}
AT_VISIT = {"planned": "ENTRY", "held_on": "2024-03-01", "order": 0}
Line = Mapping[str, Any]


def head(**changed: Any) -> Line:
    study = planned()
    return {
        "pilotage_entries": 1, "study": study.protocol.study.id,
        "protocol_version": study.version.id, "study_digest": study.digest, "seed": 1,
        "subjects": 1, "synthetic": True, "until": "2024-12-31",
    } | changed  # fmt: skip


def act(at: str, who: str, what: str, subject: str = ONE, **said: Any) -> Line:
    """A line; `at` as 03-01 09:00 of the year 2024."""
    moment = f"2024-{at.replace(' ', 'T')}:00Z"
    return {"at": moment, "who": who, "act": what, "subject": subject, **said}


def entered(at: str, form: str, item: str, value: str, **said: Any) -> Line:
    where = {"contact": AT_VISIT, "form": form, "repeat": 1, "item": item, "value": value}
    return act(at, "nurse", "enter", **(where | said))


def begun() -> list[Line]:
    """A subject at its first visit."""
    return [
        act("03-01 09:00", "nurse", "screen"),
        act("03-01 09:05", "nurse", "open contact", contact=VISIT),
    ]


def written(folder: Path, lines: list[Line], first: Line | None = None) -> Path:
    path = folder / "entries.jsonl"
    whole = [head() if first is None else first, *lines]
    path.write_text("".join(json.dumps(line) + "\n" for line in whole), encoding="utf-8")
    return path


def opened(path: Path) -> tuple[Entries, Mapping[str, Person]]:
    """A record that was just opened for a file, and its people."""
    entries = read_entries(path, planned())
    open_rehearsal(entries)
    return entries, first_start.invented_staff()


def played(path: Path) -> tuple[Entries, list[Refusal]]:
    entries, people = opened(path)
    return entries, play(entries, people, lambda done, of: None)
