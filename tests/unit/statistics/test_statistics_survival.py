"""Kaplan-Meier: its definition, ties and censoring, bounds, and what it refuses."""

import math
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import NotComputable, survival

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

days = st.integers(1, 12)
courses = st.lists(st.tuples(days, st.booleans()), min_size=1, max_size=15)


def curve_of(course, **options):
    return survival.kaplan_meier(
        [time for time, _ in course], [event for _, event in course], **options
    )


@unhurried
@given(st.lists(days, min_size=1, max_size=15))
def test_without_censoring_the_curve_is_the_share_still_free_of_the_event(times):
    curve = survival.kaplan_meier(times, [True] * len(times))
    n = len(times)
    expected = [sum(other > time for other in times) / n for time in curve.times]
    assert curve.survival == pytest.approx(expected, abs=1e-12)
    errors = [math.sqrt(share * (1 - share) / n) for share in expected]
    assert curve.standard_error == pytest.approx(errors, abs=1e-12)


@unhurried
@given(courses)
def test_curve_is_the_product_over_the_days_with_events(course):
    curve = curve_of(course)
    for time, share in zip(curve.times, curve.survival, strict=True):
        expected = 1.0
        for day in {t for t, event in course if event and t <= time}:
            at_risk = sum(t >= day for t, _ in course)
            expected *= 1 - sum(t == day and event for t, event in course) / at_risk
        assert share == pytest.approx(expected, abs=1e-12)


@unhurried
@given(courses)
def test_everyone_leaves_the_risk_set_once(course):
    curve = curve_of(course)
    left = [e + c for e, c in zip(curve.events, curve.censored, strict=True)]
    assert curve.n == sum(left) == len(course)
    assert list(curve.at_risk) == [curve.n - sum(left[:place]) for place in range(len(left))]
    assert list(curve.times) == sorted({time for time, _ in course})


@unhurried
@given(courses, st.randoms(use_true_random=False))
def test_order_of_the_subjects_changes_no_bit(course, random):
    shuffled = course.copy()
    random.shuffle(shuffled)
    assert curve_of(shuffled) == curve_of(course)


@pytest.mark.parametrize("interval", get_args(survival.IntervalScale))
@unhurried
@given(course=courses)
def test_bounds_lie_in_0_to_1_around_the_curve(course, interval):
    curve = curve_of(course, interval=interval)
    for share, low, high in zip(curve.survival, curve.low, curve.high, strict=True):
        assert (low is None) == (high is None)
        if low is not None:
            assert 0 <= low <= share <= high <= 1


@unhurried
@given(courses)
def test_wider_level_gives_wider_bounds(course):
    narrow, wide = curve_of(course, level=0.8), curve_of(course, level=0.99)
    for place, low in enumerate(narrow.low):
        if low is not None:
            assert wide.low[place] <= low
            assert narrow.high[place] <= wide.high[place]


@unhurried
@given(courses)
def test_longer_unit_of_time_changes_only_the_times(course):
    daily, weekly = curve_of(course), curve_of([(7 * time, event) for time, event in course])
    assert weekly.times == tuple(7 * time for time in daily.times)
    assert (weekly.survival, weekly.low, weekly.high) == (daily.survival, daily.low, daily.high)
    assert weekly.median == (None if daily.median is None else 7 * daily.median)


def test_who_is_censored_on_the_day_of_an_event_is_still_at_risk():
    curve = curve_of([(5, True), (5, False), (9, True)])
    assert curve.at_risk == (3, 1)
    assert (curve.events, curve.censored) == ((1, 1), (1, 0))
    assert curve.survival == pytest.approx((2 / 3, 0))


def test_no_event_leaves_the_curve_at_1_and_the_median_unreached():
    curve = curve_of([(5, False), (8, False)])
    assert curve.survival == (1, 1)
    assert curve.standard_error == (0, 0)
    assert (curve.median, curve.median_low, curve.median_high) == (None, None, None)
    assert curve.low == (None, None)
    assert curve_of([(5, False)], interval="plain").low == (1,)


@pytest.mark.parametrize("interval", get_args(survival.IntervalScale))
def test_curve_at_0_has_no_bounds(interval):
    curve = curve_of([(5, True), (8, True)], interval=interval)
    assert curve.survival == (0.5, 0)
    assert (curve.low[1], curve.high[1]) == (None, None)


