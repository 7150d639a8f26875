"""Correlation: exact P by enumeration, symmetry, and what the tests refuse."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pilotage.statistics import NotComputable, correlation

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=40)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=6)
varied = pairs.map(lambda drawn: tuple(zip(*drawn, strict=True))).filter(
    lambda sides: all(len(set(side)) > 1 for side in sides)
)
orders = st.integers(3, 7).flatmap(lambda n: st.permutations(range(n)))


@unhurried
@given(varied)
def test_exact_spearman_is_the_enumeration_of_all_pairings(sides):
    x, y = (stats.rankdata(side) for side in sides)
    centre = len(x) * x.mean() * y.mean()
    observed = abs(x @ y - centre) - 1e-9
    far = [abs(x @ list(order) - centre) >= observed for order in permutations(y)]
    assert correlation.spearman(*sides).p == pytest.approx(sum(far) / len(far), abs=1e-12)


@unhurried
@given(orders)
def test_exact_kendall_is_the_enumeration_of_all_orders(order):
    n = len(order)

    def score(other):
        return sum(
            (other[j] > other[i]) - (other[j] < other[i]) for j in range(n) for i in range(j)
        )

    observed = abs(score(order))
    far = [abs(score(other)) >= observed for other in permutations(range(n))]
    found = correlation.kendall(range(n), order)
    assert found.p == pytest.approx(sum(far) / len(far), abs=1e-12)
    assert found.statistic == score(order)


@unhurried
@given(varied)
def test_estimates_are_those_of_scipy(sides):
    assert correlation.spearman(*sides).estimate == pytest.approx(stats.spearmanr(*sides).statistic)
    kendall = correlation.kendall(*sides, method="asymptotic")
    assert kendall.estimate == pytest.approx(stats.kendalltau(*sides).statistic)


@pytest.mark.parametrize(
    ("test", "options"),
    [
        (correlation.spearman, {}),
        (correlation.spearman, {"method": "asymptotic"}),
        (correlation.kendall, {"method": "asymptotic"}),
        (correlation.kendall, {"method": "asymptotic", "continuity": True}),
    ],
)
@unhurried
@given(sides=varied)
def test_sides_can_change_places_and_turning_one_turns_the_sign(sides, test, options):
    x, y = sides
    found = test(x, y, **options)
    swapped, turned = test(y, x, **options), test(x, [-value for value in y], **options)
    assert (swapped.estimate, swapped.p) == pytest.approx((found.estimate, found.p), abs=1e-9)
    assert (turned.estimate, turned.p) == pytest.approx((-found.estimate, found.p), abs=1e-9)
    assert -1 <= found.estimate <= 1
    assert 0 <= found.p <= 1


def test_pearson_interval_needs_four_pairs():
    three = correlation.pearson([1, 2, 3], [2, 1, 5])
    assert (three.low, three.high, three.level) == (None, None, None)
    four = correlation.pearson([1, 2, 3, 4], [2, 1, 5, 3])
    assert -1 < four.low < four.estimate < four.high < 1


@pytest.mark.parametrize("test", [correlation.pearson, correlation.spearman, correlation.kendall])
@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([1, 2], [3, 4], "fewer than three pairs"),
        ([1, 1, 1], [3, 4, 5], "all values of a side are equal"),
        ([1, 2, 3], [4, 4, 4], "all values of a side are equal"),
    ],
)
def test_what_has_no_correlation_says_why(test, x, y, reason):
    with pytest.raises(NotComputable) as caught:
        test(x, y)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: correlation.pearson([1, 2, 3], [2, 4, 6]), "all pairs lie on a line"),
        (lambda: correlation.spearman(range(10), range(10)), "more than 9 values for an exact"),
        (lambda: correlation.kendall([1, 1, 2], [3, 4, 5]), "tied values: Kendall's exact"),
        (lambda: correlation.kendall(range(151), range(151)), "more than 150 values"),
        (lambda: correlation.pearson([1, 2, 3], [2, 4]), "3 and 2 values are not pairs"),
        (lambda: correlation.spearman([1, 2, None], [2, 4, 1]), "first side: number 3 is None"),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
