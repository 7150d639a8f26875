"""The application in a real browser: a server in a thread on a fresh record, Chromium, axe.

Records come from the fixtures of tests/capture (`record_db`, `people`, `site`, `subject` …).
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import faults
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CAPTURE = Path(__file__).parents[1] / "capture"
CHROMIUM = "/usr/bin/chromium"
EXPECTED = ("Failed to load resource", "Response Status Error", "htmx:")
"""What the browser says of an answer that refuses; everything else that it says is a fault."""

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in the thread of the tests
sys.path.insert(0, str(CAPTURE))

import capture_records as records  # noqa: E402

PASSWORD = records.PASSWORD
pytest_configure = records.pytest_configure
pytest_generate_tests = records.pytest_generate_tests
pytest_unconfigure = records.pytest_unconfigure
engine = records.engine
record_db, empty_db = records.record_db, records.empty_db
people, site, subject = records.people, records.site, records.subject


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser is not for every run of the fast tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


class Server:
    """The application on a port of its own, in threads that stop at the end."""

    def __init__(self) -> None:
        from django.core.wsgi import get_wsgi_application
        from waitress.server import create_server

        self.server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4)
        self.address = f"http://127.0.0.1:{self.server.effective_port}"
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        from waitress.wasyncore import close_all

        self.server.trigger.pull_trigger(lambda: close_all(self.server._map))
        self.thread.join(timeout=10)
        self.server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(record_db: str) -> Iterator[str]:
    """The address of a server on a record with one site and one person per role."""
    server = Server()
    yield server.address
    server.stop()


@pytest.fixture
def empty_served(empty_db: str) -> Iterator[str]:
    """The address of a server on a record in which nothing was done yet."""
    server = Server()
    yield server.address
    server.stop()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each in a browser of its own; what a page complains about fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def complain(kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED):
            complaints.append(text)

    def open_page(address: str, **context: Any) -> Page:
        contexts.append(chromium.new_context(**context))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        page.on("console", lambda said: complain(said.type, said.text))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def signed_in(served: str, opened: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a page as the person of a role, who has signed in with password and second factor."""
    states: dict[str, Any] = {}

    def page_of(role: str, address: str = "/", **context: Any) -> Page:
        from doors import signed_in as through_the_pages

        if role not in states:
            cookies = through_the_pages(role).cookies
            states[role] = {
                "cookies": [_cookie(morsel, served) for morsel in cookies.values()],
                "origins": [],
            }
        return opened(f"{served}{address}", storage_state=states[role], **context)

    return page_of


def _cookie(morsel: Any, served: str) -> dict[str, Any]:
    return {
        "name": morsel.key,
        "value": morsel.value,
        "domain": "127.0.0.1",
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Strict",
    }


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails on serious faults of accessibility; says what and where they are."""

    def look(page: Page) -> None:
        assert list(faults(page)) == [], page.url

    return look
