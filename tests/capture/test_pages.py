"""The pages that tell how the trial stands: who sees what, with and without data."""

import pytest
from acts import saved
from capture_records import PASSWORD
from django.test import Client
from django.urls import reverse
from doors import Browser, code_of, given_second_factor, signed_in

from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.answer import Answer
from pilotage.capture.models import Entry, Subject

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
