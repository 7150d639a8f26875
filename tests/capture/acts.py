"""Acts for tests, in one line each."""

from collections.abc import Mapping
from typing import Any

from capture_records import PASSWORD

from pilotage.capture.actions import signing, subjects
from pilotage.capture.actions.acting import Actor
from pilotage.capture.actions.entries import Saved, save_entry
from pilotage.capture.content import content_of, content_of_subject
from pilotage.capture.models import Entry, Signature, Subject
from pilotage.forms.answer import Answer

People = Mapping[str, Actor]

COMPLETE = {"signed": "yes", "signed_on": "2026-01-01", "version": "2"}
"""A consent form with every required item."""


def save(subject: Subject, by: Actor, values: Mapping[str, str] = COMPLETE, **rest: Any) -> Saved:
    """Save the consent form, on its present revision unless another is given."""
    if "revision" not in rest:
        entry = Entry.objects.filter(subject=subject, form="consent", repeat=1).first()
        rest["revision"] = entry.revision if entry else None
    answers = {item: Answer(value=value) for item, value in values.items()}
    given = {"contact": None, "form": "consent", "answers": answers, "by": by}
    return save_entry(subject, **{**given, **rest})


def saved(subject: Subject, by: Actor, **rest: Any) -> Entry:
    """The consent form, saved and complete."""
    entry = save(subject, by, **rest).entry
    assert entry is not None
    return entry


def sign(entry: Entry, by: Actor, **rest: Any) -> Signature:
    given = {"password": PASSWORD, "meaning": "approval", "seen": content_of(entry)}
    return signing.sign_entry(entry, by=by, **{**given, **rest})


def sign_eligibility(subject: Subject, by: Actor, **rest: Any) -> Signature:
    given = {"password": PASSWORD, "seen": content_of_subject(subject), "verdict": "eligible"}
    return subjects.sign_eligibility(subject, by=by, **{**given, **rest})


def now(row: Any) -> Any:
    """A row as it stands in the database."""
    return type(row).objects.get(pk=row.pk)
