"""Serving a study: everything made and checked, then requests answered until somebody says stop.

Nothing here may import models before `begin` has told Django where its settings are.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pilotage import __version__
from pilotage.findings import InputErrors, error
from pilotage.output import write_whole
from pilotage.plural import counted
from pilotage.progress import Steps

if TYPE_CHECKING:
    from pilotage.capture.playing.play import Ready
    from pilotage.capture.playing.reading import Entries
    from pilotage.study import Study

STEPS: Final = ("Study", "Proofs", "Database", "Demonstration")
"""What is told while the server starts."""
CHECKED: Final = "checked.json"
"""File of the data directory: what the proofs said of the study whose digest it names."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command asked for. `amended`: the reason to go on under changed study files; `load`:
    the entries of a rehearsal."""

    study: str
    data: Path
    host: str
    demo: bool = False
    rehearse: bool = False
    amended: str = ""
    load: Path | None = None

    @property
    def invented(self) -> bool:
        """Are the subjects invented?"""
        return self.demo or self.load is not None


@dataclass(frozen=True, slots=True)
class Account:
    """An account to be shown on the terminal once; `role` is empty for the first of a record."""

    name: str
    password: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A server that may be opened: accounts to show, how many errors of the study are open, and the
    rehearsal that is to be played first."""

    accounts: tuple[Account, ...]
    open_errors: int
    rehearsal: "Ready | None" = None


def begin(study: str, data: Path, *, demo: bool = False, host: str = "127.0.0.1") -> None:
    """Make the data directory where it is missing, and tell Django where everything is."""
    from pilotage.capture.surroundings import environment, make_data_directory
    from pilotage.capture.unsafe import is_loopback

    _refuse_address(data)
    make_data_directory(data)
    tls = bool(os.environ.get("PILOTAGE_TLS_PROXY")) or not is_loopback(host)
    os.environ.update(environment(study, data, synthetic=demo, tls=tls))
    tempfile.tempdir = str(data.absolute() / "uploads")  # where a large request waits
    import django

    django.setup()
    _reach_database()
    from pilotage.capture import clock
    from pilotage.capture.playing.rehearsal import time_of_record

    clock.ask(time_of_record)


def _refuse_address(data: Path) -> None:
    """Raise InputErrors for a DATABASE_URL that cannot be used; the words never quote it whole."""
    from pilotage.capture.database import database

    try:
        database(data, os.environ.get("DATABASE_URL"))
    except ValueError as problem:
        raise InputErrors([error("DATABASE_URL", str(problem))]) from None


def _reach_database() -> None:
    """Raise InputErrors where the PostgreSQL of DATABASE_URL does not answer."""
    from django.db import OperationalError, connection

    if connection.vendor != "postgresql":
        return
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        said = " ".join(str(problem).split())
        raise InputErrors([error("DATABASE_URL", f"cannot be reached: {said}")]) from None


def open_data(data: Path) -> None:
    """Tell Django of a data directory without serving it. Raises InputErrors where it is none."""
    from pilotage.capture.secret import NAME

    if not (data / NAME).is_file():
        raise InputErrors([error(str(data), "is not a data directory: it holds no secret.key")])
    begin("", data)


def start(wanted: Wanted, step: Steps) -> Started:
    """Make or renew everything. Raises InputErrors with every reason not to serve."""
    from pilotage.study import load_study

    step()
    study = load_study(wanted.study)
    entries = _entries(wanted, study)
    _surroundings_allow_it(wanted)
    begin(wanted.study, wanted.data, demo=wanted.invented, host=wanted.host)
    _settings_allow_it(wanted)
    step()
    open_errors = 0 if wanted.invented else _open_errors(study, wanted.data)
    if open_errors and not wanted.rehearse:
        words = (
            f"the study has {counted(open_errors, 'open error')}, so no real "
            f"subject may be entered: see pilotage check {wanted.study}; to look at it all the "
            "same, add --rehearse"
        )
        raise InputErrors([error(str(study.folder), words)])
    step()
    _make_database(wanted, entries)
    accounts, rehearsal = _make_accounts(wanted, entries, step)
    _mark_live(not open_errors)
    return Started(accounts, open_errors, rehearsal)


