"""The manual of conditions: how they are written, and what a writer is told who slips."""

import pickle
import subprocess
import sys

import pytest

from pilotage.conditions import (
    Between,
    Comparison,
    ConditionSyntaxError,
    IsMissing,
    Literal,
    Logical,
    Name,
    Not,
    OneOf,
    parse,
)

A, B, C = (Comparison(Name(name), "==", Literal(1)) for name in "ABC")


def test_and_binds_tighter_than_or():
    assert parse("A == 1 or B == 1 and C == 1") == Logical("or", (A, Logical("and", (B, C))))


def test_not_binds_tighter_than_and():
    assert parse("not A == 1 and B == 1") == Logical("and", (Not(A), B))


def test_brackets_group():
    assert parse("(A == 1 or B == 1) and C == 1") == Logical("and", (Logical("or", (A, B)), C))


def test_a_chain_of_the_same_word_is_one_node():
    assert parse("A == 1 and B == 1 and C == 1") == Logical("and", (A, B, C))


def test_the_and_of_between_belongs_to_between():
    between = Between(Name("A"), Literal(2), Literal(5))
    assert parse("A between 2 and 5 and B == 1") == Logical("and", (between, B))


@pytest.mark.parametrize(
    "text, node",
    [
        ("SCORE.PCHG <= -50", Comparison(Name("SCORE.PCHG"), "<=", Literal(-50))),
        ("form.item == 'yes'", Comparison(Name("form.item"), "==", Literal("yes"))),
        ('SCORE == "it\'s"', Comparison(Name("SCORE"), "==", Literal("it's"))),
        ("SCORE == ''", Comparison(Name("SCORE"), "==", Literal(""))),
        (r"SCORE == '\'", Comparison(Name("SCORE"), "==", Literal("\\"))),
        ("0.5<SCORE", Comparison(Literal(0.5), "<", Name("SCORE"))),
        ("SCORE<-5", Comparison(Name("SCORE"), "<", Literal(-5))),
        ("A.B != C", Comparison(Name("A.B"), "!=", Name("C"))),
        ("A in (1)", OneOf(Name("A"), (Literal(1),))),
        ("A not in ('x',\"y\")", Not(OneOf(Name("A"), (Literal("x"), Literal("y"))))),
        ("not A in (1, 2)", Not(OneOf(Name("A"), (Literal(1), Literal(2))))),
        ("A is missing", IsMissing(Name("A"))),
        ("A is not missing", Not(IsMissing(Name("A")))),
        ("is_missing is missing", IsMissing(Name("is_missing"))),
        ("or.and == 1", Comparison(Name("or.and"), "==", Literal(1))),
    ],
)
def test_a_text_and_its_node(text, node):
    assert parse(text) == node


@pytest.mark.parametrize(
    "text, canonical",
    [
        ("A==1", "A == 1"),
        ("  A\n  ==\t1 ", "A == 1"),
        ("(A == 1)", "A == 1"),
        ("((A == 1) and (B == 1))", "A == 1 and B == 1"),
        ("(A == 1 and B == 1) or C == 1", "A == 1 and B == 1 or C == 1"),
        ("(A == 1 and B == 1) and C == 1", "(A == 1 and B == 1) and C == 1"),
        ("not(A == 1 or B == 1)", "not (A == 1 or B == 1)"),
        ("not A in (1,2)", "A not in (1, 2)"),
        ("not (A is missing)", "A is not missing"),
        ("not A not in (1,2)", "not A not in (1, 2)"),
        ('A == "x"', "A == 'x'"),
        ('A == "it\'s"', 'A == "it\'s"'),
        ("A == 1.50", "A == 1.5"),
        ("A == -0", "A == 0"),
        ("A == 100000000000000000000000", "A == 100000000000000000000000"),
        ("A == 0.0000001", "A == 0.0000001"),
    ],
)
def test_the_canonical_text_of_a_condition(text, canonical):
    assert str(parse(text)) == canonical
    assert parse(canonical) == parse(text)


