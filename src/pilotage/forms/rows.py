"""One filled form as SDTM rows, each cell with the item that it came from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pilotage.forms.answer import Answer
from pilotage.forms.filled import FilledForm
from pilotage.forms.places import Cell, FormPlaces, Place
from pilotage.forms.reasons import NOT_DONE, reason_of, reason_text
from pilotage.snapshot.tables import DATE_COLUMN

YES_NO: Final = {"yes": "Y", "no": "N"}
OPEN: Final = Answer()
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
"""What a snapshot reads as a number."""


@dataclass(slots=True)
class Row:
    """A row without its number: `values` by column, `items` the item of each column that an answer
    filled. `when` and `order` are what --SEQ is numbered by."""

    domain: str
    form: FilledForm
    values: dict[str, str]
    items: dict[str, str] = field(default_factory=dict)
    when: str = ""
    order: tuple[int, ...] = ()
    supplements: list[tuple[str, str, str]] = field(default_factory=list)
    """QNAM, QVAL and item of what belongs to the row."""

    def put(self, column: str, value: str, item: str) -> None:
        self.values[column] = value
        self.items[column] = item


def written(cell: Cell, answer: Answer) -> str:
    """The value as SDTM keeps it: as typed, but Y and N for yes and no."""
    return YES_NO.get(answer.value, answer.value) if cell.kind == "yes_no" else answer.value


@dataclass(slots=True)
class FormRows:
    """The rows of one form. `day` is that of the contact; None for a page of a log."""

    places: FormPlaces
    form: FilledForm
    day: str | None

    def rows(self) -> list[Row]:
        found = [row for place in self.places.rows if (row := self._row(place)) is not None]
        found += self._parents(found)
        for domain, cell in self.places.dates.items():
            answer = self._answer(cell)
            own = [row for row in found if row.domain == domain]
            shared = self.places.shared(domain)
            if shared is not None and not own and not answer.is_open:
                own = [self._begun(shared)]
                found += own
            self._date(own, domain, cell, answer)
        for row in found:
            row.when = self._when(row)
        self._supplements(found)
        self._name_group(found)
        return found

    def _answer(self, cell: Cell) -> Answer:
        return self.form.answers.get(cell.item, OPEN)

    def _row(self, place: Place) -> Row | None:
        """The row of a place; None where nothing that belongs there was answered."""
        given = [(cell, a) for cell in place.cells if not (a := self._answer(cell)).is_open]
        if not given:
            return None
        row = self._begun(place)
        for cell, answer in given:
            if answer.missing:
                self._missing(row, place, cell, answer)
            else:
                self._given(row, cell, answer)
        return row

    def _begun(self, place: Place) -> Row:
        row = Row(place.domain, self.form, {**dict(place.constants), **dict(place.where)})
        contact = self.form.contact
        if contact is not None:
            if contact.number is not None:
                row.values["VISITNUM"] = f"{contact.number:g}"
            row.values["VISIT"] = contact.label
        date = f"{place.prefix}DTC"
        own = DATE_COLUMN.keys() | self.places.dates.keys()
        asked = any(cell.variable == date for cell in place.cells)
        if self.day and not asked and place.domain not in own:
            row.values[date] = self.day
        return row

    def _given(self, row: Row, cell: Cell, answer: Answer) -> None:
        value = written(cell, answer)
        row.put(cell.variable, value, cell.item)
        if cell.variable == "QSORRES" and NUMBER.fullmatch(value):
            row.put("QSSTRESN", value, cell.item)
        self._unit(row, cell, answer)
        for end, limit in (("LO", answer.low), ("HI", answer.high)):
            if limit and cell.has_limits:
                row.put(f"{row.domain.upper()}ORNR{end}", limit, cell.item)

    def _unit(self, row: Row, cell: Cell, answer: Answer) -> None:
        """The unit that was chosen, else the one that the form prints."""
        unit, column = answer.unit or cell.unit, cell.unit_variable
        if unit and column is not None and column not in row.items:
            row.put(column, unit, cell.item)

    def _missing(self, row: Row, place: Place, cell: Cell, answer: Answer) -> None:
        prefix = place.prefix
        if cell is not place.result:
            row.supplements.append((cell.reason, reason_text(answer), cell.item))
            return
        row.put(f"{prefix}STAT", NOT_DONE, cell.item)
        reason = reason_text(answer)
        said = answer.why if answer.missing == "not done" and answer.why else reason
        if answer.missing == "not done" and _reads_otherwise(answer.why):
            said = reason
        if said != NOT_DONE:
            row.put(f"{prefix}REASND", said, cell.item)

    def _date(self, rows: list[Row], domain: str, cell: Cell, answer: Answer) -> None:
        if answer.missing:
            rows[0].supplements.append((cell.reason, reason_text(answer), cell.item))
        elif answer.value:
            for row in rows:
                if cell.variable not in row.items:
                    row.put(cell.variable, answer.value, cell.item)

    def _when(self, row: Row) -> str:
        prefix = row.domain.upper()
        column = DATE_COLUMN.get(row.domain, f"{prefix}DTC")
        return row.values.get(column) or self.day or row.values.get(f"{prefix}STDTC") or ""

    def _parents(self, rows: list[Row]) -> Iterator[Row]:
        """Rows that only a supplement asks for: nothing else in their domain was answered."""
        domains = {row.domain for row in rows}
        for parent, cell in self.places.supplements:
            if parent not in {"dm", *domains} and not self._answer(cell).is_open:
                domains.add(parent)
                yield self._begun(self._first(parent))

    def _supplements(self, rows: list[Row]) -> None:
        """Each supplement belongs to the first row of its domain."""
        for parent, cell in self.places.supplements:
            answer = self._answer(cell)
            if not answer.is_open and parent != "dm":
                row = next(row for row in rows if row.domain == parent)
                row.supplements += list(supplement(cell, answer))

    def _first(self, domain: str) -> Place:
        own = (place for place in self.places.rows if place.domain == domain)
        return next(own, Place(domain, (), ()))

    def _name_group(self, rows: list[Row]) -> None:
        if self.places.grouped:
            for row in rows:
                row.values[f"{row.domain.upper()}GRPID"] = f"{self.form.form} {self.form.repeat}"


def unit_name(variable: str) -> str:
    """The QNAM of the unit of a supplement."""
    return f"{variable[:7]}U"


def _reads_otherwise(why: str) -> bool:
    """Would the site's words alone be read as another reason?"""
    return reason_of(why) != Answer(missing="not done", why=why)


def supplement(cell: Cell, answer: Answer) -> Iterator[tuple[str, str, str]]:
    """QNAM, QVAL and item; a unit other than the one that the form prints has one of its own."""
    if answer.missing:
        yield cell.reason, reason_text(answer), cell.item
        return
    yield cell.variable, written(cell, answer), cell.item
    if answer.unit and answer.unit != cell.unit:
        yield unit_name(cell.variable), answer.unit, cell.item
