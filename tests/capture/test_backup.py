"""A backup is of one moment and whole; what is restored is what was backed up, or nothing is."""

import json
import sqlite3
import threading
import zipfile
from pathlib import Path

import pytest
from capture_records import DATA, Engine
from django.conf import settings
from django.db import connection
from django.test import override_settings

from pilotage.capture import restoring
from pilotage.capture.actions import access, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.backup import make_backup
from pilotage.capture.backup_file import MANIFEST, read_manifest
from pilotage.capture.checkpoints import leave_checkpoint
from pilotage.capture.models import AuditEvent, Site, Subject, User
from pilotage.findings import InputErrors

SYSTEM = Actor.system("tests")


@pytest.fixture
def keeping(tmp_path, record_db):
    """A data directory for what the record keeps beside its database."""
    (tmp_path / "data" / "cuts" / "first").mkdir(parents=True)
    (tmp_path / "data" / "cuts" / "first" / "dm.csv").write_text("USUBJID\nA-1\n")
    with override_settings(DATA=tmp_path / "data"):
        yield tmp_path


@pytest.fixture
def put_back(engine: Engine, keeping: Path, monkeypatch):
    """Restore a file into a directory of its own, on the engine of the test."""
    made: list[str] = []

    def begin(data: Path) -> None:
        name = str(data / "pilotage.sqlite3")
        if engine.address:
            name = f"restored_{len(made)}_{data.name}"
            engine.run(f'CREATE DATABASE "{name}"')
            made.append(name)
        engine.connect(name)

    def restore(file: Path, where: str = "restored", **options: object) -> restoring.Restored:
        options = {"key": DATA / "secret.key"} | options
        return restoring.restore(file, keeping / where, begin=begin, **options)

    yield restore
    connection.close()
    for name in made:
        engine.drop(name)


def everything() -> dict[str, list]:
    from pilotage.capture.rows import RECORDED

    return {m.__name__: list(m.objects.order_by("pk").values()) for m in (AuditEvent, *RECORDED)}


@pytest.mark.both_engines
def test_what_is_restored_is_what_was_backed_up(put_back, keeping, subject):
    before = everything()
    told = make_backup(keeping / "b.zip")
    done = put_back(keeping / "b.zip")
    after = everything()
    assert after.pop("AuditEvent")[: told.seq] == before.pop("AuditEvent")
    assert after == before
    assert AuditEvent.objects.order_by("-seq")[0].action == "record restored"
    assert (keeping / "restored/cuts/first/dm.csv").read_text() == "USUBJID\nA-1\n"
    assert done.account is None


@pytest.mark.both_engines
def test_work_goes_on_after_a_restore(put_back, keeping, subject, people):
    make_backup(keeping / "b.zip")
    put_back(keeping / "b.zip")
    site = Site.objects.get()
    assert subjects.screen_subject(site, by=people["nurse"]).usubjid != subject.usubjid
    assert access.add_site("77", "Another", by=SYSTEM).pk > site.pk


def test_a_backup_says_in_the_trail_that_it_was_made(keeping):
    told = make_backup(keeping / "b.zip")
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.seq) == ("backup made", told.seq + 1)


def test_a_backup_holds_neither_key_nor_session(keeping):
    from doors import SECRETS, signed_in

    browser = signed_in("nurse")
    make_backup(keeping / "b.zip")
    with zipfile.ZipFile(keeping / "b.zip") as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (settings.SECRET_KEY, browser.cookies["pilotage"].value, SECRETS["nurse"]):
        assert secret.encode() not in parts


def test_a_backup_can_be_read_by_its_owner_alone_and_replaces_nothing(keeping):
    make_backup(keeping / "b.zip")
    assert oct((keeping / "b.zip").stat().st_mode)[-3:] == "600"
    with pytest.raises(InputErrors, match="never replaces"):
        make_backup(keeping / "b.zip")
    assert [path.name for path in keeping.glob("*.part")] == []


def test_backups_made_while_others_save_are_each_of_one_moment(put_back, keeping, people):
    """Forty subjects are screened while five backups are made: each is sound and complete."""
    site, by = Site.objects.get(), people["nurse"]

    def screen() -> None:
        for _ in range(40):
            subjects.screen_subject(site, by=by)
        connection.close()

    writer = threading.Thread(target=screen)
    writer.start()
    made = [make_backup(keeping / f"b{n}.zip") for n in range(5)]
    writer.join()
    connection.close()
    for n, told in enumerate(made):
        put_back(keeping / f"b{n}.zip", f"restored{n}")
        screened = AuditEvent.objects.filter(action="subject screened").count()
        assert Subject.objects.count() in (screened, told.counts["capture.subject"])
        connection.close()


