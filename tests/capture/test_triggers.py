"""The database itself refuses to lose history."""

from collections.abc import Mapping

import pytest
from capture_records import PASSWORD, Engine
from django.core.management import call_command
from django.db import DatabaseError, connection

from pilotage.capture import unsafe_database
from pilotage.capture.actions import queries, signing
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.checkpoints import leave_checkpoint
from pilotage.capture.content import content_of
from pilotage.capture.models import (
    AuditEvent,
    DataCut,
    ItemVersion,
    StoredFile,
    StudyState,
    Subject,
)
from pilotage.capture.triggers import (
    APPENDED,
    KEPT,
    MAY_CHANGE,
    install,
    missing_triggers,
    strange_triggers,
)
from pilotage.capture.verify_trail import verify
from pilotage.forms.answer import Answer

People = Mapping[str, Actor]


@pytest.fixture
def full(subject: Subject, people: People) -> None:
    """At least one row in every table of the record."""
    signed = {"signed": Answer("yes"), "signed_on": Answer("2026-01-01")}
    saved = save_entry(
        subject, contact=None, form="consent", answers=signed, by=people["nurse"], revision=None
    )
    assert saved.entry is not None
    queries.open_query(subject, entry=saved.entry, text="Why?", by=people["monitor"])
    signing.sign_entry(
        saved.entry,
        by=people["investigator"],
        password=PASSWORD,
        meaning="approval",
        seen=content_of(saved.entry),
    )
    leave_checkpoint(left_as="file", by=people["auditor"])
    last = AuditEvent.objects.get(seq=1)
    StudyState.objects.create(state="open", event=last)
    StoredFile.objects.create(
        sha256="0" * 64, name="a", media_type="image/png", content=b"", event=last
    )
    DataCut.objects.create(name="cut", head=1, folder="cuts/cut", digest="0" * 64, event=last)
    from pilotage.capture.actions.subjects import open_contact

    open_contact(subject, by=people["nurse"], label="Visit", held_on="2026-01-01")


