"""`pilotage serve`, as it is started: from an empty folder to pages that ask who one is."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from pilotage.capture import first_start
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import AuditEvent, Membership, User
from pilotage.capture.sign_in.second_factor import give_second_factor, holds, next_code

STUDY = Path(__file__).parents[1] / "small_study"
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("PILOTAGE", "DJANGO"))
}


def pilotage(*words: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pilotage", *words]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=CLEAN | {"PYTHONUNBUFFERED": "1"} | environment,
    )


def answered(*words: str, **environment: str) -> tuple[int, str]:
    process = pilotage(*words, **environment)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[str], Path]]:
    """A server that runs, what it said when it started, and its data directory."""
    data = tmp_path / "data"
    process = pilotage("serve", str(STUDY), "--data", str(data), "--rehearse", "--port", "0")
    said: list[str] = []
    assert process.stdout is not None
    while not said or "Ctrl-C" not in said[-1]:
        line = process.stdout.readline()
        assert line, said
        said.append(line)
    yield process, said, data
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_first_start_makes_everything_and_ctrl_c_ends_it_cleanly(served):
    process, said, data = served
    text = "".join(said)
    password = re.search(r"account administrator  password (\S+)  \(administrator\)", text)
    address = re.search(r"Open (http://127\.0\.0\.1:\d+/)", text)
    assert password
    assert address
    with urllib.request.urlopen(f"{address[1]}sign-in/", timeout=20) as page:
        body = page.read().decode()
    assert 'name="password"' in body
    style = re.search(r"/static/capture/pilotage\.[0-9a-f]{12}\.css", body)
    assert style
    with urllib.request.urlopen(address[1] + style[0][1:], timeout=20) as sheet:
        assert "immutable" in sheet.headers["Cache-Control"]
    assert oct(data.stat().st_mode)[-3:] == "700"
    assert {oct(f.stat().st_mode)[-3:] for f in data.glob("*.*") if f.is_file()} == {"600"}
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert process.stdout.read().strip().endswith("Stopped.")
    assert not list(data.glob("*.sqlite3-*")), "the file of the database alone is the whole record"


def test_an_unsafe_start_is_refused_with_a_line_for_each_reason(tmp_path):
    data = str(tmp_path / "data")
    words = ("serve", str(STUDY), "--data", data, "--rehearse", "--host", "0.0.0.0")
    status, said = answered(*words, PILOTAGE_HOSTS="*", PILOTAGE_IDLE_MINUTES="600")
    assert status == 1
    lines = said.strip().splitlines()
    assert len(lines) == 3
    for line, reason in zip(lines, ("any host name", "without TLS", "IDLE_MINUTES"), strict=True):
        assert "not started: " in line
        assert reason in line


@pytest.mark.parametrize(
    "address, words",
    [
        ("mysql://me:hidden@db/trial", "DATABASE_URL: DATABASE_URL begins with 'mysql'"),
        ("postgresql://me:hidden@db/trial?ssl=true", "asks for 'ssl'"),
        ("postgresql://me:hidden@127.0.0.1:1/trial", "cannot be reached"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line(tmp_path, address, words):
    data = str(tmp_path / "data")
    code, said = answered("serve", str(STUDY), "--data", data, "--rehearse", DATABASE_URL=address)
    assert code == 1
    assert words in said
    assert "Traceback" not in said
    assert "hidden" not in said


def test_a_data_directory_that_others_can_read_is_refused_and_left_alone(tmp_path):
    from pilotage.capture import serving
    from pilotage.findings import InputErrors
    from pilotage.progress import Silent

    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    wanted = serving.Wanted(str(STUDY), tmp_path / "data", "127.0.0.1", rehearse=True)
    with pytest.raises(InputErrors, match="chmod go="):
        serving.start(wanted, Silent())
    assert list((tmp_path / "data").iterdir()) == []


def test_a_study_with_open_errors_is_served_only_to_rehearse(tmp_path, monkeypatch):
    from pilotage.capture import serving
    from pilotage.findings import InputErrors
    from pilotage.progress import Silent

    monkeypatch.setattr(serving, "_open_errors", lambda study, data: 2)
    monkeypatch.setattr(serving, "begin", lambda *_, **__: None)
    monkeypatch.setattr(serving, "_settings_allow_it", lambda wanted: None)
    wanted = serving.Wanted(str(STUDY), tmp_path / "data", "127.0.0.1")
    with pytest.raises(InputErrors, match=r"2 open errors.*--rehearse"):
        serving.start(wanted, Silent())


def test_what_the_proofs_said_is_kept_for_the_same_files(tmp_path, monkeypatch):
    from pilotage import check
    from pilotage.capture import serving
    from pilotage.study import load_study

    asked = []
    monkeypatch.setattr(check, "study_findings", lambda study: asked.append(study) or [])
    study = load_study(STUDY)
    assert [serving._open_errors(study, tmp_path) for _ in range(3)] == [0, 0, 0]
    assert len(asked) == 1
    (tmp_path / serving.CHECKED).write_text('{"digest": "other"}')
    serving._open_errors(study, tmp_path)
    assert len(asked) == 2


def test_changed_worked_examples_are_checked_anew(tmp_path, monkeypatch):
    from pilotage import check
    from pilotage.capture import serving
    from pilotage.study import load_study

    asked = []
    monkeypatch.setattr(check, "study_findings", lambda study: asked.append(study) or [])
    study = load_study(copytree(STUDY, tmp_path / "study"))
    serving._open_errors(study, tmp_path)
    (tmp_path / "study/worked_examples.yaml").write_text("# nothing is expected yet\n")
    assert load_study(tmp_path / "study").digest == study.digest
    serving._open_errors(study, tmp_path)
    assert len(asked) == 2


def test_the_first_account_manages_access_and_sees_no_clinical_data(empty_db):
    first_start.open_record(demonstration=False)
    account = first_start.first_account()
    assert account is not None
    user = User.objects.get()
    assert user.check_password(account.password)
    assert user.must_change_password
    assert [m.role for m in Membership.objects.all()] == ["administrator"]
    assert AuditEvent.objects.order_by("seq")[0].action == "record opened"


def test_a_password_that_was_lost_on_the_way_is_given_anew_until_somebody_signed_in(empty_db):
    first_start.open_record(demonstration=False)
    lost, found = first_start.first_account(), first_start.first_account()
    assert lost
    assert found
    user = User.objects.get()
    assert [user.check_password(a.password) for a in (lost, found)] == [False, True]
    user.last_login = user.date_joined
    user.save(update_fields=["last_login"])
    assert first_start.first_account() is None


def test_a_record_with_accounts_gets_no_further_administrator(record_db):
    User.objects.filter(username="administrator").update(last_login="2026-01-01T00:00:00Z")
    assert first_start.first_account() is None


def test_the_code_that_a_demonstration_shows_is_the_one_that_opens(empty_db):
    user = access.add_user(
        "invented",
        by=Actor.system("tests"),
        first_name="I",
        last_name="P",
        password="a password for one use",
    )
    give_second_factor(user)
    for _ in range(2):
        assert holds(user, next_code(user))


def test_no_code_is_shown_where_the_record_is_not_a_demonstration(record_db, settings_synthetic):
    from capture_records import PASSWORD
    from doors import Browser, given_second_factor

    given_second_factor("nurse")
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    assert "demonstration-code" not in browser.get("/sign-in/code/").content.decode()


@pytest.fixture
def settings_synthetic():
    from django.test import override_settings

    with override_settings(SYNTHETIC=True):
        yield


def test_the_code_is_shown_in_a_demonstration(empty_db, settings_synthetic):
    from doors import Browser

    first_start.open_record(demonstration=True)
    made = first_start.first_account()
    assert made is not None
    user = User.objects.get()
    own = "the heron waits in the reeds"
    access.set_password(user, own, by=Actor(user), old=made.password)
    give_second_factor(user)
    browser = Browser()
    browser.post("/sign-in/", {"name": user.username, "password": own})
    page = browser.get("/sign-in/code/").content.decode()
    code = re.search(r'id="demonstration-code">(\d{6})<', page)
    assert code
    assert browser.post("/sign-in/code/", {"code": code[1]}).status_code == 302
