"""What `verify` finds, what it cannot prove, and that it cannot be talked into a pass."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest
from capture_records import PASSWORD, Engine
from django.db import connection

from pilotage.capture import trail
from pilotage.capture.actions import signing
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.checkpoints import Left, leave_checkpoint, read_checkpoint
from pilotage.capture.content import content_of
from pilotage.capture.models import AuditEvent, Entry, ItemVersion, Subject
from pilotage.capture.replay import Fault, differences, replayed
from pilotage.capture.triggers import install, triggers
from pilotage.capture.verify_trail import _Chain, _of_tables, verify
from pilotage.forms.answer import Answer

People = Mapping[str, Actor]
TRAIL = "capture_auditevent"


@pytest.fixture
def entry(subject: Subject, people: People) -> Entry:
    """A signed entry."""
    signed = {"signed": Answer("yes"), "signed_on": Answer("2026-01-01"), "version": Answer("2")}
    saved = save_entry(
        subject, contact=None, form="consent", answers=signed, by=people["nurse"], revision=None
    )
    assert saved.entry is not None
    sign(saved.entry, people)
    return Entry.objects.get()


def sign(entry: Entry, people: People) -> None:
    signing.sign_entry(
        entry,
        by=people["investigator"],
        password=PASSWORD,
        meaning="approval",
        seen=content_of(entry),
    )


@contextmanager
def owner_of_the_database() -> Iterator[None]:
    """Somebody who can do anything, and puts the triggers back in the end."""
    with connection.cursor() as cursor:
        for trigger in triggers(connection.vendor):
            on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{trigger.name}"{on}')
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = ON")
    install(connection)


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults(*checkpoints: Left) -> str:
    return "\n".join(map(str, verify(checkpoints).faults))


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
def test_a_sound_record_has_no_fault_and_says_what_is_not_proven() -> None:
    found = verify()
    assert found.sound
    assert found.events == AuditEvent.objects.count()
    assert found.proven == 0
    assert "without a checkpoint" in found.open[0]


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize(
    "column", ["at", "user_name", "role", "action", "site", "subject", "place", "reason", "key"]
)
def test_a_changed_event_is_found(column: str) -> None:
    value = "2001-01-01 00:00:00" if column == "at" else "another"
    with owner_of_the_database():
        run(f"UPDATE {TRAIL} SET {column} = %s WHERE seq = 5", value)
    assert "event 5: it was changed: its hash is not that of its content" in faults()


@pytest.mark.usefixtures("entry")
def test_a_changed_event_with_a_new_hash_is_found_by_the_one_after_it() -> None:
    event = AuditEvent.objects.get(seq=5)
    event.reason = "another"
    with owner_of_the_database():
        run(
            f"UPDATE {TRAIL} SET reason = %s, hash = %s WHERE seq = 5",
            "another",
            trail.hash_of(event),
        )
    assert faults() == "event 6: it does not follow upon the event before it"


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
def test_a_deleted_event_is_found(engine: Engine) -> None:
    with owner_of_the_database():
        run(f"UPDATE {TRAIL} SET seq = -5 WHERE seq = 5")
        if engine.name == "sqlite":
            run(f"DELETE FROM {TRAIL} WHERE seq = -5")
    assert "event 6: event 5 is missing before it" in faults()


@pytest.mark.usefixtures("entry")
def test_a_swap_is_found() -> None:
    with owner_of_the_database():
        for old, new in ((5, -1), (6, 5), (-1, 6)):
            run(f"UPDATE {TRAIL} SET seq = %s WHERE seq = %s", new, old)
    assert "event 5: it does not follow upon the event before it" in faults()
    assert "event 6: it does not follow upon the event before it" in faults()


@pytest.mark.usefixtures("entry")
def test_an_inserted_event_is_found() -> None:
    last = AuditEvent.objects.order_by("-seq")[0]
    last.seq, last.key = last.seq + 1, None
    with owner_of_the_database():
        last.save(force_insert=True)
    assert f"event {last.seq}: it does not follow upon the event before it" in faults()


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize(
    "statement, fault",
    [
        ("UPDATE capture_itemversion SET value = 'no' WHERE item = 'signed'",
         "changed without an event: value"),
        ("UPDATE capture_itemversion SET missing = 'unknown' WHERE item = 'signed'",
         "changed without an event: missing"),
        ("UPDATE capture_entry SET state = 'complete'", "changed without an event: state"),
        ("UPDATE capture_subject SET usubjid = 'other'", "changed without an event: usubjid"),
        ("UPDATE capture_signature SET printed_name = 'Dr Other'",
         "changed without an event: printed_name"),
        ("UPDATE capture_signature SET content = 'abc'", "what it is bound to is not"),
        ("UPDATE capture_user SET password = 'abc' WHERE username = 'nurse'",
         "changed without an event: password"),
        ("UPDATE capture_user SET username = 'sister' WHERE username = 'nurse'",
         "the account that it names has another name"),
        ("UPDATE capture_membership SET role = 'investigator'", "changed without an event: role"),
        ("DELETE FROM capture_itemversion WHERE item = 'version'", "this row was deleted"),
        ("INSERT INTO capture_site (code, name) VALUES ('99', 'Another')",
         "no event added this row"),
    ],
)  # fmt: skip
def test_what_no_event_did_is_found(statement: str, fault: str) -> None:
    with owner_of_the_database():
        run(statement)
    assert fault in faults()


@pytest.mark.usefixtures("entry")
def test_signing_in_is_no_change_of_an_account() -> None:
    run("UPDATE capture_user SET last_login = '2026-01-01 00:00:00'")
    assert verify().sound


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
def test_a_trigger_that_was_dropped_is_found() -> None:
    on = f" ON {TRAIL}" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER {TRAIL}_delete{on}")
    assert faults() == (
        f"trigger {TRAIL}_delete: it is missing, switched off, or not as it was made"
    )


def cut_off(after: int) -> None:
    """Cut the end of the trail off and leave the tables as the events before it made them."""
    keep = AuditEvent.objects.filter(seq__lte=after)
    with owner_of_the_database():
        for table in ("itemversion", "signature", "entry", "subject", "checkpoint"):
            run(f"DELETE FROM capture_{table} WHERE event_id > {after}")
        run(f"DELETE FROM {TRAIL} WHERE seq > {after}")
    assert list(differences(replayed(keep).tables)) == []


@pytest.mark.usefixtures("subject")
def test_a_cut_tail_is_found_with_a_checkpoint_only(people: People, subject: Subject) -> None:
    before = trail.head().seq
    save_entry(
        subject,
        contact=None,
        form="consent",
        answers={"signed": Answer("no")},
        by=people["nurse"],
        revision=None,
    )
    left = leave_checkpoint(left_as="file", by=people["auditor"])
    assert verify([left]).proven == left.seq
    cut_off(before)
    assert verify().sound
    assert faults(left) == (
        f"checkpoint of event {left.seq}: the trail ends at event {before}: its end was cut off"
    )


def write_anew() -> None:
    """The whole chain with another name in it, every hash right."""
    previous = trail.ZERO
    with owner_of_the_database():
        for event in AuditEvent.objects.order_by("seq"):
            event.previous = previous
            if event.seq > 3:
                event.reason = "another"
            event.hash = previous = trail.hash_of(event)
            event.save(force_update=True)


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
def test_a_rewritten_chain_is_found_with_a_checkpoint_only(people: People) -> None:
    left = leave_checkpoint(left_as="file", by=people["auditor"])
    with owner_of_the_database():
        last = AuditEvent.objects.order_by("-seq")[0].seq
        run("DELETE FROM capture_checkpoint")
        run(f"DELETE FROM {TRAIL} WHERE seq = {last}")
    write_anew()
    assert verify().sound
    words = "the trail has another event there: it was written anew"
    assert faults(left) == f"checkpoint of event {left.seq}: {words}"
    assert verify([left]).proven == 0


@pytest.mark.usefixtures("entry")
def test_a_checkpoint_proves_up_to_its_event_and_says_what_comes_after(people: People) -> None:
    left = leave_checkpoint(left_as="signed page", by=people["auditor"])
    found = verify([left])
    assert (found.proven, found.events) == (left.seq, left.seq + 1)
    assert f"events {left.seq + 1} to {left.seq + 1} are all" in found.open[0]


@pytest.mark.usefixtures("entry")
def test_no_other_checkpoint_passes(people: People) -> None:
    """Whatever is changed in a checkpoint, it no longer agrees."""
    left = leave_checkpoint(left_as="file", by=people["auditor"])
    assert read_checkpoint(left.text().encode()) == left
    others = [
        replace(left, seq=left.seq - 1),
        replace(left, seq=left.seq + 1),
        replace(left, seq=10**9),
        replace(left, hash=left.hash[::-1]),
        replace(left, record=left.hash),
        replace(left, at=left.at.replace("Z", "1Z")),
    ]
    for other in others:
        assert not verify([other]).sound, other


def test_no_malformed_file_is_a_checkpoint() -> None:
    """A file is exactly a checkpoint or it is refused; whatever is done to its bytes."""
    good = Left("S", "a" * 64, 7, "2026-11-23T06:53:03.000000Z", "b" * 64)
    document = json.loads(good.text())
    wrong: list[object] = [None, "", 0, -1, 1.0, True, [], {}, "7", "x" * 64, "A" * 64, 2**63]
    files = [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 9000, good.text().encode() * 2]
    files += [b" " * 10_001 + good.text().encode()]
    files += [good.text().replace('"seq": 7', '"seq": 7, "seq": 8').encode()]
    files += [good.text().replace('"seq": 7', '"seq": NaN').encode()]
    for name in document:
        files += [json.dumps(document | {name: value}).encode() for value in wrong]
        files += [json.dumps({k: v for k, v in document.items() if k != name}).encode()]
    files += [json.dumps(document | {"more": 1}).encode()]
    for file in files:
        try:
            found = read_checkpoint(file)
        except ValueError:
            continue
        assert found.study in wrong, file  # any text can be the name of a study


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_never_make_another_checkpoint(seed: int) -> None:
    good = Left("S", "a" * 64, 7, "2026-11-23T06:53:03.000000Z", "b" * 64)
    random, content = Random(seed), good.text().encode()
    for _ in range(5000):
        changed = bytearray(content)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(changed))
            changed[at : at + random.randint(0, 2)] = bytes([random.randrange(256)])
        try:
            found = read_checkpoint(bytes(changed))
        except ValueError:
            continue
        assert isinstance(found.seq, int)
        assert len(found.hash) == len(found.record) == 64


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize(
    "column, value",
    [("details", "[]"), ("details", "{"), ("details", '{"rows":[{}]}'), ("details", "[" * 9000),
     ("at", "yesterday"), ("user_id", "x"), ("details", '{"rows":[],"n":NaN}'),
     ("details", '{"rows":7}'), ("details", '{"rows":[{"table":[],"id":{},"is":{}}]}')],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault_and_no_traceback(column: str, value: str) -> None:
    with owner_of_the_database():
        run(f"UPDATE {TRAIL} SET {column} = %s WHERE seq = 5", value)
    assert not verify().sound


@pytest.mark.usefixtures("entry")
def test_random_tampering_is_always_found(people: People) -> None:
    """300 random changes of one value of one event or version, each found."""
    random = Random(7)
    events = list(AuditEvent.objects.values_list("seq", flat=True))
    versions = list(ItemVersion.objects.values_list("pk", flat=True))
    with owner_of_the_database():
        for _ in range(300):
            if random.random() < 0.5:
                table, key, row = TRAIL, "seq", random.choice(events)
                column = random.choice(["reason", "place", "action", "details", "hash", "previous"])
            else:
                table, key, row = "capture_itemversion", "id", random.choice(versions)
                column = random.choice(["value", "unit", "low", "high", "missing", "why", "item"])
            run("BEGIN")
            run(f"UPDATE {table} SET {column} = {column} || 'x' WHERE {key} = %s", row)
            found = verify_inside()
            run("ROLLBACK")
            assert found, (table, column, row)
    assert verify().sound


def verify_inside() -> list[Fault]:
    """The faults of the trail and the tables, inside a transaction that is open already."""
    chain = _Chain()
    return [*chain.faults(), *_of_tables(chain.replay)]


@pytest.mark.both_engines
@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize("table", ["checkpoint", "signature", "itemversion", "auditevent"])
def test_a_table_that_is_gone_is_a_fault_and_no_traceback(table: str, engine: Engine) -> None:
    run(f"ALTER TABLE capture_{table} RENAME TO elsewhere")
    found = verify()
    assert not found.sound
