"""When a number of ours is the printed one: the printed decimals decide."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotage.publication.reproduce.agreement import agreement, shown
from pilotage.publication.units import factor
from pilotage.statistics.rounding import round_half_up


@pytest.mark.parametrize(
    ("ours", "printed", "digits", "how"),
    [
        ("85.5", 86, 0, "rounded"),
        ("85.4999", 86, 0, ""),
        ("86.4999", 86, 0, "rounded"),
        ("86.5", 86, 0, "half to even"),
        ("87.5", 87, 0, "truncated"),
        ("86.9", 86, 0, "truncated"),
        ("87", 86, 0, ""),
        ("2.955", 2.96, 2, "rounded"),
        ("2.9549", 2.96, 2, ""),
        ("2.969", 2.96, 2, "truncated"),
        ("0.00085", 0.0009, 4, "rounded"),
        ("0.00095", 0.0009, 4, "truncated"),
        ("-2.5", -3, 0, "rounded"),
        ("-2.7", -2, 0, "truncated"),
    ],
)
def test_a_number_is_the_printed_one_when_it_rounds_to_it(
    ours: str, printed: float, digits: int, how: str
) -> None:
    assert agreement(Fraction(ours), printed, digits=digits) == how


@pytest.mark.parametrize(
    ("ours", "comparator", "printed", "met"),
    [
        ("0.0499", "<", 0.05, True),
        ("0.05", "<", 0.05, False),
        ("6.4", "<=", 6, True),
        ("6.5", "<=", 6, False),
        ("3.5", ">=", 4, True),
        ("3.4", ">=", 4, False),
        ("50", ">", 50, False),
        ("50.01", ">", 50, True),
        ("36", "about", 40, True),
        ("35.9", "about", 40, False),
    ],
)
def test_a_limit_is_asked_of_the_number_or_of_the_rounded_one(
    ours: str, comparator: str, printed: float, met: bool
) -> None:
    found = agreement(Fraction(ours), printed, digits=0, comparator=comparator)  # type: ignore[arg-type]
    assert bool(found) is met


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_what_we_would_print_always_agrees_with_itself(value: Fraction, digits: int) -> None:
    printed = float(round_half_up(value, digits))
    assert agreement(value, printed, digits=digits) == "rounded"
    assert agreement(value, printed + 2 * 10**-digits, digits=digits) == ""


def test_a_small_number_is_not_shown_as_zero() -> None:
    assert shown(Fraction("0.0000137"), 3) == "0.000014"
    assert shown(Fraction(0), 3) == "0.000"
    assert shown(Fraction("0.0006"), 3) == "0.001"


@pytest.mark.parametrize(
    ("given", "wanted", "times"),
    [
        ("days", "weeks", Fraction(1, 7)),
        ("days", "months", 1 / Fraction("30.4375")),
        ("weeks", "days", Fraction(7)),
        ("10*9/L", "/mm3", Fraction(1000)),
        ("IU/mL", "IU/ml", Fraction(1)),
        (None, "months", Fraction(1)),
        ("points", "not stated", Fraction(1)),
        ("days", "points", None),
        ("stones", "days", None),
    ],
)
def test_units_become_each_other_or_do_not(
    given: str | None, wanted: str, times: Fraction | None
) -> None:
    assert factor(given, wanted) == times