def changed(file: Path, name: str, change) -> Path:
    """A copy of a backup with one part changed."""
    out = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, change(old.read(part)) if part == name else old.read(part))
    return out


def of_manifest(**values: object):
    return lambda content: json.dumps(json.loads(content) | values).encode()


@pytest.mark.parametrize(
    "part, change, reason",
    [
        ("database.sqlite3", lambda b: b[:-1] + bytes([b[-1] ^ 1]), "is damaged"),
        ("database.sqlite3", lambda b: b[: len(b) // 2], "is damaged"),
        ("cuts/first/dm.csv", lambda b: b + b"A-2\n", "is damaged"),
        (MANIFEST, of_manifest(seq=3), "in the manifest at 3"),
        (MANIFEST, of_manifest(hash="0" * 64), "the trail ends at"),
        (MANIFEST, of_manifest(counts={}), "in the manifest 0"),
        (MANIFEST, of_manifest(kind="something else"), "is not a backup"),
        (MANIFEST, of_manifest(files={}), "other parts"),
        (MANIFEST, lambda b: b"{", "is not a backup"),
        (MANIFEST, of_manifest(engine="postgresql"), "set DATABASE_URL"),
    ],
)
def test_a_changed_backup_is_refused_and_leaves_nothing(put_back, keeping, part, change, reason):
    make_backup(keeping / "b.zip")
    with pytest.raises(InputErrors, match=reason):
        put_back(changed(keeping / "b.zip", part, change))
    assert not (keeping / "restored").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE capture_auditevent SET reason = 'forged' WHERE seq = 3",
        "DELETE FROM capture_auditevent WHERE seq = (SELECT MAX(seq) FROM capture_auditevent)",
        "UPDATE capture_site SET name = 'Forged'",
        "DELETE FROM capture_membership WHERE id = 2",
    ],
)
def test_a_database_that_was_changed_and_hashed_anew_is_refused(put_back, keeping, statement):
    from hashlib import sha256

    from pilotage.capture.triggers import triggers

    make_backup(keeping / "b.zip")
    copy = keeping / "forged.sqlite3"

    def forged(content: bytes) -> bytes:
        copy.write_bytes(content)
        database = sqlite3.connect(copy)
        for trigger in triggers("sqlite"):
            database.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"')
        database.execute(statement)
        for trigger in triggers("sqlite"):
            database.execute(trigger.sql)
        database.commit()
        database.close()
        return copy.read_bytes()

    file = changed(keeping / "b.zip", "database.sqlite3", forged)
    files = dict(read_manifest(file).files)
    files["database.sqlite3"] = sha256(copy.read_bytes()).hexdigest()
    with pytest.raises(InputErrors):
        put_back(changed(file.rename(keeping / "f.zip"), MANIFEST, of_manifest(files=files)))
    assert not (keeping / "restored").exists()


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "cuts/../../outside", "rows\\x", "cuts//x", "secret.key"]
)
def test_a_part_with_a_place_of_its_own_choice_is_refused(put_back, keeping, name):
    file = keeping / "b.zip"
    make_backup(file)
    hostile = keeping / "hostile.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(hostile, "w") as new:
        files = dict(json.loads(old.read(MANIFEST))["files"]) | {name: "0" * 64}
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, of_manifest(files=files)(content) if part == MANIFEST else content)
        new.writestr(name, "hostile")
    with pytest.raises(InputErrors, match=r"a part that no backup has|other parts"):
        put_back(hostile)
    assert not (keeping / "outside").exists()


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"\x00" * 5000])
def test_a_file_that_is_no_backup_is_refused_in_plain_words(put_back, keeping, content):
    (keeping / "x.zip").write_bytes(content)
    with pytest.raises(InputErrors, match="is not a backup of Pilotage"):
        put_back(keeping / "x.zip")


