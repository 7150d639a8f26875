"""Filled forms as SDTM tables, and for every cell the answer that it came from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import polars as pl

from pilotage.forms.filled import FilledContact, FilledForm, FilledSubject
from pilotage.forms.places import FormPlaces
from pilotage.forms.planned import Plan, plan_of
from pilotage.forms.reasons import reason_text
from pilotage.forms.rows import OPEN, FormRows, Row, supplement, written
from pilotage.snapshot.tables import REQUIRED_COLUMNS, REQUIRED_TABLES, required_columns
from pilotage.study import Study

SOURCES = {
    "DOMAIN": pl.String, "USUBJID": pl.String, "SEQ": pl.Int64, "VARIABLE": pl.String,
    "FORM": pl.String, "REPEAT": pl.Int64, "ITEM": pl.String, "VERSION": pl.Int64,
    "ENTRY": pl.Int64,
}  # fmt: skip
Line = dict[str, str | None]
UNDATED = "~"
"""Comes after every date: rows without a date are numbered last."""


@dataclass(frozen=True, slots=True)
class Tables:
    """SDTM tables by lower-case name, every column as text.

    `sources` has a row for each cell that an answer filled: the domain (SUPPAE for a supplement,
    with QNAM as VARIABLE and SEQ of the row that it belongs to), the form and item, and where the
    data come from a record the item version and the entry. `unplaced` says in words what SDTM has
    no place for.
    """

    frames: Mapping[str, pl.DataFrame]
    sources: pl.DataFrame
    unplaced: tuple[str, ...] = ()


def tables_of(
    study: Study, subjects: Iterable[FilledSubject], filled: Iterable[FilledForm]
) -> Tables:
    """The tables of a record. Same subjects and forms: same tables, whatever their order.

    Every domain that a form of the study can fill has a table, without rows where nothing was
    filled in: it was collected. --SEQ goes by date, contact, form (in the order of the plan) and
    place in the form.
    """
    making = Making(study)
    forms: dict[str, list[FilledForm]] = {}
    for form in filled:
        forms.setdefault(form.subject, []).append(form)
    everybody = sorted(subjects, key=lambda subject: subject.usubjid)
    several = len({subject.site for subject in everybody}) > 1
    for subject in everybody:
        making.subject(subject, forms.get(subject.usubjid, []), with_site=several)
    return making.tables()


@dataclass(slots=True)
class Making:
    """Collects the rows of one subject after the other."""

    study: Study
    plan: Plan = field(init=False)
    places: Mapping[str, FormPlaces] = field(init=False)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    sources: list[tuple[object, ...]] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = plan_of(self.study)
        self.places = self.plan.places

    def subject(self, subject: FilledSubject, forms: list[FilledForm], *, with_site: bool) -> None:
        ordered = sorted(filter(self._is_known, forms), key=self._order)
        days = self._days(subject, ordered)
        self._demography(subject, ordered, with_site=with_site)
        rows = [*self._visits(subject, ordered, days)]
        for form in ordered:
            rows += self._rows(form, days)
        for domain in dict.fromkeys(row.domain for row in rows):
            own = [row for row in rows if row.domain == domain]
            own.sort(key=lambda row: (row.when or UNDATED, row.order))
            for number, row in enumerate(own, 1):
                self._line(row, number)

    def _is_known(self, form: FilledForm) -> bool:
        if form.form not in self.places:
            words = "the study has no such form, so its answers have no place"
            self.unplaced.append(f"{form.subject}, {form.form}: {words}")
        return form.form in self.places

    def _order(self, form: FilledForm) -> tuple[object, ...]:
        """By contact, logs last; then as the plan has the forms of the contact."""
        contact, rank = form.contact, self.plan.rank(form.contact, form.form)
        if contact is None:
            return UNDATED, 0, "", 0.0, rank, form.repeat
        return *_place(contact), rank, form.repeat

    def _days(self, subject: FilledSubject, forms: list[FilledForm]) -> dict[FilledContact, str]:
        """The day of each contact: the date that was answered for it, else that of the contact."""
        days = {contact: contact.held_on for contact in subject.contacts}
        for form in forms:
            if form.contact is not None:
                days.setdefault(form.contact, form.contact.held_on)
                for cell in self.places[form.form].visit:
                    value = form.answers.get(cell.item, OPEN).value
                    if cell.variable == "SVSTDTC" and value:
                        days[form.contact] = value
        return days

    # -- what has one row or none -----------------------------------------------------------------

    def _demography(
        self, subject: FilledSubject, forms: list[FilledForm], *, with_site: bool
    ) -> None:
        line: Line = self._begun("DM", subject.usubjid)
        line["SUBJID"] = _number(subject.usubjid)
        if with_site:
            line["SITEID"] = subject.site
        for form in forms:
            places = self.places[form.form]
            for cell in places.subject:
                answer = form.answers.get(cell.item, OPEN)
                if answer.missing:
                    said = (cell.reason, reason_text(answer), cell.item)
                    self._supplement("DM", form, said, None)
                elif answer.value:
                    line[cell.variable] = written(cell, answer)
                    self._note("DM", form, None, cell.variable, cell.item)
                    unit = answer.unit or cell.unit
                    if cell.unit_variable and unit:
                        line[cell.unit_variable] = unit.upper()
            for parent, cell in places.supplements:
                answer = form.answers.get(cell.item, OPEN)
                if parent == "dm" and not answer.is_open:
                    for each in supplement(cell, answer):
                        self._supplement("DM", form, each, None)
        self.lines.setdefault("dm", []).append(line)

    def _visits(
        self, subject: FilledSubject, forms: list[FilledForm], days: Mapping[FilledContact, str]
    ) -> list[Row]:
        """A row of SV for every visit that took place."""
        rows, asking = [], dict[FilledContact, FilledForm]()
        for form in forms:
            if form.contact is not None and self.places[form.form].visit:
                asking.setdefault(form.contact, form)
        contacts = sorted({*subject.contacts, *days}, key=_place)
        for at, contact in enumerate(contacts):
            if not self.plan.is_visit(contact):
                continue
            nowhere = FilledForm(subject.usubjid, contact, "", 1, {})
            asked = asking.get(contact, nowhere)
            row = Row("sv", asked, {"VISIT": contact.label}, when=days[contact], order=(at,))
            if contact.number is not None:
                row.values["VISITNUM"] = f"{contact.number:g}"
            row.values |= {"SVSTDTC": days[contact], "SVENDTC": days[contact]}
            for cell in self.places[asked.form].visit if asked.form else ():
                answer = asked.answers.get(cell.item, OPEN)
                if answer.missing:
                    row.supplements.append((cell.reason, reason_text(answer), cell.item))
                elif answer.value:
                    row.put(cell.variable, written(cell, answer), cell.item)
            rows.append(row)
        return rows

    # -- rows of forms ----------------------------------------------------------------------------

    def _rows(self, form: FilledForm, days: Mapping[FilledContact, str]) -> list[Row]:
        places = self.places[form.form]
        day = None if form.contact is None else days[form.contact]
        rows = FormRows(places, form, day).rows()
        self.unplaced += _unplaced(places, form)
        return rows

    def _line(self, row: Row, number: int) -> None:
        prefix = row.domain.upper()
        line = self._begun(prefix, row.form.subject)
        line |= {f"{prefix}SEQ": str(number), **row.values}
        self.lines.setdefault(row.domain, []).append(line)
        for variable, item in row.items.items():
            self._note(prefix, row.form, number, variable, item)
        for said in row.supplements:
            self._supplement(prefix, row.form, said, number)

    def _begun(self, domain: str, subject: str) -> Line:
        return {"STUDYID": self.study.protocol.study.id, "DOMAIN": domain, "USUBJID": subject}

    def _supplement(
        self, domain: str, form: FilledForm, said: tuple[str, str, str], number: int | None
    ) -> None:
        name, value, item = said
        line: Line = {
            "STUDYID": self.study.protocol.study.id,
            "RDOMAIN": domain,
            "USUBJID": form.subject,
            "IDVAR": None if number is None else f"{domain}SEQ",
            "IDVARVAL": None if number is None else str(number),
            "QNAM": name,
            "QVAL": value,
        }
        self.lines.setdefault(f"supp{domain.lower()}", []).append(line)
        self._note(f"SUPP{domain}", form, number, name, item)

    def _note(
        self, domain: str, form: FilledForm, number: int | None, variable: str, item: str
    ) -> None:
        place = (domain, form.subject, number, variable, form.form, form.repeat, item)
        self.sources.append((*place, form.versions.get(item), form.entry or None))

    # -- frames -----------------------------------------------------------------------------------

    def tables(self) -> Tables:
        domains = {"dm", "sv", *REQUIRED_TABLES}
        for places in self.places.values():
            domains |= places.domains()
        names = [*REQUIRED_COLUMNS, *sorted({*domains, *self.lines} - {*REQUIRED_COLUMNS})]
        frames = {
            name: _frame(name, self.lines.get(name, []), self._columns(name))
            for name in names
            if name in domains or name in self.lines
        }
        sources = pl.DataFrame(self.sources, schema=SOURCES, orient="row")
        return Tables(frames, sources, tuple(self.unplaced))

    def _columns(self, table: str) -> list[str]:
        """The columns that the study can fill, in the order of its forms."""
        if table == "dm":
            found: Iterable[str] = (
                cell.variable for places in self.places.values() for cell in places.subject
            )
            return ["AGEU", "SUBJID", "SITEID", *found]
        if table == "sv":
            return ["VISITNUM", "VISIT", "SVENDTC", "SVSTDTC"]
        own = [row for p in self.places.values() for row in p.rows if row.domain == table]
        columns = chain.from_iterable(
            (*(name for name, _ in (*row.constants, *row.where)), *(c.variable for c in row.cells))
            for row in own
        )
        return list(columns)


def _frame(table: str, lines: list[Line], columns: list[str]) -> pl.DataFrame:
    """The required columns first, then those that the study can fill; a column in which no row has
    anything is left out, unless it is required or the table has no rows."""
    first = list(_first_columns(table))
    found = dict.fromkeys(chain([*first, *columns], chain.from_iterable(lines)))
    filled = {name for line in lines for name, value in line.items() if value}
    names = [name for name in found if name in first or name in filled or not lines]
    data = {name: [line.get(name) or None for line in lines] for name in names}
    return pl.DataFrame(data, schema=dict.fromkeys(names, pl.String))


def _first_columns(table: str) -> tuple[str, ...]:
    if table.startswith("supp"):
        return ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    if table in REQUIRED_COLUMNS:
        return required_columns(table)
    return ("STUDYID", "DOMAIN", "USUBJID", f"{table.upper()}SEQ")


def _place(contact: FilledContact) -> tuple[str, int, str, float]:
    return contact.held_on or UNDATED, contact.order, contact.label, contact.number or 0


def _number(usubjid: str) -> str:
    """SUBJID: the number at the end of the code, without leading zeros; else the code itself."""
    digits = re.search(r"[0-9]+$", usubjid)
    return str(int(digits.group())) if digits else usubjid


def _unplaced(places: FormPlaces, form: FilledForm) -> Iterator[str]:
    """Answers to items that no version of the protocol has, and parts of answers that SDTM has no
    column for."""
    cells = [cell for place in places.rows for cell in place.cells]
    cells += [*places.dates.values(), *places.subject, *places.visit]
    supplements = [cell for _, cell in places.supplements]
    known = {cell.item: cell for cell in (*cells, *supplements)}
    for item, answer in form.answers.items():
        where, cell = f"{form.subject}, {form.form} {form.repeat}, {item}", known.get(item)
        if cell is None:
            if answer != OPEN:
                yield f"{where}: the form has no such item"
            continue
        supplied = cell in supplements
        if (answer.low or answer.high) and (supplied or not cell.has_limits):
            yield f"{where}: SDTM has no place for limits of normal beside {cell.variable}"
        if answer.unit not in ("", cell.unit) and not supplied and cell.unit_variable is None:
            yield f"{where}: SDTM has no place for the unit {answer.unit} beside {cell.variable}"
