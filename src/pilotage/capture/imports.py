"""Rows of a file as answers: a laboratory's file, or an old spreadsheet with a mapping of columns.

Nothing is guessed: a unit stands in the file or in the mapping, a number has a decimal point, a
date is read in the way that the mapping names. A file is taken as a whole or not at all; every
mistake names its line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from pilotage.capture.entry_forms import Field, FormPage, fields_of, read_posted
from pilotage.capture.entry_forms.reading import name_of
from pilotage.capture.import_mapping import Column, ColumnMapping
from pilotage.findings import Finding, InputErrors, error
from pilotage.forms.answer import Answer
from pilotage.forms.planned import plan_of
from pilotage.instruments.units import UnknownUnit, ucum_code
from pilotage.snapshot.delimited import read_csv
from pilotage.snapshot.tables import LINE
from pilotage.study import Study
from pilotage.study.names import did_you_mean

LABORATORY: Final = ("SUBJECT", "DATE", "TEST", "VALUE", "UNIT", "LOW", "HIGH")
"""The columns of a laboratory's file; LOW and HIGH, the limits of normal, may be left out."""
OPTIONAL: Final = ("LOW", "HIGH")
ISO: Final = "%Y-%m-%d"

Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What one or several lines of a file say of one form of a subject on a day."""

    lines: tuple[int, ...]
    subject: str
    day: str
    form: str
    answers: Mapping[str, Answer]


@dataclass(slots=True)
class _Reading:
    """A file that is being read: the answers by subject, day and form, and every mistake."""

    study: Study
    file: str
    rows: dict[tuple[str, str, str, int], tuple[list[int], dict[str, Answer]]] = field(
        default_factory=dict
    )
    mistakes: list[Finding] = field(default_factory=list)

    def wrong(self, line: int, words: str) -> None:
        self.mistakes.append(error(f"{self.file}:{line}", words))

    def lines(self, data: bytes) -> list[tuple[int, dict[str, str]]]:
        """The lines of the file, without empty cells. Raises InputErrors where it is no CSV."""
        frame, problems = read_csv(data)
        for line, words in problems:
            where = f"{self.file}:{line}" if line else self.file
            self.mistakes.append(error(where, words))
        if frame is None:
            raise InputErrors(self.mistakes)
        return [
            (row.pop(LINE), {name: text.strip() for name, text in row.items() if text})
            for row in frame.to_dicts()
        ]

    def day(self, line: int, text: str, form: str) -> str | None:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            how = "2026-11-23" if form == ISO else form
            self.wrong(line, f"the date is '{text}'; expected is {how}")
            return None

    def add(self, line: int, place: tuple[str, str, str, int], item: str, answer: Answer) -> None:
        """Put an answer where it belongs. A second one that differs is a mistake."""
        lines, answers = self.rows.setdefault(place, ([], {}))
        before = answers.setdefault(item, answer)
        if line not in lines:
            lines.append(line)
        if before != answer:
            subject, day, form, _ = place
            said = f"{subject} has another {form}.{item} on {day} in line {lines[0]}"
            self.wrong(line, f"{said}: {before.value} {before.unit}".rstrip())

    def done(self) -> tuple[ImportedRow, ...]:
        if self.mistakes:
            raise InputErrors(self.mistakes)
        return tuple(
            ImportedRow(tuple(lines), subject, day, form, answers)
            for (subject, day, form, _), (lines, answers) in self.rows.items()
        )


# -- a laboratory's file ---------------------------------------------------------------------------


def read_laboratory(study: Study, data: bytes, *, file: str) -> tuple[ImportedRow, ...]:
    """A file with a line for each result. TEST is the code of the test (LBTESTCD), or its label.

    Raises InputErrors with every mistake of the file.
    """
    reading = _Reading(study, file)
    lines = reading.lines(data)
    header = {name for _, line in lines for name in line}
    missing = [name for name in LABORATORY if name not in header and name not in OPTIONAL]
    if missing:
        words = f"the column {missing[0]} is missing, or has no value in any line"
        raise InputErrors([*reading.mistakes, error(f"{file}:1", words)])
    tests = _tests(study)
    for number, line in lines:
        _result(reading, tests, number, line)
    return reading.done()


def _tests(study: Study) -> dict[str, tuple[FormPage, Field]]:
    """The field of each laboratory test, by its code and by its label, in small letters."""
    found: dict[str, tuple[FormPage, Field]] = {}
    for form in study.protocol.forms:
        page = fields_of(study, form)
        for each in page.fields:
            if each.analyte is not None:
                found.setdefault(each.label.casefold(), (page, each))
                found[each.analyte.casefold()] = (page, each)
    for form in study.protocol.forms:
        page = fields_of(study, form)
        for each in page.fields:
            code = _test_code(study, form, each.item)
            if code:
                found.setdefault(code.casefold(), (page, each))
                found.setdefault(each.label.casefold(), (page, each))
    return found


def _test_code(study: Study, form: str, item: str) -> str:
    """LBTESTCD of an item that is no number: a test with a result in words."""
    from pilotage.datasets.facts import read_target

    declared = study.protocol.forms[form].items.get(item)
    target = read_target(declared.target) if declared else None
    if target is None or (target.domain, target.variable) != ("lb", "LBORRES"):
        return ""
    return dict(target.where).get("LBTESTCD", "")


def _result(
    reading: _Reading, tests: Mapping[str, tuple[FormPage, Field]], number: int, line: Line
) -> None:
    absent = [name for name in ("SUBJECT", "DATE", "TEST", "VALUE") if name not in line]
    if absent:
        reading.wrong(number, f"{absent[0]} is empty")
        return
    test = tests.get(line["TEST"].casefold())
    day = reading.day(number, line["DATE"], ISO)
    if test is None:
        hint = did_you_mean(line["TEST"], [each.analyte or "" for _, each in tests.values()])
        reading.wrong(number, f"no form of the study asks for the test '{line['TEST']}'{hint}")
    if test is None or day is None:
        return
    page, asked = test
    cell = _Cell(line["VALUE"], line.get("UNIT", ""), line.get("LOW", ""), line.get("HIGH", ""))
    answer = _answer(reading, number, page, asked, cell)
    if answer is not None:
        place = (line["SUBJECT"], day, page.code, 0)
        reading.add(number, place, asked.item, answer)
        for item in _dates(reading.study, page.code):
            reading.add(number, place, item, Answer(day))


def _dates(study: Study, form: str) -> Iterator[str]:
    """The items that hold the day of the sample."""
    places = plan_of(study).places[form]
    yield from (cell.item for cell in places.dates.values())
    for place in places.rows:
        yield from (cell.item for cell in place.cells if cell.variable == "LBDTC")


# -- an old spreadsheet ----------------------------------------------------------------------------


def read_spreadsheet(
    study: Study, data: bytes, mapping: ColumnMapping, *, file: str
) -> tuple[ImportedRow, ...]:
    """A file with a line for each visit, or for each page of a log, and a column for each item.

    Raises InputErrors with every mistake of the file.
    """
    reading = _Reading(study, file)
    lines = reading.lines(data)
    header = {name for _, line in lines for name in line}
    pages = {form: fields_of(study, form) for form in mapping.forms}
    for name in mapping.names:
        if lines and name not in header:
            words = f"the mapping names the column '{name}', which is not there or empty"
            reading.mistakes.append(error(f"{file}:1", f"{words}{did_you_mean(name, header)}"))
    for number, line in lines:
        _visit(reading, mapping, pages, number, line)
    return reading.done()


def _visit(
    reading: _Reading,
    mapping: ColumnMapping,
    pages: Mapping[str, FormPage],
    number: int,
    line: Line,
) -> None:
    subject = line.get(mapping.subject)
    if subject is None:
        reading.wrong(number, f"'{mapping.subject}' is empty: whose line is this?")
        return
    day: str | None = ""
    if mapping.date:
        day = reading.day(number, line.get(mapping.date, ""), mapping.date_format)
    if day is None:
        return
    for column in mapping.columns:
        text = line.get(column.name)
        if text is None:
            continue
        page = pages[column.form]
        asked = page.field(column.item)
        assert asked is not None  # the mapping was checked beside the study
        answer = _mapped(reading, number, page, asked, column, line, mapping)
        if answer is not None:
            own = number if page.repeating else 0
            reading.add(number, (subject, day, column.form, own), column.item, answer)


def _mapped(
    reading: _Reading,
    number: int,
    page: FormPage,
    asked: Field,
    column: Column,
    line: Line,
    mapping: ColumnMapping,
) -> Answer | None:
    text = line[column.name]
    if text in mapping.missing:
        return Answer(missing=mapping.missing[text], why=f"'{text}' in {reading.file}")
    if asked.kind in ("date", "datetime") and column.date_format:
        found = reading.day(number, text, column.date_format)
        if found is None:
            return None
        text = found
    unit = column.unit or line.get(column.unit_column, "")
    low, high = line.get(column.low_column, ""), line.get(column.high_column, "")
    return _answer(reading, number, page, asked, _Cell(column.values.get(text, text), unit, low,
                                                       high))  # fmt: skip


# -- one answer ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cell:
    value: str
    unit: str = ""
    low: str = ""
    high: str = ""


def _answer(
    reading: _Reading, number: int, page: FormPage, asked: Field, cell: _Cell
) -> Answer | None:
    """The answer, read as strictly as one that is typed; None with its mistake."""
    unit = _unit(asked, cell.unit)
    if unit is None:
        offered = ", ".join(asked.units)
        said = f"has the unit '{cell.unit}'" if cell.unit else "has no unit"
        reading.wrong(number, f"{asked.label} {said}; the form knows {offered}")
        return None
    post = {name_of(asked.item): cell.value, name_of(asked.item, "unit"): unit}
    post |= {name_of(asked.item, "low"): cell.low, name_of(asked.item, "high"): cell.high}
    answers, mistakes = read_posted(page, post)
    own = [mistake.message for mistake in mistakes if mistake.item == asked.item]
    for words in own:
        reading.wrong(number, f"{asked.label}: {words}")
    return None if own else answers[asked.item]


def _unit(asked: Field, text: str) -> str | None:
    """The unit as the form spells it; "" for what has none, None for one that the form does not
    know, or that is not said."""
    if not asked.is_number or not asked.units:
        return ""
    return next((unit for unit in asked.units if unit == text or _same(unit, text)), None)


def _same(one: str, other: str) -> bool:
    try:
        return bool(other) and ucum_code(one) == ucum_code(other)
    except UnknownUnit:
        return one.casefold() == other.casefold()