def refused(statement: str, *values: object) -> bool:
    """Whether the database refuses a statement that would change something."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement, values)
        except DatabaseError as problem:
            words = str(problem)
            assert any(
                said in words
                for said in ("never changes", "never change", "ever deleted", "never replaced",
                             "after the last one", "stays void")
            ), words  # fmt: skip
            return True
        return False


@pytest.mark.both_engines
@pytest.mark.usefixtures("full")
def test_no_row_of_the_record_is_deleted() -> None:
    for model in KEPT:
        assert model._default_manager.exists(), model
        assert refused(f'DELETE FROM "{model._meta.db_table}"'), model


@pytest.mark.both_engines
@pytest.mark.usefixtures("full")
def test_only_the_columns_that_acts_change_can_be_changed() -> None:
    """A new value in any other column of any table is refused."""
    for model in KEPT:
        table, free = model._meta.db_table, MAY_CHANGE.get(str(model._meta.model_name), frozenset())
        for field in model._meta.concrete_fields:
            if field.name in free and model not in APPENDED:
                continue
            column = field.get_attname_column()[1]
            value = {"BooleanField": "NOT", "BinaryField": "''"}.get(field.get_internal_type())
            if value == "NOT":
                value = f'NOT "{column}"'
            elif value is None:
                dates = field.get_internal_type() == "DateTimeField"
                value = "'2001-01-01 00:00:00'" if dates else "'7'"
            assert refused(f'UPDATE "{table}" SET "{column}" = {value}'), (model, column)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_replacing_is_deleting(recursive: str) -> None:
    """`INSERT OR REPLACE` is refused, whether or not the connection lets triggers trigger."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {recursive}")
    for model in KEPT:
        table = model._meta.db_table
        assert refused(f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"'), model


@pytest.mark.usefixtures("full")
def test_a_version_is_not_replaced_by_one_of_another_key() -> None:
    table = ItemVersion._meta.db_table
    columns = "entry_id, item, number, unit, low, high, missing, why, event_id"
    statement = (
        f"INSERT OR REPLACE INTO {table} ({columns}, value) SELECT {columns}, 'no' FROM {table}"
    )
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
    assert refused(statement)


@pytest.mark.both_engines
@pytest.mark.usefixtures("full")
def test_truncating_is_deleting(engine: Engine) -> None:
    if engine.name == "postgresql":
        for model in KEPT:
            assert refused(f'TRUNCATE "{model._meta.db_table}" CASCADE'), model


@pytest.mark.both_engines
@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("seq", [0, 3, 1_000_000])
def test_an_event_comes_after_the_last_one_only(seq: int) -> None:
    last = AuditEvent.objects.order_by("-seq")[0]
    last.seq, last.previous, last.key = seq, last.hash, None
    with pytest.raises(DatabaseError, match=r"after the last one|never replaced"):
        last.save(force_insert=True)


@pytest.mark.both_engines
@pytest.mark.usefixtures("full")
def test_a_void_signature_stays_void() -> None:
    table = "capture_signature"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET voided_by_id = 1")
    assert refused(f"UPDATE {table} SET voided_by_id = NULL")


@pytest.mark.both_engines
def test_a_trigger_that_is_gone_is_missing_until_it_is_put_back(record_db: str) -> None:
    assert missing_triggers(connection) == []
    for name, table in (("delete", "auditevent"), ("fixed", "entry"), ("sequence", "auditevent")):
        on = f" ON capture_{table}" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER capture_{table}_{name}{on}")
        assert missing_triggers(connection) == [f"capture_{table}_{name}"]
        install(connection)
        assert missing_triggers(connection) == []


@pytest.mark.both_engines
def test_a_trigger_that_does_nothing_is_missing(record_db: str, engine: Engine) -> None:
    """One of the same name that lets everything pass does not count."""
    name = "capture_auditevent_update"
    with connection.cursor() as cursor:
        if engine.name == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON capture_auditevent BEGIN SELECT 1; END"
            )
            assert missing_triggers(connection) == [name]
            return
        cursor.execute(f"ALTER TABLE capture_auditevent DISABLE TRIGGER {name}")
        assert missing_triggers(connection) == [name]
        cursor.execute(f"ALTER TABLE capture_auditevent ENABLE TRIGGER {name}")
        cursor.execute(f"ALTER TABLE capture_auditevent ENABLE REPLICA TRIGGER {name}")
        assert missing_triggers(connection) == [name]
        cursor.execute(f"ALTER TABLE capture_auditevent ENABLE TRIGGER {name}")
        assert missing_triggers(connection) == []
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pilotage_refuse() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NEW; END $$"
        )
        assert missing_triggers(connection) == ["pilotage_refuse"]


STRANGE = {
    "sqlite": "CREATE TRIGGER helpful AFTER INSERT ON capture_entry "
    "BEGIN UPDATE capture_subject SET locked = 0; END",
    "postgresql": "CREATE RULE helpful AS ON INSERT TO capture_entry "
    "DO ALSO UPDATE capture_subject SET locked = false",
}
"""What somebody may add so that a write does more than it says."""


@pytest.mark.both_engines
def test_a_trigger_of_somebody_else_is_found_and_stops_the_start(
    subject: Subject, engine: Engine
) -> None:
    assert strange_triggers(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(STRANGE[engine.name])
    assert strange_triggers(connection) == ["helpful"]
    assert [fault.where for fault in verify().faults] == ["trigger helpful"]
    assert "helpful" in " ".join(unsafe_database.refusals_before_migration())


def test_the_migrations_make_the_models(record_db: str) -> None:
    call_command("makemigrations", "capture", check=True, dry_run=True, verbosity=0)


@pytest.mark.both_engines
def test_a_migration_puts_the_triggers_back(record_db: str) -> None:
    on = " ON capture_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER capture_entry_delete{on}")
    call_command("migrate", verbosity=0)
    assert missing_triggers(connection) == []
