"""Accounts, roles and sites through the pages: what an administrator can do, and what not."""

import re
from datetime import UTC, date, datetime

import pytest
from capture_records import PASSWORD
from doors import Browser, given_second_factor, signed_in

from pilotage.capture import clock
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import AuditEvent, Membership, Site, User
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.second_factor import has_second_factor
from pilotage.capture.sign_in.tokens import make_token
from pilotage.capture.views.users import access_on

SHOWN = re.compile(r'<code id="password">([^<]+)<')
NEW = {
    "act": "add_user",
    "user_name": "new",
    "first_name": "N",
    "last_name": "Person",
    "key": "first key",
}


def page_of(name: str) -> str:
    return f"/users/{User.objects.get(username=name).pk}/"


def test_a_new_account_gets_a_password_that_is_shown_once(record_db):
    browser = signed_in("administrator")
    shown = SHOWN.search(browser.post("/users/", NEW).content.decode())
    assert shown
    assert User.objects.get(username="new").check_password(shown[1])
    assert shown[1] not in browser.get(page_of("new")).content.decode()
    trail = " ".join(AuditEvent.objects.values_list("details", flat=True))
    assert shown[1] not in trail


def test_a_form_that_is_sent_twice_opens_one_account_and_shows_no_wrong_password(record_db):
    browser = signed_in("administrator")
    browser.post("/users/", NEW)
    again = browser.post("/users/", NEW).content.decode()
    assert User.objects.filter(username="new").count() == 1
    assert SHOWN.search(again) is None
    assert "This was sent before" in again


