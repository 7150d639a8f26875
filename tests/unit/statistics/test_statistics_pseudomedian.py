"""Hodges-Lehmann: the estimate, and bounds that invert the exact rank tests."""

from itertools import combinations_with_replacement, product
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import NotComputable, groups, locations, paired

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

changes = st.lists(st.integers(-9, 9), min_size=2, max_size=12).filter(lambda v: len(set(v)) > 1)
apart = st.lists(st.integers(-40, 40), min_size=2, max_size=10, unique=True)
two_apart = st.lists(st.integers(-40, 40), min_size=4, max_size=14, unique=True).flatmap(
    lambda drawn: st.integers(1, len(drawn) - 1).map(lambda cut: (drawn[:cut], drawn[cut:]))
)
choices = st.sampled_from(
    [{}, {"method": "asymptotic"}, {"method": "asymptotic", "continuity": True}, {"level": 0.8}]
)


@unhurried
@given(changes)
def test_pseudomedian_is_the_median_of_all_averages_of_two(values):
    averages = [(a + b) / 2 for a, b in combinations_with_replacement(values, 2)]
    assert locations.hodges_lehmann(values).estimate == median(averages)


@unhurried
@given(two_apart)
def test_shift_is_the_median_of_all_differences(drawn):
    x, y = drawn
    found = locations.hodges_lehmann_shift(x, y)
    assert found.estimate == median(a - b for a, b in product(x, y))
    assert found.group_sizes == (len(x), len(y))


@pytest.mark.requirement("P-71")
@unhurried
@given(apart, st.sampled_from([0.8, 0.9, 0.95]))
def test_exact_bounds_hold_just_the_centres_that_the_signed_rank_test_keeps(values, level):
    found = locations.hodges_lehmann(values, level=level)
    for centre in (average + 1 / 8 for average in range(-41, 41)):  # no value, no tie, no zero
        p = paired.signed_rank(values, [centre] * len(values)).p
        kept = found.low is None or found.low <= centre <= found.high
        assert kept == (p > 1 - level + 1e-9) or p == pytest.approx(1 - level)


@unhurried
@given(two_apart, st.sampled_from([0.8, 0.9, 0.95]))
def test_exact_bounds_hold_just_the_shifts_that_mann_whitney_keeps(drawn, level):
    x, y = drawn
    found = locations.hodges_lehmann_shift(x, y, level=level)
    for shift in (whole + 1 / 8 for whole in range(-82, 82, 3)):
        p = groups.mann_whitney([value - shift for value in x], y).p
        kept = found.low is None or found.low <= shift <= found.high
        assert kept == (p > 1 - level + 1e-9) or p == pytest.approx(1 - level)


@unhurried
@given(changes, choices)
def test_turning_the_sign_turns_estimate_and_bounds_round(values, options):
    there = locations.hodges_lehmann(values, **options)
    back = locations.hodges_lehmann([-value for value in values], **options)
    assert there.estimate == -back.estimate
    assert there.reason == back.reason
    if there.low is not None:
        assert (there.low, there.high) == (-back.high, -back.low)


@unhurried
@given(changes, choices, st.integers(-100, 100))
def test_moving_all_values_moves_estimate_and_bounds(values, options, by):
    here = locations.hodges_lehmann(values, **options)
    there = locations.hodges_lehmann([value + by for value in values], **options)
    assert there.estimate == here.estimate + by
    if here.low is not None:
        assert (there.low, there.high) == (here.low + by, here.high + by)


@unhurried
@given(two_apart, choices)
def test_swapping_the_groups_turns_the_shift_round(drawn, options):
    x, y = drawn
    there = locations.hodges_lehmann_shift(x, y, **options)
    back = locations.hodges_lehmann_shift(y, x, **options)
    assert there.estimate == -back.estimate
    assert there.achieved == back.achieved
    if there.low is not None:
        assert (there.low, there.high) == (-back.high, -back.low)


@unhurried
@given(changes, choices)
def test_bounds_lie_around_the_estimate(values, options):
    found = locations.hodges_lehmann(values, **options)
    if found.low is not None:
        assert found.low <= found.estimate <= found.high


def test_exact_interval_tells_the_confidence_that_it_has():
    found = locations.hodges_lehmann([1, 2, 4, 8, 16, 32])
    assert (found.low, found.high, found.achieved) == (1, 32, 1 - 2 / 2**6)
    assert (found.method, found.n, found.level) == ("Hodges-Lehmann, exact", 6, 0.95)
    assert locations.hodges_lehmann([1, 2, 4, 8, 16, 32], method="asymptotic").achieved is None


def test_level_that_ranks_reach_exactly_has_its_interval():
    """Five values: each bound leaves out 1 of 32 signs; three against three: 1 of 20 choices."""
    assert locations.hodges_lehmann([1, 2, 4, 8, 16], level=0.9375).low == 1
    shift = locations.hodges_lehmann_shift([1, 5, 6], [2, 3, 9], level=0.9)
    assert (shift.low, shift.high) == (-8, 4)
    assert shift.achieved == pytest.approx(0.9)


@pytest.mark.parametrize("values", [[7], [1, 2, 4, 8, 16]])
def test_too_few_values_leave_the_estimate_alone(values):
    found = locations.hodges_lehmann(values)
    assert found.estimate == median(
        (a + b) / 2 for a, b in combinations_with_replacement(values, 2)
    )
    assert (found.low, found.high, found.achieved) == (None, None, None)
    assert found.reason == "too few values for a level of 0.95"
    assert locations.hodges_lehmann([1, 2, 4, 8, 16, 32]).reason is None


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: locations.hodges_lehmann([]), "no values"),
        (lambda: locations.hodges_lehmann([2, 2]), "all values are equal"),
        (lambda: locations.hodges_lehmann(range(151)), "more than 150 values for an exact test"),
        (lambda: locations.hodges_lehmann_shift([], [1]), "a group is empty"),
        (
            lambda: locations.hodges_lehmann_shift([1, 1], [2]),
            "all values within each group are equal",
        ),
    ],
)
def test_what_has_no_interval_says_why(call, reason):
    with pytest.raises(NotComputable, match=reason):
        call()


def test_large_samples_have_the_asymptotic_interval():
    found = locations.hodges_lehmann(range(151), method="asymptotic")
    assert found.low < found.estimate == 75 < found.high
