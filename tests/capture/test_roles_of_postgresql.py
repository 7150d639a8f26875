"""The rights that the page about the server gives to a role of PostgreSQL: enough for the daily
work, and not enough to change history."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import People, saved, sign
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from doors import signed_in

from pilotage.capture.models import AuditEvent, Subject
from pilotage.capture.verify_trail import verify

PAGE = Path(__file__).parents[2] / "docs/how-to/run-the-server.md"
ROLE = "pilotage_app"


@pytest.fixture
def as_the_role(record_db: str, subject: Subject) -> Iterator[None]:
    """The application under the role, on a record that its owner made."""
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    with connection.cursor() as cursor:
        cursor.execute(block)
    work_as(ROLE)
    yield
    work_as("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {ROLE}")
        cursor.execute(f"DROP ROLE {ROLE}")


def work_as(role: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["USER"] = role


@pytest.mark.postgresql
@pytest.mark.usefixtures("as_the_role")
def test_the_role_does_the_daily_work(subject: Subject, people: People) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    sign(saved(subject, people["nurse"]), people["investigator"])
    assert signed_in("nurse").get("/subjects/").status_code == 200
    assert verify().faults == ()


@pytest.mark.postgresql
@pytest.mark.usefixtures("as_the_role")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE capture_auditevent SET reason = 'x'",
        "UPDATE capture_itemversion SET value = 'x'",
        "DELETE FROM capture_subject",
        "DELETE FROM capture_auditevent",
        "TRUNCATE capture_auditevent CASCADE",
        "ALTER TABLE capture_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER capture_auditevent_update ON capture_auditevent",
        "DROP TABLE capture_auditevent CASCADE",
        "SET session_replication_role = replica",
        "CREATE RULE helpful AS ON INSERT TO capture_entry DO INSTEAD NOTHING",
        "UPDATE django_migrations SET name = 'x'",
    ],
)
def test_the_role_cannot_change_history(statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match=r"denied|must be owner"):
        cursor.execute(statement)
    assert AuditEvent.objects.exists()
