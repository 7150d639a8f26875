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
from pilotage.progress import Steps

if TYPE_CHECKING:
    from pilotage.study import Study

STEPS: Final = ("Study", "Proofs", "Database", "Demonstration")
"""What is told while the server starts."""
CHECKED: Final = "checked.json"
"""File of the data directory: what the proofs said of the study whose digest it names."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command asked for. `amended`: the reason to go on under changed study files."""

    study: str
    data: Path
    host: str
    demo: bool = False
    rehearse: bool = False
    amended: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account to be shown on the terminal once; `role` is empty for the first of a record."""

    name: str
    password: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A server that may be opened: accounts to show, and how many errors of the study are open."""

    accounts: tuple[Account, ...]
    open_errors: int


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
    _surroundings_allow_it(wanted)
    begin(wanted.study, wanted.data, demo=wanted.demo, host=wanted.host)
    _settings_allow_it(wanted)
    step()
    open_errors = 0 if wanted.demo else _open_errors(study, wanted.data)
    if open_errors and not wanted.rehearse:
        words = (
            f"the study has {open_errors} open error{'s' if open_errors > 1 else ''}, so no real "
            f"subject may be entered: see pilotage check {wanted.study}; to look at it all the "
            "same, add --rehearse"
        )
        raise InputErrors([error(str(study.folder), words)])
    step()
    accounts = _make_ready(wanted, step)
    _mark_live(not open_errors)
    return Started(accounts, open_errors)


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


def _make_ready(wanted: Wanted, step: Steps) -> tuple[Account, ...]:
    from pilotage.capture import first_start, unsafe_database

    _refuse(wanted, unsafe_database.refusals_before_migration())
    first_start.migrate()
    standing = unsafe_database.present_standing()
    _refuse(wanted, unsafe_database.refusals(standing, demo=wanted.demo, amended=wanted.amended))
    first_start.collect_static_files()
    first_start.open_record(demonstration=wanted.demo, amended=wanted.amended)
    first = first_start.first_account()
    step()
    shown = [Account(first.name, first.password, "administrator")] if first else []
    if wanted.demo:
        shown += [Account(*each) for each in first_start.demonstration_accounts(step.part)]
    return tuple(shown)


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
        kept.write_text(json.dumps({**known, "open": number}), encoding="utf-8")
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


def review_all() -> None:
    """Begin to hold every subject against the protocol, so that the first page need not wait."""
    from pilotage.capture.models import Subject
    from pilotage.capture.reviewing import reviews_of, work_apart
    from pilotage.capture.today import today

    work_apart()
    reviews_of(Subject.objects.all(), today(), patience=0)


def settle() -> None:
    """Once the server stopped: end what it started, and put what SQLite still keeps beside the
    database into it, so that its file alone is the whole record."""
    from django.db import connection

    from pilotage.capture.reviewing import work_here

    work_here()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def listen(host: str, port: int) -> Any:
    """The server, bound to its port; `run()` answers until it is interrupted.

    Raises InputErrors where the port is taken or may not be used.
    """
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    proxy: dict[str, Any] = {}
    if settings.TLS_PROXY:
        proxy = {
            "trusted_proxy": settings.TLS_PROXY,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        }
    application = get_wsgi_application()
    _keep_what_stays()
    try:
        return create_server(
            application,
            host=host,
            port=port,
            threads=16,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=64 * 1024 * 1024,
            **proxy,
        )
    except OSError as problem:
        words = f"cannot be opened: {problem.strerror or problem}; choose another --port"
        raise InputErrors([error(f"{host}:{port}", words)]) from None


def _keep_what_stays() -> None:
    """Take the study and the code out of what the garbage collector looks through again and again,
    in the middle of somebody's save."""
    from gc import collect, freeze

    collect()
    freeze()
