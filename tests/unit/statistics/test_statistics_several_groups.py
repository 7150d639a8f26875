"""Several groups: what two groups make of these tests, invariance, and what they refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pilotage.statistics import NotComputable, groups, several_groups

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

sample = st.lists(st.integers(0, 9), min_size=2, max_size=6)
samples = st.lists(sample, min_size=2, max_size=4)
spread = samples.filter(lambda drawn: all(len(set(group)) > 1 for group in drawn))
pair = spread.map(lambda drawn: drawn[:2])

TESTS = [several_groups.kruskal_wallis, several_groups.anova, several_groups.welch_anova]


@unhurried
@given(pair)
def test_two_groups_make_the_analysis_of_variance_the_square_of_t(drawn):
    for anova, t_test in (
        (several_groups.anova, groups.pooled_t),
        (several_groups.welch_anova, groups.welch_t),
    ):
        found, expected = anova(drawn), t_test(*drawn)
        assert (found.statistic, found.p, found.df_within) == pytest.approx(
            (expected.statistic**2, expected.p, expected.df), abs=1e-9
        )


@unhurried
@given(pair)
def test_two_groups_make_kruskal_wallis_the_asymptotic_mann_whitney(drawn):
    found = several_groups.kruskal_wallis(drawn)
    assert found.p == pytest.approx(groups.mann_whitney(*drawn, method="asymptotic").p, abs=1e-9)


@pytest.mark.parametrize("test", TESTS)
@unhurried
@given(drawn=spread, random=st.randoms(use_true_random=False))
def test_order_of_the_groups_and_of_their_values_counts_nothing(test, drawn, random):
    shuffled = [random.sample(group, len(group)) for group in drawn]
    random.shuffle(shuffled)
    one, other = test(drawn), test(shuffled)
    assert (one.statistic, one.p) == pytest.approx((other.statistic, other.p), abs=1e-9)


@pytest.mark.parametrize("test", TESTS)
@unhurried
@given(drawn=spread)
def test_unit_of_the_values_counts_nothing(test, drawn):
    there = test([[32 + 1.8 * value for value in group] for group in drawn])
    here = test(drawn)
    assert (there.statistic, there.p) == pytest.approx((here.statistic, here.p), abs=1e-8)


@unhurried
@given(spread)
def test_brown_forsythe_is_that_of_scipy_where_it_can_be(drawn):
    try:
        found = several_groups.brown_forsythe(drawn)
    except NotComputable:
        return
    expected = stats.levene(*drawn, center="median")
    assert (found.statistic, found.p) == pytest.approx(
        (expected.statistic, expected.pvalue), abs=1e-9
    )


def test_tests_tell_sizes_and_degrees_of_freedom():
    found = several_groups.anova([[1, 2, 4], [2, 5], [9, 7, 8, 8]])
    assert (found.n, found.group_sizes, found.df, found.df_within) == (9, (3, 2, 4), 2, 6)
    assert several_groups.kruskal_wallis([[1, 2], [2, 5]]).ties == 2


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: several_groups.kruskal_wallis([]), "fewer than two groups"),
        (lambda: several_groups.kruskal_wallis([[1, 2]]), "fewer than two groups"),
        (lambda: several_groups.kruskal_wallis([[1], []]), "a group is empty"),
        (lambda: several_groups.kruskal_wallis([[1], [1]]), "all values are equal"),
        (lambda: several_groups.anova([[1], [2]]), "no group has two values"),
        (lambda: several_groups.anova([[1, 1], [2]]), "all values within each group are equal"),
        (lambda: several_groups.welch_anova([[1, 2], [2]]), "fewer than two values in a group"),
        (lambda: several_groups.welch_anova([[1, 2], [3, 3]]), "all values of a group are equal"),
        (
            lambda: several_groups.brown_forsythe([[1, 3], [0.1, 0.3]]),
            "all distances from the median are equal within each group",
        ),
    ],
)
def test_what_cannot_be_compared_says_why(call, reason):
    with pytest.raises(NotComputable) as caught:
        call()
    assert caught.value.reason == reason


def test_missing_value_is_refused_with_its_group():
    with pytest.raises(ValueError, match="group 2: number 1 is None"):
        several_groups.anova([[1, 2], [None, 3]])
