"""Rounding: half away from zero, of the number as it is written."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import rounding

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2.68"),  # Python's round gives 2.67
        (1.005, 2, "1.01"),
        (0.285, 2, "0.29"),
        (85.71428571428571, 1, "85.7"),
        (0.04999, 1, "0.0"),
        (9.995, 2, "10.00"),
        (1e-7, 3, "0.000"),
        (1.5e-05, 5, "0.00002"),
        (1e22, 1, "10000000000000000000000.0"),
        (12, 0, "12"),
        (12, 2, "12.00"),
        (10**30, 0, "1" + 30 * "0"),
    ],
)
def test_half_goes_away_from_zero_and_zeros_are_kept(value, digits, expected):
    assert rounding.text(value, digits) == expected
    assert rounding.round_half_up(value, digits) == Decimal(expected)


@pytest.mark.parametrize("value", [-0.0, -0.04, -1e-300, Decimal("-0.0"), Fraction(-1, 30)])
def test_there_is_no_negative_zero(value):
    assert rounding.text(value, 1) == "0.0"


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.125"),
        Fraction(1, 8),
        np.float64(0.125),
        np.float32(0.125),
    ],
)
def test_every_kind_of_number_is_rounded(value):
    assert rounding.text(value, 2) == "0.13"


def test_a_fraction_is_rounded_exactly_where_a_float_carries_noise():
    assert 100 * 0.285 < 28.5
    assert rounding.text(100 * 0.285, 0) == "28"
    assert rounding.text(Fraction(100 * 285, 1000), 0) == "29"


@pytest.mark.parametrize("value", [None, "1.5", float("nan"), float("inf"), Decimal("NaN"), 1j])
def test_what_is_no_finite_number_is_refused(value):
    with pytest.raises(ValueError, match="is not a finite number"):
        rounding.round_half_up(value, 1)


def test_fewer_than_no_decimal_places_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        rounding.text(1234, -2)


@unhurried
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 12))
def test_rounding_is_that_of_the_decimal_module_on_the_shortest_text(value, digits):
    with localcontext() as context:
        context.prec = 400
        expected = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    found = rounding.round_half_up(value, digits)
    assert found == expected
    assert found.as_tuple().exponent == -digits


@unhurried
@given(st.decimals(-(10**9), 10**9, places=4))
def test_rounding_is_the_same_on_both_sides_of_zero(value):
    assert rounding.round_half_up(-value, 2) == -rounding.round_half_up(value, 2)
