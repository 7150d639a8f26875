"""The text of a CSV file: bytes in, a frame of text out, or every line that is not as it should be.

Read is RFC 4180 in UTF-8 (with or without byte order mark; lines end with LF or CR LF): cells
separated by commas, in quotation marks where they hold a comma, a quotation mark or a line end.
A cell that is empty or holds nothing but blanks is missing.

Polars reads the cells, but it fills up short rows, lets stray quotation marks pass and drops a
second byte order mark, all in silence. So the shape of the file is measured first from its bytes;
Polars then sees only rows of which it is known that they have a cell for every column.
"""

import csv
from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pilotage.snapshot.tables import LINE, Problem, shown

_BOM = b"\xef\xbb\xbf"
_LF, _CR, _QUOTE, _COMMA = b"\n"[0], b"\r"[0], b'"'[0], b","[0]
_OTHER_SEPARATORS = {b";": "semicolons", b"\t": "tabs", b"|": "vertical bars"}


def read_csv(data: bytes) -> tuple[pl.DataFrame | None, list[Problem]]:
    """The cells of a file, all as text (missing: null) with the line of each row in SRCLINE.

    Rows with too few or too many cells are left out, each with its problem, so that the other rows
    can still be checked. None: the file could not be taken apart; the problems say why.
    """
    problems = _encoding_problems(data)
    if problems:
        return None, problems
    data = _closed(data.removeprefix(_BOM))
    if data == b"\n":
        return None, [(0, "the file is empty; even a table without rows has a line of names")]
    problems = _first_line_problems(data[: data.index(b"\n")])
    if problems:
        return None, problems
    layout = _measure(data)
    if isinstance(layout, list):
        return None, layout
    try:
        columns = _header(data[: layout.ends[0]])
    except csv.Error as wrong:
        return None, [(1, f"the line of names cannot be read: {wrong}")]
    problems = header_problems(columns) + _ragged_rows(layout, len(columns))
    if any(line <= 1 for line, _ in problems):
        return None, problems
    frame, lines = _cells(data, layout, columns)
    if frame is None or frame.height != len(lines):
        return None, [*problems, (0, "the file cannot be read as CSV")]
    return frame.with_columns(pl.Series(LINE, lines, pl.Int64)), problems


def _closed(data: bytes) -> bytes:
    """The file with one line end at its end; empty lines there say nothing."""
    if data.endswith(b"\n") and not data.endswith((b"\n\n", b"\n\r\n")) and len(data) > 2:
        return data
    return data.rstrip(b"\r\n") + b"\n"


def _encoding_problems(data: bytes) -> list[Problem]:
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return [(0, "the file is UTF-32; save it as UTF-8")]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _every_other_byte_is_nul(data[:64]):
        return [(0, "the file is UTF-16; save it as UTF-8")]
    if b"\0" in data:
        return [
            (number, f"byte {line.index(0) + 1} of the line is NUL; the file is damaged or no text")
            for number, line in enumerate(data.split(b"\n"), start=1)
            if 0 in line
        ]
    if data.isascii():
        return []
    if b"\n" + _BOM in data:
        line = data[: data.index(b"\n" + _BOM)].count(b"\n") + 2
        return [(line, "a byte order mark begins the line; have two files been joined?")]
    return _utf8_problems(data)


def _every_other_byte_is_nul(data: bytes) -> bool:
    nul = sorted((data[0::2].count(0), data[1::2].count(0)))
    return nul[0] == 0 and nul[1] > len(data) // 4


def _utf8_problems(data: bytes) -> list[Problem]:
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return []
    problems = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as wrong:
            byte = line[wrong.start : wrong.start + 1]
            guess = byte.decode("cp1252", errors="ignore")
            guess = f" ({shown(guess)} in Windows-1252)" if guess else ""
            place = f"byte {wrong.start + 1} of the line, 0x{byte.hex().upper()}{guess},"
            problems.append((number, f"{place} is not UTF-8; save the file as UTF-8"))
    return problems


@dataclass(frozen=True, slots=True)
class _Layout:
    """For each record of a file, the header included: the offset of the line end that closes it,
    the line on which it begins, its number of cells (0: an empty line)."""

    ends: NDArray[np.int64]
    lines: NDArray[np.int64]
    cells: NDArray[np.int64]


def _measure(data: bytes) -> _Layout | list[Problem]:
    """Find the records of a file that ends with LF; or what keeps them from being found."""
    signs = np.frombuffer(data, np.uint8)
    separates = (signs == _COMMA) | (signs == _LF)
    quoted = b'"' in data
    if quoted:
        quotes = np.flatnonzero(signs == _QUOTE)
        problems = _quote_problems(data, signs, quotes)
        if problems:
            return problems
        inside = np.bitwise_xor.accumulate((signs == _QUOTE).view(np.uint8)).view(np.bool_)
        separates &= ~inside
    if b"\r" in data:
        alone = (signs[:-1] == _CR) & (signs[1:] != _LF)
        problems = _return_problems(data, np.flatnonzero(alone & ~inside[:-1] if quoted else alone))
        if problems:
            return problems
    separators = np.flatnonzero(separates)
    closing = np.flatnonzero(signs[separators] == _LF)
    ends = separators[closing]
    starts = np.concatenate(([0], ends[:-1] + 1))
    lines = np.arange(1, len(ends) + 1)
    if quoted and data.count(b"\n") > len(ends):
        lines = 1 + np.searchsorted(np.flatnonzero(signs == _LF), starts)
    cells = np.diff(closing, prepend=-1)
    cells[np.isin(signs[starts], (_LF, _CR))] = 0
    return _Layout(ends, lines, cells)


