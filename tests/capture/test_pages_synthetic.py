"""What leaves the application says that its subjects are invented; that of real ones does not."""

import icalendar
import pytest
from django.conf import settings
from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import save_entry
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.models import Subject
from pilotage.capture.planned import planned
from pilotage.forms.answer import Answer

SAID = "Synthetic data: no real person is described"
People = dict[str, Actor]

invented = pytest.mark.parametrize("synthetic", [True, False])


@pytest.fixture(autouse=True)
def _synthetic(synthetic: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SYNTHETIC", synthetic)
    monkeypatch.setattr("pilotage.capture.today._demonstrated", lambda: None)


@invented
def test_every_worksheet(synthetic: bool, people: People, subject: Subject) -> None:
    first = planned().protocol.schedule.visits[0]
    contact = open_contact(
        subject, by=people["nurse"], planned=first.id, number=first.number, label="Screening",
        held_on="2026-01-05",
    )  # fmt: skip
    addresses = [
        reverse("blank_forms"),
        reverse("visit_worksheet", args=[first.id]),
        reverse("worksheet", args=[subject.usubjid, contact.pk]),
    ]
    for address in addresses:
        page = signed_in("nurse").get(address).content.decode()
        sheets = page.count('<section class="sheet">')
        assert sheets > 0
        assert page.count(SAID) == (sheets if synthetic else 0)


@invented
def test_the_calendar_and_each_of_its_events(
    synthetic: bool, people: People, subject: Subject
) -> None:
    ((form, item),) = (
        (code, item)
        for code, page in planned().protocol.forms.items()
        for item, each in page.items.items()
        if each.target == "DM.RFICDTC"
    )
    consent, by = {item: Answer(value="2026-01-05")}, people["nurse"]
    save_entry(subject, contact=None, form=form, answers=consent, revision=None, by=by)
    answer = signed_in("nurse").get(reverse("calendar_file"))
    calendar = icalendar.Calendar.from_ical(answer.content)
    events = calendar.walk("VEVENT")
    assert events
    for words in (calendar["X-WR-CALNAME"], *(event["SUMMARY"] for event in events)):
        assert words.startswith("SYNTHETIC: ") is synthetic
    assert all(f"{subject.usubjid}: " in event["SUMMARY"] for event in events)
    assert ("SYNTHETIC-contacts.ics" in answer["Content-Disposition"]) is synthetic


@invented
def test_the_name_of_the_audit_trail(synthetic: bool, people: People) -> None:
    answer = signed_in("monitor").get(reverse("trail_file"))
    assert ('"SYNTHETIC-audit-trail.csv"' in answer["Content-Disposition"]) is synthetic
