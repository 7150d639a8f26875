"""Nobody comes in without password and second factor, and nobody stays longer than allowed."""

from datetime import timedelta

import pytest
from capture_records import PASSWORD
from django.test import Client
from doors import SECRETS, Browser, code_of, given_second_factor, signed_in

from pilotage.capture import clock
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import AuditEvent, Membership, User
from pilotage.capture.sign_in.second_factor import code_at

SYSTEM = Actor.system("tests")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """Let time pass, in seconds."""
    passed = timedelta()
    began = clock.system_time

    def wait(**time: float) -> None:
        nonlocal passed
        passed += timedelta(**time)
        monkeypatch.setattr(clock, "system_time", lambda: began() + passed)

    return wait


def refused(client: Client) -> bool:
    """Does the account page send the browser to the sign-in page?"""
    answer = client.get("/account/")
    return answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")


def tried(client: Client, name: str, password: str, **extra: str) -> int:
    return client.post("/sign-in/", {"name": name, "password": password}, **extra).status_code


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))


def test_the_password_alone_opens_nothing(record_db):
    given_second_factor("nurse")
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    assert refused(browser)


def test_password_and_code_open_the_pages(record_db):
    browser = signed_in("nurse")
    assert browser.get("/account/").status_code == 200
    assert actions()[-1] == "signed in"


def test_the_second_factor_page_needs_the_password_first(record_db):
    given_second_factor("nurse")
    answer = Browser().post("/sign-in/code/", {"code": code_of("nurse")})
    assert answer.headers["Location"] == "/sign-in/"


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "١٢٣٤٥٦", "1" * 400])
def test_a_wrong_code_opens_nothing(record_db, code):
    given_second_factor("nurse")
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 400
    assert refused(browser)
    assert actions()[-1] == "sign-in refused"


def test_a_code_counts_once(record_db):
    signed_in("nurse")
    other = Browser()
    other.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    assert other.post("/sign-in/code/", {"code": code_of("nurse")}).status_code == 400


@pytest.mark.parametrize(
    "seconds, opens", [(-90, False), (-60, False), (0, True), (30, True), (60, False), (90, False)]
)
def test_a_code_counts_half_a_minute_around_its_time(record_db, seconds, opens):
    given_second_factor("nurse")
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    code = code_at(SECRETS["nurse"], clock.now().timestamp() + seconds)
    status = browser.post("/sign-in/code/", {"code": code}).status_code
    assert (status == 302) is opens


def test_a_recovery_code_opens_once(record_db):
    browser = signed_in("nurse")
    browser.post("/account/", {"act": "new_factor", "password": PASSWORD})
    secret = browser.session["secret"]
    page = browser.post(
        "/account/", {"act": "confirm_factor", "code": code_at(secret, clock.now().timestamp())}
    ).content.decode()
    spare = page.split('<ol class="codes"><li><code>')[1][:10]
    for expected in (302, 400):
        other = Browser()
        other.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
        assert other.post("/sign-in/code/", {"code": spare}).status_code == expected


def test_a_first_sign_in_asks_for_a_password_and_a_second_factor_of_ones_own(record_db):
    first = "quite-some-one-time-password"
    access.add_user("new", by=SYSTEM, first_name="N", last_name="P", password=first)
    browser = Browser()
    step = browser.post("/sign-in/", {"name": "new", "password": first})
    assert step.headers["Location"] == "/sign-in/password/"
    assert browser.get("/sign-in/code/").headers["Location"] == "/sign-in/"
    own = {"new_password": "the heron waits in the reeds"}
    again = {"new_password_again": own["new_password"], "password": first}
    step = browser.post("/sign-in/password/", own | again)
    assert step.headers["Location"] == "/sign-in/second-factor/"
    assert refused(browser)
    browser.get("/sign-in/second-factor/")
    code = code_at(browser.session["secret"], clock.now().timestamp())
    page = browser.post("/sign-in/second-factor/", {"code": code})
    assert page.content.decode().count("<li><code>") == 10
    assert browser.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "fourteen chars",
        "passwordpassword",
        "password1234567!",
        "aaaaaaaaaaaaaaaaaaaa",
        "qwertyuiop123456789",
        "newperson2026newperson",
        "x" * 300,
    ],
)
def test_a_weak_password_is_not_taken(record_db, password):
    first = "quite-some-one-time-password"
    access.add_user("newperson", by=SYSTEM, first_name="N", last_name="P", password=first)
    browser = Browser()
    browser.post("/sign-in/", {"name": "newperson", "password": first})
    typed = {"password": first, "new_password": password, "new_password_again": password}
    assert browser.post("/sign-in/password/", typed).status_code == 400
    assert User.objects.get(username="newperson").must_change_password


def test_eight_characters_do_beside_a_second_factor(record_db):
    browser = signed_in("nurse")
    typed = {"password": PASSWORD, "new_password": "v7 kelp!", "new_password_again": "v7 kelp!"}
    assert browser.post("/account/", {"act": "password", **typed}).status_code == 302


def test_an_idle_session_ends(record_db, later):
    browser = signed_in("nurse")
    later(minutes=14)
    assert not refused(browser)
    later(minutes=14)
    assert not refused(browser)
    later(minutes=15, seconds=1)
    assert refused(browser)


def test_a_busy_session_ends_after_half_a_day(record_db, later):
    browser = signed_in("nurse")
    for _ in range(71):
        later(minutes=10)
        assert not refused(browser)
    later(minutes=10, seconds=1)
    assert refused(browser)


