"""Reviews are made in a process of their own under `pilotage serve`; nobody waits for them long."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic

import pytest
from capture_records import DATA
from django.db import connection

from pilotage.capture import reviewing
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.models import Subject
from pilotage.capture.reviewing_apart import Apart
from pilotage.capture.surroundings import DATABASE
from pilotage.capture.today import today
from pilotage.forms.answer import Answer

LONG = 60.0


@pytest.fixture(autouse=True)
def _nothing_made() -> Iterator[None]:
    reviewing._made.clear()
    yield
    reviewing.work_here()
    reviewing._made.clear()


@pytest.fixture
def where_settings_say(subject: Subject) -> Iterator[None]:
    """The record of the test in the place where another process looks for it."""
    answers = {"age": Answer("30"), "sex": Answer("F")}
    save_entry(
        subject, contact=None, form="demography", answers=answers,
        by=Actor.system("test"), revision=None,
    )  # fmt: skip
    name = Path(connection.settings_dict["NAME"])
    connection.close()
    for file in name.parent.glob(f"{name.name}*"):
        shutil.copyfile(file, DATA / file.name.replace(name.name, DATABASE))
    yield
    for file in DATA.glob(f"{DATABASE}*"):
        file.unlink()


def test_another_process_makes_the_same_reviews(subject: Subject, where_settings_say: None) -> None:
    here = reviewing.reviews_of([subject], today(), patience=LONG).found[subject.usubjid]
    reviewing._made.clear()
    reviewing.work_apart()
    there = reviewing.reviews_of([subject], today(), patience=LONG)
    assert not there.behind
    for name in reviewing.MATTERS:
        frame = getattr(here, name)
        assert getattr(there.found[subject.usubjid], name).equals(frame), name


def test_when_the_process_died_the_reviews_are_made_all_the_same(
    subject: Subject, where_settings_say: None, caplog: pytest.LogCaptureFixture
) -> None:
    reviewing.work_apart()
    [apart] = reviewing._apart
    for _ in range(2):
        reviewing._made.clear()
        reviewing.reviews_of([subject], today(), patience=LONG)
        assert reviewing._made, "made"
        assert apart._process is not None, "and the next question starts another process"
        os.kill(apart._process.pid, signal.SIGKILL)
        reviewing._made.clear()
        told = reviewing.reviews_of([subject], today(), patience=LONG)
        assert not told.behind
        assert "the process that reviews subjects ended" in caplog.text


def test_the_process_ends_with_whoever_started_it() -> None:
    apart = Apart()
    apart.made([], today())
    process = apart._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as the system does for a server that was killed
    assert process.wait(LONG) == 0
    apart.end()


def test_only_so_many_pages_wait(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next ones show what there is, so that threads are left for those who save."""
    taken = BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(reviewing, "_waiting", taken)
    began = monotonic()
    told = reviewing.reviews_of([subject], today(), patience=LONG)
    assert monotonic() - began < LONG / 2
    assert told.behind == {subject.usubjid}
    taken.release()
    assert not reviewing.reviews_of([subject], today(), patience=LONG).behind
