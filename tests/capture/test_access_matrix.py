"""Every address, for every role, at the own site and at another, by every verb.

`access_matrix.txt` is the table of what is expected; an address without a row fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from capture_records import PASSWORD
from django.urls import URLPattern, get_resolver
from doors import Browser, signed_in

from pilotage.capture import urls
from pilotage.capture.actions import access, entries, queries, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.middleware import PUBLIC
from pilotage.capture.models import AuditEvent, ItemVersion, Site, Subject, User
from pilotage.capture.permissions import ROLES
from pilotage.capture.sign_in.tokens import make_token
from pilotage.capture.views import study
from pilotage.forms.answer import Answer

TABLE = Path(__file__).with_name("access_matrix.txt")
WHO = (*ROLES, "elsewhere", "nobody")
"""`elsewhere` is an investigator of another site, `nobody` has not signed in."""
VERBS = ("GET", "POST")
APART = (("/sign-out/", "POST"), ("/sign-in/", "POST"))
"""Ends the session that every row uses; counts tries together. See test_access_sign_in.py."""
SYSTEM = Actor.system("tests")


def addresses(patterns: list[Any], before: str = "") -> Iterator[str]:
    """Every address of the application, as its pattern."""
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address
        else:
            yield from addresses(pattern.url_patterns, address)


def sign(status: int, where: str) -> str:
    """How an answer stands in the table."""
    if status == 401 or (status == 302 and where.startswith("/sign-in/?")):
        return "?"
    return {403: "0", 404: "-"}.get(status, "+" if status < 500 else "!")


def expected() -> dict[tuple[str, str], dict[str, str]]:
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            address, verb, *signs = line.split()
            rows[address, verb] = dict(zip(WHO, signs, strict=True))
    return rows


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The proofs over the study take ten seconds, and do not ask who looks at them."""
    monkeypatch.setattr(study, "study_findings", lambda _study: [])
    study._findings.cache_clear()
    yield
    study._findings.cache_clear()


@pytest.fixture
def filled(people: dict[str, Actor], subject: Subject, site: Site) -> dict[str, object]:
    """One of everything at the first site; what stands in its addresses."""
    contact = subjects.open_contact(
        subject, label="Visit 1", held_on="2026-01-05", by=people["nurse"]
    )
    entry = entries.save_entry(
        subject,
        contact=contact,
        form="demography",
        answers={"SEX": Answer(value="F")},
        by=people["nurse"],
        revision=None,
    ).entry
    query = queries.open_query(subject, entry=entry, text="Is it so?", by=people["monitor"])
    other = access.add_site("02", "Second site", by=SYSTEM)
    user = access.add_user(
        "elsewhere", by=SYSTEM, first_name="E", last_name="P", password=PASSWORD + "!"
    )
    access.set_password(user, PASSWORD, by=Actor(user), old=PASSWORD + "!")
    access.grant_role(user, "investigator", other, by=SYSTEM)
    return {
        "<int:number>/q": query.pk,
        "<str:usubjid>": subject.usubjid,
        "<usubjid>": subject.usubjid,
        "<int:contact>": contact.pk,
        "<int:entry>": entry.pk,
        "<int:repeat>": 1,
        "<slug:form>": "demography",
        "<slug:sha256>": "0" * 64,
        "<slug:visit>": "SCREENING",
        "<str:name>": "no-such-cut",
        "<path:place>": "snapshot/dm.csv",
    }


def filled_in(address: str, filled: dict[str, object]) -> str:
    if address.startswith("queries/"):
        address = address.replace("<int:number>", str(filled["<int:number>/q"]))
    address = address.replace("<int:number>", str(User.objects.get(username="auditor").pk))
    for place, value in filled.items():
        address = address.replace(place, str(value))
    assert "<" not in address, f"no value for a part of {address}"
    return f"/{address}"


def browser_of(who: str) -> Browser:
    if who == "nobody":
        return Browser()
    browser = signed_in(who)
    browser.token = make_token(User.objects.get(username=who), "tests")
    return browser


