"""Tables with a row per subject: a small trial is told one subject at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.report import formats
from pilotage.report.codes import Codes
from pilotage.report.context import Context, places
from pilotage.report.layouts.panels import panels
from pilotage.report.model import Cell, Column, Row, Table
from pilotage.report.notes import Notes
from pilotage.report.words import CATALOGUE
from pilotage.study.sap import Output

SHORT_CODE, SHORT_LABEL = 8, 16
"""Characters up to which a code stands in for a label that is longer than the second number."""


@dataclass(frozen=True, slots=True)
class SubjectColumn:
    """A column of the table: its head, and the cell of each subject that has one."""

    head: Column
    cells: Mapping[str, Cell]


Added = Callable[[Notes], list[SubjectColumn]]


def subjects(output: Output, context: Context) -> Table:
    """The columns of ADSL that the output names, one row per enrolled subject."""
    return _table(output, context, context.datasets.adsl, lambda notes: [])


def response_by_subject(output: Output, context: Context) -> Table:
    """Each treated subject: the columns named, then the parameters of the output: summaries of
    response, and times to an event in weeks (a plus sign: not seen up to then). An output that
    names no parameters gets all of them."""
    protocol = context.study.protocol
    summaries = {
        code: summary.label
        for classification in protocol.classifications.values()
        for code, summary in classification.summaries.items()
    }
    times = {code: time.label for code, time in protocol.time_to_event.items()}
    chosen = output.parameters or (*summaries, *times)

    def added(notes: Notes) -> list[SubjectColumn]:
        columns = []
        for code in chosen:
            if code in summaries:
                label = context.text(summaries[code])
                columns.append(_summary(context, notes, code, label))
            elif code in times:
                columns.append(_time(context, notes, code, context.text(times[code])))
        return columns

    treated = context.datasets.adsl.filter(pl.col("TRTSDT").is_not_null())
    return _table(output, context, treated, added)


def _table(output: Output, context: Context, frame: pl.DataFrame, added: Added) -> Table:
    notes = context.notes(output)
    named = [name for name in output.columns if name in frame.columns and name != "USUBJID"]
    columns = [*(_of_adsl(context, notes, frame, name) for name in named), *added(notes)]
    heads = (Column(context.words("subject")), *(column.head for column in columns))
    absent = Cell(formats.NONE)
    rows = tuple(
        Row(
            (
                Cell(subject, source=source),
                *(column.cells.get(subject, absent) for column in columns),
            )
        )
        for subject, source in zip(frame["USUBJID"], _sources("ADSL", frame), strict=True)
    )
    if any(cell.text == formats.NONE for row in rows for cell in row.cells):
        notes.add(context.words("not_asked"))
    return Table(
        output.id,
        context.number_of(output),
        context.text(output.title),
        heads,
        rows,
        notes.all(),
        empty=context.words("no_subject").capitalize(),
        panels=panels(heads, rows),
    )


def _of_adsl(context: Context, notes: Notes, frame: pl.DataFrame, name: str) -> SubjectColumn:
    head, values = label_of(context, name), frame[name]
    numeric = values.dtype.is_numeric()
    if numeric:
        digits = places(values.cast(pl.Float64))
        texts = [formats.number(value, digits) for value in values]
    elif values.dtype == pl.Date:
        texts = [formats.day(value) for value in values]
    else:
        texts = _coded(context.codes(name), notes, head, values.to_list())
    return SubjectColumn(
        Column(head, "number" if numeric else "left"),
        _cells(frame, texts, _sources("ADSL", frame)),
    )


def _summary(context: Context, notes: Notes, code: str, label: str) -> SubjectColumn:
    rows = context.datasets.adrs.filter(pl.col("PARAMCD") == code)
    texts = _coded(context.codes("AVALC", code), notes, "", rows["AVALC"].to_list())
    return SubjectColumn(Column(label), _cells(rows, texts, _sources("ADRS", rows)))


def _time(context: Context, notes: Notes, code: str, label: str) -> SubjectColumn:
    rows = context.datasets.adtte.filter(pl.col("PARAMCD") == code)
    notes.add(context.words("weeks_plus"))
    texts = [
        formats.weeks(week, censored=bool(censored))
        for week, censored in rows.select("AVALWK", "CNSR").rows()
    ]
    head = f"{label}, {context.words('weeks')}"
    return SubjectColumn(Column(head, "number"), _cells(rows, texts, _sources("ADTTE", rows)))


def _cells(frame: pl.DataFrame, texts: Iterable[str], sources: Iterable[str]) -> dict[str, Cell]:
    subjects = frame["USUBJID"].to_list()
    return {
        subject: Cell(text, source=source)
        for subject, text, source in zip(subjects, texts, sources, strict=True)
    }


def _sources(dataset: str, frame: pl.DataFrame) -> list[str]:
    named = pl.format("{} {}.{}", pl.lit(dataset), "USUBJID", "ASEQ")
    return frame.select(named).to_series().to_list()


def _coded(codes: Codes, notes: Notes, head: str, values: list[str | date | None]) -> list[str]:
    """Labels; or the codes, explained below the table, where they are short and labels long."""
    used = codes.ordered({str(value) for value in values if value is not None})
    listed = [code for code in used if code in codes.labels]
    long = any(len(codes.label(code)) > SHORT_LABEL for code in listed)
    if listed and long and all(len(code) <= SHORT_CODE for code in listed):
        meaning = "; ".join(f"{code} {codes.label(code)}" for code in listed)
        notes.add(f"{head}: {meaning}." if head else f"{meaning}.")
        return [formats.NONE if value is None else str(value) for value in values]
    return [formats.NONE if value is None else codes.label(str(value)) for value in values]


def label_of(context: Context, name: str) -> str:
    """What a column of ADSL is called: as the study says, else as the report does."""
    fact = context.study.protocol.subject_facts.get(name)
    if fact is not None:
        return context.text(fact.label)
    population = context.study.sap.populations.get(name)
    if population is not None:
        return context.text(population.label)
    return context.words(f"adsl_{name}") if f"adsl_{name}" in CATALOGUE else name
