"""Conditions at their edges: texts that differ, numbers without end, what is no condition."""

from typing import Any

import polars as pl
import pytest

from pilotage.conditions import Between, Literal, Name, State, columns, holds, parse


def answer(text: str, state: dict[str, Any]) -> bool | None:
    """The answer for one subject; a frame gives the same, its types known or not."""
    condition = parse(text)
    frame = pl.DataFrame({"USUBJID": ["S01"], **{name: [value] for name, value in state.items()}})
    any_frame = frame.select(columns(condition)).to_series()
    known_frame = frame.select(columns(condition, frame.schema)).to_series()
    assert any_frame.dtype == known_frame.dtype == pl.Boolean
    assert any_frame.to_list() == known_frame.to_list() == [holds(condition, state)]
    return holds(condition, state)


@pytest.mark.parametrize(
    "text, same, other",
    [
        ("X == 'a'", True, False),
        ("X != 'a'", False, True),
        ("'a' == X", True, False),
        ("'a' != X", False, True),
        ("X == Y", True, False),
        ("X != Y", False, True),
        ("X in ('a', 'c')", True, False),
        ("X not in ('a', 'c')", False, True),
    ],
)
def test_texts_are_equal_or_not(text: str, same: bool, other: bool) -> None:
    assert answer(text, {"X": "a", "Y": "a"}) is same
    assert answer(text, {"X": "b", "Y": "a"}) is other


@pytest.mark.parametrize(
    "mirrored, text",
    [
        ("4 == X", "X == 4"),
        ("4 != X", "X != 4"),
        ("4 < X", "X > 4"),
        ("4 <= X", "X >= 4"),
        ("4 > X", "X < 4"),
        ("4 >= X", "X <= 4"),
    ],
)
def test_a_number_may_stand_on_either_side(mirrored: str, text: str) -> None:
    for value in (3, 4, 5, None):
        assert answer(mirrored, {"X": value}) is answer(text, {"X": value})


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("other", ["'a'", "Y"])
def test_texts_have_no_order(sign: str, other: str) -> None:
    for value in ("a", "b"):
        assert answer(f"X {sign} {other}", {"X": value, "Y": "a"}) is None


def test_what_is_no_condition_has_no_answer() -> None:
    nothing: Any = "A == 1"
    state: State = {"A": 1}
    with pytest.raises(TypeError, match="'A == 1' is not a condition"):
        holds(nothing, state)
    with pytest.raises(TypeError, match="'A == 1' is not a condition"):
        columns(nothing)


@pytest.mark.parametrize("low, high", [(1, "x"), ("x", 1), ("x", "y")])
def test_both_ends_of_between_are_numbers(low: float | str, high: float | str) -> None:
    with pytest.raises(ValueError, match="two numbers"):
        Between(Name("A"), Literal(low), Literal(high))
