"""The database: SQLite in the data directory, or PostgreSQL by address; durable on both."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA recursive_triggers = ON;
"""
"""FULL: a save that was acknowledged outlives a power cut. Recursive triggers: INSERT OR REPLACE
does not slip past the trigger that refuses to delete."""

KEPT = 600
"""Seconds for which a thread keeps its connection. To open one takes as long as a short save."""


def database(data: Path, address: str | None) -> dict[str, Any]:
    """The entry of Django's DATABASES. Raises ValueError for an address it cannot use."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data / "pilotage.sqlite3"),
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": SQLITE_START,
            },
            "CONN_MAX_AGE": KEPT,
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(
            f"DATABASE_URL begins with {parts.scheme!r}; "
            "give postgresql://user:password@host:port/name, or leave it out for SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**_asked(parts.query), "options": "-c synchronous_commit=on"},
        "CONN_MAX_AGE": KEPT,
        "CONN_HEALTH_CHECKS": True,
    }


MAY_ASK: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
"""What an address may say of the connection after its `?`."""
GUARDED: Final = ("require", "verify-ca", "verify-full")
"""The values of `sslmode` under which nothing goes over the network in clear."""


def _asked(query: str) -> dict[str, str]:
    """What the address says of the connection. What is not known is refused: to leave it out in
    silence could leave out the encryption."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    for name in asked:
        if name not in MAY_ASK:
            raise ValueError(f"DATABASE_URL asks for {name!r}; it may ask for {', '.join(MAY_ASK)}")
    return asked


def goes_in_clear(entry: Mapping[str, Any]) -> bool:
    """Whether the record would go over the network without encryption. `entry` is that of Django's
    DATABASES; a socket and loopback are no network."""
    host = str(entry.get("HOST", ""))
    here = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")
    if "postgresql" not in entry["ENGINE"] or here:
        return False
    return entry.get("OPTIONS", {}).get("sslmode") not in GUARDED
