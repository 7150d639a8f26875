"""What surrounds the application before Django knows of it: the data directory, the environment."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pilotage.capture.secret import NAME as SECRET
from pilotage.capture.secret import make_secret_key

DATABASE = "pilotage.sqlite3"
FOLDERS = ("cuts", "uploads")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_data_directory(data: Path) -> None:
    """The directory, readable by its owner alone, with a secret key. What exists is left alone."""
    os.umask(0o077)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in FOLDERS:
        (data / name).mkdir(mode=0o700, exist_ok=True)
    make_secret_key(data)


def environment(
    study: str, data: Path, *, synthetic: bool = False, tls: bool = False
) -> Mapping[str, str]:
    """What the settings read. `tls`: browsers speak TLS with a proxy in front; otherwise cookies go
    without it."""
    return {
        "DJANGO_SETTINGS_MODULE": "pilotage.capture.settings",
        "PILOTAGE_STUDY": study,
        "PILOTAGE_DATA": str(data.absolute()),
        "PILOTAGE_SYNTHETIC": "1" if synthetic else "",
        "PILOTAGE_INSECURE": os.environ.get("PILOTAGE_INSECURE", "" if tls else "1"),
    }


def open_to_others(data: Path) -> Iterator[str]:
    """The data directory, its secret key and its database, where other accounts of the machine can
    read or write them."""
    for path in (data, data / SECRET, data / DATABASE):
        if path.exists() and path.stat().st_mode & _OTHERS:
            yield str(path)
