"""Listings: rows of the datasets as they are, in words, for those who want to see each one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pilotage.datasets.dose_in_force import steps_on
from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.panels import panels
from pilotage.report.layouts.subject_columns import dose_text
from pilotage.report.model import Align, Cell, Column, Note, Row, Table
from pilotage.study.sap import Output

Show = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a listing: its head, the text of a row, and where that comes from if not from the
    row itself."""

    head: str
    text: Show
    align: Align = "left"
    source: Show | None = None


def deviations(output: Output, context: Context) -> Table:
    """Every protocol deviation that was recorded."""
    words, found = context.words, context.datasets.deviations
    if found is None:
        return _not_collected(output, context, words("no_table", table="dv"))
    columns = [
        Shown(words("started"), lambda row: date_of(row, "ASTDT", "DVSTDTC")),
        Shown(words("study_day"), lambda row: formats.count(row["ASTDY"]), "number"),
        Shown(words("deviation"), lambda row: row["DVTERM"] or row["DVDECOD"] or formats.NONE),
        Shown(words("category"), lambda row: row["DVCAT"] or formats.NONE),
    ]
    return listing(output, context, "DV", found, columns, empty=words("no_deviation"))


def adverse_events(output: Output, context: Context) -> Table:
    """Every adverse event, treatment-emergent or not."""
    words, adae = context.words, context.datasets.adae
    if "ae" not in context.datasets.collected:
        return _not_collected(output, context, words("no_table", table="ae"))
    rows = with_dose(adae, context, day="ASTDT")
    columns = [
        Shown(words("event"), lambda row: row["AETERM"] or formats.NONE),
        Shown(words("started"), lambda row: date_of(row, "ASTDT", "AESTDTC")),
        Shown(words("study_day"), lambda row: formats.count(row["ASTDY"]), "number"),
        Shown(words("ended"), lambda row: date_of(row, "AENDT", "AEENDTC")),
        *_coded(context, rows, "AESEV", words("severity")),
        *_coded(context, rows, "AETOXGR", words("toxicity_grade")),
        *_coded(context, rows, "AESER", words("serious")),
        *_coded(context, rows, "AEREL", words("related")),
        *_coded(context, rows, "AEACN", words("action")),
        *_coded(context, rows, "AEOUT", words("event_outcome")),
        *_coded(context, rows, "TRTEMFL", words("emergent")),
        dose_column(words("dose_at_onset")),
    ]
    made = listing(output, context, "ADAE", rows, columns, empty=words("no_event"))
    return _with_absent(made, context, adae, ("AETOXGR", "AEREL", "AEACN", "AEOUT"))


def laboratory(output: Output, context: Context) -> Table:
    """Every laboratory value whose toxicity grade reaches the one that the study asks about."""
    words, adlb = context.words, context.datasets.adlb
    if "lb" not in context.datasets.collected:
        return _not_collected(output, context, words("no_table", table="lb"))
    grade = least_grade(context)
    chosen = adlb.filter(pl.col("ATOXGR") >= grade).sort("USUBJID", "PARAMCD", "ADT", "ASEQ")
    rows = with_dose(chosen, context, day="ADT")
    columns = [
        Shown(words("test"), lambda row: _parameter(context, row)),
        Shown(words("date"), lambda row: date_of(row, "ADT", "LBDTC")),
        Shown(words("study_day"), lambda row: formats.count(row["ADY"]), "number"),
        Shown(words("value"), lambda row: measured(context, row, "AVAL"), "number"),
        Shown(words("unit"), lambda row: row["AVALU"] or formats.NONE),
        Shown(words("grade"), lambda row: formats.count(row["ATOXGR"]), "number"),
        Shown(words("baseline"), lambda row: measured(context, row, "BASE"), "number"),
        Shown(words("limits"), lambda row: _limits(context, row)),
        dose_column(words("dose")),
    ]
    none = words("no_grade", grade=formats.count(grade))
    return listing(output, context, "ADLB", rows, columns, empty=none)


