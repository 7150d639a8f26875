"""One statement to the database, by the shortest way.

Django's cursor looks for the places of values in the SQL anew each time and wraps what it does
three times over; a save sends fifteen statements. SQLite is asked directly where nobody listens.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def ask(sql: str, values: Sequence[Any]) -> list[Any]:
    """The rows of an answer. Values stand in the SQL as `%s`."""
    present = connections[DEFAULT_DB_ALIAS]
    if _direct(present):
        with present.wrap_database_errors:
            found: list[Any] = present.connection.execute(_with_marks(sql), values).fetchall()
            return found
    with present.cursor() as cursor:
        cursor.execute(sql, values)
        answered: list[Any] = cursor.fetchall()
        return answered


def write(sql: str, values: Sequence[Any], *, answers: bool = False) -> tuple[int, list[Any]]:
    """How many rows a statement wrote, and what it answers (RETURNING). An error ends the
    transaction, as it does with Django's own writing."""
    present = connections[DEFAULT_DB_ALIAS]
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS):
        if _direct(present):
            with present.wrap_database_errors:
                done = present.connection.execute(_with_marks(sql), values)
                return done.rowcount, done.fetchall() if answers else []
        with present.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.rowcount, cursor.fetchall() if answers else []


def _direct(present: BaseDatabaseWrapper) -> bool:
    """Whether SQLite may be asked directly: it is open, and nobody counts or wraps statements."""
    if present.vendor != "sqlite" or present.queries_logged or present.execute_wrappers:
        return False
    present.ensure_connection()
    present.validate_no_broken_transaction()
    return True


@cache
def _with_marks(sql: str) -> str:
    """With the question marks of SQLite; a percent sign of its own stands there twice."""
    return sql.replace("%%", "\0").replace("%s", "?").replace("\0", "%")