def test_what_was_typed_stays_on_the_page_when_it_is_refused(record_db):
    answer = signed_in("administrator").post("/users/", NEW | {"user_name": "nurse"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "The user name nurse was given before." in page
    assert 'value="Person"' in page


def test_a_role_is_granted_for_a_site_and_ended_with_a_reason(record_db, site):
    browser = signed_in("administrator")
    browser.post("/users/", NEW)
    page = page_of("new")
    browser.post(page, {"act": "grant", "role": "nurse", "site": site.code, "key": "k1"})
    role = Membership.objects.get(user__username="new")
    assert (role.role, role.site, role.until) == ("nurse", site, None)
    ended = {"act": "end", "membership": role.pk, "key": "k2"}
    assert browser.post(page, ended | {"reason": ""}).status_code == 400
    browser.post(page, ended | {"reason": "left the site"})
    role.refresh_from_db()
    assert role.until is not None
    assert AuditEvent.objects.order_by("-seq")[0].reason == "left the site"


def test_a_role_at_all_sites_is_asked_for_and_never_comes_of_a_choice_left_out(record_db):
    browser = signed_in("administrator")
    browser.post("/users/", NEW)
    grant = {"act": "grant", "role": "monitor"}
    assert browser.post(page_of("new"), grant | {"site": "", "key": "k1"}).status_code == 400
    assert not Membership.objects.filter(user__username="new").exists()
    browser.post(page_of("new"), grant | {"site": "*", "key": "k2"})
    assert Membership.objects.get(user__username="new").site is None


def test_a_reset_takes_password_second_factor_and_tokens(record_db):
    given_second_factor("nurse")
    nurse = User.objects.get(username="nurse")
    make_token(nurse, "R")
    answer = signed_in("administrator").post(page_of("nurse"), {"act": "reset", "key": "k"})
    shown = SHOWN.search(answer.content.decode())
    nurse.refresh_from_db()
    assert shown
    assert nurse.check_password(shown[1])
    assert not nurse.check_password(PASSWORD)
    assert nurse.must_change_password
    assert not has_second_factor(nurse)
    assert not ApiToken.objects.filter(user=nurse, closed=None).exists()
    actions = AuditEvent.objects.order_by("-seq").values_list("action", flat=True)[:2]
    assert set(actions) == {"password set", "second factor taken away"}


def test_an_administrator_who_resets_somebody_cannot_keep_working_as_them(record_db):
    """The password for one use leads to nothing but the page that asks for a new one."""
    given_second_factor("nurse")
    answer = signed_in("administrator").post(page_of("nurse"), {"act": "reset", "key": "k"})
    shown = SHOWN.search(answer.content.decode())
    assert shown
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": shown[1]})
    for address in ("/", "/account/", "/subjects/"):
        assert browser.get(address).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("act", ["grant", "end", "close", "reset"])
def test_nobody_changes_the_own_account_on_the_page_of_accounts(record_db, act):
    browser = signed_in("administrator")
    own = Membership.objects.get(user__username="administrator")
    before = AuditEvent.objects.count()
    typed = {
        "act": act,
        "key": "k",
        "reason": "r",
        "role": "nurse",
        "site": "*",
        "membership": own.pk,
    }
    assert browser.post(page_of("administrator"), typed).status_code == 400
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("act", ["grant", "end", "close", "reopen", "reset"])
def test_an_auditor_sees_the_accounts_and_changes_none(record_db, act):
    browser = signed_in("auditor")
    role = Membership.objects.get(user__username="nurse")
    assert browser.get(page_of("nurse")).status_code == 200
    before = AuditEvent.objects.count()
    typed = {
        "act": act,
        "key": "k",
        "reason": "r",
        "role": "nurse",
        "site": "*",
        "membership": role.pk,
    }
    assert browser.post(page_of("nurse"), typed).status_code == 400
    assert browser.post("/users/", NEW).status_code == 400
    assert AuditEvent.objects.count() == before
    assert given_nothing("nurse")


def given_nothing(name: str) -> bool:
    """The account is as it was."""
    user = User.objects.get(username=name)
    return user.is_active and user.check_password(PASSWORD) and not user.must_change_password


def test_a_closed_account_is_opened_again_without_its_roles(record_db):
    browser, page = signed_in("administrator"), page_of("nurse")
    browser.post(page, {"act": "close", "reason": "leave of absence", "key": "k1"})
    assert not User.objects.get(username="nurse").is_active
    browser.post(page, {"act": "reopen", "reason": "came back", "key": "k2"})
    nurse = User.objects.get(username="nurse")
    assert nurse.is_active
    assert not Membership.objects.filter(user=nurse, until=None).exists()


def test_a_site_is_added_once(record_db):
    browser = signed_in("administrator")
    typed = {"act": "add_site", "code": "02", "name": "Second", "key": "k"}
    for _ in range(2):
        assert browser.post("/users/", typed).status_code == 302
    assert Site.objects.filter(code="02").count() == 1
    assert browser.post("/users/", typed | {"key": "other"}).status_code == 400


@pytest.mark.parametrize(
    "day, names",
    [
        (date(2026, 3, 1), []),
        (date(2026, 3, 2), ["early"]),
        (date(2026, 3, 4), ["early", "late"]),
        (date(2026, 3, 5), ["early", "late"]),
        (date(2026, 3, 6), ["late"]),
    ],
)
def test_the_access_list_of_a_day_names_who_could_enter_on_it(empty_db, monkeypatch, day, names):
    by = Actor.system("tests")

    def at(day: int) -> None:
        moment = datetime(2026, 3, day, 12, tzinfo=UTC)
        monkeypatch.setattr(clock, "system_time", lambda: moment)

    at(2)
    users = {
        name: access.add_user(name, by=by, first_name="A", last_name="B", password=PASSWORD)
        for name in ("early", "late")
    }
    early = access.grant_role(users["early"], "monitor", None, by=by)
    at(4)
    access.grant_role(users["late"], "monitor", None, by=by)
    at(5)
    access.end_role(early, by=by, reason="left")
    assert [row.user.username for row in access_on(day)] == names


@pytest.mark.parametrize("day", ["", "2026-02-30", "9999-12-31", "x", "0001-01-01"])
def test_any_day_that_is_asked_for_gets_a_page(record_db, day):
    assert signed_in("auditor").get("/users/", {"on": day}).status_code == 200


def test_an_account_number_that_does_not_exist_is_not_found(record_db):
    browser = signed_in("administrator")
    assert browser.get("/users/999999/").status_code == 404
    assert browser.get("/users/99999999999999999999999/").status_code == 404
