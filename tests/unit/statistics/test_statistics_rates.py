"""Rates: the exact Poisson interval and test, from their definition."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import rates

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

seen = st.integers(0, 30)
exposures = st.sampled_from([0.5, 1, 3.25, 30.4375, 100])


def at_most(events, expected):
    return math.fsum(
        math.exp(-expected) * expected**k / math.factorial(k) for k in range(events + 1)
    )


@unhurried
@given(seen, exposures, st.sampled_from([0.8, 0.95]))
def test_exact_bounds_leave_half_of_the_rest_in_each_poisson_tail(events, exposure, level):
    found = rates.poisson_rate(events, exposure, level=level)
    tail = (1 - level) / 2
    assert at_most(events, found.high * exposure) == pytest.approx(tail, abs=1e-10)
    if events == 0:
        assert found.low == 0
    else:
        assert 1 - at_most(events - 1, found.low * exposure) == pytest.approx(tail, abs=1e-10)
    assert found.low <= found.estimate == events / exposure < found.high


@unhurried
@given(seen, exposures)
def test_longer_unit_of_exposure_divides_the_rate(events, exposure):
    daily, weekly = rates.poisson_rate(events, 7 * exposure), rates.poisson_rate(events, exposure)
    assert (7 * daily.low, 7 * daily.high) == pytest.approx((weekly.low, weekly.high), rel=1e-12)


@unhurried
@given(seen, st.floats(0.05, 25))
def test_two_sided_p_is_the_sum_of_the_counts_that_are_at_most_as_likely(events, expected):
    chances = [math.exp(-expected) * expected**k / math.factorial(k) for k in range(150)]
    limit = chances[events] * (1 + 1e-7)
    found = rates.poisson_test(events, 1, expected)
    assert found.p == pytest.approx(math.fsum(c for c in chances if c <= limit), abs=1e-10)
    greater = rates.poisson_test(events, 1, expected, alternative="greater").p
    less = rates.poisson_test(events, 1, expected, alternative="less").p
    assert greater + less - chances[events] == pytest.approx(1, abs=1e-10)


def test_events_as_expected_have_a_p_of_1():
    assert rates.poisson_test(5, 5, 1).p == pytest.approx(1)
    assert rates.poisson_test(4, 5, 1).p == pytest.approx(1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rates.poisson_rate(-1, 5), "-1 events in 5"),
        (lambda: rates.poisson_rate(1, 0), "1 events in 0"),
        (lambda: rates.poisson_rate(1.5, 5), "1.5 events: a whole number is needed"),
        (lambda: rates.poisson_rate(1, None), "exposure: number 1 is None"),
        (lambda: rates.poisson_test(1, 5, 0), "the rate is 0; it must be above 0"),
        (lambda: rates.poisson_test(1, 5, 1, alternative="up"), "the alternative is 'up'"),
    ],
)
def test_impossible_rates_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
