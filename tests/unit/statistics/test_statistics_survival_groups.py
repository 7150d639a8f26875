"""Log-rank tests: their definition, symmetry, and what they refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import NotComputable, survival_groups

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

subjects = st.lists(
    st.tuples(st.integers(1, 9), st.booleans(), st.sampled_from("AB")), min_size=2, max_size=15
)
weights = st.sampled_from(["log-rank", "Peto-Peto"])


def compared(course, weight="log-rank"):
    times, events, groups = zip(*course, strict=True)
    try:
        return survival_groups.log_rank(times, events, groups, weight=weight)
    except NotComputable:
        return None


@unhurried
@given(subjects)
def test_log_rank_compares_with_what_the_risk_sets_expect(course):
    found = compared(course)
    if found is None:
        return
    difference = variance = 0.0
    for day in {time for time, event, _ in course if event}:
        at_risk = [group for time, _, group in course if time >= day]
        died = [group for time, event, group in course if event and time == day]
        r, a, d = len(at_risk), at_risk.count("A"), len(died)
        difference += died.count("A") - d * a / r
        if r > 1:
            variance += d * (a / r) * (1 - a / r) * (r - d) / (r - 1)
    assert found.statistic == pytest.approx(difference**2 / variance, abs=1e-9)
    assert sum(found.observed) == pytest.approx(sum(found.expected))
    assert (found.groups, found.df, found.n) == (("A", "B"), 1, len(course))


@unhurried
@given(subjects, weights, st.randoms(use_true_random=False))
def test_order_of_subjects_and_names_of_groups_count_nothing(course, weight, random):
    found = compared(course, weight)
    renamed = [(t, e, {"A": "z", "B": "b"}[group]) for t, e, group in course]
    random.shuffle(renamed)
    other = compared(renamed, weight)
    assert (found is None) == (other is None)
    if found is not None:
        assert (other.statistic, other.p) == pytest.approx((found.statistic, found.p), abs=1e-9)
        assert other.observed == pytest.approx(found.observed[::-1])


@unhurried
@given(subjects, weights)
def test_only_the_order_of_the_times_counts(course, weight):
    found = compared(course, weight)
    assert found == compared([(t**3, event, group) for t, event, group in course], weight)


@pytest.mark.parametrize(
    ("times", "events", "groups", "reason"),
    [
        ([], [], [], "fewer than two groups"),
        ([1, 2], [1, 1], ["A", "A"], "fewer than two groups"),
        ([1, 2], [0, 0], ["A", "B"], "no event while two groups are at risk"),
        ([1, 2], [0, 1], ["A", "B"], "no event while two groups are at risk"),
        ([2, 2], [1, 1], ["A", "B"], "no event while two groups are at risk"),
    ],
)
def test_what_cannot_be_compared_says_why(times, events, groups, reason):
    with pytest.raises(NotComputable) as caught:
        survival_groups.log_rank(times, events, groups)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (([1, 2], [1], ["A", "B"]), "2 times, 1 events and 2 groups do not belong together"),
        (([1, -2], [1, 1], ["A", "B"]), "a time is -2"),
        (([1, 2], [1, 2], ["A", "B"]), "events: number 2 is 2"),
        (([1, 2], [1, 1], ["A", None]), "groups: number 2 is None; it must be a text"),
    ],
)
def test_impossible_courses_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        survival_groups.log_rank(*call)


def test_unknown_weight_is_refused():
    with pytest.raises(ValueError, match="it must be 'log-rank' or 'Peto-Peto'"):
        survival_groups.log_rank([1, 2], [1, 1], ["A", "B"], weight="Gehan")
