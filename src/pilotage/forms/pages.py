"""The pages of forms of one subject, found row by row in its tables."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from pilotage.forms.answer import Answer
from pilotage.forms.attended import Attended
from pilotage.forms.filled import FilledContact
from pilotage.forms.places import Cell, FormPlaces, Place
from pilotage.forms.planned import Plan, plan_of
from pilotage.forms.reasons import NOT_DONE, reason_of
from pilotage.forms.rows import unit_name
from pilotage.study import Study

YES_NO = {"Y": "yes", "N": "no"}
Line = dict[str, str]
Page = tuple[str, FilledContact | None, int]
"""A form, its contact and the number of the page."""
Pair = tuple[str, str]
Numbered = tuple[int, str, Place]
"""A place with its number in the order of the study, and its form."""


@dataclass(slots=True)
class Reading:
    """What the study says of rows, for one subject after the other. `lost` counts what has no
    place."""

    study: Study
    plan: Plan = field(init=False)
    places: Mapping[str, FormPlaces] = field(init=False)
    by_domain: dict[str, dict[Pair, list[Numbered]]] = field(default_factory=dict)
    """The places of each table, by the last column that tells them apart and its value."""
    lost: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.plan = plan_of(self.study)
        self.places = self.plan.places
        for name, places in self.places.items():
            for place in places.rows:
                known = self.by_domain.setdefault(place.domain, {})
                told_by = place.where[-1] if place.where else ("", "")
                number = sum(map(len, known.values()))
                known.setdefault(told_by, []).append((number, name, place))


@dataclass(slots=True)
class Pages:
    """The pages of one subject: answers by form, contact and repeat."""

    reading: Reading
    contacts: Attended
    answers: dict[Page, dict[str, Answer]] = field(default_factory=dict)
    taken: set[tuple[Page, Place]] = field(default_factory=set)
    at: dict[tuple[str, str], tuple[Page, Place | None]] = field(default_factory=dict)
    """The page of each row, by its table and --SEQ."""

    # -- the subject and the visits ---------------------------------------------------------------

    def person(self, lines: list[Line]) -> None:
        """DM: each column to its item, at the first contact that plans the form."""
        for line in lines:
            read = {"STUDYID", "DOMAIN", "USUBJID", "SUBJID", "SITEID"}
            for name, places in self.reading.places.items():
                for cell in places.subject:
                    if cell.variable in line:
                        self._answer(self._own_page(name), cell, line, read)
            self._note("DM", line, read)

    def visits(self) -> None:
        """SV: the date and the rest of a visit, to the form that the plan has there."""
        for contact, line in self.contacts.rows:
            read = {"STUDYID", "DOMAIN", "USUBJID", "SVSEQ", "VISITNUM", "VISIT", "SVSTDTC"}
            if line.get("SVENDTC") == line.get("SVSTDTC"):
                read.add("SVENDTC")
            for name, places in self.reading.places.items():
                if places.visit and name in self.reading.plan.forms(contact):
                    page = (name, contact, 1)
                    self.at["sv", line["SVSEQ"]] = page, None
                    for cell in places.visit:
                        if cell.variable in line:
                            self._answer(page, cell, line, read)
            self._note("SV", line, read)

    def _own_page(self, form: str) -> Page:
        planned = (c for c in self.contacts.all() if form in self.reading.plan.forms(c))
        return form, next(planned, next(iter(self.contacts.all()), None)), 1

    # -- rows -------------------------------------------------------------------------------------

    def row(self, domain: str, line: Line) -> None:
        contact = self.contacts.of(domain, line)
        found = self._place(domain, line, contact) or self._dated_place(domain, line, contact)
        if found is None:
            self.reading.lost[f"{domain.upper()}: no form asks for this"] += 1
            return
        form, place = found
        if contact is None and not self.reading.places[form].repeating:
            contact = self.contacts.planning(form, line.get(f"{place.prefix}DTC"))
        page = self._page(form, place, contact, line)
        self.taken.add((page, place))
        if f"{place.prefix}SEQ" in line:
            self.at[domain, line[f"{place.prefix}SEQ"]] = page, place
        read = self._read_plain(place, line, contact)
        date = self.reading.places[form].dates.get(domain)
        asked = [cell.variable for cell in place.cells]
        for cell in place.cells:
            if cell.variable in line:
                self._answer(page, cell, line, read, asked)
        if date is not None and date.variable in line:
            self._answer(page, date, line, read)
        if line.get(f"{place.prefix}STAT") == NOT_DONE and place.result is not None:
            said = reason_of(line.get(f"{place.prefix}REASND"))
            self.answers[page][place.result.item] = said
            read |= {f"{place.prefix}STAT", f"{place.prefix}REASND"}
        self._note(place.prefix, line, read)

    def _place(
        self, domain: str, line: Line, contact: FilledContact | None
    ) -> tuple[str, Place] | None:
        """The form and place that fit a row best: those that name most of its columns; among them a
        log for a row without a visit, a form of the visit for one with it."""
        known = self.reading.by_domain.get(domain, {})
        pairs = [pair for pair in (("", ""), *line.items()) if pair in known]
        fitting = sorted(
            (
                (at, name, place)
                for pair in pairs
                for at, name, place in known[pair]
                if all(line.get(column) == value for column, value in place.where)
            ),
            key=lambda found: found[0],
        )
        planned = () if contact is None else self.reading.plan.forms(contact)

        def fit(found: Numbered) -> tuple[bool, int, bool, int]:
            _, name, place = found
            log = self.reading.places[name].repeating
            answered = sum(1 for cell in place.cells if cell.variable in line)
            at_visit = contact is not None and not log
            said = bool(answered or at_visit or f"{place.prefix}STAT" in line)
            at_home = log if contact is None else name in planned
            return said, len(place.where), at_home, answered

        best = max(fitting, key=fit, default=None)
        return None if best is None else best[1:]

    def _dated_place(
        self, domain: str, line: Line, contact: FilledContact | None
    ) -> tuple[str, Place] | None:
        """The form that a row with a date and nothing else belongs to: of a sheet of which only the
        date was filled in."""
        planned = () if contact is None else self.reading.plan.forms(contact)
        fitting = [
            (name, shared)
            for name, places in self.reading.places.items()
            if (shared := places.shared(domain)) is not None
            and all(line.get(column) == value for column, value in shared.constants)
        ]
        return max(
            fitting, key=lambda found: (len(found[1].constants), found[0] in planned), default=None
        )

    def _page(self, form: str, place: Place, contact: FilledContact | None, line: Line) -> Page:
        """The first page of the form at the contact that has no such row yet; the named one where
        the row says to which it belongs."""
        group = line.get(f"{place.prefix}GRPID", "")
        name, _, number = group.rpartition(" ")
        repeat = int(number) if name == form and number.isdecimal() else 1
        while ((form, contact, repeat), place) in self.taken:
            repeat += 1
        page = (form, contact, repeat)
        self.answers.setdefault(page, {})
        return page

    def _read_plain(self, place: Place, line: Line, contact: FilledContact | None) -> set[str]:
        """The columns of a row that no item holds, as far as they say what they must."""
        prefix, places = place.prefix, dict((*place.constants, *place.where))
        read = {"STUDYID", "DOMAIN", "USUBJID", "VISITNUM", "VISIT", f"{prefix}SEQ",
                f"{prefix}GRPID"}  # fmt: skip
        read |= {name for name, value in places.items() if line.get(name) == value}
        date = f"{prefix}DTC"
        if contact is not None and line.get(date) == contact.held_on:
            read.add(date)
        if line.get("QSSTRESN") and line.get("QSSTRESN") == line.get("QSORRES"):
            read.add("QSSTRESN")
        return read

    def _answer(
        self, page: Page, cell: Cell, line: Line, read: set[str], asked: Collection[str] = ()
    ) -> None:
        """An answer with its unit and limits, where the row has them. `asked` are the columns of
        the row that have an item of their own."""
        value = line[cell.variable]
        if cell.kind == "yes_no":
            value = YES_NO.get(value, value)
        unit, low, high = cell.unit or "", "", ""
        column = cell.unit_variable
        if column is not None and column in line and column not in asked:
            same = line[column].casefold() == unit.casefold()
            unit = unit if same else line[column]
            read.add(column)
        if cell.has_limits:
            prefix = cell.variable.removesuffix("ORRES")
            low, high = line.get(f"{prefix}ORNRLO", ""), line.get(f"{prefix}ORNRHI", "")
            read |= {f"{prefix}ORNRLO", f"{prefix}ORNRHI"}
        read.add(cell.variable)
        answers = self.answers.setdefault(page, {})
        before = answers.get(cell.item)
        found = Answer(value, unit, low, high)
        if before is not None and before != found:
            domain = line.get("DOMAIN", "")
            self.reading.lost[
                f"{domain}.{cell.variable}: a form has one answer to {cell.item}"
            ] += 1
            return
        answers[cell.item] = found

    # -- supplements ------------------------------------------------------------------------------

    def supplement(self, domain: str, line: Line) -> None:
        page = self._page_of(domain, line)
        name, value = line.get("QNAM", ""), line.get("QVAL", "")
        if page is not None and self._said(domain, page[0], name, value, page[1]):
            return
        self.reading.lost[f"SUPP{domain.upper()} {name}: no form asks for this"] += 1

    def _page_of(self, domain: str, line: Line) -> tuple[Page, Place | None] | None:
        if domain != "dm":
            return self.at.get((domain, line.get("IDVARVAL", "")))
        for name, places in self.reading.places.items():
            cells = [cell for parent, cell in places.supplements if parent == "dm"]
            names = {n for c in cells for n in (c.variable, unit_name(c.variable), c.reason)}
            names |= {cell.reason for cell in places.subject}
            if line.get("QNAM") in names:
                return self._own_page(name), None
        return None

    def _said(self, domain: str, page: Page, name: str, value: str, place: Place | None) -> bool:
        """Put a supplement into its page; False where no item of the form is of its name."""
        places = self.reading.places[page[0]]
        answers = self.answers.setdefault(page, {})
        for parent, cell in places.supplements:
            if parent == domain and name == cell.variable:
                said = YES_NO.get(value, value) if cell.kind == "yes_no" else value
                unit = answers.get(cell.item, Answer()).unit or cell.unit or ""
                answers[cell.item] = Answer(said, unit)
                return True
            if parent == domain and name == unit_name(cell.variable):
                answers[cell.item] = replace(answers.get(cell.item, Answer()), unit=value)
                return True
            if parent == domain and name == cell.reason:
                answers[cell.item] = reason_of(value)
                return True
        cells = [*(place.cells if place else ()), *places.subject, *places.visit]
        cells += [cell for of, cell in places.dates.items() if of == domain]
        for cell in cells:
            if name == cell.reason:
                answers[cell.item] = reason_of(value)
                return True
        return False

    # -- what is left -----------------------------------------------------------------------------

    def _note(self, domain: str, line: Line, read: set[str]) -> None:
        for name in line.keys() - read:
            self.reading.lost[f"{domain}.{name}: no form has a place for it"] += 1