@pytest.mark.parametrize(
    "statement, reason",
    [
        (
            "INSERT INTO django_migrations (app, name, applied) VALUES ('capture', '9999', 0)",
            "newer",
        ),
        ("DELETE FROM django_migrations WHERE app = 'sign_in'", "with that version"),
    ],
)
def test_a_backup_of_another_version_is_refused(put_back, keeping, statement, reason):
    from hashlib import sha256

    make_backup(keeping / "b.zip")
    copy = keeping / "other.sqlite3"

    def of_another_version(content: bytes) -> bytes:
        copy.write_bytes(content)
        database = sqlite3.connect(copy)
        database.execute(statement)
        database.commit()
        database.close()
        return copy.read_bytes()

    file = changed(keeping / "b.zip", "database.sqlite3", of_another_version)
    files = dict(read_manifest(file).files)
    files["database.sqlite3"] = sha256(copy.read_bytes()).hexdigest()
    with pytest.raises(InputErrors, match=reason):
        put_back(changed(file.rename(keeping / "f.zip"), MANIFEST, of_manifest(files=files)))


def test_a_record_of_another_version_is_not_backed_up(keeping):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sign_in'")
    with pytest.raises(InputErrors, match="another version"):
        make_backup(keeping / "b.zip")


def test_a_directory_with_anything_in_it_is_left_alone(put_back, keeping):
    make_backup(keeping / "b.zip")
    (keeping / "restored").mkdir()
    (keeping / "restored" / "mine.txt").write_text("mine")
    with pytest.raises(InputErrors, match="is not empty"):
        put_back(keeping / "b.zip")
    assert [path.name for path in (keeping / "restored").iterdir()] == ["mine.txt"]


@pytest.fixture
def yesterday(keeping, people, subject) -> tuple[Path, Path]:
    """A backup, and a checkpoint that left the server after it."""
    make_backup(keeping / "b.zip")
    subjects.screen_subject(Site.objects.get(), by=people["nurse"])
    left = leave_checkpoint(left_as="file", by=people["monitor"])
    (keeping / "checkpoint.json").write_text(left.text())
    return keeping / "b.zip", keeping / "checkpoint.json"


def test_a_copy_older_than_a_checkpoint_is_refused(put_back, keeping, yesterday):
    backup, checkpoint = yesterday
    with pytest.raises(InputErrors, match="knows of 2 events after it"):
        put_back(backup, checkpoints=[checkpoint])
    assert not (keeping / "restored").exists()


def test_a_loss_that_somebody_answers_for_is_in_the_trail(put_back, yesterday):
    backup, checkpoint = yesterday
    done = put_back(backup, checkpoints=[checkpoint], loss_accepted="disk broke; PI decided")
    told = json.loads(AuditEvent.objects.order_by("-seq")[0].details)
    assert (done.lost, told["lost"], told["accepted"]) == (2, 2, "disk broke; PI decided")


def test_a_checkpoint_within_the_backup_vouches_for_it(put_back, keeping, people):
    left = leave_checkpoint(left_as="file", by=people["monitor"])
    (keeping / "checkpoint.json").write_text(left.text())
    make_backup(keeping / "b.zip")
    assert put_back(keeping / "b.zip", checkpoints=[keeping / "checkpoint.json"]).lost == 0


def test_a_checkpoint_of_another_record_is_refused(put_back, keeping, people):
    left = json.loads(leave_checkpoint(left_as="file", by=people["monitor"]).text())
    (keeping / "checkpoint.json").write_text(json.dumps(left | {"record": "1" * 64}))
    make_backup(keeping / "b.zip")
    with pytest.raises(InputErrors, match="another record"):
        put_back(keeping / "b.zip", checkpoints=[keeping / "checkpoint.json"])


def test_another_secret_key_is_refused(put_back, keeping):
    from doors import given_second_factor

    given_second_factor("nurse")
    make_backup(keeping / "b.zip")
    (keeping / "other.key").write_text("x" * 67)
    with pytest.raises(InputErrors, match="this secret key"), key_of(keeping / "other.key"):
        put_back(keeping / "b.zip", key=keeping / "other.key")


def key_of(path: Path):
    return override_settings(SECRET_KEY=path.read_text())


def test_under_a_new_key_the_administrator_begins_anew_and_nobody_else_gets_in(put_back, keeping):
    from doors import given_second_factor

    from pilotage.capture.sign_in.second_factor import has_second_factor, is_readable

    for name in ("nurse", "administrator"):
        given_second_factor(name)
    make_backup(keeping / "b.zip")
    with override_settings(SECRET_KEY="y" * 67):
        done = put_back(keeping / "b.zip", key=None)
        assert done.account
        name, password = done.account
        administrator = User.objects.get(username=name)
        assert administrator.check_password(password)
        assert administrator.must_change_password
        assert not has_second_factor(administrator)
        assert not is_readable(User.objects.get(username="nurse"))
