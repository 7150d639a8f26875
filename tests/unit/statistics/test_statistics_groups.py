"""Tests of two groups: exact P by brute force, symmetry, and what they tell and refuse."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pilotage.statistics import NotComputable, groups

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

# few distinct numbers, so that ties are the rule
samples = st.tuples(
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
    st.lists(st.integers(0, 4), min_size=1, max_size=5),
)
varied = samples.filter(lambda drawn: len({*drawn[0], *drawn[1]}) > 1)


def u_statistic(x, y):
    """How often a value of x is higher than one of y, a tie counting half."""
    return sum((a > b) + (a == b) / 2 for a in x for b in y)


def enumerated_p(x, y):
    """The share of all ways to choose the first group whose U lies at least as far from nm/2."""
    both, middle = x + y, len(x) * len(y) / 2
    observed = abs(u_statistic(x, y) - middle)
    far = []
    for chosen in combinations(range(len(both)), len(x)):
        one = [both[place] for place in chosen]
        other = [both[place] for place in range(len(both)) if place not in chosen]
        far.append(abs(u_statistic(one, other) - middle) >= observed)
    return sum(far) / len(far)


@pytest.mark.requirement("P-71")
@unhurried
@given(varied)
def test_exact_mann_whitney_is_the_enumeration_of_all_groupings(drawn):
    x, y = drawn
    found = groups.mann_whitney(x, y)
    assert found.p == pytest.approx(enumerated_p(x, y), abs=1e-12)
    assert found.statistic == u_statistic(x, y)


@pytest.mark.parametrize("method", ["exact", "asymptotic"])
@unhurried
@given(drawn=varied)
def test_swapping_the_groups_changes_no_p(drawn, method):
    x, y = drawn
    there, back = groups.mann_whitney(x, y, method=method), groups.mann_whitney(y, x, method=method)
    assert there.p == pytest.approx(back.p, abs=1e-14)
    assert there.statistic + back.statistic == len(x) * len(y)


@unhurried
@given(varied, st.randoms(use_true_random=False))
def test_order_of_the_values_changes_no_bit(drawn, random):
    x, y = drawn
    shuffled_x, shuffled_y = x.copy(), y.copy()
    random.shuffle(shuffled_x)
    random.shuffle(shuffled_y)
    for method in "exact", "asymptotic":
        one = groups.mann_whitney(x, y, method=method)
        assert one == groups.mann_whitney(shuffled_x, shuffled_y, method=method)


@unhurried
@given(varied)
def test_only_the_order_of_the_values_counts(drawn):
    x, y = drawn
    cubes = [value**3 - 7.5 for value in x], [value**3 - 7.5 for value in y]
    assert groups.mann_whitney(*cubes) == groups.mann_whitney(x, y)


@unhurried
@given(varied)
def test_continuity_correction_never_lowers_p(drawn):
    x, y = drawn
    plain = groups.mann_whitney(x, y, method="asymptotic")
    corrected = groups.mann_whitney(x, y, method="asymptotic", continuity=True)
    assert plain.p <= corrected.p <= 1
    assert (plain.continuity, corrected.continuity) == (False, True)


def test_mann_whitney_tells_sizes_and_ties():
    found = groups.mann_whitney([1, 2, 2], [2, 5, 7, 7])
    assert (found.n, found.group_sizes, found.ties) == (7, (3, 4), 5)
    assert found.method == "Mann-Whitney, exact"
    assert (found.zeros, found.zero_differences, found.df) == (None, None, None)


def test_exact_p_beyond_its_limit_is_not_computed():
    x, y = range(groups.EXACT_LIMIT), [-1]
    with pytest.raises(NotComputable, match="more than 150 values for an exact test"):
        groups.mann_whitney(x, y)
    assert 0 < groups.mann_whitney(x, y, method="asymptotic").p < 0.1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "auto"}, "the method is 'auto'"),
        ({"continuity": True}, "an exact test takes no continuity correction"),
    ],
)
def test_unknown_choices_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        groups.mann_whitney([1, 2], [3, 5], **options)


spread = st.tuples(
    st.lists(st.integers(-50, 50), min_size=2, max_size=12, unique=True),
    st.lists(st.integers(-50, 50), min_size=2, max_size=12, unique=True),
)


@pytest.mark.requirement("P-71")
@pytest.mark.parametrize(("t_test", "pooled"), [(groups.pooled_t, True), (groups.welch_t, False)])
@unhurried
@given(drawn=spread, level=st.sampled_from([0.9, 0.95]))
def test_t_tests_are_those_of_scipy(drawn, level, t_test, pooled):
    x, y = drawn
    expected = stats.ttest_ind(x, y, equal_var=pooled)
    bounds = expected.confidence_interval(level)
    found = t_test(x, y, level=level)
    assert (found.statistic, found.p, found.df, found.low, found.high) == pytest.approx(
        (expected.statistic, expected.pvalue, expected.df, bounds.low, bounds.high), abs=1e-9
    )


@pytest.mark.parametrize("t_test", [groups.pooled_t, groups.welch_t])
@unhurried
@given(drawn=spread)
def test_swapping_the_groups_turns_the_difference_round(drawn, t_test):
    x, y = drawn
    there, back = t_test(x, y), t_test(y, x)
    assert there.p == pytest.approx(back.p, abs=1e-12)
    assert (there.estimate, there.low, there.high) == pytest.approx(
        (-back.estimate, -back.high, -back.low), abs=1e-9
    )


def test_groups_of_one_size_and_spread_make_both_t_tests_one():
    x, y = [1, 2, 3], [5, 6, 7]
    pooled, welch = groups.pooled_t(x, y), groups.welch_t(x, y)
    assert (pooled.p, pooled.df) == pytest.approx((welch.p, welch.df))
    assert (pooled.method, welch.method) == ("pooled t", "Welch t")
    assert pooled.group_sizes == (3, 3)


def test_one_constant_group_is_enough_spread_for_welch():
    found = groups.welch_t([3, 3, 3], [1, 4, 5, 8])
    assert found.df == 3
    assert 0 < found.p < 1