def asked(browser: Browser, verb: str, address: str) -> tuple[int, str]:
    """The status of an answer, and where it sends to."""
    headers = {}
    if address.startswith("/api/") and browser.token:
        headers = {"Authorization": f"Bearer {browser.token}"}
    browser.raise_request_exception = False
    answer = browser.generic(verb, address, headers=headers)
    if answer.streaming:
        b"".join(answer.streaming_content)
    answer.close()
    return answer.status_code, answer.headers.get("Location", "")


def every_address() -> list[str]:
    return sorted(set(addresses(get_resolver().url_patterns)))


def test_every_address_has_a_row_for_each_verb() -> None:
    wanted = {(f"/{address}", verb) for address in every_address() for verb in VERBS}
    assert sorted(wanted ^ {*expected(), *APART}) == []


@pytest.mark.parametrize("place", ["no_such_module.page", "home.no_such_page"])
def test_an_address_whose_view_is_not_there_stops_the_start(place: str) -> None:
    with pytest.raises((ImportError, AttributeError)):
        urls._view(place)


OFTEN = ("nurse", "administrator", "elsewhere", "nobody")


@pytest.mark.parametrize(
    "who", [who if who in OFTEN else pytest.param(who, marks=pytest.mark.slow) for who in WHO]
)
@pytest.mark.usefixtures("proofs")
def test_every_answer_is_the_expected_one(who: str, filled: dict[str, object]) -> None:
    browser, found = browser_of(who), []
    for (address, verb), signs in expected().items():
        answer = asked(browser, verb, filled_in(address[1:], filled))
        if sign(*answer) != signs[who]:
            found.append(f"{address} {verb}: {answer[0]} where {signs[who]} is expected")
    assert found == []


@pytest.mark.parametrize("who", ["data_manager", "nobody"])
@pytest.mark.usefixtures("proofs")
def test_reading_and_unknown_verbs_change_nothing(who: str, filled: dict[str, object]) -> None:
    """That a file was taken, or a program read, is noted, and nothing else."""
    noted = ("exported", "read by a program")
    browser, events = browser_of(who), AuditEvent.objects.exclude(action__in=noted)
    before = events.count(), ItemVersion.objects.count()
    for address in every_address():
        if f"/{address}" == "/sign-out/":
            continue
        for verb in ("GET", "PUT", "DELETE"):
            status, _ = asked(browser, verb, filled_in(address, filled))
            assert status < 500, (address, verb)
    assert (events.count(), ItemVersion.objects.count()) == before


HOSTILE = (
    "%2e%2e/", "%252e%252e/", "..%2f", "..%5c", "%00", "%0d%0aSet-Cookie:x=1", "//", "/./", ";",
    "%c0%ae%c0%ae/", "%u002e", "?next=//x", "#", "%23", "%3f", "%25", "%2f%2e%2e%2f", "\\",
)  # fmt: skip


@pytest.mark.parametrize("begin", ["sign-in/", "alive/", "static/", "language/", "static/../"])
def test_no_spelling_of_a_public_address_leads_to_a_page(record_db: str, begin: str) -> None:
    browser = Browser()
    for trick in HOSTILE:
        for target in ("subjects/", "users/", "trail/audit-trail.csv", "account/"):
            for address in (f"/{begin}{trick}{target}", f"/{trick}{target}", f"/{target}{trick}"):
                answer = browser.get(address)
                answer.close()
                if answer.status_code == 200:  # the public page itself
                    assert answer.resolver_match.view_name in PUBLIC, address
                    continue
                assert answer.status_code in (301, 302, 400, 404), address
                if answer.status_code in (301, 302):
                    where = answer.headers["Location"]
                    assert where.startswith("/sign-in/") or where.endswith("/"), address
                assert not any(
                    sign in str(value) for value in answer.headers.values() for sign in "\r\n"
                )
