"""How every figure ends: its drawing, the words that stand for it, and its numbers as a table."""

from collections.abc import Iterable, Sequence

from pilotage.report.context import Context
from pilotage.report.model import Column, Figure, Note, Row, Table
from pilotage.report.notes import Notes
from pilotage.study.sap import Output


def finished(
    output: Output,
    context: Context,
    *,
    svg: str,
    words: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    notes: Notes,
    marks: tuple[Note, ...] = (),
) -> Figure:
    """The figure; `words` are empty where there was nothing to draw, `marks` are the footnotes of
    the numbers."""
    number, title = context.number_of(output), context.text(output.title)
    nothing = context.words("no_values")
    name = f"{output.id}-numbers"
    numbers = Table(name, number, title, tuple(columns), tuple(rows), marks, empty=nothing)
    return Figure(output.id, number, title, svg, words or nothing, numbers, notes.all())
