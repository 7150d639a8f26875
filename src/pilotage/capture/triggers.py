"""The database itself refuses to lose history: triggers on SQLite and on PostgreSQL.

Rows of the append-only tables never change; no row of the record is ever deleted; a few columns of
the other tables are fixed once written; an event comes after the last one only. Whoever owns the
database can drop triggers: `missing_triggers` and `pilotage verify-trail` find that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from pilotage.capture.models import (
    AuditEvent,
    Checkpoint,
    ItemVersion,
    QueryMessage,
    Signature,
    StoredFile,
)
from pilotage.capture.rows import RECORDED

Model = type[models.Model]

APPENDED: Final[tuple[Model, ...]] = (
    AuditEvent,
    ItemVersion,
    QueryMessage,
    StoredFile,
    Checkpoint,
)
"""Tables whose rows never change."""

MAY_CHANGE: Final[Mapping[str, frozenset[str]]] = {
    "site": frozenset({"name"}),
    "user": frozenset(
        {"password", "last_login", "is_active", "first_name", "last_name", "email"}
        | {"must_change_password"}
    ),
    "membership": frozenset({"since", "until", "awaits"}),
    "subject": frozenset({"state", "locked"}),
    "contact": frozenset({"label", "held_on"}),
    "entry": frozenset({"state", "locked", "revision", "protocol_version"}),
    "query": frozenset({"state"}),
    "signature": frozenset({"voided_by"}),
    "studystate": frozenset({"state", "event"}),
    "datacut": frozenset({"locked"}),
}
"""The columns of the other tables that an act may change; every other column is fixed."""

KEPT: Final[tuple[Model, ...]] = (AuditEvent, *RECORDED)
"""Tables of which no row is ever deleted."""

_FUNCTION: Final = "pilotage_refuse"
_SEQUENCE: Final = "pilotage_in_sequence"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger by its name, with the SQL that makes it."""

    name: str
    table: str
    sql: str


def triggers(vendor: str) -> tuple[Trigger, ...]:
    """Every trigger, as the engine (`sqlite` or `postgresql`) wants it."""
    return tuple(_sqlite() if vendor == "sqlite" else _postgresql())


def install(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger anew. Tables that do not exist yet are left for the next migration."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_REFUSE)
            cursor.execute(_IN_SEQUENCE)
        for trigger in triggers(connection.vendor):
            if trigger.table not in present:
                continue
            on = f' ON "{trigger.table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{on}')
            cursor.execute(trigger.sql)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that are not there, not as they were made, or switched off. While there is one
    the application does not start."""
    found = (
        _sqlite_found(connection)
        if connection.vendor == "sqlite"
        else _postgresql_found(connection)
    )
    wanted = {trigger.name: trigger.sql for trigger in triggers(connection.vendor)}
    if connection.vendor == "postgresql":
        wanted |= {_FUNCTION: _REFUSE_BODY, _SEQUENCE: _SEQUENCE_BODY}
    return [name for name, sql in wanted.items() if _squeezed(found.get(name)) != _squeezed(sql)]


def strange_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Triggers, and on PostgreSQL rules, that Pilotage did not make: what they do to a write nobody
    knows. While there is one the application does not start."""
    known = {trigger.name for trigger in triggers(connection.vendor)}
    asked = _SQLITE_EVERY if connection.vendor == "sqlite" else _POSTGRESQL_EVERY
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return sorted({str(name) for (name,) in cursor.fetchall()} - known)


_SQLITE_EVERY: Final = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL_EVERY: Final = """
SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
UNION SELECT rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
WHERE rulename <> '_RETURN' AND relnamespace = current_schema()::regnamespace
"""


def _squeezed(sql: str | None) -> str | None:
    """SQL without what PostgreSQL adds to it or takes from it: quotes, brackets, casts, schema."""
    if sql is None:
        return None
    plain = re.sub(r"::[a-z]+( varying)?", "", sql.lower()).replace('"', "")
    plain = re.sub(r" on \w+\.", " on ", plain)
    return " ".join(plain.replace("(", " ").replace(")", " ").split())


def _fixed(model: Model) -> list[str]:
    """The columns of a table that never change."""
    free = MAY_CHANGE.get(str(model._meta.model_name), frozenset())
    fields = model._meta.concrete_fields
    return [_column(model, field.name) for field in fields if field.name not in free]


def _column(model: Model, name: str) -> str:
    """The column of a field in the database."""
    return str(model._meta.get_field(name).get_attname_column()[1])  # type: ignore[union-attr]


