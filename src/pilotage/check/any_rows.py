"""Tables in which every row that is true answers: rows that can never be true."""

from pilotage.check.examination import Examination, tables_with_any


def check_any_rows(examination: Examination) -> None:
    """Every row of stopping, dispensing, deviations and activities can hold in some state."""
    for table, rows in tables_with_any(examination):
        for row in examination.stated(table, rows):
            if not examination.space.possible(row.answer.true):
                words = f"{row.place.words} can never hold"
                examination.found("unreachable", "error", row.place, words)
