"""Cumulative incidence: its definition, its parts, bounds, and what it refuses."""

import math
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotage.statistics import NotComputable, survival

# no deadline: the first call imports, and the machine may be busy
unhurried = settings(deadline=None, max_examples=60)

days = st.integers(1, 12)
courses = st.lists(
    st.tuples(days, st.sampled_from(["relapse", "stop", "death", None])), min_size=1, max_size=15
)


def curve_of(course, cause="relapse", **options):
    times, causes = [time for time, _ in course], [end for _, end in course]
    return survival.cumulative_incidence(times, causes, cause=cause, **options)


@unhurried
@given(courses)
def test_incidences_of_all_causes_and_the_free_add_up_to_1(course):
    curves = [curve_of(course, cause) for cause in ("relapse", "stop", "death")]
    for place, free in enumerate(curves[0].event_free):
        assert sum(curve.incidence[place] for curve in curves) + free == pytest.approx(1)


@unhurried
@given(courses)
def test_event_free_is_kaplan_meier_of_any_event(course):
    whole = survival.kaplan_meier([t for t, _ in course], [end is not None for _, end in course])
    curve = curve_of(course)
    assert curve.event_free == pytest.approx(whole.survival, abs=1e-12)
    assert (curve.times, curve.at_risk) == (whole.times, whole.at_risk)


@unhurried
@given(courses)
def test_incidence_never_exceeds_1_less_kaplan_meier_that_censors_the_others(course):
    alone = survival.kaplan_meier(
        [time for time, _ in course], [end == "relapse" for _, end in course]
    )
    for incidence, share in zip(curve_of(course).incidence, alone.survival, strict=True):
        assert incidence <= 1 - share + 1e-12


@unhurried
@given(courses)
def test_where_nothing_competes_it_is_kaplan_meier_with_its_greenwood_error(course):
    course = [(time, "relapse" if end else None) for time, end in course]
    curve = curve_of(course)
    alone = survival.kaplan_meier([t for t, _ in course], [end is not None for _, end in course])
    assert curve.incidence == pytest.approx([1 - share for share in alone.survival], abs=1e-12)
    assert curve.standard_error == pytest.approx(alone.standard_error, abs=1e-12)
    for low, high in zip(curve.low, curve.high, strict=True):
        assert (low is None) == (high is None)


@unhurried
@given(st.lists(st.tuples(days, st.sampled_from(["relapse", "stop"])), min_size=1, max_size=15))
def test_without_censoring_it_is_the_share_who_had_the_cause_with_its_binomial_error(course):
    curve, n = curve_of(course), len(course)
    for place, day in enumerate(curve.times):
        share = sum(time <= day and end == "relapse" for time, end in course) / n
        assert curve.incidence[place] == pytest.approx(share, abs=1e-12)
        error = math.sqrt(share * (1 - share) / n)
        assert curve.standard_error[place] == pytest.approx(error, abs=1e-9)


@unhurried
@given(courses, st.randoms(use_true_random=False))
def test_order_of_the_subjects_changes_no_bit(course, random):
    shuffled = course.copy()
    random.shuffle(shuffled)
    assert curve_of(shuffled) == curve_of(course)


@unhurried
@given(courses)
def test_names_of_the_other_causes_count_nothing(course):
    renamed = [(time, "stop" if end == "death" else end) for time, end in course]
    assert curve_of(renamed) == curve_of(course)


@pytest.mark.parametrize("variance", ["delta", "Aalen"])
@pytest.mark.parametrize("interval", get_args(survival.IntervalScale))
@unhurried
@given(course=courses)
def test_bounds_lie_in_0_to_1_around_the_curve(course, interval, variance):
    curve = curve_of(course, interval=interval, variance=variance)
    assert list(curve.incidence) == sorted(curve.incidence)
    for share, low, high in zip(curve.incidence, curve.low, curve.high, strict=True):
        assert (low is None) == (high is None)
        if low is not None:
            assert -1e-12 <= low <= share + 1e-12
            assert share - 1e-12 <= high <= 1


def test_cause_that_nobody_had_stays_at_0_and_has_no_log_log_interval():
    curve = curve_of([(5, "stop"), (8, None)])
    assert (curve.incidence, curve.standard_error) == ((0, 0), (0, 0))
    assert (curve.low, curve.events, curve.competing) == ((None, None), (0, 0), (1, 0))
    assert curve_of([(5, "stop")], interval="plain").high == (0,)


def test_by_hand():
    """5 at risk; relapse; a stop takes 1/4 of 4/5; of the two left at day 9 one relapses."""
    course = [(3, "relapse"), (5, "stop"), (7, None), (9, "relapse"), (11, None)]
    curve = curve_of(course)
    assert curve.at_risk == (5, 4, 3, 2, 1)
    assert curve.incidence == pytest.approx((0.2, 0.2, 0.2, 0.2 + 0.6 / 2, 0.5))
    assert curve.event_free == pytest.approx((0.8, 0.6, 0.6, 0.3, 0.3))
    assert curve.n == 5
    assert (curve.method, curve.variance, curve.interval) == ("Aalen-Johansen", "delta", "log-log")


@pytest.mark.parametrize(
    ("times", "causes", "options", "message"),
    [
        ([5, -1], ["a", "a"], {}, "a time is -1; times are 0 or more"),
        ([5, None], ["a", "a"], {}, "times: number 2 is None"),
        ([5, 8], ["a"], {}, "2 times and 1 causes do not belong together"),
        ([5, 8], ["a", 0], {}, "causes: number 2 is 0; it must be a text, or None where censored"),
        ([5, 8], ["a", None], {"cause": None}, "the cause is None; it must be a text"),
        ([5, 8], ["a", None], {"interval": "log log"}, "the interval is 'log log'; it must be"),
        ([5, 8], ["a", None], {"variance": "aalen"}, "the variance is 'aalen'; it must be"),
        ([5, 8], ["a", None], {"level": 95}, "it must lie between 0 and 1"),
    ],
)
def test_impossible_courses_are_refused(times, causes, options, message):
    with pytest.raises(ValueError, match=message) as caught:
        survival.cumulative_incidence(times, causes, **({"cause": "a"} | options))
    assert not isinstance(caught.value, NotComputable)


def test_nobody_has_no_curve():
    with pytest.raises(NotComputable, match="no subjects"):
        survival.cumulative_incidence([], [], cause="a")
