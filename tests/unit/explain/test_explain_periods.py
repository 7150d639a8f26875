"""Stretches in which nothing changes are told in one line; whatever changes is told."""

import pytest
from explain_examples import on

from pilotage.explain import Life, Period
from pilotage.explain.model import Day, Entry, Kind
from pilotage.explain.periods import with_periods
from pilotage.rules import Input


def day(number: int, *entries: Entry) -> Day:
    date = on(number)
    return Day(date, date.isoformat(), number, (number - 1) // 7, "Visit", entries)


def entry(what: str, kind: Kind = "dose") -> Entry:
    return Entry(kind, what, short=what)


def shape(days: list[Day]) -> list[int]:
    """How many days each part of the story holds: 0 is a day that is told in full."""
    return [len(e.days) if isinstance(e, Period) else 0 for e in with_periods(days)]


@pytest.mark.parametrize(
    "alike, told",
    [(1, [0]), (2, [0, 0]), (3, [0, 0, 0]), (4, [0, 3]), (9, [0, 8])],
)
def test_three_days_like_the_one_before_are_a_period(alike: int, told: list[int]) -> None:
    assert shape([day(7 * n + 1, entry("kept")) for n in range(alike)]) == told


def test_a_day_that_says_something_else_ends_a_period() -> None:
    quiet, other = entry("kept"), entry("raised")
    days = [day(7 * n + 1, other if n == 5 else quiet) for n in range(11)]
    assert shape(days) == [0, 4, 0, 0, 4]


@pytest.mark.parametrize("kind", ["relapse", "adverse event", "disposition", "contact"])
def test_events_are_never_within_a_period(kind: Kind) -> None:
    assert shape([day(7 * n + 1, entry("the same", kind)) for n in range(6)]) == [0] * 6


def test_days_before_treatment_are_never_within_a_period() -> None:
    days = [Day(on(-n), str(n), -n, None, "", (entry("kept"),)) for n in range(9, 1, -1)]
    assert shape(days) == [0] * 8


def test_days_alike_whose_reason_differs_are_not_alike() -> None:
    first, second = (Entry("dose", "kept", same_as=("kept", why)) for why in ("a", "b"))
    assert shape([day(7 * n + 1, first if n % 2 else second) for n in range(6)]) == [0] * 6


def test_a_period_says_weeks_visits_response_values_and_dose() -> None:
    def visit(number: int, value: float) -> Day:
        measured = (Input("SCORE", value, "points"),)
        response = Entry("response", "Good", inputs=measured, same_as=("G",), short="good")
        return day(number, entry("in its window", "visit"), response, entry("5 mg kept: conforms"))

    *_, period = with_periods([visit(7 * n + 1, n) for n in range(2, 9)])
    assert isinstance(period, Period)
    assert period.what == (
        "weeks 3 to 8: 6 visits likewise; good; SCORE 3 to 8; 5 mg kept: conforms"
    )


def test_no_day_is_lost_in_a_period() -> None:
    days = tuple(day(7 * n + 1, entry("kept")) for n in range(9))
    told = Life("", "", "", "", on(70), on(70), False, with_periods(days), days[-1], ())
    assert told.days == days
