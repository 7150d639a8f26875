"""The numbers in a few words of a paper."""

from decimal import Decimal

import pytest

from pilotage.publication.printed import decimals, printed_numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("86%", ["86"]),
        ("11 ± 5.9", ["11", "5.9"]),
        ("P = 0.0009", ["0.0009"]),
        ("P < .05", ["0.05"]),
        ("< 30,000/mm3", ["30000"]),
        ("1.190/mm3", ["1.190"]),
        ("8.1-34.0", ["8.1", "34.0"]),
        ("5, 6 and 7.", ["5", "6", "7"]),
        ("a change of -3 points", ["-3"]),
        ("Fifteen of twenty-one", ["15", "21"]),
        ("single-center", ["1"]),
        ("a 4-point decrease", ["4"]),
        ("both arms", ["2"]),
    ],
)
def test_digits_and_words_are_numbers(text: str, values: list[str]) -> None:
    assert [number.value for number in printed_numbers(text)] == [Decimal(v) for v in values]


@pytest.mark.parametrize("text", ["C3 and C4", "CC-5013", "cells/mm3", "IL-2", "someone", "1,2"])
def test_names_and_what_can_be_read_in_two_ways_are_no_numbers(text: str) -> None:
    assert printed_numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "digits"), [("6.10", 2), ("11 ± 5.9", 1), ("30,000", 0), ("Four", 0), ("none", 0)]
)
def test_the_decimal_places_are_those_printed(text: str, digits: int) -> None:
    assert decimals(text) == digits
