"""Entries of a rehearsal as a test writes them, and a record in which they are played."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from pilotage.capture import clock, first_start
from pilotage.capture.demo import Person
from pilotage.capture.planned import planned
from pilotage.capture.playing.player import play
from pilotage.capture.playing.reading import Entries, read_entries
from pilotage.capture.playing.refusals import Refusal
from pilotage.capture.playing.rehearsal import open_rehearsal

STUDY = Path(first_start.__file__).parents[1] / "study" / "template"
ONE = "ONE-1"
VISIT = {"planned": "ENTRY", "number": 1.0, "label": "Entry", "held_on": "2024-03-01", "order": 0}
AT_VISIT = {"planned": "ENTRY", "held_on": "2024-03-01", "order": 0}
Line = Mapping[str, Any]


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The study that `pilotage new` makes, for invented subjects; whoever names it has it."""
    monkeypatch.setattr(settings, "STUDY", str(STUDY))
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "SYNTHETIC", True)
    planned.cache_clear()
    yield
    clock.follow(None)
    planned.cache_clear()


def head(**changed: Any) -> Line:
    study = planned()
    return {
        "pilotage_entries": 1, "study": study.protocol.study.id,
        "protocol_version": study.version.id, "study_digest": study.digest, "seed": 1,
        "synthetic": True, "until": "2024-12-31",
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
    """A file of entries; its head counts subjects and lines, unless `first` says otherwise."""
    path = folder / "entries.jsonl"
    subjects = len({line["subject"] for line in lines if line.get("act") == "screen"})
    counted = {"subjects": max(1, subjects), "lines": len(lines)}
    whole = [counted | dict(head() if first is None else first), *lines]
    path.write_text("".join(json.dumps(line) + "\n" for line in whole), encoding="utf-8")
    return path


def truth_beside(entries: Path, told: list[Line], **changed: Any) -> Path:
    """The file that tells which lines of the entries are slips."""
    digest = hashlib.sha256(entries.read_bytes()).hexdigest()
    first = {"pilotage_truth": 1, "entries_sha256": digest, "lines": len(told), "synthetic": True}
    path = entries.parent / "truth.jsonl"
    whole = [first | changed, *told]
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
