"""A copy of the whole record in one file, made while others go on working.

The file is a ZIP archive: `manifest.json` says what is in it, with the SHA-256 of each part, the
number of rows of each table and the last event of the audit trail; beside it the database and the
data cuts. It holds neither the secret key nor anybody's session: whoever finds a backup cannot sign
in with it. Keep `secret.key` apart.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from pilotage import __version__
from pilotage.capture import clock, trail
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.backup_file import CUTS, DATABASE, MANIFEST, ROWS, Manifest
from pilotage.capture.first_start import has_record
from pilotage.capture.models import AuditEvent
from pilotage.capture.unsafe_database import newer_than_this, not_yet_applied
from pilotage.findings import InputErrors, error

LEFT_OUT: Final = frozenset({"sessions.session", "contenttypes.contenttype", "auth.permission"})
"""Tables that are made anew, or belong to a moment."""


def make_backup(out: Path) -> Manifest:
    """Write the backup to a new file. Raises InputErrors where it exists or nothing is to be kept.

    The copy is of one moment. It is in place only when it is complete and on the disk.
    """
    if out.exists():
        raise InputErrors([error(str(out), "exists; a backup never replaces another")])
    if not has_record():
        raise InputErrors([error(str(settings.DATA), "holds no record yet")])
    if newer_than_this() or not_yet_applied():
        words = "is of another version of Pilotage; use that one, or start the server once"
        raise InputErrors([error(str(settings.DATA), words)])
    part = out.with_name(f".{out.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            manifest = _write(file)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, out)  # unlike a rename, this never replaces
    finally:
        part.unlink(missing_ok=True)
    access.note("backup made", by=Actor.system("backup"), told={"seq": manifest.seq})
    return manifest


def tables() -> list[type[models.Model]]:
    """The tables that a backup holds, those that others point to first where that is possible."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label_lower)


def migrations() -> tuple[str, ...]:
    """The migrations that the open database has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return tuple(sorted(f"{app} {name}" for app, name in cursor.fetchall()))


def _write(file: Any) -> Manifest:
    written: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        told = _sqlite(archive, written) if _on_sqlite() else _postgresql(archive, written)
        for path in sorted((settings.DATA / CUTS).rglob("*")):
            if path.is_file():
                name = f"{CUTS}/{path.relative_to(settings.DATA / CUTS).as_posix()}"
                written[name] = _add(archive, name, path)
        manifest = Manifest(files=written, **told)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True))
    return manifest


def _on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Add a file; its SHA-256, of the very bytes that were added."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while block := source.read(1 << 20):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def _told(counts: Mapping[str, int]) -> dict[str, Any]:
    """What the manifest says of the record that Django reads now."""
    first = AuditEvent.objects.get(seq=1)
    head = trail.head()
    return {
        "study": json.loads(first.details)["study"],
        "pilotage": __version__,
        "made": trail.moment(clock.now()),
        "engine": connection.vendor,
        "record": first.hash,
        "seq": head.seq,
        "hash": head.hash,
        "counts": dict(counts),
        "migrations": migrations(),
    }


def _sqlite(archive: zipfile.ZipFile, written: dict[str, str]) -> dict[str, Any]:
    """A copy by SQLite's own backup, which waits for nobody and makes nobody wait."""
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        copy = Path(folder) / DATABASE
        connection.ensure_connection()
        target = sqlite3.connect(copy)
        try:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            target.execute("DELETE FROM django_session")
            target.commit()
            target.execute("VACUUM")
            told = _told_of_copy(target)
        finally:
            target.close()
        written[DATABASE] = _add(archive, DATABASE, copy)
    return told


def _told_of_copy(copy: sqlite3.Connection) -> dict[str, Any]:
    """As `_told`, of a copy: the record itself may have gone on."""
    table = AuditEvent._meta.db_table
    seq, last = copy.execute(f'SELECT seq, hash FROM "{table}" ORDER BY seq DESC').fetchone()
    counts = {
        model._meta.label_lower: copy.execute(
            f'SELECT COUNT(*) FROM "{model._meta.db_table}"'
        ).fetchone()[0]
        for model in tables()
    }
    return {**_told(counts), "seq": seq, "hash": last}


def _postgresql(archive: zipfile.ZipFile, written: dict[str, str]) -> dict[str, Any]:
    """Every table as COPY writes it, within one transaction that sees one moment."""
    counts: dict[str, int] = {}
    with _one_moment():
        for model in tables():
            name = f"{ROWS}{model._meta.label_lower}"
            with tempfile.NamedTemporaryFile(dir=settings.DATA) as part:
                counts[model._meta.label_lower] = _copied(model, part)
                part.flush()
                written[name] = _add(archive, name, Path(part.name))
        return _told(counts)


@contextmanager
def _one_moment() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _copied(model: type[models.Model], file: Any) -> int:
    """Write the rows of a table in the order of their keys; how many there are."""
    with connection.cursor() as cursor:
        names = columns(model)
        key = model._meta.pk.column
        question = f'COPY (SELECT {names} FROM "{model._meta.db_table}" ORDER BY "{key}") TO STDOUT'
        with cursor.cursor.copy(question) as copy:
            for block in copy:
                file.write(block)
        cursor.execute(f'SELECT COUNT(*) FROM "{model._meta.db_table}"')
        return int(cursor.fetchone()[0])


def columns(model: type[models.Model]) -> str:
    """The columns of a table, in the order of the model."""
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