# text | column | what the message must say (the column points at the slip)
SLIPS = """
    A = 3                    | 3  | write '=='
    A === 3                  | 3  | write '=='
    A <> 3                   | 3  | write '!='
    A => 3                   | 3  | write '>='
    A ≥ 3                    | 3  | write '>='
    A == 3 && B == 1         | 8  | write 'and'
    !(A == 3)                | 1  | write 'not'
    A == 3 AND B == 1        | 8  | write 'and' in small letters
    A IS missing             | 3  | write 'is' in small letters
    A == null                | 6  | write 'NAME is missing'
    A is None                | 6  | write 'NAME is missing'
    A == missing             | 6  | write A is missing
    A missing                | 3  | write A is missing
    A == true                | 6  | NAME == 'yes'
    1 < A < 5                | 7  | cannot be chained; write 1 < A and A < 5
    1 <= A <= 5              | 8  | cannot be chained; write A between 1 and 5
    A == B == 'x'            | 8  | write A == B and B == 'x'
    A == 1 == B              | 8  | join two comparisons with 'and'
    A == 'x                  | 6  | is not closed
    A == 'it's'              | 11 | in the other kind
    A == “x”                 | 6  | straight quotes
    5 == 5                   | 1  | a name on at least one side
    'x' != 'y'               | 1  | a name on at least one side
    A == complete response   | 15 | stands in quotes: 'complete response'
    A complete               | 3  | an operator is missing
    A == 5 mg                | 8  | after 5 stands no unit
    A == 5mg                 | 6  | stands without unit
    A == 1e3                 | 6  | without exponent
    A == 0,5                 | 7  | decimals with a point
    A == 1,000               | 8  | no thousands separators
    A == 1.000.000           | 6  | has two points
    A == 1.                  | 6  | no digit
    A == .5                  | 6  | (0.5)
    A == 007                 | 6  | no leading zeros
    A == 0.12345678901234567 | 6  | more digits than can be kept
    A. == 1                  | 1  | 'A.' is not finished
    A                        | 1  | 'A' alone is not a condition
    (A) == 1                 | 2  | 'A' alone is not a condition
    not A                    | 5  | 'A' alone is not a condition
    A == 'x' or 'y'          | 13 | write the whole comparison: A == 'y'
    1                        | 1  | write the whole comparison: NAME == 1
    A ==                     | 6  | a value after '==' is missing
    == 1                     | 1  | a condition is missing before '=='
    A == 1 and               | 12 | a condition is missing before the end
    and A == 1               | 1  | a condition is missing before 'and'
    A == 1 B == 2            | 8  | joined by 'and' or 'or'
    (A == 1                  | 1  | this bracket is not closed
    (A == 1 B                | 9  | does not fit here
    A == 1)                  | 7  | this bracket was never opened
    A == (1)                 | 6  | without brackets
    A in ()                  | 7  | a value is missing in the list
    A in (1,)                | 9  | a value is missing in the list
    A in (1 2)               | 9  | commas stand between the values
    A in (1, 2               | 6  | the bracket of this list is not closed
    A in 'x'                 | 6  | a list in round brackets
    A in ['x']               | 6  | in round brackets
    A in (x, y)              | 7  | write 'x' with its quotes
    A in ('x', 1)            | 6  | mixes texts and numbers
    1 in (1, 2)              | 1  | alone is not a condition
    A between 1, 5           | 12 | joined by 'and'
    A between B and C        | 11 | needs two numbers
    A between 1 and          | 17 | needs two numbers
    A not between 1 and 2    | 3  | not A …
    A not == 1               | 3  | not A …
    A is 'x'                 | 3  | write A == 'x'
    A is not 5               | 3  | write A != 5
    A is                     | 3  | 'is not missing'
    count(A) > 1             | 6  | call no functions
    A + B > 1                | 3  | do not calculate
    A - 1 > 1                | 3  | do not calculate
    A -1 > 1                 | 3  | do not calculate
    A > B-1                  | 6  | do not calculate
    A > -B                   | 5  | do not calculate
    A < 50%                  | 7  | percentages as plain numbers
    größe > 1                | 3  | 'ö' is not used
    A == 1; B == 2           | 7  | ';' is not used
"""


@pytest.mark.parametrize("row", SLIPS.strip().splitlines())
def test_a_slip_is_named_with_its_column_and_the_way_out(row):
    text, column, words = (cell.strip() for cell in row.split(" | "))
    if text.endswith(("==", "and")):
        text += " "
    with pytest.raises(ConditionSyntaxError) as caught:
        parse(text)
    assert words in caught.value.message
    assert caught.value.column == int(column)
    assert str(caught.value) == f"{caught.value.message} (column {column})"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_condition_says_so(text):
    with pytest.raises(ConditionSyntaxError, match="the condition is empty"):
        parse(text)


@pytest.mark.parametrize("thing", [None, 5, True, ["A == 1"], b"A == 1"])
def test_what_is_no_text_is_no_condition(thing):
    with pytest.raises(ConditionSyntaxError, match="a condition is a text"):
        parse(thing)


def test_a_text_cannot_hold_a_line_break():
    with pytest.raises(ConditionSyntaxError, match="line break"):
        parse("A == 'x\ny'")


def test_a_condition_is_at_most_5000_characters_long_without_white_space():
    longest = "A == 1 or " * 832 + "A == 12345"
    assert len(longest.replace(" ", "")) == 5000
    assert str(parse(longest)) == longest
    with pytest.raises(ConditionSyntaxError, match=r"longer than 5,000 characters"):
        parse(longest + "6")


@pytest.mark.parametrize("opening, closing", [("(", ")"), ("not ", ""), ("not (", ")")])
def test_nesting_is_at_most_50_levels_deep(opening, closing):
    levels = 25 if opening == "not (" else 50
    parse(opening * levels + "A == 1" + closing * levels)
    with pytest.raises(ConditionSyntaxError, match="deeper than 50 levels"):
        parse(opening * (levels + 1) + "A == 1" + closing * (levels + 1))


def test_brackets_side_by_side_are_not_nested():
    parse(" or ".join(["(A == 1)"] * 200))


@pytest.mark.parametrize(
    "node",
    [
        lambda: Name("SCORE PCHG"),
        lambda: Name("A.\n"),
        lambda: Name("missing"),
        lambda: Name("OR"),
        lambda: Name("None"),
        lambda: Literal(float("nan")),
        lambda: Literal(float("inf")),
        lambda: Literal(True),
        lambda: Literal("both ' and \""),
        lambda: Literal("two\nlines"),
        lambda: Comparison(Literal(1), "==", Literal(1)),
        lambda: Between(Name("A"), Literal("x"), Literal("y")),
        lambda: OneOf(Name("A"), ()),
        lambda: OneOf(Name("A"), (Literal("x"), Literal(1))),
        lambda: Logical("and", (A,)),
    ],
)
def test_a_node_that_no_text_can_say_cannot_be_made(node):
    with pytest.raises(ValueError):
        node()


def test_a_syntax_error_crosses_processes_whole():
    error = pickle.loads(pickle.dumps(ConditionSyntaxError("a slip", 7)))  # noqa: S301 own bytes
    assert (error.message, error.column) == ("a slip", 7)


def test_parsing_does_not_import_polars():
    program = (
        "import sys; from pilotage.conditions import parse; parse('A == 1'); "
        "sys.exit('polars' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
