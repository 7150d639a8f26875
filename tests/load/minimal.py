"""The least that Django can do with the same durability: one row written by one request.

    python minimal.py FOLDER PORT

SQLite with WAL, FULL and IMMEDIATE transactions, or PostgreSQL by DATABASE_URL; the same
server with as many threads. What the application does more than this is what it costs.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from waitress import create_server

from pilotage.capture.database import database

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="only for this measurement",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes"],
    DATABASES={"default": database(FOLDER, os.environ.get("DATABASE_URL"))},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()


class Row(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "contenttypes"
        db_table = "minimal_row"


@csrf_exempt
@transaction.atomic
def save(request: HttpRequest) -> HttpResponse:
    row = Row.objects.create(text=request.body.decode())
    return HttpResponse(str(row.pk))


urlpatterns = [path("save/", save)]

if __name__ == "__main__":
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    connection.close()
    server = create_server(
        get_wsgi_application(), host="127.0.0.1", port=PORT, threads=8, ident=None
    )
    print("ready", flush=True)
    server.run()
