"""The subjects of the examples as a snapshot: every answer where its item says that it lives, read
as any data cut is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pilotage.check.examples.subjects import VISIT, Subject, day_of
from pilotage.check.examples.values import Measured, measured, plain
from pilotage.courses.records import Records
from pilotage.courses.rows import Rows, categories
from pilotage.datasets.facts import Target, read_target
from pilotage.findings import InputErrors
from pilotage.instruments import instruments
from pilotage.rules.planned import planned_visits
from pilotage.snapshot import Snapshot
from pilotage.snapshot.read import read_tables
from pilotage.snapshot.tables import DATE_COLUMN, in_order, required_columns
from pilotage.study import Study
from pilotage.study.protocol import Form, Protocol, text_of
from pilotage.study.worked_examples import Answer, Written

ALWAYS = ("dm", "ex", "qs", "lb", "ae", "ds", "sv")
UNSCHEDULED = "unscheduled"
NUMBERS = ("integer", "number")
FAR = 3650
"""Repeated visits can be named up to this day."""


@dataclass(frozen=True, slots=True)
class Contact:
    """The visit at which something was recorded."""

    number: float | None = None
    label: str = ""


def contacts_named(study: Study) -> dict[str, Contact]:
    """What an example can call a visit, with its number and name."""
    plan = planned_visits(study, last=FAR).select("ID", "VISITNUM", "LABEL").rows()
    named = {name: Contact(number, label) for name, number, label in plan}
    unscheduled = study.protocol.schedule.unscheduled
    label = text_of(unscheduled.label) if unscheduled else "Unscheduled"
    return {**named, UNSCHEDULED: Contact(None, label)}


def snapshot_of(study: Study, subjects: Sequence[Subject], *, day_one: date, cut: date) -> Snapshot:
    """The tables of all subjects, read as those of any data cut. Every table that a form of the
    study writes to is there, so that an example never depends on what others record.

    Raises InputErrors for values that no table takes.
    """
    rows: dict[str, list[Mapping[str, object]]] = {}
    visits = contacts_named(study)
    for subject in subjects:
        written = _Writer(study, visits, subject, day_one).write()
        for domain, found in written.tables().items():
            rows.setdefault(domain, []).extend(found)
    columns = _columns(study.protocol)
    names = in_order({*columns, *rows})
    files = {name: f"{name}.csv" for name in names}
    content = {f"{name}.csv": _csv(rows.get(name, []), columns.get(name, ())) for name in names}
    reading = read_tables(files, content.__getitem__, signed={})
    if reading.errors:
        raise InputErrors(reading.errors)
    return Snapshot(
        folder=study.folder,
        tables=reading.tables,
        files=files,
        records=reading.records,
        manifest=None,
        findings=(),
        synthetic=False,
        data_cut=cut,
    )


def _columns(protocol: Protocol) -> dict[str, list[str]]:
    """The columns of each table that a form of the study writes to, and of those there always
    are."""
    found = {name: dict.fromkeys(_always(name)) for name in ALWAYS}
    for form in protocol.forms.values():
        for item in form.items.values():
            target = read_target(item.target)
            own = found.setdefault(target.domain, dict.fromkeys(_always(target.domain)))
            own |= dict.fromkeys([target.variable, *(column for column, _ in target.where)])
    return {name: list(columns) for name, columns in found.items()}


def _always(domain: str) -> Iterator[str]:
    yield from required_columns(domain)
    prefix = domain.upper()
    if domain.startswith("supp"):
        yield from ("STUDYID", "RDOMAIN", "IDVAR", "IDVARVAL")
    elif domain != "dm":
        date_column = DATE_COLUMN.get(domain, f"{prefix}DTC")
        yield from ("STUDYID", "DOMAIN", f"{prefix}SEQ", date_column, "VISITNUM", "VISIT")


def _csv(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> bytes:
    names = list(dict.fromkeys([*columns, *(column for row in rows for column in row)]))
    frame = pl.DataFrame(
        {name: [plain(row.get(name)) for row in rows] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )
    return frame.write_csv().encode()


@dataclass(slots=True)
class _Writer:
    """Writes the rows of one subject."""

    study: Study
    visits: Mapping[str, Contact]
    subject: Subject
    day_one: date

    def write(self) -> Records:
        records = Records(self.study.protocol.study.id, self.subject.id, self.day_one)
        for day in sorted(self.subject.records):
            self._day(records, day, self.subject.records[day])
        self._doses(records)
        return records

    def _day(self, records: Records, day: date, answers: Mapping[str, Answer]) -> None:
        visit = answers.get(VISIT)
        at = None if visit is None else self.visits[str(visit)]
        if at is not None:
            records.visit(at.number, at.label, day)
        for form, own in _by_form(answers).items():
            if form in self.study.protocol.parameters:
                self._parameter(records, day, at or Contact(), form, own[""])
            elif form in self.study.protocol.forms:
                self._form(records, day, at, form, own)

    def _form(
        self, records: Records, day: date, at: Contact | None, name: str, own: dict[str, Answer]
    ) -> None:
        form = self.study.protocol.forms[name]
        if form.instrument is not None:
            self._instrument(records, day, at or Contact(), form, own)
        rows = Rows(records, day, at, dict(categories(form)))
        for code, item in form.items.items():
            if code not in own:
                continue
            target = read_target(item.target)
            if item.type not in NUMBERS:
                rows.put(target, self._coded(plain(own[code]) or "", item.type))
                continue
            value = measured(own[code], item.unit)
            rows.put(target, value.text)
            for variable, beside in _beside(target, value).items():
                rows.put(Target(target.domain, variable, target.where), beside)
        rows.write()

    def _coded(self, text: str, kind: str) -> str:
        """The text as SDTM keeps it."""
        if kind == "yes_no":
            return {"yes": "Y", "no": "N"}[text]
        if kind in ("date", "datetime") and not text.count("-") >= 2:
            return day_of(text, self.day_one).isoformat()
        return text

    def _instrument(
        self, records: Records, day: date, at: Contact, form: Form, own: dict[str, Answer]
    ) -> None:
        """The items that are named; `*` gives a value to all the others."""
        instrument = instruments[form.instrument or ""]
        for item in instrument.items:
            value = own.get(item.code.lower(), own.get("*"))
            if value is not None and not isinstance(value, Written):
                records.item(instrument.category, item.code, item.label, int(value), day, at)

    def _parameter(
        self, records: Records, day: date, at: Contact, code: str, answer: Answer
    ) -> None:
        """A total of a questionnaire, or a result of the laboratory."""
        parameter = self.study.protocol.parameters[code]
        value = measured(answer, None)
        visit = {"VISITNUM": at.number, "VISIT": at.label or None}
        prefix = parameter.domain
        row: dict[str, object] = {f"{prefix}TESTCD": code, f"{prefix}ORRES": value.text, **visit}
        if parameter.domain == "QS":
            row |= {"QSCAT": parameter.category, "QSSTRESN": value.text}
        else:
            row |= _beside(Target("lb", "LBORRES", ()), value)
        records.add(prefix.lower(), day, row)

    def _doses(self, records: Records) -> None:
        treatment = self.study.protocol.treatment
        ladder = {step.step: step for step in treatment.ladder}
        for dose in self.subject.doses:
            step = ladder[dose.step]
            last = None if dose.last is None else day_of(dose.last, self.day_one)
            values = {
                "EXTRT": treatment.term,
                "EXDOSE": step.dose,
                "EXDOSU": treatment.unit,
                "EXDOSFRQ": step.frequency,
                "EXENDTC": None if last is None else last.isoformat(),
            }
            records.add("ex", day_of(dose.first, self.day_one), values)


def _by_form(answers: Mapping[str, Answer]) -> dict[str, dict[str, Answer]]:
    """The answers by form or parameter, and by item."""
    found: dict[str, dict[str, Answer]] = {}
    for name, answer in answers.items():
        first, _, item = name.partition(".")
        if name != VISIT:
            found.setdefault(first, {})[item] = answer
    return found


def _beside(target: Target, value: Measured) -> dict[str, object]:
    """Unit and limits of normal in their columns, where the table keeps them."""
    variable = target.variable
    found: dict[str, object] = {}
    if value.unit is not None and variable.endswith(("ORRES", "DOSE")):
        found[variable + "U" if variable.endswith("ORRES") else variable[:-1] + "U"] = value.unit
    if variable == "LBORRES":
        found |= {"LBORNRLO": value.low, "LBORNRHI": value.high}
    return found


def latest_day(subjects: Sequence[Subject], moments: Sequence[date], day_one: date) -> date:
    """The day of the data cut: the last on which anything is recorded, taken or asked."""
    days = [day for subject in subjects for day in subject.records]
    for subject in subjects:
        ends = [end for dose in subject.doses for end in (dose.first, dose.last) if end is not None]
        days += [day_of(end, day_one) for end in ends]
    return max([*days, *moments, day_one]) + timedelta(days=1)
