"""The audit trail: order, hashes, clock, genesis."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from capture_records import PASSWORD
from django.db import connection, transaction

from pilotage.capture import clock, trail
from pilotage.capture.actions import NotPermitted, WrongState, access
from pilotage.capture.actions.acting import Actor, acting
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.subjects import screen_subject, sign_eligibility
from pilotage.capture.content import content_of_subject
from pilotage.capture.models import AuditEvent, Site, Subject
from pilotage.capture.planned import planned
from pilotage.capture.verify_trail import verify
from pilotage.forms.answer import Answer

People = Mapping[str, Actor]


@pytest.mark.both_engines
def test_the_first_event_names_the_study_and_its_digest(empty_db: str) -> None:
    access.add_site("01", "First", by=Actor.system("tests"))
    first = AuditEvent.objects.order_by("seq")[0]
    assert (first.seq, first.action, first.previous) == (1, "record opened", "0" * 64)
    details = json.loads(first.details)
    assert details["digest"] == planned().digest
    assert details["study"] == planned().protocol.study.id


def test_a_hash_is_over_every_field() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    texts = ("user_name", "role", "action", "site", "subject", "place", "reason", "details", "key")
    event = AuditEvent(seq=1, at=at, previous="", **dict.fromkeys(texts, ""))
    others = [(name, "x") for name in (*texts, "previous")]
    others += [("seq", 2), ("at", at + timedelta(microseconds=1)), ("user_id", 1), ("key", None)]
    for name, value in others:
        before, was = trail.hash_of(event), getattr(event, name)
        setattr(event, name, value)
        assert trail.hash_of(event) != before, name
        setattr(event, name, was)


def test_there_is_one_way_to_write_a_value() -> None:
    assert trail.canonical({"b": 1, "a": ["é", None, 0.5]}) == '{"a":["é",null,0.5],"b":1}'
    with pytest.raises(ValueError):
        trail.canonical({"a": float("nan")})


def test_the_trail_is_written_inside_a_transaction_only(record_db: str) -> None:
    with pytest.raises(RuntimeError):
        trail.lock()


def test_the_study_is_noted_once_and_again_when_its_files_changed(
    record_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note() -> bool:
        with transaction.atomic():
            return trail.note_study()

    assert not note()
    monkeypatch.setattr(trail, "__version__", "99")
    assert note()
    assert not note()
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, json.loads(last.details)["pilotage"]) == ("study changed", "99")


@pytest.mark.both_engines
def test_many_writers_at_once_make_one_chain(site: Site, people: People) -> None:
    before = AuditEvent.objects.count()

    def work() -> None:
        for _ in range(5):
            screen_subject(site, by=people["nurse"])
        connection.close()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Subject.objects.count() == 30
    assert AuditEvent.objects.count() == before + 30
    assert verify().faults == ()


def set_clock(monkeypatch: pytest.MonkeyPatch, away: timedelta) -> None:
    monkeypatch.setattr(clock, "system_time", lambda: datetime.now(UTC) + away)


@pytest.mark.both_engines
def test_a_clock_that_went_back_is_an_event_and_reorders_nothing(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = trail.head().seq
    set_clock(monkeypatch, timedelta(days=-1))
    screen_subject(site, by=people["nurse"])
    screen_subject(site, by=people["nurse"])
    actions = AuditEvent.objects.filter(seq__gt=first).values_list("action", flat=True)
    assert list(actions) == ["clock went back", "subject screened", "subject screened"]
    assert verify().faults == ()


def test_a_clock_corrected_by_less_than_a_second_goes_on(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = trail.head()
    assert last.at is not None
    monkeypatch.setattr(clock, "system_time", lambda: last.at - timedelta(seconds=0.9))
    screen_subject(site, by=people["nurse"])
    event = AuditEvent.objects.get(seq=last.seq + 1)
    assert (event.action, event.at) == ("subject screened", last.at)


def test_nobody_signs_until_the_clock_was_looked_at(
    subject: Subject, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign() -> None:
        sign_eligibility(
            subject,
            by=people["investigator"],
            password=PASSWORD,
            seen=content_of_subject(subject),
            verdict="eligible",
        )

    set_clock(monkeypatch, timedelta(hours=-1))
    with pytest.raises(WrongState, match="clock went back"):
        sign()
    assert AuditEvent.objects.order_by("-seq")[0].action == "clock went back"
    with pytest.raises(NotPermitted):
        access.acknowledge_clock(by=people["investigator"], reason="battery")
    access.acknowledge_clock(by=people["administrator"], reason="battery changed")
    sign()
    with pytest.raises(WrongState, match="did not go back"):
        access.acknowledge_clock(by=people["administrator"], reason="again")


def test_the_time_is_the_server_s(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2031, 2, 3, 4, 5, 6, 7, tzinfo=UTC)
    monkeypatch.setattr(clock, "system_time", lambda: at)
    screen_subject(site, by=people["nurse"])
    assert AuditEvent.objects.order_by("-seq")[0].at == at


def test_an_act_that_fails_leaves_no_event(subject: Subject, people: People) -> None:
    before = trail.head()

    def fail() -> None:
        with acting("broken", by=people["nurse"], key=None, asked={}) as act:
            act.change(Subject.objects.get(), state="enrolled")
            raise OSError("the disk is full")

    with pytest.raises(OSError):
        fail()
    assert trail.head() == before
    assert Subject.objects.get().state == "screening"


def test_the_details_hold_what_was_before_and_what_is_now(subject: Subject, people: People) -> None:
    saved = save_entry(
        subject, contact=None, form="consent", answers={"version": Answer("1")},
        by=people["nurse"], revision=None,
    )  # fmt: skip
    assert saved.entry is not None
    again = save_entry(
        subject, contact=None, form="consent", answers={"version": Answer("2")},
        by=people["nurse"], revision=saved.entry.revision, reason="misread",
    )  # fmt: skip
    assert again.event is not None
    event = AuditEvent.objects.get(seq=again.event.seq)
    details = json.loads(event.details)
    assert details["before"]["version"]["value"] == "1"
    assert [row["is"]["value"] for row in details["rows"] if row["table"] == "itemversion"] == ["2"]
    assert (event.user_name, event.role, event.site) == ("nurse", "nurse", "01")
    assert (event.subject, event.place, event.reason) == (subject.usubjid, "consent", "misread")
