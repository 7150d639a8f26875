"""Readings that the paper does not settle: points in numbers, who was followed, who is in both."""

from typing import Any

import pytest
from audit_examples import claim, count, found, only

ONE = {"one": {"label": "Patient number 1", "subject": "1", "subset_of": "all"}}


def value(printed: str, read_as: float) -> dict[str, Any]:
    """A value of one subject, as printed and as read."""
    said = {"group": "one", "variable": "SCORE", "reading": "as somebody read it"}
    return claim("R-01", "value", printed=printed, value=read_as, **said)


def test_a_point_that_was_read_as_a_mark_of_thousands_is_asked_about() -> None:
    asked = only("notation", value("1.190/mm3", 1190), groups=ONE)
    assert (asked.verdict, asked.claims) == ("unexplained", ("R-01",))
    assert asked.arithmetic == (
        "with the point as a mark of thousands: 1190",
        "with the point as that of a decimal number: 1.19",
    )
    assert asked.repairs == ("1,190 instead of 1.190",)


def test_a_place_where_a_comma_marks_thousands_stands_beside_it() -> None:
    limit = {"role": "exclusion", "variable": "SCORE", "comparator": "<", "printed": "< 2,000/mm3"}
    beside = claim("R-02", "threshold", value=2000, **limit)
    asked = only("notation", value("1.190/mm3", 1190), beside, groups=ONE)
    assert asked.claims == ("R-01", "R-02")
    assert asked.arithmetic[-1] == "R-02 ('< 2,000/mm3') marks thousands with a comma"


@pytest.mark.parametrize(
    ("printed", "read_as"), [("1.190", 1.19), ("0.190", 190), ("1.19", 119), ("1,190", 1190)]
)
def test_other_numbers_are_not_asked_about(printed: str, read_as: float) -> None:
    assert found("notation", value(printed, read_as), groups=ONE) == []


def followed(months: int, weeks: float) -> list[Any]:
    """Follow-up of all from so many months on; one who was treated for so many weeks."""
    every = claim("R-01", "range", low=months, high=30, group="all", variable="FUP")
    said = {"group": "one", "variable": "TRT", "unit": "weeks"}
    return found("denominator", every, claim("R-02", "value", value=weeks, **said), groups=ONE)


def test_somebody_who_stopped_before_the_shortest_follow_up_is_asked_about() -> None:
    (asked,) = followed(7, 1)
    assert (asked.verdict, asked.claims) == ("unexplained", ("R-01", "R-02"))
    assert "'Patient number 1', who had stopped after 0.23 months" in asked.question


def test_somebody_who_was_treated_as_long_as_the_shortest_follow_up_is_not() -> None:
    assert followed(7, 31) == []


def test_a_union_lies_within_what_holds_all_of_its_parts() -> None:
    """4 and 11 of 14 who are in one of two groups: one is in both."""
    groups = {
        "no_effect": {"label": "No effect", "subset_of": "some"},
        "harm": {"label": "Harm", "subset_of": "some"},
        "either": {"label": "Either or both", "union_of": ["no_effect", "harm"]},
    }
    counts = [count("R-01", 14, "some"), count("R-02", 4, "no_effect"), count("R-03", 11, "harm")]
    all_of_them = claim("R-04", "all", group="either", of="some")
    union = only("subset", *counts, all_of_them, groups=groups)
    assert (union.verdict, union.arithmetic) == (
        "fine",
        ("4 + 11 − 14 = 1: so many are counted twice",),
    )
