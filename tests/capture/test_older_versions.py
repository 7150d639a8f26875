"""An entry keeps the questions of the version of the protocol to which it belongs."""

from dataclasses import replace

import pytest
from acts import People
from django.db import connection
from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions.entries import save_entry
from pilotage.capture.models import Entry, Subject
from pilotage.capture.planned import planned, planned_form
from pilotage.forms.answer import Answer
from pilotage.study import Study

GONE, KEPT = "Asked before the amendment", "signed_on"


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Study:
    """Version "old" of the protocol, in which the form of consent asked one thing more."""
    protocol = planned().protocol
    form = protocol.forms["consent"]
    gone = form.items["version"].model_copy(update={"label": GONE, "required": True})
    asked = form.model_copy(update={"items": {**form.items, "gone": gone}})
    forms = {
        code: each for code, each in {**protocol.forms, "consent": asked}.items()
        if code != "vital_signs"
    }  # fmt: skip
    made = replace(planned(), protocol=protocol.model_copy(update={"forms": forms}))
    monkeypatch.setitem(planned().__dict__, "_older", {"old": made})
    return made


@pytest.fixture
def entry(older: Study, subject: Subject, people: People) -> Entry:
    """A complete form of consent that belongs to the older version."""
    given = {"signed": Answer("yes"), KEPT: Answer("2026-01-01"), "version": Answer("2")}
    save_entry(
        subject, contact=None, form="consent", answers=given, by=people["nurse"], revision=None
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE capture_entry SET protocol_version = 'old'")
    return Entry.objects.get()


@pytest.mark.parametrize("version, asked", [("old", True), ("unheard of", False), ("", False)])
def test_a_form_asks_what_its_version_asks(entry: Entry, version: str, asked: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE capture_entry SET protocol_version = %s", [version])
    page = signed_in("nurse").get(reverse("entry", args=[entry.subject.usubjid, entry.pk]))
    assert (GONE in page.content.decode()) is asked


def test_what_the_older_version_asks_keeps_the_entry_open(entry: Entry, people: People) -> None:
    states = []
    for item, value in ((KEPT, "2026-01-02"), ("gone", "1")):
        entry.refresh_from_db()
        saved = save_entry(
            entry.subject, contact=None, form="consent", answers={item: Answer(value)},
            by=people["nurse"], reason="read wrongly", revision=entry.revision,
        ).entry  # fmt: skip
        assert saved is not None
        states.append(saved.state)
    assert states == ["started", "complete"]


def test_a_form_that_came_with_an_amendment_is_asked_as_it_is_now(older: Study) -> None:
    assert planned_form("vital_signs", "old") is planned()
    assert planned_form("consent", "old") is older
