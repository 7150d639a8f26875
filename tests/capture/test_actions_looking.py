"""What the checks of a form know of the subject's other forms."""

import pytest
from acts import People, save

from pilotage.capture.actions.looking import forms_needed, known_names
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.models import Contact, Subject
from pilotage.forms.answer import Answer


@pytest.fixture
def contacts(subject: Subject, people: People) -> list[Contact]:
    """Three visits, in each of which another result of the pregnancy test was entered."""
    made = []
    for month, result in ((1, "NEGATIVE"), (2, "POSITIVE"), (3, "NEGATIVE")):
        contact = open_contact(
            subject, by=people["nurse"], label=f"Month {month}", held_on=f"2026-0{month}-01"
        )
        save(
            subject, people["nurse"], {"result": result}, form="pregnancy_test", contact=contact,
            revision=None,
        )  # fmt: skip
        made.append(contact)
    return made


def test_a_contact_knows_its_own_values_before_earlier_ones(
    subject: Subject, contacts: list[Contact]
) -> None:
    first, second, third = contacts
    for at, result in ((first, "NEGATIVE"), (second, "POSITIVE"), (third, "NEGATIVE")):
        assert known_names(subject, at=at)["pregnancy_test.result"] == result


def test_what_came_later_counts_where_nothing_else_is_known(
    subject: Subject, people: People, contacts: list[Contact]
) -> None:
    before = open_contact(subject, by=people["nurse"], label="Before", held_on="2025-12-01")
    assert known_names(subject, at=before)["pregnancy_test.result"] == "NEGATIVE"


def test_by_now_the_last_contact_counts(subject: Subject, contacts: list[Contact]) -> None:
    assert known_names(subject)["pregnancy_test.result"] == "NEGATIVE"


def test_an_entry_does_not_know_itself(subject: Subject, people: People) -> None:
    entry = save(subject, people["nurse"]).entry
    assert "consent.signed" in known_names(subject)
    assert "consent.signed" not in known_names(subject, leave_out=entry)


def test_a_form_needs_the_forms_that_its_conditions_name(record_db: str) -> None:
    assert "acr" in forms_needed("diagnosis")
    assert "diagnosis" not in forms_needed("diagnosis")


def test_a_value_without_its_unit_is_not_known(subject: Subject, people: People) -> None:
    answers = {"age": Answer("30")}
    save(subject, people["nurse"], answers=answers, form="demography", revision=None)
    assert "AGE" not in known_names(subject)
