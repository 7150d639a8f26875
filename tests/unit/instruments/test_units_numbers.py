"""Numbers as laboratories write them: what is a number, what is not, one text = all texts."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pilotage.instruments.units import number_columns, parse_number


@pytest.mark.parametrize(
    "text, value",
    [
        ("1190", 1190), ("1.19", 1.19), ("0", 0), ("-2.5", -2.5), ("+3", 3), ("007", 7),
        (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1.5E-2", 0.015), (" 12 ", 12),
        ("\t12", 12), ("1.1900", 1.19),
    ],
)  # fmt: skip
def test_plain_decimals_are_numbers(text, value):
    number = parse_number(text, "/mm3")
    assert number.value == value
    assert number.reason is None


NOT_NUMBERS = [
    "<0.5", ">100", "<=1", "1,5", "1.190,5", "1 190", "1_0", "NaN", "nan", "inf", "-inf",
    "Infinity", "haemolysed", "1190 cells", "１２", "٣", "0x10", "1e", "e5", ".", "+", "--1",
    "1.2.3", "1/2", "~5",
    "1.5\n", "\xa05", "1\u202f190", "5%", "1e5.0",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_anything_else_is_not_a_number_and_says_so(text):
    number = parse_number(text, "10*9/L")
    assert number.value is None
    assert number.reason == f"{text!r} is not a number"


@pytest.mark.parametrize("text", [None, "", "  ", "\t"])
def test_missing_text_is_missing_without_a_reason(text):
    number = parse_number(text, "/mm3")
    assert (number.value, number.reason) == (None, None)


@pytest.mark.parametrize("text", ["1e400", "-1e999", "9" * 400])
def test_a_number_beyond_floats_is_refused(text):
    number = parse_number(text, "g/L")
    assert number.value is None
    assert number.reason.endswith("is too large for a number")


@pytest.mark.requirement("P-54")
@pytest.mark.parametrize("unit", ["/mm3", "/uL", "cells/mm3", "cells/µL", "10*6/L"])
@pytest.mark.parametrize("text", ["1.190", "12.000", "+1.190", "0.500", " 1.190 "])
def test_a_point_before_three_digits_is_not_clear_where_single_cells_are_counted(text, unit):
    number = parse_number(text, unit)
    assert number.value is None
    assert "may mark thousands" in number.reason


@pytest.mark.parametrize("unit", ["10*9/L", "10*3/uL", "g/L", "%", "furlong", None])
def test_elsewhere_the_point_is_a_decimal_point(unit):
    assert parse_number("1.190", unit).value == 1.19


@pytest.mark.parametrize("text, value", [("1.19", 1.19), ("1190.5", 1190.5), ("1.1900", 1.19)])
def test_other_digits_after_the_point_are_decimals_also_for_cells(text, value):
    assert parse_number(text, "/mm3").value == value


UNIT = st.sampled_from(["/mm3", "cells/uL", "10*9/L", "10*3/uL", "g/L", "", "furlong", None])
DIGITS = st.text("0123456789.,+-eE <>_ \t", max_size=8)
DECIMALS = st.from_regex(r"\A[+-]?[0-9]{1,3}\.[0-9]{1,4}(e[0-9]{1,3})?\Z")
TEXT = st.one_of(st.none(), DIGITS, DECIMALS, st.floats().map(str), st.text(max_size=5))


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.tuples(TEXT, UNIT), min_size=1, max_size=40))
@example(rows=[(text, "10*9/L") for text in NOT_NUMBERS])
@example(rows=[("1.190", None)])
@example(rows=[("1.190", "/mm3"), ("1e400", "g/L"), ("4.9e-324", "g/L"), ("1.190e0", "/mm3")])
def test_one_text_is_read_as_all_are(rows):
    frame = pl.DataFrame(rows, schema={"T": pl.String, "U": pl.String}, orient="row")
    with_units = frame.select(number_columns("T", "U")).to_series().to_list()
    assert with_units == [parse_number(text, unit).value for text, unit in rows]
    without_units = frame.select(number_columns("T")).to_series().to_list()
    assert without_units == [parse_number(text, None).value for text, _ in rows]


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_float_is_read_back(value):
    assert parse_number(repr(value), "g/L").value == value


def test_number_columns_keep_order_and_give_floats():
    frame = pl.DataFrame({"T": ["2", "x", "1"], "U": ["g/L", "g/L", "/mm3"]})
    read = frame.select(N=number_columns("T", "U"))
    assert read.schema["N"] == pl.Float64
    assert read["N"].to_list() == [2.0, None, 1.0]
    assert frame.lazy().select(N=number_columns("T", "U")).collect().equals(read)