def test_median_of_a_curve_along_one_half_is_the_middle_of_that_stretch():
    assert curve_of([(1, True), (2, True), (6, True), (7, True)]).median == 4


def test_median_of_a_curve_that_stays_at_one_half_is_where_it_came_there():
    assert curve_of([(1, True), (2, True), (6, False), (7, False)]).median == 2


@unhurried
@given(st.integers(2, 40))
def test_median_of_an_even_number_of_events_is_the_middle_whatever_the_rounding(half):
    times = range(1, 2 * half + 1)
    assert survival.kaplan_meier(times, [True] * 2 * half).median == half + 0.5


def test_curve_tells_method_scale_and_level():
    curve = curve_of([(5, True), (8, False)], level=0.9, interval="plain")
    assert (curve.method, curve.interval, curve.level) == ("Kaplan-Meier", "plain", 0.9)


@pytest.mark.parametrize(
    ("times", "events", "message"),
    [
        ([5, -1], [1, 1], "a time is -1; times are 0 or more"),
        ([5, None], [1, 1], "times: number 2 is None"),
        ([5, 8], [1], "2 times and 1 events do not belong together"),
        ([5, 8], [1, None], "events: number 2 is None; it must be True or False"),
        ([5, 8], [1, 2], "events: number 2 is 2; it must be True or False"),
        ([5, 8], ["1", 0], "events: number 1 is '1'; it must be True or False"),
        ([5, 8], [float("nan"), 0], "events: number 1 is nan; it must be True or False"),
    ],
)
def test_impossible_courses_are_refused(times, events, message):
    with pytest.raises(ValueError) as caught:
        survival.kaplan_meier(times, events)
    assert str(caught.value).startswith(message)


def test_unknown_scale_is_refused():
    message = "it must be 'log-log', 'plain', 'log', 'logit' or 'arcsine'"
    with pytest.raises(ValueError, match=message):
        survival.kaplan_meier([1], [1], interval="loglog")


def area_under(curve, horizon):
    """Sum of the steps, straight from the picture."""
    area, left, height = 0.0, 0.0, 1.0
    for time, share in zip(curve.times, curve.survival, strict=True):
        area += (min(time, horizon) - left) * height if time > left else 0
        left, height = max(left, min(time, horizon)), share
    return area + (horizon - left) * height if left < horizon else area


@unhurried
@given(courses, st.integers(1, 12))
def test_restricted_mean_is_the_area_under_the_curve(course, horizon):
    curve = curve_of(course)
    try:
        found = survival.restricted_mean(
            [time for time, _ in course], [event for _, event in course], horizon=horizon
        )
    except NotComputable:
        return
    assert found.estimate == pytest.approx(area_under(curve, horizon), abs=1e-9)
    assert 0 < found.estimate <= horizon
    assert found.low < found.estimate < found.high


@unhurried
@given(st.lists(days, min_size=2, max_size=15).filter(lambda times: len(set(times)) > 1))
def test_restricted_mean_without_censoring_is_the_mean_of_the_times(times):
    found = survival.restricted_mean(times, [True] * len(times), horizon=max(times))
    n, mean = len(times), sum(times) / len(times)
    assert found.estimate == pytest.approx(mean, abs=1e-9)
    spread = sum((time - mean) ** 2 for time in times) / n
    assert found.standard_error == pytest.approx(math.sqrt(spread / n), abs=1e-9)


@pytest.mark.parametrize(
    ("course", "horizon", "reason"),
    [
        ([(5, True), (8, False)], 9, "nobody was followed to 9 and the curve has not come to 0"),
        ([(5, False), (8, False)], 8, "no spread: no event before the horizon, or all on one day"),
        ([(5, True), (8, True)], 5, "no spread: no event before the horizon, or all on one day"),
        ([(5, True)], 9, "no spread: no event before the horizon, or all on one day"),
    ],
)
def test_restricted_mean_that_cannot_be_says_why(course, horizon, reason):
    times, events = [time for time, _ in course], [event for _, event in course]
    with pytest.raises(NotComputable) as caught:
        survival.restricted_mean(times, events, horizon=horizon)
    assert caught.value.reason == reason


def test_horizon_is_above_0():
    with pytest.raises(ValueError, match="the horizon is 0; it must be above 0"):
        survival.restricted_mean([1, 2], [1, 0], horizon=0)
