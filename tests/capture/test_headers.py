"""What goes out beside a page, what an error page says, and what the log keeps to itself."""

import ast
import io
import logging
import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from types import ModuleType

import pytest
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.urls import path
from doors import Browser, signed_in

import pilotage.capture
from pilotage.capture import navigation, urls
from pilotage.capture.log import Discreet

CAPTURE = Path(pilotage.capture.__file__).parent
PUBLIC = (
    *("/sign-in/", "/alive/", "/no-such-page/", "/static/capture/pilotage.css", "/account/"),
    *("/favicon.ico", "/subjects/?page=%00"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_every_answer_carries_the_headers(record_db, address):
    answer = Browser().get(address)
    answer.close()
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/", "/account/", "/subjects/", "/no-such-page/", "/sign-in/"])
def test_no_page_is_kept_by_the_browser(record_db, address):
    assert signed_in("nurse").get(address).headers["Cache-Control"] == "no-store"


def test_a_refused_host_gets_the_headers_too(record_db):
    answer = Client(SERVER_NAME="elsewhere.example").get("/sign-in/")
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"


def test_tls_is_asked_for_and_remembered_behind_a_proxy(record_db, settings_of):
    settings_of(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31536000)
    assert Browser().get("/sign-in/").headers["Location"] == "https://localhost/sign-in/"
    headers = Browser().get("/sign-in/", secure=True).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.fixture
def settings_of():
    from django.test import override_settings

    changed = []

    def change(**values: object) -> None:
        override = override_settings(**values)
        override.enable()
        changed.append(override)

    yield change
    for override in reversed(changed):
        override.disable()


def test_cookies_are_for_this_site_and_not_for_scripts(record_db):
    browser = signed_in("nurse")
    for name in ("pilotage",):
        assert browser.cookies[name]["httponly"]
        assert browser.cookies[name]["samesite"] == "Strict"


def test_a_form_without_its_token_writes_nothing(record_db):
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post("/sign-in/", {"name": "nurse", "password": "x"})
    assert answer.status_code == 403
    assert "nothing was saved" in answer.content.decode()


LOCAL_MAIL = "django.core.mail.backends.locmem.EmailBackend"
MARK = "CANARY-Jane-Doe-1962"


def _boom(request, *args, **kwargs):
    typed = request.POST.get("value") or request.GET.get("value") or MARK
    int(typed)  # the message of this error quotes what was typed


@pytest.fixture
def failing_page(settings_of, tmp_path):
    """One more page, which fails with what was typed in the message of its error."""

    more = path("sign-in/boom/<str:place>/", _boom, name="alive")
    addresses = ModuleType("addresses")
    addresses.__dict__.update(vars(urls), urlpatterns=[*urls.urlpatterns, more])
    settings_of(ROOT_URLCONF=addresses)
    return "/sign-in/boom/"


def _listening(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def log():
    """All that a server would have logged."""
    yield from _listening(Discreet())


@pytest.fixture
def talkative_log():
    """The same as an ordinary server would have logged it."""
    yield from _listening(logging.Formatter())


def test_nothing_that_was_typed_reaches_log_mail_or_error_page(
    record_db, failing_page, log, talkative_log, settings_of
):
    mail.outbox = []
    settings_of(EMAIL_BACKEND=LOCAL_MAIL, ADMINS=[("A", "admin@example.org")])
    browser = signed_in("nurse")
    browser.raise_request_exception = False
    asked = (
        lambda n: browser.get(f"{failing_page}{MARK}/?value={MARK}{n}"),
        lambda n: browser.post(f"{failing_page}x/", {"value": f"{MARK}{n}\nforged log line"}),
        lambda n: browser.get(f"/subjects/{MARK}{n}/"),
        lambda n: browser.get(f"/{MARK}{n}/?name={MARK}"),
        lambda n: browser.get("/account/", headers={"Host": f"{MARK}{n}.example"}),
        lambda n: browser.post("/account/", {"act": MARK, "token_name": MARK}, HTTP_COOKIE=MARK),
        lambda n: browser.get("/account/", headers={"User-Agent": MARK, "Referer": MARK}),
        lambda n: Browser().post("/sign-in/", {"name": f"{MARK}{n}", "password": MARK}),
    )
    answers = [ask(n) for n, ask in enumerate(islice(cycle(asked), 200))]
    statuses = {answer.status_code for answer in answers}
    assert {400, 404, 500} <= statuses
    pages = [a.content.decode() for a in answers if a.status_code in (403, 404, 500)]
    assert len(pages) > 80
    assert [page for page in pages if MARK in page] == []
    assert log.getvalue().count("ValueError") >= 50
    assert MARK not in log.getvalue()
    assert "forged" not in log.getvalue()
    assert talkative_log.getvalue().count(MARK) > 100
    assert mail.outbox == []


def test_an_error_is_logged_with_its_kind_and_place(record_db, failing_page, log):
    browser = signed_in("nurse")
    browser.raise_request_exception = False
    browser.get(f"{failing_page}x/")
    assert re.search(r"ERROR django.request \S.* GET \[alive\] 500\n  ValueError\n", log.getvalue())
    assert f"{Path(__file__).name}" in log.getvalue()


def test_our_own_lines_are_logged_whole(log):
    logging.getLogger("pilotage.capture").info("started on %s", "port 8000")
    assert "INFO pilotage.capture started on port 8000" in log.getvalue()


@pytest.mark.parametrize("status", [400, 403, 404, 500])
@pytest.mark.parametrize("language, word", [("en", "To the first page"), ("es", "A la primera")])
def test_an_error_page_is_plain_and_in_the_language_of_the_reader(language, word, status):
    from django.test import RequestFactory
    from django.utils import translation

    from pilotage.capture.views import errors

    page = {
        400: errors.bad_request,
        403: errors.refused,
        404: errors.not_found,
        500: errors.failed,
    }[status]
    with translation.override(language):
        answer = page(RequestFactory().get("/"))
    assert answer.status_code == status
    assert word in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


WAYS = ('<nav class="pages"', 'href="/account/"', "Sign out", 'href="/subjects/"')
"""What somebody who is signed in finds on every page."""


@pytest.mark.parametrize("address", ["/no-such-page/", "/subjects/nobody/", "/users/"])
def test_who_is_signed_in_finds_the_pages_and_the_way_back_on_an_error(record_db, address):
    browser, came = signed_in("nurse"), "/subjects/?page=2"
    answer = browser.get(address, headers={"Referer": f"http://localhost{came}"})
    page = answer.content.decode()
    assert answer.status_code in (403, 404)
    assert [each for each in WAYS if each not in page] == []
    assert f'href="{came}">Back to the page before' in page


@pytest.mark.parametrize(
    "came", ["", "http://elsewhere.example/x", "javascript:alert(1)", "//elsewhere.example/", "x"]
)
def test_no_error_page_leads_back_to_another_place(record_db, came):
    page = signed_in("nurse").get("/no-such-page/", headers={"Referer": came}).content.decode()
    assert "Back to the page before" not in page
    assert "elsewhere" not in page


def test_a_form_of_another_session_leads_back_to_its_page(record_db):
    browser = signed_in("administrator")
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/users/", {"act": "x"}, headers={"Referer": "http://localhost/users/"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert '<nav class="pages"' in page
    assert 'href="/users/">Back to the page before' in page


def test_the_page_about_a_mistake_of_the_server_has_the_frame_and_needs_none(
    record_db, failing_page, monkeypatch
):
    browser = signed_in("nurse")
    browser.raise_request_exception = False
    whole = browser.get(f"{failing_page}x/")
    assert whole.status_code == 500
    assert '<nav class="pages"' in whole.content.decode()

    def out_of_order(*_: object) -> None:
        raise OperationalError("the database is gone")

    monkeypatch.setattr(navigation, "_links", out_of_order)
    alone = browser.get(f"{failing_page}x/")
    assert alone.status_code == 500
    assert '<nav class="pages"' not in alone.content.decode()
    assert "To the first page" in alone.content.decode()


def _python() -> list[Path]:
    return sorted(CAPTURE.rglob("*.py"))


def _of_request(node: ast.AST) -> bool:
    """Is it made from what a browser sent?"""
    return any(
        isinstance(part, ast.Attribute) and part.attr in ("GET", "POST", "COOKIES", "headers")
        for part in ast.walk(node)
    )


NAMING = frozenset({"order_by", "values", "values_list", "only", "defer", "annotate"})
QUERIES = NAMING | {"filter", "exclude", "get", "get_or_create", "create", "update", "aggregate"}


def _faults(source: str) -> list[str]:
    """Where the names of columns, not their values, could come from a request."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called = node.func.attr
        if called in ("raw", "extra", "RawSQL"):
            found.append(f"line {node.lineno}: .{called}()")
        if called in QUERIES:
            unpacked = [word.value for word in node.keywords if word.arg is None]
            if any(_of_request(value) for value in unpacked):
                found.append(f"line {node.lineno}: **request in .{called}()")
        if called in NAMING:
            if any(_of_request(argument) for argument in node.args):
                found.append(f"line {node.lineno}: the request chooses columns in .{called}()")
            names = [a for a in node.args if not isinstance(a, ast.Constant)]
            plain = [a for a in names if isinstance(a, ast.Name | ast.Starred)]
            if called == "order_by" and plain:
                found.append(f"line {node.lineno}: .order_by() of something computed")
    return found


@pytest.mark.parametrize("file", _python(), ids=lambda file: str(file.relative_to(CAPTURE)))
def test_no_column_name_comes_from_a_request(file):
    assert _faults(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        "User.objects.filter(**request.GET.dict())",
        "User.objects.order_by(request.GET['sort'])",
        "User.objects.order_by(wanted)",
        "User.objects.values(*request.POST)",
        "User.objects.raw('select ' + x)",
        "User.objects.extra(where=[x])",
    ],
)
def test_the_search_for_column_names_bites(bad):
    assert len(_faults(bad)) >= 1


def test_no_template_holds_script_style_or_handler_within_the_page():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+\s*=|javascript:|hx-on|\|safe\b"
    )
    allowed = {"factor_fields.html"}  # the QR code, which the server draws from the secret alone
    found = {
        str(file.relative_to(CAPTURE)): inline.findall(file.read_text(encoding="utf-8"))
        for file in CAPTURE.rglob("templates/capture/**/*.html")
        if file.name not in allowed
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_a_browser_finds_the_icon_that_it_asks_for_by_itself(record_db):
    answer = Browser().get("/favicon.ico")
    content = b"".join(answer.streaming_content)
    answer.close()
    assert (answer.status_code, content[:4]) == (200, b"\0\0\1\0")


@pytest.mark.parametrize("address", ["/subjects/?page=%00", "/trail/?subject=a%00b", "/trail/%00"])
def test_no_address_holds_a_character_that_no_database_keeps(record_db, address):
    assert signed_in("monitor").get(address).status_code == 400
