"""The pages that tell how the trial stands: who sees what, with and without data."""

import pytest
from django.test import Client
from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import Subject

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
