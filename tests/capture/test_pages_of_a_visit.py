"""The way into a visit and through it: what is offered first, and how far the work is."""

from datetime import date

from django.urls import reverse
from doors import signed_in

from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.subjects import open_contact
from pilotage.capture.models import Contact, Subject
from pilotage.capture.planned import planned
from pilotage.capture.templatetags.visit_forms import steps
from pilotage.capture.views.after_saving import forms_at
from pilotage.capture.views.contact import _nearness
from pilotage.capture.views.place import Place

People = dict[str, Actor]


def test_what_is_overdue_or_due_is_offered_first_and_what_is_done_last():
    days = {"done": 1, "missed": 2, "overdue": 3, "due": 4, "upcoming": 5, "done late": 6}
    rows = [{"STATUS": state, "TARGET": date(2026, 1, day)} for state, day in days.items()]
    offered = [row["STATUS"] for row in sorted(rows, key=_nearness)]
    assert offered == ["overdue", "due", "upcoming", "missed", "done", "done late"]


def screening(subject: Subject, by: Actor) -> Contact:
    first = planned().protocol.schedule.visits[0]
    return open_contact(
        subject, by=by, planned=first.id, number=first.number, label="Screening",
        held_on="2026-01-05",
    )  # fmt: skip


def test_a_form_of_a_visit_shows_a_step_for_each_planned_form(subject: Subject, people: People):
    contact = screening(subject, people["nurse"])
    forms = forms_at(contact)
    shown = steps(Place(subject, contact, forms[1], 1, None))
    assert [step["form"] for step in shown["steps"]] == list(forms)
    assert [step["here"] for step in shown["steps"]].index(True) == 1
    assert (shown["number"], shown["left"]) == (2, len(forms))


def test_a_page_of_a_log_has_no_steps(subject: Subject):
    log = next(code for code, form in planned().protocol.forms.items() if form.repeating)
    assert steps(Place(subject, None, log, 1, None)) == {"steps": []}


def test_a_form_names_its_subject_visit_and_day(subject: Subject, people: People):
    contact = screening(subject, people["nurse"])
    address = reverse("entry_at", args=[subject.usubjid, contact.pk, forms_at(contact)[0], 1])
    text = signed_in("nurse").get(address).content.decode()
    assert f"<b>{subject.usubjid}</b> · Screening · 2026-01-05" in text
