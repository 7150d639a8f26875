"""The pages that tell how the trial stands: who sees what, with and without data."""

from types import SimpleNamespace

import pytest
from acts import saved
from capture_records import PASSWORD
from django.test import Client
from django.urls import reverse
from doors import Browser, code_of, given_second_factor, signed_in

from pilotage.capture import policies
from pilotage.capture.actions import access
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.locking import lock_subject, study_is_locked
from pilotage.capture.actions.subjects import record_screen_failure
from pilotage.capture.models import AuditEvent, Entry, Subject
from pilotage.capture.views import eligibility
from pilotage.conditions import parse
from pilotage.forms.answer import Answer

LISTS = ("home", "subjects", "screening", "calendar", "queries", "deviations")
OF_SUBJECT = (
    *("subject", "eligibility", "new_contact", "subject_laboratory", "subject_life"),
    *("closing", "release"),
)

People = dict[str, Actor]


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("name", [*LISTS, "trail", "study", "cuts"])
def test_every_list_has_a_page_before_the_first_subject(name: str, people: People) -> None:
    client = signed_in("investigator")
    assert "<h1>" in page(client, name)


@pytest.mark.parametrize("name", LISTS)
def test_every_list_shows_a_subject_of_whom_nothing_is_recorded(
    name: str, people: People, subject: Subject
) -> None:
    assert "<h1>" in page(signed_in("nurse"), name)


@pytest.mark.parametrize("name", OF_SUBJECT)
def test_the_pages_of_a_subject_of_whom_nothing_is_recorded(
    name: str, people: People, subject: Subject
) -> None:
    text = page(signed_in("investigator"), name, subject.usubjid)
    assert "Traceback" not in text


def test_an_administrator_sees_no_clinical_page(people: People, subject: Subject) -> None:
    client = signed_in("administrator")
    for name in LISTS:
        assert client.get(reverse(name)).status_code == 403, name
    for name in OF_SUBJECT:
        assert client.get(reverse(name, args=[subject.usubjid])).status_code in (403, 404), name


def test_a_subject_is_screened_once_however_often_the_form_is_sent(
    people: People, site: object
) -> None:
    client = signed_in("nurse")
    given = {"site": "01", "usubjid": "LEN-01", "key": "the same key"}
    for _ in range(2):
        answer = client.post(reverse("subjects"), given)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("subject", args=["LEN-01"])
    assert Subject.objects.filter(usubjid="LEN-01").count() == 1


def test_a_screened_subject_is_refused_under_the_same_code(
    people: People, subject: Subject
) -> None:
    client = signed_in("nurse")
    given = {"site": "01", "usubjid": subject.usubjid, "key": "another key"}
    text = client.post(reverse("subjects"), given).content.decode()
    assert "already" in text


def test_the_audit_trail_as_a_file_has_a_line_for_each_event(
    people: People, subject: Subject
) -> None:
    client = signed_in("monitor")
    answer = client.get(reverse("trail_file"), {"subject": subject.usubjid})
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("seq,at,user_name")
    assert len(lines) == 2
    assert subject.usubjid in lines[1]
    last = AuditEvent.objects.latest("seq")
    assert (last.action, last.user_name, last.place) == ("exported", "monitor", "audit-trail.csv")


def test_who_belongs_to_one_site_reads_nothing_of_the_accounts_of_others(people: People) -> None:
    accounts = Actor.system("tests")
    access.add_user("dr.else", by=accounts, first_name="E", last_name="W", password=PASSWORD + "!")
    for who, told in (("investigator", False), ("monitor", True)):
        assert ("dr.else" in page(signed_in(who), "trail")) is told


def test_a_picture_that_is_named_but_not_held_is_told_so(people: People, subject: Subject) -> None:
    named = {"picture": Answer(value="kept at the site"), "taken": Answer(value="2026-01-05")}
    save_entry(subject, contact=None, form="photograph", answers=named, revision=None,
               by=people["nurse"])  # fmt: skip
    client = signed_in("nurse")
    entry = Entry.objects.get(form="photograph")
    for text in (page(client, "photographs"), page(client, "entry", subject.usubjid, entry.pk)):
        assert "The picture is not in this record." in text
        assert "/pictures/" not in text


@pytest.mark.parametrize("role, first", [("administrator", "/users/"), ("nurse", "/")])
def test_whoever_comes_to_the_address_of_the_server_is_led_to_a_page_of_their_own(
    role: str, first: str, people: People
) -> None:
    given_second_factor(role)
    client = Browser()
    client.post("/sign-in/", {"name": role, "password": PASSWORD, "next": "/"})
    assert client.post("/sign-in/code/", {"code": code_of(role)})["Location"] == first