def _quote_problems(
    data: bytes, signs: NDArray[np.uint8], quotes: NDArray[np.int64]
) -> list[Problem]:
    """The first quotation mark that is out of place: what comes after it cannot be told apart."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, signs[opening - 1], _LF)
    after = signs[closing + 1]
    stray = opening[~np.isin(before, (_COMMA, _LF, _QUOTE))]
    followed = np.flatnonzero(~np.isin(after, (_COMMA, _LF, _CR, _QUOTE)))
    unclosed = opening[len(closing) :]
    if len(stray) and not (len(followed) and opening[followed[0]] < stray[0]):
        message = "a quotation mark stands inside a cell; write the whole cell in quotation marks"
        return [(_line(data, stray[0]), f"{message} and this one twice")]
    if len(followed):
        begin, end = opening[followed[0]], closing[followed[0]]
        where = "" if _line(data, end) == _line(data, begin) else f" in line {_line(data, end)}"
        message = f"text follows the closing quotation mark of a cell{where}; a quotation mark"
        return [(_line(data, begin), f"{message} inside a cell is written twice")]
    if len(unclosed):
        return [(_line(data, unclosed[0]), "the quotation mark of a cell is never closed")]
    return []


def _return_problems(data: bytes, places: NDArray[np.int64]) -> list[Problem]:
    message = "a carriage return stands alone; end lines with LF or CR LF, not with CR"
    return [(line, message) for line in sorted({_line(data, place) for place in places[:1]})]


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, int(offset)) + 1


def _header(record: bytes) -> list[str]:
    return next(csv.reader([record.decode().removesuffix("\r")], strict=True)) or [""]


def header_problems(columns: list[str]) -> list[Problem]:
    """What is wrong with the names of the columns, whatever the table."""
    problems = [
        (1, f"cell {number} of the header is empty")
        for number, column in enumerate(columns, start=1)
        if not column.strip()
    ]
    for column, count in Counter(columns).items():
        if count > 1 and column.strip():
            cells = [str(n) for n, other in enumerate(columns, start=1) if other == column]
            places = f"{', '.join(cells[:-1])} and {cells[-1]}"
            problems.append((1, f"the column {shown(column)} stands in cells {places}"))
    if LINE in columns:
        problems.append((1, f"the name {LINE} is kept for the line of a row; rename the column"))
    return problems


def _first_line_problems(first_line: bytes) -> list[Problem]:
    if not first_line.strip():
        return [(1, "the line is empty; the first line holds the names of the columns")]
    for sign, name in _OTHER_SEPARATORS.items():
        if first_line.count(sign) > first_line.count(b","):
            return [(1, f"the cells are separated by {name}; separate them by commas")]
    return []


def _ragged_rows(layout: _Layout, width: int) -> list[Problem]:
    problems = []
    for row in np.flatnonzero(layout.cells != width):
        cells, line = int(layout.cells[row]), int(layout.lines[row])
        hint = "; a cell that holds a comma needs quotation marks" if cells > width else ""
        row_is = f"the row has {cells} cells, the header {width}{hint}"
        problems.append((line, row_is if cells else "the line is empty"))
    return problems


def _cells(
    data: bytes, layout: _Layout, columns: list[str]
) -> tuple[pl.DataFrame | None, NDArray[np.int64]]:
    """The rows that have a cell for each column, and the lines on which they begin."""
    good = np.flatnonzero(layout.cells[1:] == len(columns)) + 1
    header_lines = data.count(b"\n", 0, int(layout.ends[0]) + 1)
    if len(good) < len(layout.cells) - 1:
        data = b"".join(data[layout.ends[row - 1] + 1 : layout.ends[row] + 1] for row in good)
        header_lines = 0
    schema = dict.fromkeys(columns, pl.String)
    try:
        frame = pl.read_csv(data, has_header=False, schema=schema, skip_lines=header_lines)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None, layout.lines[good]
    return without_blanks(frame), layout.lines[good]


def without_blanks(frame: pl.DataFrame) -> pl.DataFrame:
    """Make a text of nothing but blanks (space, tab, line end) null: it says nothing."""
    text = pl.col(pl.String)
    # Such a text sorts before "!", so that the least text of a column tells whether to look.
    if all(least is None or least >= "!" for least in frame.select(text.min()).row(0)):
        return frame
    return frame.with_columns(pl.when(text.str.strip_chars(" \t\r\n") != "").then(text))
