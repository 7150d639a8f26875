"""Responses and relapses on incomplete dates: what certainly happened is never called censored.

Examples worked out by hand; day 1 is 1 January 2020, so that March is days 61 to 91.
"""

from __future__ import annotations

from datetime import date

import pytest
from dataset_examples import both, by_package, day


def row(found, code):
    kept = found.one("adtte", PARAMCD=code)
    return tuple(kept[name] for name in ("STARTDT", "ADT", "AVAL", "CNSR"))


@both
@pytest.mark.requirement("P-60")
def test_a_response_on_an_incomplete_date_is_an_event_whose_time_is_not_known(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n 2020-03 | 0\n D99 | 2")
    assert row(found, "TTCR") == (day(1), None, None, 0)
    assert found.one("adrs", PARAMCD="BESTRESP")["AVALC"] == "CR"


@both
def test_an_earlier_response_with_a_complete_date_decides(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n D29 | 0\n 2020-03 | 0")
    assert row(found, "TTCR") == (day(1), day(29), 29, 0)


@both
def test_a_response_that_may_have_come_before_the_dated_one_leaves_its_day_open(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n 2020-03 | 0\n D70 | 0")
    assert row(found, "TTCR") == (day(1), None, None, 0)


@both
@pytest.mark.requirement("P-65")
def test_a_relapse_on_an_incomplete_date_after_the_response_is_an_event(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n D29 | 0\n 2020-03 | 6\n D99 | 2")
    assert row(found, "TTREL") == (day(29), None, None, 0)


@both
def test_a_relapse_that_may_have_come_before_the_response_is_not_known(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n 2020-03 | 6\n D70 | 0")
    assert row(found, "TTREL") == (day(70), None, None, None)


@both
def test_a_relapse_after_a_response_on_an_incomplete_date_has_a_day_but_no_duration(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n 2020-03 | 0\n D99 | 6")
    assert row(found, "TTREL") == (None, day(99), None, 0)


@both
def test_a_withdrawal_between_the_possible_days_of_the_response_leaves_the_start_open(derive):
    # the response lies in March, the last dose on D84 in the midst of it
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n 2020-03 | 0\n D120 | 6")
    assert row(found, "TTRELW") == (None, None, None, None)


@both
def test_the_last_assessment_censors_where_nothing_happened(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n D29 | 0\n D60 | 2")
    assert row(found, "TTREL") == (day(29), day(60), 32, 1)


def relapses(qs):
    found = by_package(qs=qs).rows("adrs", PARAMCD="RELAPSE")
    return [(kept["AVAL"], kept["ADT"]) for kept in found]


@pytest.mark.requirement("P-65")
def test_the_only_relapse_counts_though_its_date_is_incomplete():
    assert relapses("QSDTC | QSORRES\n D1 | 9\n D29 | 0\n 2020-03 | 6") == [(1, None)]


def test_there_is_a_row_for_each_relapse_that_any_order_gives():
    # in March before D70: one relapse, then; after D80: a second one
    qs = "QSDTC | QSORRES\n D1 | 9\n D29 | 0\n 2020-03 | 6\n D70 | 5\n D80 | 0"
    assert relapses(qs) == [(1, None)]


@pytest.mark.parametrize(
    ("qs", "expected"),
    [
        ("D29 | 0\n 2020-03 | 9\n D120 | 0\n D200 | 9", [(1, None), (2, day(200))]),
        ("D29 | 0\n 2020-03 | 9\n D200 | 9", [(1, None)]),
        ("D29 | 0\n D50 | 9\n 2020-03 | 0\n D200 | 9", [(1, day(50)), (2, day(200))]),
    ],
)
def test_an_incomplete_date_in_a_place_of_its_own_leaves_nothing_open(qs, expected):
    assert relapses(f"QSDTC | QSORRES\n D1 | 9\n {qs}") == expected


@both
def test_a_response_that_may_lie_before_the_first_dose_leaves_the_time_open(derive):
    found = derive(
        ex="EXSTDTC | EXENDTC\n 2020-03-18 | 2020-06-01",
        qs="QSDTC | QSORRES\n 2020-03 | 0\n 2020-06-10 | 5",
    )
    assert row(found, "TTCR") == (date(2020, 3, 18), None, None, None)


@both
def test_a_last_assessment_on_an_incomplete_date_leaves_the_end_open(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n D50 | 5\n 2020-03 | 6")
    assert row(found, "TTCR") == (day(1), None, None, 1)


@both
def test_a_last_assessment_with_a_complete_date_ends_it_whatever_came_before(derive):
    found = derive(qs="QSDTC | QSORRES\n D1 | 9\n D120 | 5\n 2020-03 | 6")
    assert row(found, "TTCR") == (day(1), day(120), 120, 1)


def test_a_relapse_that_may_have_come_before_the_response_is_no_row():
    assert relapses("QSDTC | QSORRES\n D1 | 9\n D70 | 0\n 2020-03 | 6") == []


@pytest.mark.parametrize(
    ("qs", "words"),
    [
        ("D29 | 0", "response"),
        ("2020-03 | 0", "response, on a date that is not complete"),
        ("D29 | 3", "last assessment with a known score"),
        ("D29 | ", "no assessment with a known score after the start"),
    ],
)
def test_every_time_to_event_says_what_its_end_is(qs, words):
    found = by_package(qs=f"QSDTC | QSORRES\n D1 | 9\n {qs}")
    assert found.one("adtte", PARAMCD="TTCR")["EVNTDESC"] == words
