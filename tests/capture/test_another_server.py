"""Under gunicorn or the like: the same refusals, and nobody but the proxy says who asks."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from pilotage.capture import serving, unsafe
from pilotage.capture.first_start import open_record
from pilotage.capture.planned import planned
from pilotage.capture.wsgi import from_the_browser

LOAD = "import pilotage.capture.wsgi as wsgi; wsgi.application"
SAFE = {"TLS_PROXY": "127.0.0.1", "ALLOWED_HOSTS": ["trial.example"], "SECURE_HSTS_SECONDS": 10**8,
        "SECURE_SSL_REDIRECT": True, "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True,
        "PASSWORD_HASHERS": [unsafe.ARGON2]}  # fmt: skip


@pytest.fixture
def safe(empty_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings under which another server may answer; the data directory."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    for name, value in {**SAFE, "DATA": data}.items():
        monkeypatch.setattr(settings, name, value)
    return data


def checked(data: Path, open_errors: int, digest: str = "") -> None:
    digest = digest or planned().digest
    (data / serving.CHECKED).write_text(f'{{"digest": "{digest}", "open": {open_errors}}}')


def test_the_application_does_not_load_under_unsafe_settings(tmp_path: Path) -> None:
    clean = {n: v for n, v in os.environ.items() if not n.startswith(("PILOTAGE", "DJANGO"))}
    unsafe_ones = {"PILOTAGE_DATA": str(tmp_path), "PILOTAGE_HOSTS": "*", "PILOTAGE_STUDY": "x"}
    (tmp_path / "secret.key").write_text("short")
    (tmp_path / "secret.key").chmod(0o644)  # whatever the umask that another test has left
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD], env=clean | unsafe_ones, capture_output=True, text=True
    )
    assert loaded.returncode != 0
    for words in ("without TLS", "any host name", "secret key is weak", "read by other accounts"):
        assert words in loaded.stderr


def test_it_loads_once_everything_is_in_order(safe: Path) -> None:
    assert ["no record" in each for each in serving.refusals_of_another_server()] == [True]
    open_record(demonstration=False)
    checked(safe, 0)
    assert serving.refusals_of_another_server() == []


def test_it_does_not_load_without_tls_in_front(safe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TLS_PROXY", "")
    assert any("without TLS" in words for words in serving.refusals_of_another_server())


@pytest.mark.parametrize("open_errors, digest", [(1, ""), (0, "of another study")])
def test_it_does_not_load_with_a_study_that_nobody_checked(
    safe: Path, open_errors: int, digest: str
) -> None:
    open_record(demonstration=False)
    checked(safe, open_errors, digest)
    assert ["open errors" in each for each in serving.refusals_of_another_server()] == [True]


@pytest.mark.parametrize(
    "peer, said_for, said_by, address, scheme",
    [
        ("127.0.0.1", "10.9.9.9", "https", "10.9.9.9", "https"),
        ("127.0.0.1", "1.1.1.1, 10.9.9.9", "https", "10.9.9.9", "https"),
        ("127.0.0.1", "", "", "127.0.0.1", "http"),
        ("10.2.2.2", "127.0.0.1", "https", "10.2.2.2", "http"),
    ],
)
def test_nobody_but_the_proxy_says_who_asks(
    peer: str, said_for: str, said_by: str, address: str, scheme: str
) -> None:
    seen: dict[str, Any] = {}

    def inner(environ: dict[str, Any], _start: Any) -> list[bytes]:
        seen.update(environ)
        return []

    asked = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": said_for, "wsgi.url_scheme": "https",
             "HTTP_X_FORWARDED_PROTO": said_by}  # fmt: skip
    from_the_browser(inner, "127.0.0.1")(asked, None)
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == (address, scheme)
    assert "HTTP_X_FORWARDED_FOR" not in seen
