"""SDTM tables as filled forms: the way back, and in words what no form has a place for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from pilotage.forms.attended import Attended
from pilotage.forms.filled import FilledForm, FilledSubject
from pilotage.forms.pages import Pages, Reading
from pilotage.forms.planned import Plan
from pilotage.plural import counted
from pilotage.snapshot import Snapshot
from pilotage.snapshot.tables import LINE
from pilotage.study import Study

Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in at whose contacts, and what of the tables no form has a place for."""

    subjects: tuple[FilledSubject, ...]
    forms: tuple[FilledForm, ...]
    unplaced: tuple[str, ...]

    def by_subject(self) -> Iterator[tuple[FilledSubject, list[FilledForm]]]:
        """Each subject with its forms, in their order."""
        own: dict[str, list[FilledForm]] = {subject.usubjid: [] for subject in self.subjects}
        for form in self.forms:
            own[form.subject].append(form)
        for subject in self.subjects:
            yield subject, own[subject.usubjid]


def filled_of(study: Study, snapshot: Snapshot) -> Filled:
    """Every row of a snapshot as an answer to the item that says that it lives there.

    Forms come subject by subject, contact by contact, in the order of the plan. `unplaced` counts
    the cells and rows that no form has a place for, by table and column; deviations (DV) among
    them: they follow from the record.
    """
    reading = Reading(study)
    tables = {name: _by_subject(frame) for name, frame in snapshot.tables.items()}
    subjects, forms = [], list[FilledForm]()
    for subject in snapshot.tables["dm"]["USUBJID"].sort():
        own = {name: lines.get(subject, []) for name, lines in tables.items()}
        contacts = Attended(reading.plan, own)
        site = own["dm"][0].get("SITEID", "")
        forms += _forms(reading, subject, own, contacts)
        subjects.append(FilledSubject(subject, site, contacts.all()))
    lost = [f"{what}: {counted(count, 'row')}" for what, count in sorted(reading.lost.items())]
    return Filled(tuple(subjects), tuple(forms), tuple(lost))


def _by_subject(frame: pl.DataFrame) -> dict[str, list[Line]]:
    """The rows of each subject in their order, without empty cells; numbers as short texts."""
    numbers = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    found: dict[str, list[Line]] = {}
    for row in frame.drop(LINE, strict=False).iter_rows(named=True):
        line = {
            name: f"{value:.15g}" if name in numbers else str(value)
            for name, value in row.items()
            if value is not None
        }
        found.setdefault(line["USUBJID"], []).append(line)
    return found


def _forms(
    reading: Reading, subject: str, tables: Mapping[str, list[Line]], contacts: Attended
) -> list[FilledForm]:
    """Every form of one subject: visits and rows first, then what belongs to them."""
    pages = Pages(reading, contacts)
    pages.person(tables.get("dm", []))
    pages.visits()
    of_rows = [n for n in tables if n not in ("dm", "sv") and not n.startswith("supp")]
    for domain in of_rows:
        for line in tables[domain]:
            pages.row(domain, line)
    for domain in (name for name in tables if name.startswith("supp")):
        for line in tables[domain]:
            pages.supplement(domain.removeprefix("supp"), line)
    made = [
        FilledForm(subject, contact, form, repeat, answers)
        for (form, contact, repeat), answers in pages.answers.items()
        if answers
    ]
    return sorted(made, key=lambda form: place_in(reading.plan, form))


def place_in(plan: Plan, form: FilledForm) -> tuple[object, ...]:
    """Where a form stands among those of its subject: contact by contact, logs last, each contact
    in the order of the plan."""
    contact, rank = form.contact, plan.rank(form.contact, form.form)
    if contact is None:
        return "~", 0, rank, form.repeat
    return contact.held_on, contact.order, rank, form.repeat
