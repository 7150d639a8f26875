"""What the protocol says of a subject while its forms are filled in."""

from datetime import date

import pytest

from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.advice import advice_on, dose_verdict
from pilotage.capture.models import Contact, Entry, Subject
from pilotage.capture.present import left_out, record_of, study_record
from pilotage.forms.answer import Answer

DAY = date(2026, 11, 1)


@pytest.fixture
def screening(subject: Subject, people: dict[str, Actor]) -> Contact:
    return open_contact(
        subject, by=people["nurse"], planned="SCREENING", number=0, label="Screening",
        held_on=DAY.isoformat(),
    )  # fmt: skip


def save(contact: Contact, by: Actor, form: str, **answers: Answer) -> None:
    entry = Entry.objects.filter(contact=contact, form=form).first()
    save_entry(
        contact.subject, contact=contact, form=form, answers=answers, by=by,
        reason="Corrected" if entry else "", revision=entry.revision if entry else None,
    )  # fmt: skip


def test_nothing_is_advised_of_a_subject_without_a_form(subject: Subject) -> None:
    assert record_of(subject) is None
    assert advice_on(subject, DAY) is None
    assert study_record() is None


@pytest.mark.both_engines
def test_advice_follows_a_save_at_once(screening: Contact, people: dict[str, Actor]) -> None:
    def of_age() -> list[bool | None]:
        advice = advice_on(screening.subject, DAY)
        assert advice is not None
        return [each.passed for each in advice.eligibility if each.criterion.id == "IN01"]

    save(screening, people["nurse"], "demography", sex=Answer("F"))
    assert of_age() == [None]
    save(screening, people["nurse"], "demography", age=Answer("17", "years"))
    assert of_age() == [False]
    save(screening, people["nurse"], "demography", age=Answer("18", "years"))
    assert of_age() == [True]


def test_a_record_without_age_sex_and_consent_is_known_all_the_same(
    screening: Contact, people: dict[str, Actor]
) -> None:
    save(screening, people["nurse"], "medical_history", smoker=Answer("yes"))
    advice = advice_on(screening.subject, DAY)
    assert advice is not None
    assert advice.eligible is None


def test_a_value_that_the_datasets_refuse_is_left_out_and_told(
    screening: Contact, people: dict[str, Actor]
) -> None:
    nurse = people["nurse"]
    save(screening, nurse, "demography", age=Answer("40", "years"))
    save(
        screening, nurse, "haematology", sampled=Answer("2026-11-01"),
        neutrophils=Answer("2.1", "furlong"), platelets=Answer("200", "10*9/L"),
    )  # fmt: skip
    record = record_of(screening.subject)
    assert record is not None
    assert record.datasets.adlb["PARAMCD"].to_list() == ["PLAT"]
    (finding,) = left_out(screening.subject)
    assert "furlong" in finding.message


@pytest.mark.parametrize(
    ("dose", "frequency", "reason"),
    [
        ("5", "QD", "eligibility is not known"),
        ("15", "QD", "15 mg QD is no step of the dose ladder"),
    ],
)
def test_a_dose_is_held_against_the_protocol_before_it_is_saved(
    screening: Contact, people: dict[str, Actor], dose: str, frequency: str, reason: str
) -> None:
    save(screening, people["nurse"], "demography", age=Answer("40", "years"), sex=Answer("F"))
    answers = {"dose": Answer(dose, "mg"), "frequency": Answer(frequency)}
    found = dose_verdict(screening.subject, "exposure", answers, DAY)
    assert found is not None
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"dose": Answer("5", "mg")},
        {"dose": Answer("5", "furlong"), "frequency": Answer("QD")},
        {"dose": Answer("five", "mg"), "frequency": Answer("QD")},
        {"dose": Answer(missing="unknown")},
    ],
)
def test_a_dose_that_is_not_known_is_not_judged(
    screening: Contact, people: dict[str, Actor], answers: dict[str, Answer]
) -> None:
    save(screening, people["nurse"], "demography", age=Answer("40", "years"))
    assert dose_verdict(screening.subject, "exposure", answers, DAY) is None
