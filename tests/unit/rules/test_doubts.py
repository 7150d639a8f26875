"""Marks beside a value: that nobody knows whether anything is recorded, and each value of a day.

Every case is asked of one subject and of a frame; both say the same.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from pilotage.conditions import parse
from pilotage.rules.decide import doubts_of
from pilotage.rules.doubts import (
    DIFFERING,
    DOUBTS,
    OF_DATES_AND_DAYS,
    RECORDED,
    UNREADABLE,
    Doubts,
    asked_whether_missing,
    columns_for_any,
    columns_recorded_or_not,
    holds_for_any,
    holds_recorded_or_not,
    may_be_recorded,
    nth,
    perhaps,
    surely,
)
from pilotage.study.protocol import (
    ActivityTable,
    DeviationTable,
    DispensingTable,
    DosingTable,
    StoppingTable,
)

State = Mapping[str, Any]
NOTHING: Doubts = frozenset()
MARKS = (RECORDED, DIFFERING, UNREADABLE)
TESTED = date(2020, 2, 1)


def frame(state: State) -> pl.DataFrame:
    dates = {name for name, value in state.items() if name[0] in "?!" or isinstance(value, date)}
    types = {name: pl.Date() if name in dates else pl.Float64() for name in state}
    return pl.DataFrame({name: [value] for name, value in state.items()}, schema=types)


def recorded_or_not(condition: str, state: State, doubts: Doubts = DOUBTS) -> bool | None:
    asked, row = parse(condition), frame(state)
    (among_all,) = row.select(columns_recorded_or_not(asked, row.schema, doubts)).to_series()
    alone = holds_recorded_or_not(asked, dict(state), doubts)
    assert (alone, type(alone)) == (among_all, type(among_all))
    return alone


def for_any(condition: str, state: State, doubts: Doubts = OF_DATES_AND_DAYS) -> Any:
    """The answer, and the value of A with which it was found."""
    asked, row = parse(condition), frame(state)
    (among_all,) = row.select(columns_for_any(asked, row.schema, doubts)).to_series()
    alone, used = holds_for_any(asked, dict(state), doubts)
    assert (alone, type(alone)) == (among_all, type(among_all))
    return alone, used.get("A")


# -- what may be recorded, or not ------------------------------------------------------------------


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(
    "condition, answer",
    [
        ("A is missing", None),
        ("A is not missing", None),
        ("not (A is missing)", None),
        ("A is missing or B > 1", True),  # the rest settles it
        ("A is missing and B > 2", False),
        ("A is missing and B > 1", None),
        ("A == 3", None),  # of a value that is not there
        ("B > 1", True),  # asks nothing of A
    ],
)
def test_whether_a_doubtful_record_is_missing_is_not_known(
    mark: date, condition: str, answer: bool | None
) -> None:
    assert recorded_or_not(condition, {"A": None, "B": 2, perhaps("A"): mark}) is answer


@pytest.mark.parametrize("condition, answer", [("A is missing", True), ("A is not missing", False)])
def test_without_a_mark_nothing_is_recorded(condition: str, answer: bool) -> None:
    assert recorded_or_not(condition, {"A": None}) is answer
    assert recorded_or_not(condition, {"A": None, perhaps("A"): None}) is answer


def test_what_may_be_recorded_needs_no_value_beside_it() -> None:
    assert recorded_or_not("A is missing", {"B": 2, perhaps("A"): RECORDED}) is None
    assert recorded_or_not("A is missing", {"B": 2, perhaps("A"): UNREADABLE}, NOTHING) is True


def test_each_doubt_has_a_mark_of_its_own() -> None:
    assert len({*MARKS}) == 3


def test_a_mark_says_nothing_of_a_name_that_has_a_value() -> None:
    state = {"A": 1, perhaps("A"): RECORDED}
    assert recorded_or_not("A is missing", state) is False
    assert recorded_or_not("A is missing or A > 1", state) is False


@pytest.mark.parametrize(
    "condition, answer",
    [
        ("A is missing and B is missing", None),
        ("A is missing or B is missing", None),
        ("A is missing and B is not missing", None),
        ("A is missing or A is not missing", True),
        ("A is missing and B is missing and C > 1", False),
        ("A is missing or B is missing or C == 1", True),
    ],
)
def test_two_doubtful_names_are_each_recorded_or_not(condition: str, answer: bool | None) -> None:
    state = {"A": None, "B": None, "C": 1, perhaps("A"): RECORDED, perhaps("B"): DIFFERING}
    assert recorded_or_not(condition, state) is answer


def test_a_doubt_about_two_names_together_is_one_even_where_neither_alone_matters() -> None:
    """Either of the two is missing, or both: only where both are there the answer is another."""
    state = {"A": None, "B": None, perhaps("A"): RECORDED, perhaps("B"): RECORDED}
    assert recorded_or_not("A is missing or B is missing", state) is None
    assert recorded_or_not("A is missing or B is missing", {**state, perhaps("B"): None}) is True


@pytest.mark.parametrize(
    "doubts, of_a_date, differing, unreadable",
    [
        (DOUBTS, None, None, None),
        (OF_DATES_AND_DAYS, None, None, True),
        (NOTHING, True, True, True),
    ],
)
def test_of_the_marks_those_count_that_a_table_asks_for(
    doubts: Doubts, of_a_date: bool | None, differing: bool | None, unreadable: bool | None
) -> None:
    answers = [
        recorded_or_not("A is missing", {"A": None, perhaps("A"): mark}, doubts) for mark in MARKS
    ]
    assert answers == [of_a_date, differing, unreadable]


def test_one_mark_that_does_not_count_leaves_the_other_its_doubt() -> None:
    state = {"A": None, "B": None, perhaps("A"): UNREADABLE, perhaps("B"): RECORDED}
    assert recorded_or_not("A is missing", state, OF_DATES_AND_DAYS) is True
    assert recorded_or_not("B is missing", state, OF_DATES_AND_DAYS) is None
    assert recorded_or_not("A is missing and B is missing", state, OF_DATES_AND_DAYS) is None
    assert recorded_or_not("A is not missing or B is missing", state, OF_DATES_AND_DAYS) is None


@pytest.mark.parametrize("condition, answer", [("A is missing", False), ("A is not missing", True)])
def test_a_date_that_is_surely_there_is_not_missing(condition: str, answer: bool) -> None:
    state = {"A": None, surely("A"): RECORDED, perhaps("A"): RECORDED}
    assert recorded_or_not(condition, state) is answer
    assert recorded_or_not(condition, {**state, perhaps("A"): None}) is answer


def test_a_date_that_is_complete_stands_under_both_names() -> None:
    state = {"A": TESTED, surely("A"): TESTED}
    assert recorded_or_not("A is missing", state) is False


def test_beside_others_a_date_is_missing_where_it_is_not_surely_there() -> None:
    assert recorded_or_not("A is missing", {"A": None, surely("A"): None}) is True


def test_the_names_that_may_be_recorded_are_told_where_their_mark_counts() -> None:
    asked = parse("A is missing or B is missing or C is missing or D > 1")
    state = {perhaps("A"): RECORDED, perhaps("B"): UNREADABLE, perhaps("D"): RECORDED}
    assert may_be_recorded(asked, state) == ("A", "B")
    assert may_be_recorded(asked, state, OF_DATES_AND_DAYS) == ("A",)
    assert may_be_recorded(asked, {}) == ()


def test_only_what_is_asked_to_be_missing_is_in_doubt() -> None:
    asked = parse("not (A is missing) and (B > 1 or C is not missing) and A is missing")
    assert asked_whether_missing(asked) == ("A", "C")


def test_the_state_of_a_simulation_has_no_marks() -> None:
    class Lived(Mapping[str, Any]):
        def __getitem__(self, name: str) -> Any:
            return {"A": 2, "C": 1, perhaps("B"): RECORDED, nth("A", 1): 3}[name]

        def __iter__(self) -> Any:
            return iter(("A",))

        def __len__(self) -> int:
            return 1

    lived = Lived()
    assert holds_recorded_or_not(parse("B is missing"), lived) is True
    assert holds_recorded_or_not(parse("C == 1"), lived) is True  # it names not all that it has
    assert may_be_recorded(parse("B is missing"), lived) == ()
    assert holds_for_any(parse("A == 3"), lived) == (False, lived)


# -- every value of a day --------------------------------------------------------------------------


def day(*values: int | None, **more: Any) -> State:
    """A day of which no value of A is known to be the last one."""
    return {"A": None, **{nth("A", n): value for n, value in enumerate(values, 1)}, **more}


@pytest.mark.parametrize(
    "state, answer, used",
    [
        (day(3, 1), True, 3),
        (day(1, 3), True, 3),
        (day(1, 2), False, None),
        (day(1, None), None, None),
        (day(3, None), True, 3),
        (day(1, 2, 3), True, 3),
        ({"A": 3}, True, 3),
        ({"A": None}, None, None),
    ],
)
def test_any_value_of_a_day_meets_a_condition(
    state: State, answer: bool | None, used: int | None
) -> None:
    assert for_any("A >= 3", state) == (answer, used)


@pytest.mark.parametrize(
    "condition, answer",
    [
        ("A >= 3 and B >= 3", True),  # the second of A with the first of B
        ("A >= 3 and B < 3", True),
        ("A < 1 or B > 9", False),
        ("A >= 3 and B > 3", False),
    ],
)
def test_every_value_of_one_name_is_asked_with_every_one_of_another(
    condition: str, answer: bool
) -> None:
    several = {"B": None, nth("B", 1): 3, nth("B", 2): 2}
    assert for_any(condition, day(1, 3, **several))[0] is answer


def test_where_no_value_meets_it_the_values_are_those_of_the_state() -> None:
    assert for_any("A >= 9", {"A": 2, nth("A", 1): 1, nth("A", 2): 2}) == (False, 2)


def test_a_reason_to_stop_waits_for_what_may_be_recorded() -> None:
    doubtful = {"B": None, perhaps("B"): RECORDED}
    assert for_any("A >= 3 and B is not missing", day(1, 3, **doubtful))[0] is None
    assert for_any("A >= 9 and B is not missing", day(1, 3, **doubtful))[0] is False
    assert for_any("A >= 3 or B is not missing", day(1, 3, **doubtful)) == (True, 3)


# -- which marks count for which table -------------------------------------------------------------

ROW = {"when": "A is missing", "why": "why", "source": "P-9"}


@pytest.mark.parametrize(
    "table, doubts",
    [
        (DosingTable.model_validate({"rows": [{**ROW, "do": "hold"}]}), DOUBTS),
        (StoppingTable.model_validate({"rows": [ROW]}), OF_DATES_AND_DAYS),
        (DispensingTable.model_validate({"rows": [ROW]}), OF_DATES_AND_DAYS),
        (DeviationTable.model_validate({"rows": [ROW]}), OF_DATES_AND_DAYS),
        (ActivityTable.model_validate({"rows": [{**ROW, "form": "visit"}]}), NOTHING),
    ],
)
def test_a_dose_waits_for_what_cannot_be_read_and_an_activity_for_nothing(
    table: Any, doubts: Doubts
) -> None:
    assert doubts_of(table) == doubts


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("comparison", ["A < B", "A == B", "A != B"])
def test_a_mark_is_compared_with_nothing(mark: date, comparison: str) -> None:
    """Whatever is recorded, no more is known of it."""
    state = {"A": None, perhaps("A"): mark, "B": TESTED}
    assert recorded_or_not(f"A is missing and {comparison}", state) is None
    assert recorded_or_not(f"A is not missing and {comparison}", state) is None
