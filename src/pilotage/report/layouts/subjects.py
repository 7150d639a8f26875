"""Tables with a row per subject: a small trial is told one subject at a time."""

from collections.abc import Iterable

import polars as pl

from pilotage.report import formats
from pilotage.report.context import Context
from pilotage.report.layouts.panels import panels
from pilotage.report.layouts.subject_columns import (
    SubjectColumn,
    of_adsl,
    of_analysis,
    of_course,
    of_summary,
    of_time,
    sources,
)
from pilotage.report.model import Cell, Column, Row, Table
from pilotage.report.notes import Notes
from pilotage.study.columns import COURSE
from pilotage.study.sap import Output, ProportionAnalysis

__all__ = ["enrolled", "response_by_subject", "subjects"]


def subjects(output: Output, context: Context) -> Table:
    """The columns of ADSL that the output names, one row per enrolled subject."""
    notes = context.notes(output)
    everyone = enrolled(context)
    named = [name for name in output.columns if name in everyone.columns and name != "USUBJID"]
    columns = [of_adsl(context, notes, everyone, name) for name in named]
    return _table(output, context, everyone, notes, columns)


def response_by_subject(output: Output, context: Context) -> Table:
    """Each treated subject: the columns that the output names, then its parameters. A column is one
    of ADSL, a summary of response, a time to an event in weeks (a plus sign: not seen up to then),
    a fact of the course, or the subject's answer to an analysis. An output that names neither
    columns nor parameters gets all summaries and times."""
    protocol = context.study.protocol
    treated = context.datasets.adsl.filter(pl.col("TRTSDT").is_not_null())
    notes = context.notes(output)
    labels = summary_labels(context)
    chosen = (*output.columns, *output.parameters)
    if not output.parameters and not any(name in labels for name in chosen):
        chosen = (*chosen, *(n for n in (*labels, *protocol.time_to_event) if n not in chosen))
    asked = {a.id: a for a in context.study.sap.analyses if isinstance(a, ProportionAnalysis)}
    columns = []
    for name in chosen:
        if name in labels:
            columns.append(of_summary(context, notes, name, labels[name]))
        elif name in protocol.time_to_event:
            label = context.text(protocol.time_to_event[name].label)
            columns.append(of_time(context, notes, name, label))
        elif name in COURSE:
            columns.append(of_course(context, notes, name))
        elif name in treated.columns and name != "USUBJID":
            columns.append(of_adsl(context, notes, treated, name))
        elif name in asked:
            columns.append(of_analysis(context, notes, asked[name]))
    return _table(output, context, treated, notes, columns)


def enrolled(context: Context) -> pl.DataFrame:
    """Rows of ADSL of the enrolled subjects."""
    return context.datasets.adsl.filter(context.enrolled())


def summary_labels(context: Context) -> dict[str, str]:
    """Parameters of ADRS with one row per subject, and their labels."""
    return {
        code: context.text(summary.label)
        for classification in context.study.protocol.classifications.values()
        for code, summary in classification.summaries.items()
    }


def _table(
    output: Output,
    context: Context,
    frame: pl.DataFrame,
    notes: Notes,
    columns: Iterable[SubjectColumn],
) -> Table:
    shown = tuple(columns)
    heads = (Column(context.words("subject")), *(_head(context, output, one) for one in shown))
    absent = Cell(formats.NONE)
    rows = tuple(
        Row(
            (
                Cell(subject, source=source),
                *(column.cells.get(subject, absent) for column in shown),
            )
        )
        for subject, source in zip(frame["USUBJID"], sources("ADSL", frame), strict=True)
    )
    written = {cell.text for row in rows for cell in row.cells}
    if formats.NONE in written:
        notes.add(context.words("no_value" if context.words("n_a") in written else "not_asked"))
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


def _head(context: Context, output: Output, column: SubjectColumn) -> Column:
    """The head that the output gives the column, else its own."""
    given = output.heads.get(column.name)
    return column.head if given is None else Column(context.text(given), column.head.align)