def _unique(model: Model) -> list[tuple[str, ...]]:
    """The sets of columns that tell rows of a table apart: a replacing insert deletes by them."""
    alone = [(_column(model, f.name),) for f in model._meta.concrete_fields if f.unique]
    together = [
        tuple(_column(model, name) for name in constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None
    ]
    return [*alone, *together]


def _sqlite() -> Iterator[Trigger]:
    for model in KEPT:
        table = model._meta.db_table
        yield _sqlite_trigger(table, "delete", "BEFORE DELETE", "no row of it is ever deleted")
        same = " OR ".join(
            f'EXISTS (SELECT 1 FROM "{table}" WHERE '
            + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
            + ")"
            for columns in _unique(model)
        )
        yield _sqlite_trigger(
            table, "replace", "BEFORE INSERT", "a row is never replaced", when=same
        )
        if model in APPENDED:
            yield _sqlite_trigger(table, "update", "BEFORE UPDATE", "its rows never change")
            continue
        changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in _fixed(model))
        yield _sqlite_trigger(
            table, "fixed", "BEFORE UPDATE", "this column never changes", when=changed
        )
    void = 'OLD."voided_by_id" IS NOT NULL AND OLD."voided_by_id" IS NOT NEW."voided_by_id"'
    signature, trail = Signature._meta.db_table, AuditEvent._meta.db_table
    yield _sqlite_trigger(
        signature, "void", "BEFORE UPDATE", "a void signature stays void", when=void
    )
    last = f'(SELECT max("seq") FROM "{trail}")'
    out_of_sequence = (
        f'NEW."seq" IS NOT coalesce({last}, 0) + 1 OR NEW."previous" IS NOT '
        f'coalesce((SELECT "hash" FROM "{trail}" WHERE "seq" = {last}), \'{"0" * 64}\')'
    )
    yield _sqlite_trigger(
        trail,
        "sequence",
        "BEFORE INSERT",
        "an event comes after the last one",
        when=out_of_sequence,
    )


def _sqlite_trigger(table: str, name: str, at: str, words: str, *, when: str = "") -> Trigger:
    full = f"{table}_{name}"
    condition = f" WHEN {when}" if when else ""
    sql = (
        f'CREATE TRIGGER "{full}" {at} ON "{table}"{condition} '
        f"BEGIN SELECT RAISE(ABORT, '{table}: {words}'); END"
    )
    return Trigger(full, table, sql)


def _postgresql() -> Iterator[Trigger]:
    for model in KEPT:
        table = model._meta.db_table
        words = "no row of it is ever deleted"
        yield _postgresql_trigger(table, "delete", "BEFORE DELETE", words)
        yield _postgresql_trigger(table, "truncate", "BEFORE TRUNCATE", words)
        if model in APPENDED:
            yield _postgresql_trigger(table, "update", "BEFORE UPDATE", "its rows never change")
            continue
        changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in _fixed(model))
        yield _postgresql_trigger(
            table, "fixed", "BEFORE UPDATE", "this column never changes", when=changed
        )
    void = (
        'OLD."voided_by_id" IS NOT NULL AND OLD."voided_by_id" IS DISTINCT FROM NEW."voided_by_id"'
    )
    yield _postgresql_trigger(
        Signature._meta.db_table, "void", "BEFORE UPDATE", "a void signature stays void", when=void
    )
    trail = AuditEvent._meta.db_table
    name = f"{trail}_sequence"
    sql = (
        f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{trail}" '
        f"FOR EACH ROW EXECUTE FUNCTION {_SEQUENCE}()"
    )
    yield Trigger(name, trail, sql)


def _postgresql_trigger(table: str, name: str, at: str, words: str, *, when: str = "") -> Trigger:
    full = f"{table}_{name}"
    each = "STATEMENT" if "TRUNCATE" in at else "ROW"
    condition = f" WHEN ({when})" if when else ""
    sql = (
        f'CREATE TRIGGER "{full}" {at} ON "{table}" FOR EACH {each}{condition} '
        f"EXECUTE FUNCTION {_FUNCTION}('{table}: {words}')"
    )
    return Trigger(full, table, sql)


_REFUSE_BODY: Final = " BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END "
_REFUSE: Final = (
    f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql "
    f"AS $refuse${_REFUSE_BODY}$refuse$"
)
_SEQUENCE_BODY: Final = f"""
DECLARE last record;
BEGIN
  SELECT "seq", "hash" INTO last FROM "{AuditEvent._meta.db_table}" ORDER BY "seq" DESC LIMIT 1;
  IF NEW."seq" IS DISTINCT FROM coalesce(last."seq", 0) + 1
     OR NEW."previous" IS DISTINCT FROM coalesce(last."hash", repeat('0', 64)) THEN
    RAISE EXCEPTION '{AuditEvent._meta.db_table}: an event comes after the last one';
  END IF;
  RETURN NEW;
END
"""
_IN_SEQUENCE: Final = (
    f"CREATE OR REPLACE FUNCTION {_SEQUENCE}() RETURNS trigger LANGUAGE plpgsql "
    f"AS $sequence${_SEQUENCE_BODY}$sequence$"
)


def _sqlite_found(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {str(name): str(sql) for name, sql in cursor.fetchall()}


def _postgresql_found(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers that are in force, and the bodies of their functions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger "
            "JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
            "AND relnamespace = current_schema()::regnamespace"
        )
        found = {str(name): str(sql) for name, sql in cursor.fetchall()}
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = "
            "current_schema()::regnamespace AND proname = ANY(%s)",
            [[_FUNCTION, _SEQUENCE]],
        )
        return found | {str(name): str(body) for name, body in cursor.fetchall()}
