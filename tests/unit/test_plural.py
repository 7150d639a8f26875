"""A number with the noun that it counts."""

import pytest

from pilotage.plural import counted


@pytest.mark.parametrize(
    "number, told",
    [(0, "0 visits"), (1, "1 visit"), (2, "2 visits"), (1204, "1204 visits")],
)
def test_only_one_has_no_s(number: int, told: str) -> None:
    assert counted(number, "visit") == told


def test_a_plural_of_its_own_is_named() -> None:
    assert counted(1, "criterion", "criteria") == "1 criterion"
    assert counted(3, "criterion", "criteria") == "3 criteria"


def test_thousands_are_grouped_where_that_is_asked_for() -> None:
    assert counted(1204, "visit", grouped=True) == "1,204 visits"
