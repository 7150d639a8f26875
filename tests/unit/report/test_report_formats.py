"""Numbers become text in one place: half away from zero, percentages from whole numbers."""

from datetime import date
from fractions import Fraction

import pytest

from pilotage.report import formats


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 0, "1"),
        (-0.5, 0, "−1"),
        (2.5, 0, "3"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (-0.04, 1, "0.0"),
        (7, 1, "7.0"),
        (None, 1, "–"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero_and_has_a_proper_minus(value, digits, text):
    assert formats.number(value, digits) == text


@pytest.mark.parametrize(
    ("events", "n", "text"),
    [
        (12, 14, "12/14 (86 %)"),
        (0, 15, "0/15 (0 %)"),
        (1, 8, "1/8 (13 %)"),  # 12.5
        (1, 200, "1/200 (0.5 %)"),
        (57, 200, "57/200 (28.5 %)"),
        (0, 0, "0/0"),
        (None, 15, "–"),
        (3, None, "–"),
    ],
)
def test_a_percentage_comes_from_the_two_whole_numbers(events, n, text):
    assert formats.count_of(events, n) == text


def test_bounds_of_a_proportion_are_per_cent_with_one_decimal():
    assert formats.percent_interval(0.0, 0.218019) == "0.0 to 21.8 %"
    assert formats.percent_interval(0.5725, 1.0) == "57.3 to 100.0 %"
    assert formats.percent_interval(None, 1.0) == "–"


@pytest.mark.parametrize(
    ("level", "text"), [(0.95, "95 %"), (0.9, "90 %"), (0.975, "97.5 %"), (0.999, "99.9 %")]
)
def test_a_level_keeps_the_decimals_that_it_was_given(level, text):
    assert formats.level(level) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.04951, "0.0495"),
        (0.04999, "0.04999"),
        (0.0500, "0.050"),
        (0.05004, "0.05004"),
        (0.0485, "0.049"),
        (0.2345, "0.235"),
        (0.001, "0.001"),
        (0.00099, "0.0010"),
        (0.00012, "0.0001"),
        (0.0001, "0.0001"),
        (0.00009, "<0.0001"),
        (0.0, "<0.0001"),
        (0.9994, "0.999"),
        (0.9996, ">0.999"),
        (1.0, "1.000"),
        (None, "–"),
    ],
)
def test_a_p_value_never_hides_on_which_side_of_the_significance_level_it_lies(p, text):
    assert formats.p_value(p) == text


def test_the_significance_level_is_that_of_the_plan():
    assert formats.p_value(0.0099, significance=0.01) == "0.0099"
    assert formats.p_value(0.0499, significance=0.01) == "0.050"


def test_a_bound_that_does_not_exist_is_a_dash():
    assert formats.with_bounds(8.4, 4.0, None, digits=1, bounds=1) == "8.4 (4.0 to –)"
    assert formats.with_bounds(None, 4.0, None, digits=1, bounds=1) == "–"
    assert formats.with_bounds(41.5, 28, 50, digits=1, bounds=0) == "41.5 (28 to 50)"
    assert formats.with_spread(10.9333, None, digits=1) == "10.9 (–)"
    assert formats.interval(-9.05, -4.6, digits=1) == "−9.1 to −4.6"


def test_weeks_days_and_ticks():
    assert formats.weeks(33 / 7) == "4.7"
    assert formats.weeks(4.25, censored=True) == "4.3+"
    assert formats.day(date(2011, 12, 31)) == "2011-12-31"
    assert formats.alike([0.0, 0.2, 0.6000000000000001, -1.0]) == ["0.0", "0.2", "0.6", "−1.0"]
    assert formats.alike([0.0, 5.0, 1e6]) == ["0", "5", "1000000"]
    assert formats.percents([0, 0.25, 1]) == ["0 %", "25 %", "100 %"]
    assert [formats.plain(value) for value in (12, 2.5, -3.0)] == ["12", "2.5", "−3"]


def test_an_exact_fraction_is_taken_as_it_is():
    assert formats.number(Fraction(1, 8), 2) == "0.13"
