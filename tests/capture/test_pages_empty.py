"""What a page says where it has nothing to show: nothing is there, nothing is known yet, or it is
for somebody else."""

import re

import pytest
from acts import saved
from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions.acting import Actor
from pilotage.capture.models import Subject
from pilotage.capture.reviewing import Reviews
from pilotage.capture.views import calendar, contact, deviations, home, screening
from pilotage.capture.views import subject as of_subject

People = dict[str, Actor]
NOT_KNOWN = "Not known yet: it is being worked out."


def page(role: str, name: str, *args: object) -> str:
    answer = signed_in(role).get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize(
    ("view", "name", "quiet"),
    [
        (home, "home", ("Nothing waits for anybody.", "Nobody is expected.", "STOP")),
        (of_subject, "subject", ("Nothing waits for anybody.",)),
        (calendar, "calendar", ("No contact is planned",)),
        (deviations, "deviations", ("The record shows no deviation.",)),
        (screening, "screening", ("nothing is recorded yet",)),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_not_worked_out_yet_is_never_called_nothing(
    view: object,
    name: str,
    quiet: tuple[str, ...],
    people: People,
    subject: Subject,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    args = (subject.usubjid,) if name == "subject" else ()
    known = page("nurse", name, *args)
    assert [words for words in quiet if words not in known] == []
    assert NOT_KNOWN not in known
    behind = Reviews({}, frozenset({subject.usubjid}))
    monkeypatch.setattr(view, "reviews_of", lambda *_given: behind)
    text = page("nurse", name, *args)
    assert NOT_KNOWN in text
    assert [words for words in quiet if words in text] == []


def test_contacts_that_are_not_worked_out_yet_are_told_to_be_missing(
    people: People, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is not loaded again by itself: somebody may be typing the day."""
    words = "may not be listed yet"
    assert words not in page("nurse", "new_contact", subject.usubjid)
    behind = Reviews({}, frozenset({subject.usubjid}))
    monkeypatch.setattr(contact, "reviews_of", lambda *_given: behind)
    text = page("nurse", "new_contact", subject.usubjid)
    assert words in text
    assert "hx-trigger" not in text


def test_without_an_entry_nobody_is_told_that_every_entry_is_signed(
    people: People, subject: Subject
) -> None:
    signed = "Every complete entry is signed."
    text = page("investigator", "closing", subject.usubjid)
    assert "Nothing is entered yet." in text
    assert signed not in text
    assert "Nothing is entered yet." in page("monitor", "subject_copy", subject.usubjid)
    saved(subject, people["nurse"])
    assert "Nothing is entered yet." not in page("investigator", "closing", subject.usubjid)


def test_who_locks_the_study_is_told_to_everybody_else(people: People) -> None:
    words = "the data manager locks the study"
    assert words in page("statistician", "study_lock")
    assert words not in page("data_manager", "study_lock")


def test_who_screens_nobody_is_not_sent_to_a_field_that_is_not_there(people: People) -> None:
    words = "Screening begins with the code above"
    assert words in page("nurse", "subjects")
    assert words not in page("monitor", "subjects")


@pytest.mark.parametrize("role", ["nurse", "monitor", "administrator"])
def test_the_name_of_the_program_leads_each_person_to_a_page_of_their_own(
    role: str, people: People
) -> None:
    browser = signed_in(role)
    text = browser.get(reverse("account")).content.decode()
    place = re.search(r'<a class="brand" href="(.*?)"', text)
    assert place
    assert browser.get(place[1]).status_code == 200
