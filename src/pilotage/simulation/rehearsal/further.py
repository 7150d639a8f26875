"""Forms that the cohort has no rows of: sheets that were lost, on which every question says why
there is no result, and those that were filled beside the cohort."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from pilotage.forms import Filled
from pilotage.forms.answer import Answer
from pilotage.forms.doses import first_dose
from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.filling import place_in
from pilotage.forms.planned import plan_of
from pilotage.simulation.rehearsal.happened import Astray
from pilotage.simulation.rehearsal.lived import Beside
from pilotage.study import Study

WHY: Final = "the sample was lost"


def with_further_forms(
    study: Study, filled: Filled, astray: Iterable[Astray], beside: Iterable[Beside]
) -> Filled:
    """The forms of the cohort, those that were filled beside it, and those of which the site wrote
    that the sample was lost."""
    lost = [each for each in astray if each.what == "lost form" and each.told]
    further = [
        *beside,
        *(Beside(e.subject, e.day, e.label, e.form, dict(_unanswered(study, e))) for e in lost),
    ]
    subjects = {subject.usubjid: subject for subject in filled.subjects}
    forms = {(f.subject, f.contact, f.form, f.repeat): f for f in filled.forms}
    starts = {code: _start(study, code, filled.forms) for code in subjects}
    for each in sorted(further, key=lambda each: (each.subject, each.day)):
        code = each.subject
        subjects[code], contact = _at(study, subjects[code], starts[code], each)
        place = (code, contact, each.form, 1)
        there = forms[place].answers if place in forms else {}
        answers = {**each.answers, **there}
        forms[place] = FilledForm(*place, answers)
    every = _in_order(study, forms.values())
    return replace(filled, subjects=tuple(subjects.values()), forms=every)


def _unanswered(study: Study, lost: Astray) -> Iterator[tuple[str, Answer]]:
    """The day of the sample, and for every question that is asked of everybody the reason."""
    for code, item in study.protocol.forms[lost.form].items.items():
        if item.type in ("date", "datetime") and item.required:
            yield code, Answer(lost.day.isoformat())
        elif item.when is None and item.type in ("integer", "number"):
            yield code, Answer(missing="not done", why=WHY)


def _at(
    study: Study, subject: FilledSubject, start: date | None, lost: Beside
) -> tuple[FilledSubject, FilledContact]:
    """The contact of the form; a test of which nothing else was written down is added."""
    day = lost.day.isoformat()
    same_day = [contact for contact in subject.contacts if contact.held_on == day]
    for contact in same_day:
        if contact.label == lost.label:
            return subject, contact
    series = {label: form for form, label in plan_of(study).series.items()}
    number = day if start is None else str(_study_day(start, lost.day))
    planned = f"{series.get(lost.label, lost.form)} {number}"
    added = FilledContact(planned, None, lost.label, day, len(same_day))
    every = sorted([*subject.contacts, added], key=lambda each: (each.held_on, each.order))
    return replace(subject, contacts=tuple(every)), added


def _start(study: Study, subject: str, forms: Iterable[FilledForm]) -> date | None:
    """The day of the first dose."""
    first = first_dose(study, (form for form in forms if form.subject == subject))
    return date.fromisoformat(first) if first else None


def _study_day(start: date, day: date) -> int:
    """The day after the first dose, which is 1."""
    apart = (day - start).days
    return apart + 1 if apart >= 0 else apart


def _in_order(study: Study, forms: Iterable[FilledForm]) -> tuple[FilledForm, ...]:
    """Subject by subject, contact by contact, logs last; forms as the plan has them."""
    plan = plan_of(study)
    return tuple(sorted(forms, key=lambda form: (form.subject, *place_in(plan, form))))
