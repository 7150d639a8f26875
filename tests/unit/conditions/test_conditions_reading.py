"""Reading conditions: words in quotes are texts, brackets are counted, slips name their place."""

from typing import Any

import pytest

from pilotage.conditions import Comparison, ConditionSyntaxError, Literal, Name, OneOf, parse


def slip(text: Any) -> ConditionSyntaxError:
    with pytest.raises(ConditionSyntaxError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize("nothing", ["", "  \n", None, 5])
def test_the_slip_of_an_empty_condition_and_of_what_is_no_text_is_at_its_beginning(
    nothing: Any,
) -> None:
    assert slip(nothing).column == 1


@pytest.mark.parametrize(
    "text, column",
    [
        ("A == 1 'and' B == 1", 8),
        ("A == 1 'or' B == 1", 8),
        ("'not' A == 1", 1),
        ("'(' A == 1 ')'", 1),
        ("(A == 1 ')'", 9),
        ("A 'is' 'missing'", 3),
        ("A is 'missing'", 3),
        ("A 'between' 1 and 2", 3),
        ("A between 1 'and' 2", 13),
        ("A 'in' (1, 2)", 3),
        ("A in '(' 1, 2)", 6),
        ("A in (1 ',' 2)", 9),
        ("A in (1, 2 ')'", 12),
    ],
)
def test_a_word_or_a_sign_in_quotes_is_a_text(text: str, column: int) -> None:
    assert slip(text).column == column


def test_such_texts_are_values() -> None:
    assert parse("A == 'and'") == Comparison(Name("A"), "==", Literal("and"))
    assert parse("A in (')', ',')") == OneOf(Name("A"), (Literal(")"), Literal(",")))


@pytest.mark.parametrize("closed", ["(A == 1)", "not A == 1", "((A == 1))", "not (A == 1)"])
@pytest.mark.parametrize("word", ["and", "or"])
def test_brackets_that_are_closed_leave_no_room_for_deeper_ones(closed: str, word: str) -> None:
    before = f" {word} ".join([closed] * 3)
    parse(f"{before} {word} {'(' * 50}A == 1{')' * 50}")
    too_deep = f"{before} {word} {'(' * 51}A == 1{')' * 51}"
    assert "deeper than 50 levels" in slip(too_deep).message
    assert slip(too_deep).column == too_deep.index("(" * 51) + 51


@pytest.mark.parametrize(
    "text, words",
    [
        ("(A == 5 mg)", "after 5 stands no unit"),
        ("(A == complete response)", "in quotes: 'complete response'"),
        ("(A == 1,5)", "decimals with a point"),
        ("(A == B C == 1)", "in quotes: 'B C'"),
    ],
)
def test_a_slip_before_a_closing_bracket_is_the_slip_that_it_is_without_it(
    text: str, words: str
) -> None:
    inside, alone = slip(text), slip(text.strip("()"))
    assert words in inside.message
    assert (inside.message, inside.column) == (alone.message, alone.column + 1)