def test_the_entries_that_were_ticked_stay_ticked_when_the_password_is_wrong(
    people: People, subject: Subject
) -> None:
    entry = saved(subject, people["nurse"])
    client = signed_in("investigator")
    address = reverse("closing", args=[subject.usubjid])
    given = {"act": "sign", "entry": str(entry.pk), "password": "wrong", "meaning": "review"}
    ticked = 'aria-label="Informed consent" checked'
    assert ticked in client.post(address, given).content.decode()
    assert ticked not in client.get(address).content.decode()
    assert ticked in client.get(address, {"tick": "all"}).content.decode()


def test_a_subject_is_unlocked_by_two_people_from_its_page(
    people: People, subject: Subject
) -> None:
    record_screen_failure(subject, by=people["nurse"], reason="no consent")
    lock_subject(subject, by=people["data_manager"])
    asking, agreeing = signed_in("data_manager"), signed_in("investigator")
    address = reverse("closing", args=[subject.usubjid])
    assert "Agree and unlock" not in page(agreeing, "closing", subject.usubjid)
    given = {"act": "ask to unlock", "reason": "late result", "password": PASSWORD, "key": "k1"}
    assert asking.post(address, given).status_code == 302
    assert "Agree and unlock" not in page(asking, "closing", subject.usubjid)
    shown = page(agreeing, "closing", subject.usubjid)
    assert "late result" in shown
    assert "Agree and unlock" in shown
    agreeing.post(address, {"act": "unlock", "password": "guess", "key": "k2"})
    assert Subject.objects.get().locked
    agreeing.post(address, {"act": "unlock", "password": PASSWORD, "key": "k3"})
    assert not Subject.objects.get().locked


def test_the_study_is_locked_and_opened_by_two_people_from_its_page(
    people: People, subject: Subject
) -> None:
    record_screen_failure(subject, by=people["nurse"], reason="no consent")
    manager, address = signed_in("data_manager"), reverse("study_lock")
    manager.post(address, {"act": "lock", "key": "k1"})
    assert not study_is_locked(), "a subject is not locked"
    lock_subject(subject, by=people["data_manager"])
    manager.post(address, {"act": "lock", "key": "k2"})
    assert study_is_locked()
    given = {"act": "ask to unlock", "reason": "late result", "password": PASSWORD, "key": "k3"}
    manager.post(address, given)
    manager.post(address, {"act": "unlock", "password": PASSWORD, "key": "k4"})
    assert study_is_locked(), "it takes another person"
    signed_in("investigator").post(address, {"act": "unlock", "password": PASSWORD, "key": "k5"})
    assert not study_is_locked()


def test_who_uses_an_account_again_is_confirmed_on_a_page(people: People) -> None:
    investigator, administrator = people["investigator"].person, people["administrator"]
    access.set_password(investigator, "one time password", by=administrator)
    assert signed_in("administrator").get(reverse("identity")).status_code == 403
    monitor, address = signed_in("monitor"), reverse("identity")
    assert "I confirm it" in page(monitor, "identity")
    given = {"user": investigator.pk, "password": PASSWORD, "key": "k"}
    monitor.post(address, {**given, "reason": "seen in person"})
    assert AuditEvent.objects.latest("seq").action == "identity confirmed"
    assert "No account waits for it." in page(monitor, "identity")


def test_a_criterion_that_must_be_known_and_is_not_stated_is_told_before_anybody_signs(
    people: People, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(subject, people["nurse"])
    words = "The study does not say when IN08 holds, and nobody signs before it is known"
    browser = signed_in("investigator")
    assert words not in page(browser, "eligibility", subject.usubjid)
    monkeypatch.setattr(policies, "never_known", lambda: frozenset({"IN08"}))
    monkeypatch.setattr(eligibility, "never_known", lambda: frozenset({"IN08"}))
    shown = page(browser, "eligibility", subject.usubjid)
    assert words in shown
    assert "Sign eligibility" not in shown
    assert policies.against_eligibility("not known", "seen", ["IN08"]) == [
        f"{words}: the study has to be mended."
    ]


def test_the_criteria_that_no_form_answers_are_those_without_a_condition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert policies.never_known() == frozenset()
    stated, open_one = (
        SimpleNamespace(id="A", when=parse("AGE < 2")),
        SimpleNamespace(id="B", when="not stated"),
    )
    rules = SimpleNamespace(inclusion=(stated,), exclusion=(open_one,))
    study = SimpleNamespace(protocol=SimpleNamespace(eligibility=rules))
    monkeypatch.setattr(policies, "planned", lambda: study)
    assert policies.never_known() == {"B"}
