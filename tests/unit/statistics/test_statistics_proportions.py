"""Intervals of proportions: their definition, and what they refuse."""

import math
from functools import partial

import pytest
from hypothesis import example, given, settings
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


INTERVALS = {
    "Clopper-Pearson": proportions.clopper_pearson,
    "Wilson": proportions.wilson,
    "Wilson with continuity correction": partial(proportions.wilson, continuity=True),
    "Jeffreys": proportions.jeffreys,
    "Agresti-Coull": proportions.agresti_coull,
    "mid-P": proportions.mid_p,
    "Blaker": proportions.blaker,
}
every_interval = pytest.mark.parametrize("interval", INTERVALS.values(), ids=INTERVALS.keys())


@every_interval
@unhurried
@given(count=counts, level=levels)
def test_interval_of_the_others_is_the_mirror_image(interval, count, level):
    events, n = count
    found, others = interval(events, n, level=level), interval(n - events, n, level=level)
    assert (1 - others.high, 1 - others.low) == pytest.approx((found.low, found.high), abs=1e-12)


@every_interval
@unhurried
@given(count=counts, level=levels)
def test_interval_lies_in_0_to_1_around_the_estimate(interval, count, level):
    events, n = count
    found = interval(events, n, level=level)
    assert 0 <= found.low <= found.estimate == events / n <= found.high <= 1
    assert found.low < found.high


@every_interval
def test_bounds_at_the_ends_are_exactly_0_and_1(interval):
    assert interval(0, 15).low == 0
    assert interval(15, 15).high == 1


@pytest.mark.parametrize(("method", "interval"), INTERVALS.items())
def test_interval_names_its_method_its_level_and_n(method, interval):
    found = interval(3, 15, level=0.9)
    assert (found.method, found.level, found.n) == (method, 0.9, 15)


@every_interval
@unhurried
@given(count=counts)
def test_wider_level_gives_a_wider_interval(interval, count):
    narrow, wide = interval(*count, level=0.8), interval(*count, level=0.99)
    assert wide.low <= narrow.low <= narrow.high <= wide.high


def covered(interval, n, share, level):
    """The chance that the interval of what is seen holds the share."""
    chance = 0.0
    for events in range(n + 1):
        found = interval(events, n, level=level)
        if found.low <= share <= found.high:
            chance += math.comb(n, events) * share**events * (1 - share) ** (n - events)
    return chance


@pytest.mark.parametrize("method", ["Clopper-Pearson", "Blaker"])
@unhurried
# Blaker's interval of 9 of 12 begins at 0.5, where the P of its test jumps above 0.1
@example(n=12, share=0.5, level=0.9)
@given(n=st.integers(1, 15), share=st.floats(0.01, 0.99), level=levels)
def test_exact_intervals_cover_every_share_at_least_at_their_level(method, n, share, level):
    assert covered(INTERVALS[method], n, share, level) >= level - 1e-12


@pytest.mark.parametrize("n", [8, 10, 12, 13, 15])
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_blaker_covers_also_the_shares_at_its_own_bounds(n, level):
    """Where a bound is a jump of P, a share within rounding of it is the hardest to cover."""
    for events in range(n + 1):
        found = proportions.blaker(events, n, level=level)
        for bound in found.low, found.high:
            near = bound, math.nextafter(bound, 0), math.nextafter(bound, 1)
            for share in (*near, bound * (1 + 1e-13), 1 - (1 - bound) * (1 + 1e-13)):
                if 0 <= share <= 1:
                    chance = covered(proportions.blaker, n, share, level)
                    assert chance >= level - 1e-12, (events, share)


@unhurried
@given(counts, levels)
def test_blaker_and_mid_p_lie_within_clopper_pearson(count, level):
    exact = proportions.clopper_pearson(*count, level=level)
    for interval in proportions.blaker, proportions.mid_p:
        found = interval(*count, level=level)
        assert exact.low - 1e-12 <= found.low
        assert found.high <= exact.high + 1e-12


@unhurried
@given(counts)
def test_one_sided_bounds_are_those_of_the_two_sided_interval_of_twice_the_rest(count):
    both = proportions.clopper_pearson(*count, level=0.90)
    upper = proportions.upper_bound(*count, level=0.95)
    lower = proportions.lower_bound(*count, level=0.95)
    assert (lower.low, upper.high) == pytest.approx((both.low, both.high), abs=1e-12)
    assert (upper.low, lower.high) == (0, 1)


@pytest.mark.requirement("P-87")
@unhurried
@given(st.integers(1, 200))
def test_no_event_among_n_has_its_closed_upper_bound_which_three_in_n_exceeds(n):
    bound = proportions.upper_bound(0, n).high
    assert bound == pytest.approx(1 - 0.05 ** (1 / n), abs=1e-12)
    assert bound < proportions.rule_of_three(n).high <= 1
    assert proportions.rule_of_three(15).high == 0.2


shares = st.sampled_from([0, 0.05, 0.1, 0.25, 0.5, 0.8, 1])


@unhurried
@given(counts, shares)
def test_binomial_p_is_the_sum_of_the_outcomes_that_are_at_most_as_likely(count, share):
    events, n = count
    chances = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    limit = chances[events] * (1 + 1e-7)
    found = proportions.binomial_test(events, n, share)
    assert found.p == pytest.approx(math.fsum(c for c in chances if c <= limit), abs=1e-10)
    greater = proportions.binomial_test(events, n, share, alternative="greater")
    less = proportions.binomial_test(events, n, share, alternative="less")
    assert greater.p + less.p - chances[events] == pytest.approx(1, abs=1e-10)
    assert (found.alternative, greater.alternative) == ("two-sided", "greater")


@unhurried
@given(counts, levels)
def test_exact_one_sided_test_rejects_just_the_shares_outside_the_one_sided_bound(count, level):
    events, n = count
    bound = proportions.lower_bound(events, n, level=level).low
    if bound > 0:
        for share, rejects in (bound * (1 - 1e-9), True), (bound * (1 + 1e-9), False):
            p = proportions.binomial_test(events, n, share, alternative="greater").p
            assert (p < 1 - level) == rejects


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: proportions.binomial_test(3, 15, 1.5), "the share is 1.5"),
        (lambda: proportions.binomial_test(3, 15, float("nan")), "the share is nan"),
        (lambda: proportions.binomial_test(3, 15, 0.5, alternative="up"), "the alternative is"),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


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
@every_interval
def test_impossible_counts_are_refused(interval, events, n, message):
    with pytest.raises(ValueError) as caught:
        interval(events, n)
    assert str(caught.value) == message
