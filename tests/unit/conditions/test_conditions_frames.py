"""Conditions over a frame whose types are known, and over any frame: each row by hand."""

from typing import Any

import polars as pl
import pytest

from pilotage.conditions import columns, holds, parse

NAN = float("nan")
CODES = pl.Enum(["a", "b"])
OTHER_CODES = pl.Enum(["b", "c"])
FRAME = pl.DataFrame(
    {
        "WHOLE": [1, 2, 3, None],
        "REAL": [1.0, 2.0, NAN, None],
        "SHORT": [1.0, 2.0, NAN, None],
        "TEXT": ["a", "b", "c", None],
        "CODE": ["a", "b", "a", None],
        "LABEL": ["a", "b", "c", None],
        "OTHER": ["b", "b", "c", None],
        "YES": [True, False, True, None],
    },
    schema={
        "WHOLE": pl.Int64,
        "REAL": pl.Float64,
        "SHORT": pl.Float32,
        "TEXT": pl.String,
        "CODE": CODES,
        "LABEL": pl.Categorical,
        "OTHER": OTHER_CODES,
        "YES": pl.Boolean,
    },
)
T, F = True, False


def answers(
    text: str, frame: pl.DataFrame = FRAME, stands_in: dict[str, str] | None = None
) -> list[bool | None]:
    """The answer of every row. Without other names, any frame and single subjects say the same."""
    condition = parse(text)
    known = frame.select(columns(condition, frame.schema, stands_in=stands_in)).to_series()
    assert (known.dtype, known.name) == (pl.Boolean, text)
    if stands_in is None:
        any_frame = frame.select(columns(condition)).to_series()
        assert (any_frame.dtype, any_frame.name) == (pl.Boolean, text)
        single = [holds(condition, row) for row in frame.iter_rows(named=True)]
        assert any_frame.to_list() == known.to_list() == single
    return known.to_list()


@pytest.mark.parametrize(
    "text, expected",
    [
        ("WHOLE > 1", [F, T, T, None]),
        ("REAL > 1", [F, T, None, None]),
        ("SHORT >= 2", [F, T, None, None]),
        ("REAL == 0", [F, F, None, None]),
        ("REAL <= WHOLE", [T, T, None, None]),
        ("SHORT != WHOLE", [F, F, None, None]),
        ("WHOLE in (2)", [F, T, F, None]),
        ("REAL in (0, 1)", [T, F, None, None]),
        ("REAL between 1 and 1", [T, F, None, None]),
        ("WHOLE between 2 and 3", [F, T, T, None]),
    ],
)
def test_numbers_are_compared_where_they_are_there(text: str, expected: list[bool | None]) -> None:
    assert answers(text) == expected


@pytest.mark.parametrize("name", ["TEXT", "LABEL"])
def test_texts_are_compared_where_they_are_there(name: str) -> None:
    assert answers(f"{name} == 'b'") == [F, T, F, None]
    assert answers(f"{name} != 'b'") == [T, F, T, None]
    assert answers(f"{name} in ('b')") == [F, T, F, None]
    assert answers(f"{name} not in ('b', 'z')") == [T, F, T, None]


def test_a_coded_text_may_be_compared_with_what_it_can_never_be() -> None:
    assert answers("CODE == 'b'") == [F, T, F, None]
    assert answers("CODE == 'z'") == [F, F, F, None]
    assert answers("CODE != 'z'") == [T, T, T, None]
    assert answers("CODE in ('b', 'z')") == [F, T, F, None]


@pytest.mark.parametrize("left", ["TEXT", "LABEL", "CODE", "OTHER"])
@pytest.mark.parametrize("right", ["TEXT", "LABEL", "CODE", "OTHER"])
def test_texts_of_different_types_are_compared_as_texts(left: str, right: str) -> None:
    pairs = zip(FRAME[left].to_list(), FRAME[right].to_list(), strict=True)
    equal = [None if a is None else a == b for a, b in pairs]
    assert answers(f"{left} == {right}") == equal
    assert answers(f"{left} != {right}") == [None if e is None else not e for e in equal]


