"""The read API shows what its token's person may see, and nothing else."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from capture_records import PASSWORD
from django.core.wsgi import get_wsgi_application
from doors import Browser, signed_in
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as of_hypothesis

from pilotage.capture import clock
from pilotage.capture.actions import access, entries, queries, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.api import api
from pilotage.capture.models import AuditEvent, Site, Subject, User
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.tokens import close_token, make_token
from pilotage.forms.answer import Answer

LISTS = ("subjects", "contacts", "entries", "item-versions", "queries")
SYSTEM = Actor.system("tests")


def asked(path: str, token: str = "") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = Browser().get(f"/api/{path}", headers=headers)
    return answer.status_code, answer.json()


def token_of(name: str) -> str:
    return make_token(User.objects.get(username=name), "tests")


@pytest.fixture
def two_sites(people, subject) -> Site:
    """A subject with a form at each of two sites; the second site."""
    other = access.add_site("02", "Second site", by=SYSTEM)
    theirs = subjects.screen_subject(other, by=SYSTEM)
    for each, by in ((subject, people["nurse"]), (theirs, SYSTEM)):
        entries.save_entry(
            each,
            contact=None,
            form="demography",
            answers={"SEX": Answer(value="F")},
            by=by,
            revision=None,
        )
    return other


@pytest.mark.parametrize("path", [*LISTS, "events", "cuts", "openapi.json", "subjects/x"])
@pytest.mark.parametrize("token", ["", "wrong", "pilotage_wrong"])
def test_nothing_is_told_without_a_token(record_db, path, token):
    assert asked(path, token)[0] == 401


def test_a_session_is_no_token(record_db):
    assert signed_in("nurse").get("/api/subjects").status_code == 401


@pytest.mark.parametrize("path", LISTS)
def test_each_sees_the_rows_of_the_own_sites_alone(two_sites, path):
    own = {row["usubjid"] for row in asked(path, token_of("nurse"))[1]["rows"]}
    every = {row["usubjid"] for row in asked(path, token_of("monitor"))[1]["rows"]}
    if path in ("subjects", "entries", "item-versions"):
        assert len(own) == 1
        assert len(every) == 2
    assert own <= every


def test_a_subject_of_another_site_does_not_exist(two_sites):
    theirs = two_sites.subjects.get().usubjid
    assert asked(f"subjects/{theirs}", token_of("nurse"))[0] == 404
    assert asked(f"subjects/{theirs}", token_of("monitor"))[1]["site"] == "02"


@pytest.mark.parametrize(
    "role, path, status",
    [
        ("administrator", "subjects", 403),
        ("administrator", "events", 403),
        ("administrator", "cuts", 403),
        ("nurse", "events", 403),
        ("nurse", "cuts", 403),
        ("monitor", "events", 200),
        ("monitor", "cuts", 403),
        ("statistician", "cuts", 200),
        ("investigator", "cuts", 403),
        ("auditor", "events", 200),
    ],
)
def test_a_role_sees_what_it_may(two_sites, role, path, status):
    assert asked(path, token_of(role))[0] == status


def test_an_investigator_sees_the_events_of_the_own_site_alone(two_sites):
    rows = asked("events?limit=500", token_of("investigator"))[1]["rows"]
    assert {row["site"] for row in rows} == {"01", ""}
    siteless = {(row["action"], row["user"]) for row in rows if not row["site"]}
    assert siteless == {
        ("record opened", "pilotage"),
        ("password set", "investigator"),
        ("token made", "investigator"),
    }


@pytest.mark.parametrize("limit", [2, 3])
def test_pages_follow_upon_one_another_and_miss_nothing(two_sites, limit):
    """Each request adds an event of its own: the last one alone is not seen."""
    token, seen, after = token_of("auditor"), [], 0
    while after is not None:
        _, page = asked(f"events?limit={limit}&after={after}", token)
        seen += [row["seq"] for row in page["rows"]]
        after = page["next"]
    every = list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert seen == every[:-1]


def test_a_page_of_the_trail_has_two_rows_at_least(record_db):
    assert asked("events?limit=1", token_of("auditor"))[0] == 422


@pytest.mark.parametrize(
    "path, place, told, rows",
    [
        ("subjects?site=01", "/subjects", {"site": "01"}, 1),
        ("entries?form=demography&limit=5", "/entries", {"form": "demography", "limit": "5"}, 1),
        ("queries?said=Ada+Person", "/queries", {}, 0),
        ("events?action=exported", "/events", {"action": "exported"}, 0),
    ],
)
def test_each_read_is_one_event_that_says_who_read_what_and_how_much(
    two_sites, path, place, told, rows
):
    token, before = token_of("investigator"), AuditEvent.objects.count()
    assert asked(path, token)[0] == 200
    event = AuditEvent.objects.latest("seq")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.user_name, event.place) == (
        "read by a program",
        "investigator",
        place,
    )
    details = json.loads(event.details)
    assert {name: details[name] for name in ("token", "filters", "rows_read")} == {
        "token": "tests",
        "filters": told,
        "rows_read": rows,
    }


@pytest.mark.parametrize(
    "path, name, column",
    [
        ("subjects", "site", "site"),
        ("subjects", "state", "state"),
        ("entries", "usubjid", "usubjid"),
        ("entries", "form", "form"),
        ("entries", "state", "state"),
        ("item-versions", "usubjid", "usubjid"),
        ("item-versions", "entry", "entry"),
        ("item-versions", "item", "item"),
        ("events", "usubjid", "subject"),
        ("events", "action", "action"),
    ],
)
def test_a_list_holds_the_rows_of_the_value_asked_for_alone(two_sites, path, name, column):
    token = token_of("auditor")
    every = asked(f"{path}?limit=500", token)[1]["rows"]
    value = max(row[column] for row in every)
    found = asked(f"{path}?{name}={quote(str(value))}", token)[1]["rows"]
    assert found == [row for row in every if row[column] == value]
    assert asked(f"{path}?{name}=999", token)[1]["rows"] == []


@pytest.mark.parametrize("path", ["contacts", "queries"])
def test_contacts_and_queries_are_those_of_the_subject_asked_for(two_sites, subject, path):
    for each in Subject.objects.all():
        subjects.open_contact(each, by=SYSTEM, label="Visit", held_on="2026-01-05")
        queries.open_query(each, text="Is it so?", by=SYSTEM)
    own = asked(f"{path}?usubjid={subject.usubjid}", token_of("monitor"))[1]["rows"]
    assert [row["usubjid"] for row in own] == [subject.usubjid]


def test_reading_one_subject_is_an_event_too_and_what_is_refused_is_none(two_sites, subject):
    token = token_of("nurse")
    assert asked(f"subjects/{subject.usubjid}", token)[0] == 200
    assert AuditEvent.objects.latest("seq").place == f"/subjects/{subject.usubjid}"
    before = AuditEvent.objects.count()
    for path in ("subjects/nobody", "cuts", "events"):
        assert asked(path, token)[0] in (403, 404)
    assert AuditEvent.objects.count() == before


def test_a_token_is_over_after_its_days(two_sites, monkeypatch):
    token, begun = make_token(User.objects.get(username="nurse"), "tests", days=2), clock.now()
    for days, status in ((1.9, 200), (2.1, 401)):
        at = begun + timedelta(days=days)
        monkeypatch.setattr(clock, "system_time", lambda at=at: at)
        assert asked("subjects", token)[0] == status, days


def test_the_account_page_shows_since_when_until_when_and_when_last_a_token_was_used(record_db):
    browser = signed_in("nurse")
    assert "Last used" not in browser.get("/account/").content.decode()
    token = token_of("nurse")
    assert "never" in browser.get("/account/").content.decode()
    asked("subjects", token)
    row = ApiToken.objects.get()
    shown = browser.get("/account/").content.decode()
    assert f"{row.last_used:%Y-%m-%d %H:%M} UTC" in shown
    assert f"{row.expires:%Y-%m-%d %H:%M} UTC" in shown
    assert (row.expires - row.made).days == 90
    assert "never" not in shown
    ApiToken.objects.update(expires=row.made)
    assert '<span class="badge">over</span>' in browser.get("/account/").content.decode()


@pytest.mark.parametrize(
    "days, held", [("7", 7), ("", 90), ("365", 365), ("0", 0), ("366", 0), ("-1", 0), ("two", 0)]
)
def test_who_makes_a_token_says_for_how_many_days(record_db, days, held):
    typed = {"act": "token", "token_name": "R", "password": PASSWORD, "days": days}
    answer = signed_in("nurse").post("/account/", typed)
    made = [(each.expires - each.made).days for each in ApiToken.objects.all()]
    assert made == ([held] if held else [])
    assert answer.status_code == (200 if held else 400)


def test_an_item_version_says_what_was_written(two_sites):
    [row] = asked("item-versions", token_of("nurse"))[1]["rows"]
    assert (row["item"], row["number"], row["value"]) == ("SEX", 1, "F")


def test_a_closed_token_opens_nothing(record_db):
    token = token_of("nurse")
    user = User.objects.get(username="nurse")
    close_token(user, ApiToken.objects.get(user=user).pk)
    assert asked("subjects", token)[0] == 401


def test_a_token_ends_with_its_account_and_with_its_password(record_db):
    nurse, monitor = token_of("nurse"), token_of("monitor")
    access.close_user(User.objects.get(username="nurse"), by=SYSTEM, reason="left")
    access.set_password(User.objects.get(username="monitor"), "a one time password", by=SYSTEM)
    assert [asked("subjects", token)[0] for token in (nurse, monitor)] == [401, 401]


def test_a_token_loses_what_its_person_loses(two_sites):
    token = token_of("nurse")
    for role in User.objects.get(username="nurse").memberships.all():
        access.end_role(role, by=SYSTEM, reason="left the site")
    assert asked("subjects", token)[0] == 403


def test_a_token_is_shown_once_and_stored_as_a_hash(record_db):
    browser = signed_in("nurse")
    page = browser.post(
        "/account/", {"act": "token", "token_name": "R", "password": PASSWORD}
    ).content.decode()
    token = page.split('<code id="token">')[1].split("<")[0]
    assert AuditEvent.objects.order_by("-seq")[0].action == "token made"
    assert asked("subjects", token)[0] == 200
    assert token not in browser.get("/account/").content.decode()
    assert token not in str(list(ApiToken.objects.values()))
    assert token not in " ".join(AuditEvent.objects.values_list("details", flat=True))


def test_a_token_is_made_by_somebody_who_knows_the_password(record_db):
    typed = {"act": "token", "token_name": "R", "password": "wrong"}
    assert signed_in("nurse").post("/account/", typed).status_code == 400
    assert not ApiToken.objects.exists()


def test_the_interface_only_reads():
    schema = api.get_openapi_schema(path_prefix="/api/")
    assert {verb for verbs in schema["paths"].values() for verb in verbs} == {"get"}


def test_any_request_gets_an_answer_that_the_interface_describes(two_sites):
    """Schemathesis: 8 requests for each operation, from a fixed seed, within this process."""
    headers = {"Authorization": f"Bearer {token_of('auditor')}", "Host": "localhost"}
    schema = schemathesis.openapi.from_wsgi(
        "/api/openapi.json", get_wsgi_application(), headers=headers
    )
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:

        @seed(5)
        @of_hypothesis(
            max_examples=8,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            case.call_and_validate(headers=headers)

        holds()
    assert len(operations) == 8
