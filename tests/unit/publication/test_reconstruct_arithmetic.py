"""Which whole numbers can have a printed mean and SD."""

from fractions import Fraction
from itertools import combinations_with_replacement
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotage.publication.arithmetic import (
    Moments,
    Printed,
    exist,
    moments,
    why_no_mean,
    why_no_sd,
)
from pilotage.publication.reconstruct.p_values import changes_with, paired_p, two_sample_p
from pilotage.statistics import groups, paired
from pilotage.statistics.rounding import text


def printed(value: float, digits: int) -> Printed:
    return Printed.of(value, digits)


@pytest.mark.requirement("P-80", "P-86")
def test_the_only_sum_with_which_fifteen_scores_have_a_mean_that_prints_4_13_is_62() -> None:
    assert moments(15, printed(4.13, 2), printed(3.66, 2), low=0, high=70) == [Moments(15, 62, 444)]
    assert not moments(14, printed(4.13, 2), printed(3.66, 2), low=0, high=70)


@pytest.mark.requirement("P-80", "P-86")
def test_no_fifteen_whole_numbers_have_a_mean_of_3_26_unless_its_decimals_are_cut_off() -> None:
    sd = printed(2.22, 2)
    assert not moments(15, printed(3.26, 2), sd, low=0, high=105)
    cut = Printed.of(3.26, 2, "cut off")
    assert moments(15, cut, sd, low=0, high=105) == [Moments(15, 49, 229)]


@pytest.mark.requirement("P-80", "P-86")
def test_no_fifteen_whole_numbers_have_2_33_and_2_96_because_of_odd_and_even() -> None:
    """204 would be the sum of squares, but a sum of 35 has squares with an odd sum."""
    assert not moments(15, printed(2.33, 2), printed(2.96, 2), low=0, high=56)
    assert not exist(15, 35, 204, 0, 56)
    assert exist(15, 35, 205, 0, 56)


@pytest.mark.requirement("P-67", "P-86")
def test_no_group_of_the_cohort_has_a_mean_of_2_39_and_two_sizes_have_3_08() -> None:
    sizes = range(1, 16)
    assert not [n for n in sizes if moments(n, printed(2.39, 2), None, low=0, high=56)]
    mean_and_sd = printed(3.08, 2), printed(3.15, 2)
    assert [n for n in sizes if moments(n, *mean_and_sd, low=0, high=56)] == [12, 13]


def test_impossibility_is_told_with_the_numbers_next_to_the_printed_one() -> None:
    assert why_no_mean(15, printed(3.26, 2)) == (
        "no 15 whole numbers have a mean that prints 3.26: "
        "a sum of 48 gives 3.2000 and a sum of 49 gives 3.2667; nor have fewer"
    )
    assert "a sum of 35 with squares of 205 gives 2.9681" in why_no_sd(
        15, printed(2.33, 2), printed(2.96, 2)
    )


@given(st.lists(st.integers(0, 6), min_size=2, max_size=5))
def test_numbers_that_exist_are_found(values: list[int]) -> None:
    n, total, squares = len(values), sum(values), sum(v * v for v in values)
    assert exist(n, total, squares, 0, 6)
    sd, average = text(stdev(values), 2), text(Fraction(total, n), 2)
    found = moments(n, printed(float(average), 2), printed(float(sd), 2), low=0, high=6)
    assert float(average) == 0 or float(sd) == 0 or Moments(n, total, squares) in found


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_what_the_search_says_is_what_trying_all_numbers_says(n: int) -> None:
    every = {
        (sum(each), sum(v * v for v in each)) for each in combinations_with_replacement(range(5), n)
    }
    for total in range(4 * n + 2):
        for squares in range(16 * n + 2):
            assert exist(n, total, squares, 0, 4) == ((total, squares) in every)


def test_a_printed_number_stands_for_the_half_open_span_around_it() -> None:
    assert list(printed(2, 0).whole_numbers(Fraction(7))) == [*range(11, 18)]
    assert list(Printed.of(2, 0, "cut off").whole_numbers(Fraction(7))) == [*range(14, 21)]
    assert printed(2.5, 1).fits(Fraction(245, 100))
    assert not printed(2.5, 1).fits(Fraction(255, 100))


def test_p_values_from_sums_are_those_of_the_tests_on_the_values() -> None:
    before, after = [11, 4, 9, 20, 7, 13], [4, 3, 2, 9, 6, 1]
    one, two = (Moments(6, sum(x), sum(v * v for v in x)) for x in (before, after))
    assert two_sample_p(one, two, "welch_t") == pytest.approx(groups.welch_t(before, after).p)
    assert two_sample_p(one, two, "pooled_t") == pytest.approx(groups.pooled_t(before, after).p)
    changes = [a - b for a, b in zip(after, before, strict=True)]
    made = Moments(6, sum(changes), sum(c * c for c in changes))
    assert paired_p(made) == pytest.approx(paired.paired_t(after, before).p)
    assert mean(changes) < 0


@pytest.mark.requirement("P-71", "P-84")
def test_changes_are_found_for_a_printed_p_value_and_none_beside_them() -> None:
    wanted = printed(0.398, 3)
    found = {(m.total, m.squares) for m in changes_with(13, wanted)}
    assert (6, 46) in found
    for total in range(1, 8):
        for squares in range(total, 90):
            made = Moments(13, total, squares)
            if (squares - total) % 2 == 0 and made.variance > 0:
                assert ((total, squares) in found) == wanted.fits(Fraction(paired_p(made)))
    assert not [m for m in changes_with(12, wanted) if m.total <= 12 and m.squares <= 90]
