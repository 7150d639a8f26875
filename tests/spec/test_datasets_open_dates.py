"""Responses and relapses on incomplete dates: what certainly happened is never called censored.

Examples worked out by hand; day 1 is 1 January 2020, so that March is days 61 to 91.
"""

from __future__ import annotations

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


def test_a_relapse_on_an_incomplete_date_is_no_further_one():
    qs = "QSDTC | QSORRES\n D1 | 9\n D29 | 0\n 2020-03 | 6\n D70 | 5\n D80 | 0"
    assert relapses(qs) == [(1, day(70))]


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