def test_a_new_password_ends_every_other_session(record_db, later):
    here, there = signed_in("nurse"), None
    later(seconds=60)
    there = Browser()
    there.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    there.post("/sign-in/code/", {"code": code_of("nurse")})
    assert not refused(there)
    own = "the heron waits in the reeds"
    typed = {"password": PASSWORD, "new_password": own, "new_password_again": own}
    here.post("/account/", {"act": "password", **typed})
    assert not refused(here)
    assert refused(there)


def test_a_changed_role_ends_the_session(record_db):
    browser = signed_in("nurse")
    role = Membership.objects.get(user__username="nurse")
    access.end_role(role, by=SYSTEM, reason="left the site")
    assert refused(browser)


def test_a_role_that_is_added_ends_the_session_too(record_db, site):
    browser = signed_in("nurse")
    access.grant_role(User.objects.get(username="nurse"), "pharmacist", site, by=SYSTEM)
    assert refused(browser)


def test_a_closed_account_ends_the_session(record_db):
    browser = signed_in("nurse")
    access.close_user(User.objects.get(username="nurse"), by=SYSTEM, reason="left")
    assert refused(browser)
    assert tried(Browser(), "nurse", PASSWORD) == 400


def test_signing_out_ends_the_session_and_its_cookie_opens_nothing(record_db):
    browser = signed_in("nurse")
    cookie = browser.cookies["pilotage"].value
    browser.post("/sign-out/")
    thief = Browser()
    thief.cookies["pilotage"] = cookie
    assert refused(thief)
    assert actions()[-1] == "signed out"


def test_the_session_gets_a_new_key_at_each_step(record_db):
    given_second_factor("nurse")
    browser = Browser()
    keys = []
    for address, typed in (
        ("/sign-in/", {"name": "nurse", "password": PASSWORD}),
        ("/sign-in/code/", {"code": code_of("nurse")}),
    ):
        browser.post(address, typed)
        keys.append(browser.cookies["pilotage"].value)
    assert len(set(keys)) == 2


def test_failures_make_the_next_try_wait_and_lock_nobody_out(record_db, later):
    browser = Browser()
    for _ in range(5):
        assert tried(browser, "nurse", "wrong") == 400
    assert tried(browser, "nurse", PASSWORD) == 429
    later(seconds=2.5)
    assert tried(browser, "nurse", PASSWORD) == 302


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(record_db, later):
    browser = Browser()
    for failures in range(30):
        assert tried(browser, "nurse", "wrong") == 400, failures
        later(minutes=15, seconds=1)
    assert tried(browser, "nurse", "wrong") == 400
    later(minutes=14)
    assert tried(browser, "nurse", PASSWORD) == 429
    later(minutes=2)
    assert tried(browser, "nurse", PASSWORD) == 302


def test_a_stranger_cannot_keep_a_person_out_from_where_they_always_sign_in(record_db, later):
    signed_in("nurse", REMOTE_ADDR="10.0.0.7")
    for n in range(40):
        tried(Browser(), "nurse", "wrong", REMOTE_ADDR=f"192.0.2.{n}")
    assert tried(Browser(), "nurse", PASSWORD, REMOTE_ADDR="192.0.2.99") == 429
    assert tried(Browser(), "nurse", PASSWORD, REMOTE_ADDR="10.0.0.7") == 302


def test_one_address_does_not_try_every_account(record_db):
    statuses = [tried(Browser(), f"name{n}", "wrong") for n in range(101)]
    assert statuses == [400] * 100 + [429]


def test_a_right_password_does_not_forgive_failed_codes(record_db):
    given_second_factor("nurse")
    browser = Browser()
    statuses = []
    for _ in range(6):
        if tried(browser, "nurse", PASSWORD) == 302:
            statuses.append(browser.post("/sign-in/code/", {"code": "000000"}).status_code)
    assert statuses == [400] * 5


def test_a_failed_sign_in_is_in_the_trail_without_what_was_typed(record_db):
    tried(Browser(), "my secret typed as a name", "and my password")
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.user_name, last.user) == ("sign-in refused", "unknown account", None)
    assert "secret" not in last.details + last.place


def test_a_second_factor_is_not_stored_in_clear(record_db):
    from allauth.mfa.models import Authenticator

    secret = given_second_factor("nurse")
    assert all(secret not in str(row.data) for row in Authenticator.objects.all())


def test_a_lost_secret_key_lets_nobody_past_the_second_factor(record_db, settings_key):
    given_second_factor("nurse")
    settings_key("k" * 30 + "another key that was made anew")
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": PASSWORD})
    assert browser.post("/sign-in/code/", {"code": code_of("nurse")}).status_code == 403
    assert refused(browser)


@pytest.fixture
def settings_key():
    from django.test import override_settings

    changed = []

    def change(key: str) -> None:
        override = override_settings(SECRET_KEY=key)
        override.enable()
        changed.append(override)

    yield change
    for override in changed:
        override.disable()


@pytest.mark.parametrize(
    "where, to",
    [
        ("/account/", "/account/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_back_within_the_application_only(record_db, where, to):
    given_second_factor("nurse")
    browser = Browser()
    browser.post("/sign-in/", {"name": "nurse", "password": PASSWORD, "next": where})
    answer = browser.post("/sign-in/code/", {"code": code_of("nurse")})
    assert answer.headers["Location"] == to


def test_what_is_sent_after_the_session_ended_can_be_sent_again(record_db, later):
    browser = signed_in("nurse")
    later(minutes=20)
    page = browser.post("/account/", {"act": "token", "token_name": "typed <b>", "password": "p"})
    assert page.status_code == 401
    text = page.content.decode()
    assert "typed &lt;b&gt;" in text
    assert 'name="password"' not in text


def test_a_part_of_a_page_is_told_that_the_session_ended(record_db):
    answer = Browser().post("/account/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (401, "signed-out")