@pytest.mark.parametrize("name", ["TEXT", "CODE", "LABEL", "YES", "ABSENT"])
def test_what_is_no_number_is_unknown_where_a_number_is_needed(name: str) -> None:
    for relation in ("> 1", "== 1", "!= 1", "in (1)", "between 1 and 2", "<= WHOLE", "!= REAL"):
        assert answers(f"{name} {relation}") == [None] * 4


@pytest.mark.parametrize("name", ["WHOLE", "REAL", "YES", "ABSENT"])
def test_what_is_no_text_is_unknown_where_a_text_is_needed(name: str) -> None:
    for relation in ("== 'a'", "!= 'a'", "in ('a')", "== TEXT", "!= CODE"):
        assert answers(f"{name} {relation}") == [None] * 4


@pytest.mark.parametrize(
    "name, missing",
    [
        ("WHOLE", [F, F, F, T]),
        ("REAL", [F, F, T, T]),
        ("SHORT", [F, F, T, T]),
        ("TEXT", [F, F, F, T]),
        ("CODE", [F, F, F, T]),
        ("YES", [F, F, F, T]),
        ("ABSENT", [T, T, T, T]),
    ],
)
def test_null_nan_and_a_column_that_is_not_there_are_missing(
    name: str, missing: list[bool]
) -> None:
    assert answers(f"{name} is missing") == missing
    assert answers(f"{name} is not missing") == [not each for each in missing]


def test_whole_numbers_are_compared_as_real_ones() -> None:
    """Beyond 2**53 two whole numbers may be one real number; one subject and all say the same."""
    large = pl.DataFrame({"X": [2**53 + 1, 3], "Y": [2**53, 4]})
    assert answers("X == Y", large) == [True, False]
    assert answers("X > Y", large) == [False, False]


# -- names that are found under another one --------------------------------------------------------


@pytest.mark.parametrize(
    "text, expected",
    [
        ("A == 2", [F, T, None, None]),
        ("A in (2)", [F, T, None, None]),
        ("A between 2 and 3", [F, T, None, None]),
        ("A < WHOLE", [F, F, None, None]),
        ("A is missing", [F, F, T, T]),
        ("B == 'b'", [F, T, F, None]),
        ("B in ('b')", [F, T, F, None]),
        ("B is missing", [F, F, F, T]),
    ],
)
def test_a_column_stands_in_for_a_name(text: str, expected: list[bool | None]) -> None:
    assert answers(text, stands_in={"A": "REAL", "B": "TEXT"}) == expected


def test_a_column_that_stands_in_hides_the_one_of_that_name() -> None:
    other = {"WHOLE": "REAL", "TEXT": "CODE"}
    assert answers("WHOLE > 1", stands_in=other) == [F, T, None, None]
    assert answers("WHOLE is missing", stands_in=other) == [F, F, T, T]
    assert answers("TEXT == 'a'", stands_in=other) == [T, F, T, None]


def test_a_name_without_stand_in_is_its_own_column() -> None:
    assert answers("WHOLE > 1", stands_in={"A": "REAL"}) == [F, T, T, None]
    assert answers("WHOLE > 1", stands_in={}) == [F, T, T, None]


@pytest.mark.parametrize("text", ["A == 1", "A == 'a'", "A in (1)", "A in ('a')"])
def test_a_stand_in_that_is_not_there_is_missing(text: str) -> None:
    assert answers(text, stands_in={"A": "ABSENT"}) == [None] * 4
    assert answers("A is missing", stands_in={"A": "ABSENT"}) == [True] * 4


@pytest.mark.parametrize("known", [True, False], ids=["types known", "any frame"])
def test_a_column_of_nothing_is_missing_and_no_frame_has_too_few_rows(known: bool) -> None:
    nothing = pl.DataFrame({"X": [None, None]}, schema={"X": pl.Null})
    for frame, expected in ((nothing, [None, None]), (nothing.clear(), [])):
        for text in ("X > 1", "1 == X", "X == 'a'", "X in (1)", "X < X", "X == X"):
            schema: Any = frame.schema if known else None
            found = frame.select(columns(parse(text), schema)).to_series()
            assert (found.to_list(), found.dtype) == (expected, pl.Boolean)
