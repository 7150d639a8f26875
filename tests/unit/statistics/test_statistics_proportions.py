"""Intervals of proportions: their definition, and what they refuse."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import proportions

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def chance_of_at_least(events: int, n: int, share: float) -> float:
    """The upper binomial tail, term by term."""
    return math.fsum(
        math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(events, n + 1)
    )


@unhurried
@given(counts, levels)
def test_exact_bounds_leave_half_of_the_rest_in_each_binomial_tail(count, level):
    events, n = count
    tail = (1 - level) / 2
    found = proportions.clopper_pearson(events, n, level=level)
    if events > 0:
        assert chance_of_at_least(events, n, found.low) == pytest.approx(tail, abs=1e-10)
    if events < n:
        at_most = 1 - chance_of_at_least(events + 1, n, found.high)
        assert at_most == pytest.approx(tail, abs=1e-10)


@unhurried
@given(counts, levels)
def test_wilson_bounds_are_the_shares_whose_score_test_just_rejects(count, level):
    events, n = count
    found = proportions.wilson(events, n, level=level)
    for bound in found.low, found.high:
        if 0 < bound < 1:
            z = abs(events / n - bound) / math.sqrt(bound * (1 - bound) / n)
            assert math.erf(z / math.sqrt(2)) == pytest.approx(level, abs=1e-10)


@pytest.mark.parametrize("interval", [proportions.clopper_pearson, proportions.wilson])
@unhurried
@given(count=counts, level=levels)
def test_interval_of_the_others_is_the_mirror_image(interval, count, level):
    events, n = count
    found, others = interval(events, n, level=level), interval(n - events, n, level=level)
    assert (1 - others.high, 1 - others.low) == pytest.approx((found.low, found.high), abs=1e-12)


@pytest.mark.parametrize("interval", [proportions.clopper_pearson, proportions.wilson])
@unhurried
@given(count=counts, level=levels)
def test_interval_lies_in_0_to_1_around_the_estimate(interval, count, level):
    events, n = count
    found = interval(events, n, level=level)
    assert 0 <= found.low <= found.estimate == events / n <= found.high <= 1
    assert found.low < found.high


@pytest.mark.parametrize("interval", [proportions.clopper_pearson, proportions.wilson])
def test_bounds_at_the_ends_are_exactly_0_and_1(interval):
    assert interval(0, 15).low == 0
    assert interval(15, 15).high == 1


def test_interval_names_its_method_its_level_and_n():
    found = proportions.clopper_pearson(3, 15, level=0.9)
    assert (found.method, found.level, found.n) == ("Clopper-Pearson", 0.9, 15)
    assert proportions.wilson(3, 15).method == "Wilson"


@pytest.mark.parametrize(
    ("events", "n", "message"),
    [
        (16, 15, "16 of 15: events lie between 0 and n"),
        (-1, 15, "-1 of 15: events lie between 0 and n"),
        (0, -1, "0 of -1: events lie between 0 and n"),
        (1.5, 15, "1.5 of 15: both must be whole numbers"),
        (3, None, "3 of None: both must be whole numbers"),
    ],
)
@pytest.mark.parametrize("interval", [proportions.clopper_pearson, proportions.wilson])
def test_impossible_counts_are_refused(interval, events, n, message):
    with pytest.raises(ValueError) as caught:
        interval(events, n)
    assert str(caught.value) == message
