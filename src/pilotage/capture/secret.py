"""The key with which sessions are signed: made once, kept in the data directory, read by nobody
else."""

import os
import secrets
from pathlib import Path

NAME = "secret.key"


def secret_key(data: Path) -> str:
    """The key of a data directory; empty where it was not made yet, and Django refuses to start."""
    path = data / NAME
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


def make_secret_key(data: Path) -> None:
    """Make the key of a data directory, unless it has one."""
    try:
        handle = os.open(data / NAME, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
