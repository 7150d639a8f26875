"""A database and a record under which the server refuses to start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from pilotage.capture import trail
from pilotage.capture.first_start import has_record, is_demonstration
from pilotage.capture.planned import planned
from pilotage.capture.triggers import missing_triggers, strange_triggers

SQLITE: Final[Mapping[str, tuple[str, ...]]] = {
    "journal_mode": ("wal",),
    "synchronous": ("2", "3"),
    "foreign_keys": ("1",),
    "recursive_triggers": ("1",),
}
"""What each PRAGMA has to answer. `synchronous` 2 is FULL, 3 EXTRA."""

POSTGRESQL: Final[Mapping[str, tuple[str, ...]]] = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
    "full_page_writes": ("on",),
}

WHY: Final[Mapping[str, str]] = {
    "journal_mode": "readers and writers would wait for each other, and a power cut is not tested",
    "synchronous": "a power cut could take back what was acknowledged as saved",
    "foreign_keys": "rows could point at nothing",
    "recursive_triggers": "INSERT OR REPLACE would slip past the triggers that keep the trail",
    "fsync": "a power cut could destroy the database",
    "synchronous_commit": "a power cut could take back what was acknowledged as saved",
    "full_page_writes": "a power cut could leave pages half written",
    "transaction_mode": "saves at the same time would fail instead of waiting",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database answers, and what the record in it says of itself.

    `recorded` is the digest of the study's files under which the record was last kept, empty where
    there is no record yet; `demonstration` is None then.
    """

    vendor: str
    answers: Mapping[str, str]
    transaction_mode: str
    from_newer_code: tuple[str, ...]
    missing_triggers: tuple[str, ...]
    recorded_study: str
    recorded: str
    study: str
    digest: str
    demonstration: bool | None
    strange_triggers: tuple[str, ...] = ()


def refusals(standing: Standing, *, demo: bool, amended: str) -> list[str]:
    """Every reason not to start on this database; empty where there is none."""
    return [
        *_newer(standing.from_newer_code),
        *_settings(standing),
        *_triggers(standing.missing_triggers),
        *_strange(standing.strange_triggers),
        *_study(standing, amended),
        *_demonstration(standing, demo),
    ]


def refusals_before_migration() -> list[str]:
    """Every reason to leave a database as it is found: migrating would hide it."""
    newer = newer_than_this()
    if newer:
        return _newer(newer)
    if has_record() and not not_yet_applied():
        missing, strange = missing_triggers(connection), strange_triggers(connection)
        return [*_triggers(tuple(missing)), *_strange(tuple(strange))]
    return []


def not_yet_applied() -> tuple[str, ...]:
    """Migrations of this code that the database has not had."""
    loader = MigrationLoader(connection)
    left = loader.disk_migrations.keys() - set(loader.applied_migrations)
    return tuple(f"{app} {name}" for app, name in sorted(left))


def newer_than_this() -> tuple[str, ...]:
    """Migrations that the database had and this code does not know."""
    loader = MigrationLoader(connection)
    return tuple(
        f"{app} {name}"
        for app, name in sorted(loader.applied_migrations)
        if (app, name) not in loader.disk_migrations and app in loader.migrated_apps
    )


def present_standing() -> Standing:
    """How the open database stands; it has its tables."""
    study = planned()
    recorded: Mapping[str, Any] = trail.study_of_record() or {}
    return Standing(
        vendor=connection.vendor,
        answers=_answers(),
        transaction_mode=str(getattr(connection, "transaction_mode", "") or ""),
        from_newer_code=newer_than_this(),
        missing_triggers=tuple(missing_triggers(connection)),
        strange_triggers=tuple(strange_triggers(connection)),
        recorded_study=str(recorded.get("study", "")),
        recorded=str(recorded.get("digest", "")),
        study=study.protocol.study.id,
        digest=study.digest,
        demonstration=is_demonstration() if has_record() else None,
    )


def _answers() -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return {name: _one(cursor, f"PRAGMA {name}") for name in SQLITE}
        return {name: _one(cursor, f"SHOW {name}") for name in POSTGRESQL}


def _one(cursor: Any, question: str) -> str:
    cursor.execute(question)
    return str(cursor.fetchone()[0])


def _newer(migrations: tuple[str, ...]) -> list[str]:
    if not migrations:
        return []
    names = ", ".join(migrations)
    return [f"the database was written by a newer Pilotage ({names}); install that version"]


def _settings(standing: Standing) -> list[str]:
    wanted = SQLITE if standing.vendor == "sqlite" else POSTGRESQL
    found = [
        f"{standing.vendor}: {name} is {standing.answers.get(name, 'not known')}: {WHY[name]}; "
        f"set it to {good[0]}"
        for name, good in wanted.items()
        if standing.answers.get(name) not in good
    ]
    if standing.vendor == "sqlite" and standing.transaction_mode.upper() != "IMMEDIATE":
        found.append(f"sqlite: transactions are not IMMEDIATE: {WHY['transaction_mode']}")
    return found


def _triggers(missing: tuple[str, ...]) -> list[str]:
    if not missing:
        return []
    names = ", ".join(missing)
    return [
        f"triggers that keep the audit trail from being changed are missing ({names}): somebody "
        "or something took them away; run pilotage verify-trail, and keep a copy of the database"
    ]


def _strange(strange: tuple[str, ...]) -> list[str]:
    if not strange:
        return []
    return [
        f"the database does something of its own with what is written ({', '.join(strange)}): this "
        "is not of Pilotage; find out who put it there, and take it away"
    ]


def _study(standing: Standing, amended: str) -> list[str]:
    if not standing.recorded:
        return []
    if standing.recorded_study != standing.study:
        return [
            f"the record in this data directory is of the study {standing.recorded_study}, not of "
            f"{standing.study}; name another data directory"
        ]
    if standing.recorded != standing.digest and not amended:
        return [
            f"the files of the study changed (recorded {standing.recorded[:12]}, now "
            f"{standing.digest[:12]}): compare them with pilotage diff; where the change is "
            'approved, start once with --amended "why and by whom"'
        ]
    return []


def _demonstration(standing: Standing, demo: bool) -> list[str]:
    if standing.demonstration is None or standing.demonstration == demo:
        return []
    if demo:
        return [
            "the record holds real subjects; --demo and --load need a data directory of their own"
        ]
    return [
        "the record is a demonstration or a rehearsal; real subjects need another data directory, "
        "or add --demo"
    ]
