"""Saves one visit after another through the application's own actions, and says which are done.

    python saving.py DATA NUMBER [--first N] [--synchronous NORMAL]

DATA is a data directory that `prepare` made. Each save that the application acknowledges is one
line `number seq hash` in DATA/saved.ack, or on the file descriptor that --say names.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

FORM = "medication"
SUBJECT = "S-1"


def set_up(data: Path, *, synchronous: str = "FULL") -> None:
    """Let Django work on a data directory. NORMAL is the control: it must lose saves."""
    os.environ["PILOTAGE_DATA"] = str(data)
    os.environ["PILOTAGE_STUDY"] = "lenalidomide_cle"
    os.environ["PILOTAGE_INSECURE"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "pilotage.capture.settings"
    from pilotage.capture import database
    from pilotage.capture.secret import make_secret_key

    make_secret_key(data)
    database.SQLITE_START = database.SQLITE_START.replace(
        "synchronous = FULL", f"synchronous = {synchronous}"
    )
    import django

    django.setup()


def prepare(data: Path) -> None:
    """A migrated database with a nurse and a subject, closed as a whole."""
    from django.core.management import call_command
    from django.db import connection

    from pilotage.capture.actions import access, subjects
    from pilotage.capture.actions.acting import Actor

    call_command("migrate", verbosity=0, interactive=False)
    system = Actor.system("fault test")
    site = access.add_site("01", "Clinic", by=system)
    nurse = access.add_user(
        "nurse", by=system, first_name="A", last_name="Nurse", password="seven candles under it"
    )
    access.grant_role(nurse, "nurse", site, by=system)
    subjects.screen_subject(site, by=system, usubjid=SUBJECT)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def saver() -> Callable[[int], str]:
    """The act of one save: `number` is its key, and the answer is what the user is told."""
    from pilotage.capture.actions.acting import Actor
    from pilotage.capture.actions.entries import save_entry
    from pilotage.capture.models import AuditEvent, Subject, User
    from pilotage.forms.answer import Answer

    subject, nurse = Subject.objects.get(usubjid=SUBJECT), User.objects.get(username="nurse")
    answers = {
        "drug": "Paracetamol", "class": "OTHER", "indication": "headache", "dose": "500",
        "dose_unit": "mg", "frequency": "as needed", "baseline": "no", "began": "2026-01",
    }  # fmt: skip

    def save(number: int) -> str:
        saved = save_entry(
            subject,
            contact=None,
            form=FORM,
            repeat=number,
            answers={item: Answer(value=value) for item, value in answers.items()},
            by=Actor(nurse),
            revision=None,
            key=f"save-{number}",
        )
        assert saved.event is not None
        event: Any = AuditEvent.objects.only("seq", "hash").get(seq=saved.event.seq)
        return f"{number} {event.seq} {event.hash}\n"

    return save


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("data", type=Path)
    told.add_argument("number", type=int)
    told.add_argument("--synchronous", default="FULL")
    asked = told.parse_args()
    set_up(asked.data, synchronous=asked.synchronous)
    save = saver()
    with (asked.data / "saved.ack").open("w", buffering=1) as user:
        for number in range(1, asked.number + 1):
            user.write(save(number))
            user.flush()
    os._exit(0)  # as if the power went: nothing is closed in order


if __name__ == "__main__":
    main()
