"""Descriptive statistics: their definition, and where they are not defined."""

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import locations

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

scores = st.lists(st.integers(0, 70), min_size=1, max_size=40)
measured = st.lists(
    st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=2, max_size=40
)


@pytest.mark.requirement("P-70")
def test_no_value_leaves_everything_but_n_undefined():
    assert locations.summarise([]) == locations.Summary(0)
    assert locations.summarise([]).mean is None
    assert locations.summarise([]).reason == "no values"


@pytest.mark.requirement("P-70")
def test_one_value_has_no_standard_deviation():
    found = locations.summarise([7])
    assert (found.mean, found.median, found.q1, found.q3) == (7, 7, 7, 7)
    assert (found.minimum, found.maximum) == (7, 7)
    assert (found.sd, found.sem) == (None, None)
    assert found.reason == "fewer than two values"


@pytest.mark.requirement("P-70")
def test_two_values_have_everything():
    found = locations.summarise([3, 1])
    assert (found.n, found.mean, found.median, found.q1, found.q3) == (2, 2, 2, 1, 3)
    assert (found.sd, found.sem) == pytest.approx((2**0.5, 1))
    assert found.reason is None


@unhurried
@given(st.floats(-1e6, 1e6), st.integers(2, 50))
def test_equal_values_have_that_mean_and_no_spread_at_all(value, n):
    found = locations.summarise([value] * n)
    assert (found.mean, found.sd, found.sem) == (value, 0, 0)


@pytest.mark.requirement("P-70")
@pytest.mark.parametrize(
    ("values", "q1", "median", "q3"),
    [
        ([1, 2, 3, 4], 1.5, 2.5, 3.5),
        ([1, 2, 3, 4, 5], 2, 3, 4),
        ([1, 2, 3, 4, 5, 6], 2, 3.5, 5),
        ([1, 2, 3, 4, 5, 6, 7], 2, 4, 6),
        ([1, 2, 3, 4, 5, 6, 7, 8], 2.5, 4.5, 6.5),
    ],
)
def test_quartiles_are_sas_definition_5(values, q1, median, q3):
    found = locations.summarise(values)
    assert (found.q1, found.median, found.q3) == (q1, median, q3)


@unhurried
@given(scores)
def test_quartiles_are_those_of_numpy(values):
    found = locations.summarise(values)
    expected = np.quantile(values, [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
    assert [found.q1, found.median, found.q3] == expected.tolist()


@unhurried
@given(measured)
def test_mean_and_sd_are_those_of_exact_arithmetic(values):
    found = locations.summarise(values)
    assert found.mean == pytest.approx(statistics.mean(values), rel=1e-14, abs=1e-12)
    assert found.sd == pytest.approx(statistics.stdev(values), rel=1e-9, abs=1e-12)


@unhurried
@given(measured, st.randoms(use_true_random=False))
def test_order_of_the_values_changes_no_bit(values, random):
    shuffled = values.copy()
    random.shuffle(shuffled)
    assert locations.summarise(shuffled) == locations.summarise(values)


def test_interval_of_the_mean_is_around_it_and_names_its_method():
    found = locations.mean_interval([1, 2, 3, 6], level=0.9)
    assert (found.estimate, found.level, found.n, found.method) == (3, 0.9, 4, "t")
    assert found.estimate - found.low == pytest.approx(found.high - found.estimate)
    assert found.low < found.estimate


@pytest.mark.parametrize(
    ("definition", "numpy_name"),
    [("SAS 5", "averaged_inverted_cdf"), ("SAS 4", "weibull"), ("R 7", "linear")],
)
@unhurried
@given(values=measured, percent=st.integers(0, 100))
def test_quantiles_are_those_of_numpy(definition, numpy_name, values, percent):
    found = locations.quantile(values, percent / 100, definition=definition)
    expected = np.quantile(values, percent / 100, method=numpy_name)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("percent", "expected"), [(10, 1.5), (30, 3.5), (70, 7.5), (90, 9.5)])
def test_share_is_taken_as_written_so_that_a_whole_number_of_values_is_one(percent, expected):
    assert locations.quantile(range(1, 11), percent / 100) == expected


@unhurried
@given(scores, st.randoms(use_true_random=False))
def test_quantile_needs_no_order(values, random):
    shuffled = values.copy()
    random.shuffle(shuffled)
    assert locations.quantile(shuffled, 0.1) == locations.quantile(values, 0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: locations.quantile([1], 25), "the probability is 25"),
        (lambda: locations.quantile([1], 0.5, definition="R 6"), "the definition is 'R 6'"),
        (lambda: locations.quantile([], 0.5), "no values"),
        (lambda: locations.median_interval([]), "no values"),
        (lambda: locations.median_interval([1, 2, 3, 4, 5]), "too few values for a level of 0.95"),
        (lambda: locations.median_interval([3] * 6), "all values are equal"),
    ],
)
def test_quantiles_and_medians_that_cannot_be_say_why(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("n", "place"), [(6, 1), (8, 1), (9, 2), (12, 3), (15, 4), (17, 5), (20, 6), (25, 8)]
)
def test_interval_of_the_median_lies_between_the_tabled_order_statistics(n, place):
    """Places of the 95 % interval for n values, as in every table of the sign test."""
    found = locations.median_interval(range(1, n + 1))
    assert (found.low, found.high) == (place, n + 1 - place)
    assert (found.n, found.method) == (n, "order statistics")
