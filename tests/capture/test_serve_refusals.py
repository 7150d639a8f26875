"""The server refuses to start under unsafe settings, each for its own reason and for no other."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from pilotage.capture import trail, unsafe, unsafe_database
from pilotage.capture.database import database, goes_in_clear
from pilotage.capture.first_start import open_record
from pilotage.capture.surroundings import open_to_others
from pilotage.capture.triggers import install, triggers

KEY = "k3J-8sVw0zTq_yXr5NcB1mLfGh7PdAe2UiOo9RtYs4WvQxZj6Ka"
SAFE = unsafe.Setup(
    host="127.0.0.1",
    tls_proxy="",
    debug=False,
    secret_key=KEY,
    hosts=("localhost", "127.0.0.1", "[::1]"),
    cookies_without_tls=True,
    cookies_for_scripts=False,
    redirect_to_tls=False,
    hsts_seconds=0,
    middleware=tuple(settings.MIDDLEWARE),
    hashers=(unsafe.ARGON2,),
    password_rules=3,
    idle_minutes=15,
    session_hours=12,
    utc=True,
    synthetic=False,
    open_to_others=(),
)
BEHIND_A_PROXY: dict[str, Any] = {
    "tls_proxy": "127.0.0.1",
    "hosts": ("trial.example",),
    "cookies_without_tls": False,
    "redirect_to_tls": True,
    "hsts_seconds": 365 * 24 * 3600,
}
WITHOUT_GATE = tuple(name for name in settings.MIDDLEWARE if not name.endswith(".Gate"))

MUTATIONS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"debug": True}, "DEBUG"),
    ({"secret_key": ""}, "no secret key"),
    ({"secret_key": "short"}, "weak"),
    ({"secret_key": "ab" * 30}, "weak"),
    ({"secret_key": "django-insecure-" + KEY}, "development"),
    ({"hosts": ("*",)}, "any host name"),
    ({"hosts": ("localhost", ".localhost")}, "any host name"),
    ({"hosts": ("",)}, "empty"),
    ({"hosts": ()}, "empty"),
    ({"host": "0.0.0.0", "cookies_without_tls": False}, "without TLS"),
    ({"host": "::", "cookies_without_tls": False}, "without TLS"),
    ({"host": "10.1.2.3", "cookies_without_tls": False}, "without TLS"),
    ({"host": "trial.example", "cookies_without_tls": False}, "without TLS"),
    ({"hosts": ("trial.example",)}, "PILOTAGE_HOSTS names"),
    (BEHIND_A_PROXY | {"tls_proxy": "*"}, "not one address"),
    (BEHIND_A_PROXY | {"tls_proxy": "yes"}, "not one address"),
    (BEHIND_A_PROXY | {"cookies_without_tls": True}, "PILOTAGE_INSECURE"),
    (BEHIND_A_PROXY | {"redirect_to_tls": False}, "SECURE_SSL_REDIRECT"),
    (BEHIND_A_PROXY | {"hsts_seconds": 0}, "SECURE_HSTS_SECONDS"),
    (BEHIND_A_PROXY | {"synthetic": True}, "demonstration"),
    ({"cookies_for_scripts": True}, "SESSION_COOKIE_HTTPONLY"),
    ({"middleware": WITHOUT_GATE}, "chain"),
    ({"middleware": settings.MIDDLEWARE[1:]}, "chain"),
    ({"middleware": tuple(sorted(settings.MIDDLEWARE))}, "come first"),
    ({"hashers": ("django.contrib.auth.hashers.MD5PasswordHasher",)}, "Argon2"),
    ({"hashers": ()}, "Argon2"),
    ({"password_rules": 0}, "AUTH_PASSWORD_VALIDATORS"),
    ({"idle_minutes": 0}, "PILOTAGE_IDLE_MINUTES"),
    ({"idle_minutes": 61}, "PILOTAGE_IDLE_MINUTES"),
    ({"session_hours": 0}, "PILOTAGE_SESSION_HOURS"),
    ({"session_hours": 200}, "PILOTAGE_SESSION_HOURS"),
    ({"utc": False}, "UTC"),
    ({"open_to_others": ("data",)}, "read by other accounts"),
    ({"database_in_clear": True}, "sslmode=verify-full"),
)


@pytest.mark.parametrize("setup", [SAFE, replace(SAFE, **BEHIND_A_PROXY)])
def test_a_safe_setup_is_not_refused(setup):
    assert unsafe.refusals(setup) == []


@pytest.mark.parametrize("changed, reason", MUTATIONS)
def test_each_unsafe_setting_is_refused_with_its_reason(changed, reason):
    reasons = unsafe.refusals(replace(SAFE, **changed))
    assert len([words for words in reasons if reason in words]) == 1, reasons


@pytest.mark.parametrize("rule", unsafe.RULES)
def test_each_rule_has_a_mutation_that_it_alone_answers(rule):
    holds, _words = rule
    assert any(holds(replace(SAFE, **changed)) for changed, _ in MUTATIONS)


@pytest.mark.parametrize("words", [words for _, words in unsafe.RULES])
def test_a_reason_is_one_line_that_says_what_to_do(words):
    assert "\n" not in words
    assert ";" in words or ":" in words


def test_the_shipped_settings_are_read_as_they_stand():
    setup = unsafe.present_setup(settings, "127.0.0.1")
    of_tests = {"hashers": (unsafe.ARGON2,), "open_to_others": ()}
    assert unsafe.refusals(replace(setup, **of_tests)) == []


@pytest.mark.parametrize(
    "name, mode, found",
    [
        ("", 0o700, 0),
        ("", 0o750, 1),
        ("", 0o701, 1),
        ("secret.key", 0o600, 0),
        ("secret.key", 0o640, 1),
        ("secret.key", 0o604, 1),
        ("pilotage.sqlite3", 0o600, 0),
        ("pilotage.sqlite3", 0o660, 1),
    ],
)
def test_what_others_can_read_is_found(tmp_path, name, mode, found):
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    for file in ("secret.key", "pilotage.sqlite3"):
        (data / file).touch(mode=0o600)
    (data / name).chmod(mode)
    assert len(list(open_to_others(data))) == found


@pytest.fixture
def standing(empty_db) -> unsafe_database.Standing:
    """A record that was opened, on a database as it is set up."""
    open_record(demonstration=False)
    return unsafe_database.present_standing()


def judged(standing: unsafe_database.Standing, *, demo: bool = False, amended: str = "") -> list:
    return unsafe_database.refusals(standing, demo=demo, amended=amended)


@pytest.mark.both_engines
def test_the_database_as_it_is_set_up_is_not_refused(standing, engine):
    assert standing.vendor == engine.name
    assert judged(standing) == []


@pytest.mark.parametrize(
    "pragma",
    [
        "journal_mode = DELETE",
        "synchronous = NORMAL",
        "synchronous = OFF",
        "foreign_keys = OFF",
        "recursive_triggers = OFF",
    ],
)
def test_each_unsafe_setting_of_sqlite_is_refused(standing, pragma):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    [reason] = judged(unsafe_database.present_standing())
    assert pragma.split()[0] in reason


def test_transactions_of_sqlite_that_fail_under_load_are_refused(standing):
    [reason] = judged(replace(standing, transaction_mode=""))
    assert "IMMEDIATE" in reason


@pytest.mark.parametrize(
    "name, value",
    [
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("synchronous_commit", "local"),
        ("full_page_writes", "off"),
    ],
)
def test_each_unsafe_setting_of_postgresql_is_refused(standing, name, value):
    safe = {setting: good[0] for setting, good in unsafe_database.POSTGRESQL.items()}
    on_postgresql = replace(standing, vendor="postgresql", transaction_mode="", answers=safe)
    assert judged(on_postgresql) == []
    [reason] = judged(replace(on_postgresql, answers=safe | {name: value}))
    assert f"{name} is {value}" in reason


@pytest.mark.both_engines
def test_a_missing_trigger_is_refused(standing, engine):
    trigger = triggers(connection.vendor)[0]
    on = f' ON "{trigger.table}"' if engine.name == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{trigger.name}"{on}')
    [reason] = judged(unsafe_database.present_standing())
    assert trigger.name in reason
    assert unsafe_database.refusals_before_migration() == [reason]
    install(connection)


def test_a_database_of_a_newer_version_is_refused(standing):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('capture', '9999_from_the_future', '2030-01-01')"
        )
    [reason] = unsafe_database.refusals_before_migration()
    assert "9999_from_the_future" in reason


def test_changed_study_files_are_refused_until_somebody_says_why(standing):
    changed = replace(standing, digest="f" * 64)
    [reason] = judged(changed)
    assert "--amended" in reason
    assert judged(changed, amended="amendment 2, approved by the ethics committee") == []


def test_another_study_is_refused_whatever_is_said(standing):
    changed = replace(standing, study="OTHER", digest="f" * 64)
    [reason] = judged(changed, amended="because")
    assert "another data directory" in reason


@pytest.mark.parametrize("kept, asked, refused", [(1, 1, 0), (0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_invented_and_real_subjects_never_share_a_record(standing, kept, asked, refused):
    found = judged(replace(standing, demonstration=bool(kept)), demo=bool(asked))
    assert len(found) == refused


def test_the_reason_for_changed_study_files_is_in_the_trail(standing, monkeypatch):
    from pilotage.capture.models import AuditEvent

    told = trail._study() | {"digest": "f" * 64}
    monkeypatch.setattr(trail, "_study", lambda: told)
    open_record(demonstration=False, amended="amendment 2")
    actions = dict(AuditEvent.objects.values_list("action", "reason"))
    assert actions["study change acknowledged"] == "amendment 2"
    assert "study changed" in actions
    assert (trail.study_of_record() or {})["digest"] == "f" * 64


def test_the_data_directory_is_made_for_its_owner_alone(tmp_path: Path):
    from pilotage.capture.surroundings import make_data_directory

    before = os.umask(0o000)
    make_data_directory(tmp_path / "data")
    os.umask(before)
    assert list(open_to_others(tmp_path / "data")) == []


@pytest.mark.parametrize(
    "address, in_clear",
    [
        (None, False),
        ("postgresql://u:p@localhost/d", False),
        ("postgresql://u:p@127.0.0.1:5432/d", False),
        ("postgresql://u:p@%2Fvar%2Frun/d", False),
        ("postgresql://u:p@db.example/d", True),
        ("postgresql://u:p@db.example/d?sslmode=prefer", True),
        ("postgresql://u:p@db.example/d?sslmode=require", False),
        ("postgresql://u:p@db.example/d?sslmode=verify-full&sslrootcert=/etc/ca.pem", False),
    ],
)
def test_a_database_on_another_machine_is_reached_by_tls_alone(tmp_path, address, in_clear):
    assert goes_in_clear(database(tmp_path, address)) is in_clear


def test_what_an_address_asks_for_and_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ValueError, match="asks for 'ssl'"):
        database(tmp_path, "postgresql://u:p@db.example/d?ssl=true")
