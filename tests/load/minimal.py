"""The least that Django can do with the same durable insert.

    python minimal.py FOLDER PORT

POST /same/ writes the rows that a save of the application writes, an event, an entry and an answer
for every item, into tables that are the same, with their keys, indexes and triggers, by Django's
own `create` and `bulk_create` in one durable transaction. POST /row/ writes one row of one text.
Nobody signs in, nothing is checked, no middleware runs: what the application does more than this
is what it costs. The same database settings and the same server.
"""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from waitress import create_server

from pilotage.capture.database import database

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])
NOBODY = {"role": "", "site": "", "place": "", "reason": ""}
BLANK = {"unit": "", "low": "", "high": "", "missing": "", "why": "", "number": 1}

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="only for this measurement",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "pilotage.capture.apps.CaptureConfig",
        "django.contrib.auth",
        "django.contrib.contenttypes",
    ],
    AUTH_USER_MODEL="capture.User",
    DATABASES={"default": database(FOLDER, os.environ.get("DATABASE_URL"))},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from pilotage.capture import trail  # noqa: E402
from pilotage.capture.models import AuditEvent, Entry, ItemVersion, Site, Subject  # noqa: E402


class Row(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "contenttypes"
        db_table = "minimal_row"


@csrf_exempt
@transaction.atomic
def save_row(request: HttpRequest) -> HttpResponse:
    return _answer(Row.objects.create(text=request.body.decode()).pk)


@csrf_exempt
@transaction.atomic
def save_same(request: HttpRequest) -> HttpResponse:
    typed = request.POST.dict()
    trail.lock()  # PostgreSQL: two events with one number
    event = _event(
        "saved", "1", json.dumps([{"item": i, **BLANK, "value": typed[i]} for i in typed])
    )
    entry = Entry.objects.create(
        subject_id=1, form="form", repeat=event.seq, state="complete",
        protocol_version="1", revision=event.seq, event=event,
    )  # fmt: skip
    ItemVersion.objects.bulk_create(
        ItemVersion(entry=entry, item=item, value=value, event=event, **BLANK)
        for item, value in typed.items()
    )
    return _answer(entry.pk)


def _event(action: str, subject: str, details: str) -> AuditEvent:
    """The next event of the chain."""
    last = AuditEvent.objects.order_by("-seq").first()
    previous = last.hash if last else "0" * 64
    return AuditEvent.objects.create(
        seq=last.seq + 1 if last else 1, at=timezone.now(), user_name="nobody", action=action,
        subject=subject, details=details, previous=previous,
        hash=sha256((previous + details).encode()).hexdigest(), **NOBODY,
    )  # fmt: skip


def _answer(number: int) -> HttpResponse:
    text = str(number)
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


urlpatterns = [path("row/", save_row), path("same/", save_same)]


def make_tables() -> None:
    """The tables of the application with one subject, and that of the single row."""
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    with transaction.atomic():
        event = _event("made", "1", "")
        site = Site.objects.create(code="01", name="Clinic")
        Subject.objects.create(pk=1, site=site, usubjid="1", state="screening", event=event)
    connection.close()


if __name__ == "__main__":
    from django.core.wsgi import get_wsgi_application

    make_tables()
    server = create_server(
        get_wsgi_application(), host="127.0.0.1", port=PORT, threads=8, ident=None
    )
    server.run()
