"""CSV files: what is read is what Python's csv module reads; what is not CSV has a line."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.snapshot.delimited import read_csv

CELL = st.text(st.sampled_from('a0"," \n\r\té€\u2028;'), max_size=6)


def cells(data: bytes) -> list[tuple[str | None, ...]]:
    frame, problems = read_csv(data)
    assert frame is not None
    assert problems == []
    return frame.drop("SRCLINE").rows()


def lines(data: bytes) -> list[int]:
    frame, _ = read_csv(data)
    assert frame is not None
    return frame["SRCLINE"].to_list()


def known(cell: str) -> str | None:
    return cell if cell.strip(" \t\r\n") else None


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    last_end=st.booleans(),
)
def test_what_the_csv_module_writes_is_read(rows, quoting, end, mark, last_end):
    if quoting == csv.QUOTE_MINIMAL and end == "\n":
        # The csv module then leaves CR without quotation marks: nobody could tell a line end.
        rows = [tuple(cell.replace("\r", "") for cell in row) for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)
    writer.writerow(["A", "B\nC" if quoting == csv.QUOTE_ALL else "B", "D"])
    expected_lines = []
    for row in rows:
        expected_lines.append(text.getvalue().count("\n") + 1)
        writer.writerow(row)
    written = text.getvalue() if last_end else text.getvalue().removesuffix(end)
    data = ("\ufeff" if mark else "").encode() + written.encode()
    assert cells(data) == [tuple(known(cell) for cell in row) for row in rows]
    assert lines(data) == expected_lines


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from('ab",\n\r '), max_size=30))
def test_any_text_is_read_as_the_csv_module_reads_it_or_has_a_problem(text):
    frame, problems = read_csv(b"A,B\n" + text.encode())
    if problems or frame is None:
        assert problems
        return
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    assert frame.select("A", "B").rows() == [tuple(known(cell) for cell in row) for row in rows]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_have_a_problem(data):
    frame, problems = read_csv(data)
    assert frame is not None or problems
    assert all(line >= 0 and message for line, message in problems)


@pytest.mark.parametrize(
    "data, expected",
    [
        (b"A,B\n1,2\n", [("1", "2")]),
        (b"A,B\r\n1,2\r\n", [("1", "2")]),
        (b"A,B\n1,2\r\n3,4\n", [("1", "2"), ("3", "4")]),
        (b"A,B\n1,2", [("1", "2")]),
        (b"A,B\n1,2\n\n\r\n", [("1", "2")]),
        (b"\xef\xbb\xbfA,B\n1,2\n", [("1", "2")]),
        (b'\xef\xbb\xbf"A","B"\n1,2\n', [("1", "2")]),
        (b"A,B\n,2\n1,\n", [(None, "2"), ("1", None)]),
        (b'A,B\n"",2\n" ",\t\n', [(None, "2"), (None, None)]),
        (b"A,B\n 1,2 \n", [(" 1", "2 ")]),
        (b'A,B\n"1,5","a""b"\n', [("1,5", 'a"b')]),
        (b'A,B\n"a\r\nb",2\n', [("a\r\nb", "2")]),
        (b'A,B\r\n1,"x\r"\r\n', [("1", "x\r")]),
        (b"A,B\n#1,2\n", [("#1", "2")]),
        (b"A,B\n007,NA\n", [("007", "NA")]),
        (b"A,B\n", []),
        (b"A,B", []),
        (b"A\n1\n", [("1",)]),
        (b'A\n""\n1\n', [(None,), ("1",)]),
    ],
)
def test_a_cell_is_what_stands_between_its_commas(data, expected):
    assert cells(data) == expected


@pytest.mark.parametrize(
    "data, line",
    [
        (b"A,B\n1\n", 2),
        (b"A,B\n1,2,3\n", 2),
        (b'A,B\n"1\n2",3\n4\n', 4),
        (b"A,B\n1,2\n\n3,4\n", 3),
        (b"A\n1\n\n3\n", 3),
        (b"A\n1\n\r\n3\n", 3),
        (b'A,B\nx"y"z,2\n', 2),
        (b'A,B\n1,2\n3,"4', 3),
        (b'A,B\n"1"2,3\n', 2),
        (b"A,B\n1\r,2\n", 2),
        (b"A,B\r1,2\r", 1),
        (b"A,B\n1,2\n3,\xff\n", 3),
        (b"A,B\n1,2\n3,\x00\n", 3),
        (b"A,B\n\xef\xbb\xbf1,2\n", 2),
        (b"\nA,B\n1,2\n", 1),
        (b"A,A\n1,2\n", 1),
        (b"A,,B\n1,2,3\n", 1),
        (b"A;B\n1;2\n", 1),
    ],
)
def test_what_is_not_csv_has_one_problem_with_its_line(data, line):
    _, problems = read_csv(data)
    assert [place for place, _ in problems] == [line]


def test_a_cell_may_be_long():
    long = "x" * 1_000_000
    assert cells(f"A,B\n{long},2\n".encode()) == [(long, "2")]


def test_names_that_are_patterns_to_polars_are_names():
    data = b"^.*$,*,A\n1,2,3\n"
    frame, _ = read_csv(data)
    assert frame is not None
    assert frame.columns == ["^.*$", "*", "A", "SRCLINE"]
    assert frame.rows() == [("1", "2", "3", 2)]


def test_line_ends_in_cells_of_a_large_file_do_not_move_the_lines():
    rows = "".join(f'"{n}\n{n}",b{n}\n' if n % 7 == 0 else f"{n},b{n}\n" for n in range(60_000))
    frame, problems = read_csv(f"A,B\n{rows}".encode())
    assert problems == []
    assert frame is not None
    assert frame["B"].equals(pl.Series("B", [f"b{n}" for n in range(60_000)]))
    expected = pl.int_range(60_000, eager=True) + 2 + (pl.int_range(60_000, eager=True) + 6) // 7
    assert frame["SRCLINE"].equals(expected.alias("SRCLINE"))