def _entries(wanted: Wanted, study: "Study") -> "Entries | None":
    """The entries to be played, read to their end before anything is made."""
    from pilotage.capture.playing.reading import read_entries

    return None if wanted.load is None else read_entries(wanted.load, study)


def _mark_live(live: bool) -> None:
    from django.conf import settings

    settings.NOT_LIVE = not live


def _surroundings_allow_it(wanted: Wanted) -> None:
    """What can be told before anything is made: a directory that others can read stays as it is."""
    from pilotage.capture.surroundings import open_to_others

    found = list(open_to_others(wanted.data))
    if found:
        words = "can be read by other accounts of this machine; run chmod go= on it"
        raise InputErrors([error(path, words) for path in found])


def _settings_allow_it(wanted: Wanted) -> None:
    from django.conf import settings

    from pilotage.capture import unsafe

    _refuse(wanted, unsafe.refusals(unsafe.present_setup(settings, wanted.host)))


def _make_database(wanted: Wanted, entries: "Entries | None") -> None:
    """The tables and the record in them, new or as they were left."""
    from pilotage.capture import first_start, unsafe_database
    from pilotage.capture.playing import rehearsal

    _refuse(wanted, unsafe_database.refusals_before_migration())
    first_start.migrate()
    standing = unsafe_database.present_standing()
    reasons = unsafe_database.refusals(standing, demo=wanted.invented, amended=wanted.amended)
    _refuse(wanted, reasons or rehearsal.against(entries))
    first_start.collect_static_files()
    if entries is not None:
        rehearsal.open_rehearsal(entries)
    else:
        first_start.open_record(demonstration=wanted.demo, amended=wanted.amended)


def _make_accounts(
    wanted: Wanted, entries: "Entries | None", step: Steps
) -> tuple[tuple[Account, ...], "Ready | None"]:
    """The accounts to be shown, and the rehearsal that their people are to play."""
    from pilotage.capture import first_start

    first = first_start.first_account()
    step()
    shown = [Account(first.name, first.password, "administrator")] if first else []
    if entries is not None:
        from pilotage.capture.playing.play import Ready

        people = first_start.invented_staff()
        shown += [Account(p.actor.user_name, p.password, p.role) for p in people.values()]
        return tuple(shown), Ready(entries, people)
    if wanted.demo:
        shown += [Account(*each) for each in first_start.demonstration_accounts(step.part)]
    return tuple(shown), None


def refusals_of_another_server() -> list[str]:
    """Every reason not to answer requests under a server that is not ours, such as gunicorn. It is
    taken to be open to the network: nobody tells us to which address it is bound."""
    from django.conf import settings

    from pilotage.capture import unsafe, unsafe_database
    from pilotage.capture.first_start import has_record

    reasons = unsafe.refusals(unsafe.present_setup(settings, ""))
    if not settings.SECRET_KEY or reasons:
        return reasons
    if not has_record() or unsafe_database.not_yet_applied():
        return ["there is no record of this version here; start once with pilotage serve"]
    standing = unsafe_database.present_standing()
    reasons = unsafe_database.refusals(standing, demo=settings.SYNTHETIC, amended="")
    told = _read(settings.DATA / CHECKED)
    if told.get("digest") != standing.digest or told.get("open") != 0:
        reasons.append(
            "the study has open errors, or nobody looked: start once with pilotage serve, without "
            "--rehearse"
        )
    return reasons


def _refuse(wanted: Wanted, reasons: list[str]) -> None:
    if reasons:
        raise InputErrors([error(str(wanted.data), f"not started: {words}") for words in reasons])


def _open_errors(study: "Study", data: Path) -> int:
    """How many errors the proofs leave open. Asked once for the same files and the same code."""
    from pilotage.check import study_findings

    kept = data / CHECKED
    known = {
        "digest": study.digest, "examples": _examples(study.folder), "pilotage": __version__
    }  # fmt: skip
    told = _read(kept)
    if {name: told.get(name) for name in known} == known and isinstance(told.get("open"), int):
        return int(told["open"])
    number = sum(finding.open_error for finding in study_findings(study))
    if data.is_dir():
        write_whole(kept, json.dumps({**known, "open": number}))
    return number


def _examples(folder: Path) -> str:
    """The digest of the worked examples, which are checked with the proofs and are no part of the
    digest of the study."""
    from pilotage.study.worked_examples import FILE

    file = folder / FILE
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _read(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
