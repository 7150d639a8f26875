"""Numbers: what Python reads as a number is not always one in a table."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.snapshot.numbers import number, sequence, wrong_numbers


def numbers(*texts: str | None) -> list[float | None]:
    return (
        pl.DataFrame({"X": texts}, schema={"X": pl.String})
        .select(number(pl.col("X")))["X"]
        .to_list()
    )


@pytest.mark.parametrize(
    "text, value",
    [("1", 1), ("-1.5", -1.5), ("+2", 2), (".5", 0.5), ("5.", 5), ("007", 7), ("1e5", 1e5),
     ("1E-05", 1e-5), ("0e5", 0), ("0.0", 0), ("9007199254740993", 9007199254740992)],
)  # fmt: skip
def test_digits_with_a_point_are_a_number(text, value):
    assert wrong_numbers(pl.Series([text])) == {}
    assert numbers(text) == [value]


@pytest.mark.parametrize(
    "text",
    ["1,5", "1 190", "<0.5", ">1000", "NaN", "nan", "inf", "-Infinity", "1e999", "-1e999", "1e-999",
     "1_0", "１", "٣", "0x10", " 1", "1 ", "1\n", "", ".", "-", "1e", "--1", "1e1000",
     "1" + "0" * 400],
)  # fmt: skip
def test_everything_else_is_not(text):
    assert list(wrong_numbers(pl.Series([text]))) == [text]


@settings(max_examples=300, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back_to_the_last_bit(value):
    text = repr(value)
    assert wrong_numbers(pl.Series([text])) == {}
    assert numbers(text) == [value]


def test_zero_has_no_sign():
    [zero] = numbers("-0")
    assert zero is not None
    assert math.copysign(1, zero) == 1


def test_a_missing_text_is_a_missing_number():
    assert numbers(None) == [None]


@pytest.mark.parametrize("text", ["1", "1.0", "12", "9007199254740992"])
def test_a_sequence_is_a_whole_number_from_one(text):
    assert wrong_numbers(pl.Series([text]), whole=True) == {}
    frame = pl.DataFrame({"X": [text]}).select(sequence(pl.col("X")))
    assert frame["X"].dtype == pl.Int64
    assert frame["X"].to_list() == [int(float(text))]


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "9007199254740994", "x", "1e999"])
def test_a_sequence_is_nothing_else(text):
    assert list(wrong_numbers(pl.Series([text]), whole=True)) == [text]
