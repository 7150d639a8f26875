"""A backup put back into an empty place, and looked at from end to end before it is called one."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pilotage.capture.backup_file import Manifest, read_manifest, unpack
from pilotage.findings import InputErrors, error
from pilotage.plural import counted

if TYPE_CHECKING:
    from pilotage.capture.checkpoints import Left


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: the account to be shown once where the secret key is a new one, and the
    events that a checkpoint knows of and the backup does not."""

    manifest: Manifest
    account: tuple[str, str] | None
    lost: int


def take_rows(manifest: Manifest, data: Path) -> None:
    """Read the rows of a PostgreSQL backup into the empty database that Django has open."""
    from django.core.management.color import no_style
    from django.db import connection, transaction

    from pilotage.capture.backup import columns, tables

    folder = data / "uploads" / "rows"
    if connection.introspection.table_names():
        words = "DATABASE_URL names a database that is not empty; make an empty one"
        raise InputErrors([error("DATABASE_URL", words)])
    _migrate()
    with transaction.atomic(), connection.cursor() as cursor:
        for model in tables():
            path = folder / model._meta.label_lower
            if not path.is_file():
                continue
            question = f'COPY "{model._meta.db_table}" ({columns(model)}) FROM STDIN'
            with path.open("rb") as source, cursor.cursor.copy(question) as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
    shutil.rmtree(folder)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def faults_of(manifest: Manifest, checkpoints: Sequence["Left"]) -> list[str]:
    """What is wrong with the record as it was put back; nothing where it is what was backed up.

    `checkpoints` that lie beyond the end of the backup are no fault of it: see `lost`.
    """
    from django.db import connection

    from pilotage.capture import trail
    from pilotage.capture.backup import tables
    from pilotage.capture.unsafe_database import newer_than_this, not_yet_applied
    from pilotage.capture.verify_trail import verify

    newer = newer_than_this()
    if newer:
        return [f"was made by a newer Pilotage ({', '.join(newer)}); install that version"]
    if not_yet_applied():
        words = (
            f"was made by Pilotage {manifest.pilotage}; restore it with that version, then renew"
        )
        return [words]
    found = [
        str(fault) for fault in verify([c for c in checkpoints if c.seq <= manifest.seq]).faults
    ]
    head = trail.head()
    if (head.seq, head.hash) != (manifest.seq, manifest.hash):
        found.append(f"the trail ends at event {head.seq}, in the manifest at {manifest.seq}")
    for model in tables():
        held = model._default_manager.count()
        wanted = manifest.counts.get(model._meta.label_lower, 0)
        if held != wanted:
            found.append(f"{model._meta.label_lower}: {held} rows, in the manifest {wanted}")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_key_check")
            found += [f"a row of {row[0]} points at nothing" for row in cursor.fetchall()]
    return found


def lost(manifest: Manifest, checkpoints: Sequence["Left"]) -> int:
    """How many events a checkpoint from outside knows of that are not in the backup."""
    return max(
        (left.seq - manifest.seq for left in checkpoints if left.seq > manifest.seq), default=0
    )


def restore(
    file: Path,
    data: Path,
    *,
    key: Path | None,
    checkpoints: Sequence[Path] = (),
    loss_accepted: str = "",
    begin: Callable[[Path], None],
) -> Restored:
    """Put a backup into an empty data directory. Raises InputErrors where anything is not in order;
    the directory is then as it was.

    `key` is the secret key that was kept apart; None makes a new one, under which every second
    factor has to be set anew. `begin` tells Django of the data directory.
    """
    from pilotage.capture.surroundings import make_data_directory
    from pilotage.output import left_as_it_was

    manifest = read_manifest(file)
    if data.exists() and any(data.iterdir()):
        raise InputErrors([error(str(data), "is not empty; a record is never replaced")])
    with left_as_it_was(data):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if key is not None:
            shutil.copyfile(key, data / "secret.key")
            (data / "secret.key").chmod(0o600)
        make_data_directory(data)
        unpack(file, manifest, data)
        begin(data)
        left = [_checkpoint(path) for path in checkpoints]
        missing = _missing(manifest, left, loss_accepted)
        _refuse_other_engine(manifest, file)
        if manifest.engine == "postgresql":
            take_rows(manifest, data)
        _refuse(file, faults_of(manifest, left))
        account = _under_the_key(file, new=key is None)
        _note(manifest, missing, loss_accepted)
    return Restored(manifest, account, missing)


def _checkpoint(path: Path) -> "Left":
    from pilotage.capture.checkpoints import read_checkpoint

    try:
        return read_checkpoint(path.read_bytes())
    except ValueError as problem:
        raise InputErrors([error(str(path), str(problem))]) from None


def _missing(manifest: Manifest, checkpoints: Sequence["Left"], accepted: str) -> int:
    missing = lost(manifest, checkpoints)
    if missing and not accepted:
        words = (
            f"ends at event {manifest.seq} of {manifest.made}, but a checkpoint knows of "
            f"{counted(missing, 'event')} after it: this copy is older than the "
            "record was. Look for a later one; where there is none, "
            'say --lost "what happened and who decided"'
        )
        raise InputErrors([error("the backup", words)])
    return missing


def _refuse_other_engine(manifest: Manifest, file: Path) -> None:
    from django.db import connection

    if connection.vendor != manifest.engine:
        asks = "set" if manifest.engine == "postgresql" else "unset"
        _refuse(file, [f"is of a record on {manifest.engine}; {asks} DATABASE_URL"])


def _refuse(file: Path, faults: list[str]) -> None:
    if faults:
        raise InputErrors([error(str(file), words) for words in faults])


def _under_the_key(file: Path, *, new: bool) -> tuple[str, str] | None:
    """Can second factors be read under the key? Under a new one nobody's can: the administrator
    then gets a password for one use, and resets the others."""
    from allauth.mfa.models import Authenticator

    from pilotage.capture.actions import access
    from pilotage.capture.actions.acting import Actor
    from pilotage.capture.models import Membership
    from pilotage.capture.sign_in.passwords import one_time_password
    from pilotage.capture.sign_in.second_factor import is_readable, remove_second_factor

    first = Authenticator.objects.filter(type=Authenticator.Type.TOTP).first()
    if not new:
        if first and not is_readable(first.user):
            _refuse(file, ["was not made under this secret key; give the right one"])
        return None
    held = Membership.objects.filter(role="administrator", until=None, user__is_active=True)
    membership = held.select_related("user").order_by("pk").first()
    if membership is None:
        return None
    remove_second_factor(membership.user)
    password = one_time_password()
    access.set_password(membership.user, password, by=Actor.system("restore"))
    return membership.user.username, password


def _note(manifest: Manifest, missing: int, accepted: str) -> None:
    from pilotage.capture.actions import access
    from pilotage.capture.actions.acting import Actor

    told: dict[str, Any] = {"seq": manifest.seq, "made": manifest.made}
    if missing:
        told |= {"lost": missing, "accepted": accepted}
    access.note("record restored", by=Actor.system("restore"), told=told)
