"""`pilotage verify-trail` and `pilotage checkpoint`, as somebody types them."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from capture_records import DATA
from django.db import connection

from pilotage.capture.actions import NotPermitted, Refused
from pilotage.capture.actions.acting import Actor
from pilotage.capture.checkpoints import leave_checkpoint
from pilotage.capture.models import Subject

People = Mapping[str, Actor]


@pytest.fixture
def data(subject: Subject, record_db: str, tmp_path: Path) -> Path:
    """A data directory with a record in it."""
    connection.close()
    place = tmp_path / "data"
    place.mkdir()
    for file in Path(record_db).parent.glob("pilotage.sqlite3*"):
        shutil.copyfile(file, place / file.name)
    shutil.copyfile(DATA / "secret.key", place / "secret.key")
    return place


def pilotage(*words: object, at: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pilotage", *map(str, words)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PILOTAGE_")}
    return subprocess.run(
        command, cwd=at, env=environment, capture_output=True, text=True, check=False
    )


def test_a_checkpoint_leaves_and_the_trail_agrees_with_it(data: Path, tmp_path: Path) -> None:
    made = pilotage("checkpoint", "--data", data, "--out", "c.json", at=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "audit trail: event" in made.stdout
    found = pilotage("verify-trail", "--data", data, "--checkpoint", "c.json", at=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "Sound:" in found.stdout
    assert "Proven by the checkpoint: events 1 to" in found.stdout
    again = pilotage("checkpoint", "--data", data, "--out", "c.json", at=tmp_path)
    assert (again.returncode, again.stderr) == (1, "c.json: File exists\n")


def test_a_fault_is_told_and_ends_with_1(data: Path, tmp_path: Path) -> None:
    with sqlite3.connect(data / "pilotage.sqlite3") as database:
        database.execute("UPDATE capture_subject SET state = 'enrolled'")
    database.close()
    found = pilotage("verify-trail", "--data", data, at=tmp_path)
    assert found.returncode == 1
    assert found.stderr == "subject 1: changed without an event: state\n"
    assert "NOT SOUND: 1 fault in" in found.stdout


@pytest.mark.parametrize("content", ["", "{}", "[1]"])
def test_a_file_that_is_no_checkpoint_is_an_error(data: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "c.json").write_text(content)
    found = pilotage("verify-trail", "--data", data, "--checkpoint", "c.json", at=tmp_path)
    assert found.returncode == 1
    assert found.stderr.startswith("c.json: is not a checkpoint: ")
    assert found.stdout == ""


def test_where_there_is_no_record_there_is_none_afterwards(tmp_path: Path) -> None:
    for command in (("verify-trail",), ("checkpoint", "--out", "c.json")):
        found = pilotage(*command, "--data", "nothing", at=tmp_path)
        assert found.returncode == 1
        assert found.stderr.startswith("nothing: there is no record here")
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_leaves_by_somebody_who_may(people: People) -> None:
    for role, by in people.items():
        if role in ("investigator", "data_manager", "monitor", "auditor"):
            leave_checkpoint(left_as="file", by=by)
        else:
            with pytest.raises(NotPermitted):
                leave_checkpoint(left_as="file", by=by)
    with pytest.raises(Refused):
        leave_checkpoint(left_as="", by=people["auditor"])
    first = leave_checkpoint(left_as="file", by=people["auditor"], key="k")
    assert leave_checkpoint(left_as="file", by=people["auditor"], key="k") == first