def listing(
    output: Output,
    context: Context,
    dataset: str,
    rows: pl.DataFrame,
    columns: Iterable[Shown],
    *,
    empty: str,
) -> Table:
    """A row of the table for each row of the dataset; the subject stands in each."""
    shown, notes = tuple(columns), context.notes(output)
    heads = (Column(context.words("subject")), *(Column(c.head, c.align) for c in shown))
    made = []
    for row in rows.iter_rows(named=True):
        source = f"{dataset} {row['USUBJID']}.{row['ASEQ']}"
        cells = (
            Cell(column.text(row), source=column.source(row) if column.source else source)
            for column in shown
        )
        made.append(Row((Cell(row["USUBJID"], source=source), *cells)))
    if any(cell.text == formats.NONE for row in made for cell in row.cells):
        notes.add(context.words("not_recorded"))
    return Table(
        output.id,
        context.number_of(output),
        context.text(output.title),
        heads,
        tuple(made),
        notes.all(),
        empty=empty,
        panels=panels(heads, made),
    )


def least_grade(context: Context) -> int:
    """The grade from which the study asks about a laboratory value; 2 where it does not say."""
    stated = context.study.protocol.adverse_events.query_laboratory_grade_from
    return 2 if stated == "not stated" else stated


def with_dose(rows: pl.DataFrame, context: Context, *, day: str) -> pl.DataFrame:
    """Add STEP, the dose in force on the day, in words (a dash where it is not known), and STEPSEQ,
    its row of ADEX."""
    numbered = rows.with_row_index("ROW")
    asked = numbered.select("USUBJID", "ROW", DAY=day)
    known = steps_on(context.datasets.adex, asked).select("ROW", "STEP", STEPSEQ="ASEQ")
    found = numbered.join(known, on="ROW", how="left", maintain_order="left")
    texts = [formats.NONE if s is None else dose_text(context, s) for s in found["STEP"]]
    return found.drop("ROW").with_columns(STEP=pl.Series(texts, dtype=pl.String))


def dose_column(head: str) -> Shown:
    """The dose that `with_dose` found."""

    def source(row: dict[str, Any]) -> str:
        return "" if row["STEPSEQ"] is None else f"ADEX {row['USUBJID']}.{row['STEPSEQ']}"

    return Shown(head, lambda row: row["STEP"], source=source)


def date_of(row: dict[str, Any], complete: str, written: str) -> str:
    """The date; one that is not complete as it was written."""
    return formats.day(row[complete]) if row[complete] is not None else row[written] or formats.NONE


def measured(context: Context, row: dict[str, Any], column: str) -> str:
    """A laboratory value with the decimals of its parameter."""
    digits = context.places("ADLB", "AVAL", row["PARAMCD"])
    return formats.number(row[column], digits)


def _parameter(context: Context, row: dict[str, Any]) -> str:
    known = context.study.protocol.parameters.get(row["PARAMCD"])
    return context.text(known.label) if known else row["PARAM"] or row["PARAMCD"]


def _limits(context: Context, row: dict[str, Any]) -> str:
    low, high = (measured(context, row, name) for name in ("ANRLO", "ANRHI"))
    return formats.NONE if low == high == formats.NONE else formats.range_of(low, high)


def _coded(context: Context, rows: pl.DataFrame, column: str, head: str) -> list[Shown]:
    """The column in the words of the study; no column where the snapshot has none."""
    if column not in rows.columns:
        return []
    codes = context.codes(column)

    def text(row: dict[str, Any]) -> str:
        return formats.NONE if row[column] is None else codes.label(str(row[column]))

    return [Shown(head, text)]


def _with_absent(
    made: Table, context: Context, rows: pl.DataFrame, names: tuple[str, ...]
) -> Table:
    """The table with a footnote for each column that the snapshot does not have."""
    absent = [name for name in names if name not in rows.columns]
    told = tuple(Note(context.words("column_absent", column=name)) for name in absent)
    return replace(made, notes=(*made.notes, *told))


def _not_collected(output: Output, context: Context, reason: str) -> Table:
    """A listing of what nobody collected says so, and why."""
    words = context.words
    return Table(
        output.id,
        context.number_of(output),
        context.text(output.title),
        (Column(words("status")),),
        (Row((Cell(f"{words('not_collected').capitalize()}: {reason}"),)),),
        context.notes(output).all(),
    )
