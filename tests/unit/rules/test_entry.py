"""Eligibility at a first dose of which only the month is known."""

from datetime import date

import pytest
from record_examples import Cells, count, dose, kept

from pilotage.rules import Record
from pilotage.rules.entry import eligibility_between, first_dose_between

DAYS = (date(2020, 1, 1), date(2020, 1, 31))


def begun(*counts: Cells) -> Record:
    return kept(ex=[dose("5 mg QD", "2020-01", "2020-02-10")], lb=counts)


def passed(of: Record) -> tuple[bool | None, tuple[str, ...]]:
    """What EX03C, neutrophils below 1, says, and what it waits for."""
    (found,) = [
        each for each in eligibility_between(of, "S1", *DAYS) if each.criterion.id == "EX03C"
    ]
    return found.passed, found.missing


@pytest.mark.requirement("P-22")
@pytest.mark.parametrize(
    "counts, expected",
    [
        ([count("3", "2020-01-01")], (True, ())),  # at most 30 days old on each of them
        ([count("3", "2019-12-31")], (None, ("NEUT",))),  # too old on the last
        ([count("3", "2020-01-02")], (None, ("NEUT",))),  # not yet there on the first
        ([count("3", "2020-01-01"), count("0.9", "2020-01-20")], (None, ("NEUT",))),
        ([count("0.8", "2020-01-01"), count("0.9", "2020-01-20")], (False, ())),
        ([count("0.8", "2020-01-01"), count("3", "2020-02-01")], (False, ())),  # after all of them
    ],
)
def test_a_criterion_is_known_where_every_day_of_the_first_dose_says_the_same(
    counts: list[Cells], expected: tuple[bool | None, tuple[str, ...]]
) -> None:
    assert passed(begun(*counts)) == expected


@pytest.mark.parametrize(
    "written, at, days",
    [
        ("2020-01", date(2020, 6, 1), DAYS),
        ("2020-01", date(2020, 1, 15), (date(2020, 1, 1), date(2020, 1, 15))),
        ("2020-02", date(2020, 1, 15), None),
        ("2020-01-22", date(2020, 6, 1), (date(2020, 1, 22), date(2020, 1, 22))),
        ("", date(2020, 6, 1), None),
    ],
)
def test_the_days_on_which_the_first_dose_may_have_been_taken(
    written: str, at: date, days: tuple[date, date] | None
) -> None:
    assert first_dose_between(kept(ex=[dose("5 mg QD", written)]), "S1", at) == days


def test_without_a_dose_there_are_no_such_days() -> None:
    assert first_dose_between(kept(), "S1", date(2020, 6, 1)) is None
