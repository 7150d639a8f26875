"""The read API shows what its token's person may see, and nothing else."""

from typing import Any

import pytest
import schemathesis
from capture_records import PASSWORD
from django.core.wsgi import get_wsgi_application
from doors import Browser, signed_in
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as of_hypothesis

from pilotage.capture.actions import access, entries, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.answer import Answer
from pilotage.capture.api import api
from pilotage.capture.models import AuditEvent, Site, User
from pilotage.capture.sign_in.models import ApiToken
from pilotage.capture.sign_in.tokens import close_token, make_token

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


def test_pages_follow_upon_one_another_and_miss_nothing(two_sites):
    token, seen, after = token_of("auditor"), [], 0
    while after is not None:
        _, page = asked(f"events?limit=3&after={after}", token)
        seen += [row["seq"] for row in page["rows"]]
        after = page["next"]
    assert seen == list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True))


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
    assert asked("subjects", token)[0] == 200
    assert token not in browser.get("/account/").content.decode()
    assert token not in str(list(ApiToken.objects.values()))
    assert AuditEvent.objects.order_by("-seq")[0].action == "token made"


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
