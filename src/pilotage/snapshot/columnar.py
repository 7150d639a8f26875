"""The text of a Parquet file: what `read_csv` would have read had the table been written as CSV.

Whole numbers, decimal numbers, dates and times become text and go through the same checks; so
SRCLINE is the line the row would have in a CSV file (the first row is line 2).
"""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from pilotage.snapshot.delimited import header_problems, without_blanks
from pilotage.snapshot.tables import LINE, Problem, shown


def read_parquet(data: bytes) -> tuple[pl.DataFrame | None, list[Problem]]:
    """The cells of a file, all as text (missing: null) with the line of each row in SRCLINE.

    None: the file or one of its columns cannot be read as text; the problems say why.
    """
    if not data:
        return None, [(0, "the file is empty")]
    try:
        with _LOCK, _silence():
            frame = pl.read_parquet(io.BytesIO(data), use_statistics=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        return None, [(0, "the file is not Parquet, or it is damaged")]
    problems = header_problems(frame.columns)
    if problems:
        return None, problems
    columns = []
    for column in frame:
        text = as_text(column)
        if text is None:
            message = f"the column {shown(column.name)} holds {column.dtype}, which is neither text"
            problems.append((1, f"{message}, a number nor a date"))
            continue
        problems += _not_finite(column)
        columns.append(text)
    if len(columns) < frame.width:
        return None, problems
    text_frame = without_blanks(pl.DataFrame(columns))
    return text_frame.with_columns(
        pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE)
    ), problems


_LOCK = threading.Lock()


@contextmanager
def _silence() -> Iterator[None]:
    """Keep off the screen what the threads of Polars print when they break down on damaged pages:
    the person gets one line instead. Standard error is shared, hence the lock."""
    try:
        screen = os.dup(2)
    except OSError:  # there is no screen
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(screen, 2)
        os.close(screen)


def as_text(column: pl.Series) -> pl.Series | None:
    """A column as the text that stands for it in a CSV file; None where there is none.

    Numbers are written in full, whole ones without a point; days as 2009-03-15, times of a day as
    2009-03-15T09:30:00. A missing cell stays missing.
    """
    match column.dtype:
        case pl.String:
            return column
        case pl.Null | pl.Categorical | pl.Enum | pl.Date:
            return column.cast(pl.String)
        case pl.Datetime(time_zone=None):
            return column.dt.strftime("%Y-%m-%dT%H:%M:%S")
        case dtype if dtype.is_integer():
            return column.cast(pl.String)
        case dtype if dtype.is_float():
            return _decimal_text(column.cast(pl.Float64))
        case dtype if dtype.is_decimal():
            return _decimal_text(column.cast(pl.Float64))
    return None


def _decimal_text(column: pl.Series) -> pl.Series:
    value = pl.col("value")
    # Above 2**53 a whole number in a column of floats may already be another one.
    whole = (value == value.floor()) & (value.abs() <= 2**53)
    text = pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String))
    frame = column.alias("value").to_frame().select(text.otherwise(value.cast(pl.String)))
    return frame.to_series().alias(column.name)


def _not_finite(column: pl.Series) -> list[Problem]:
    if not column.dtype.is_float():
        return []
    wrong = (~column.is_finite()).arg_true()
    return [(row + 2, f"{column.name} is {column[row]}; leave the cell empty") for row in wrong]
