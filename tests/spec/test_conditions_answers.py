"""The manual of conditions: what they answer, for one subject and for every row of a frame."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pilotage.conditions import columns, holds, names_in, parse, unknown_names

NAN = float("nan")


def answer(text, state):
    """The answer for one subject; the same row as a frame must give the same answer."""
    condition = parse(text)
    given = holds(condition, state)
    frame = pl.DataFrame({"USUBJID": ["S01"], **{name: [value] for name, value in state.items()}})
    assert frame.with_columns(answer=columns(condition))["answer"].to_list() == [given]
    return given


WORD = {"true": True, "false": False, "unknown": None}

TRUTH_TABLE = """
    true    | true    | true    | true
    true    | false   | false   | true
    true    | unknown | unknown | true
    false   | true    | false   | true
    false   | false   | false   | false
    false   | unknown | false   | unknown
    unknown | true    | unknown | true
    unknown | false   | false   | unknown
    unknown | unknown | unknown | unknown
"""


@pytest.mark.parametrize("row", TRUTH_TABLE.strip().splitlines())
def test_and_and_or_follow_kleenes_truth_table(row):
    a, b, both, either = (WORD[cell.strip()] for cell in row.split("|"))
    value = {True: 1, False: 0, None: None}
    state = {"A": value[a], "B": value[b]}
    assert answer("A == 1 and B == 1", state) is both
    assert answer("A == 1 or B == 1", state) is either


@pytest.mark.parametrize("value, expected", [(1, False), (0, True), (None, None)])
def test_not_exchanges_true_and_false_and_leaves_unknown(value, expected):
    assert answer("not A == 1", {"A": value}) is expected


@pytest.mark.parametrize(
    "text, below, at, above",
    [
        ("SCORE == 4", False, True, False),
        ("SCORE != 4", True, False, True),
        ("SCORE < 4", True, False, False),
        ("SCORE <= 4", True, True, False),
        ("SCORE > 4", False, False, True),
        ("SCORE >= 4", False, True, True),
        ("4 == SCORE", False, True, False),
        ("4 < SCORE", False, False, True),
        ("4 >= SCORE", True, True, False),
        ("SCORE == LIMIT", False, True, False),
        ("SCORE < LIMIT", True, False, False),
        ("LIMIT < SCORE", False, False, True),
    ],
)
def test_a_comparison_at_its_boundary(text, below, at, above):
    answers = [answer(text, {"SCORE": value, "LIMIT": 4}) for value in (3.999, 4, 4.001)]
    assert answers == [below, at, above]


@pytest.mark.parametrize(
    "value, expected", [(1.999, False), (2, True), (3, True), (5, True), (5.001, False)]
)
def test_both_ends_belong_to_between(value, expected):
    assert answer("SCORE between 2 and 5", {"SCORE": value}) is expected


def test_between_with_exchanged_ends_is_false():
    assert answer("SCORE between 5 and 2", {"SCORE": 3}) is False


@pytest.mark.parametrize("value, inside", [("M", True), ("F", True), ("U", False), ("m", False)])
def test_in_is_equality_with_one_of_the_list(value, inside):
    assert answer("SEX in ('M', 'F')", {"SEX": value}) is inside
    assert answer("SEX not in ('M', 'F')", {"SEX": value}) is not inside


def test_in_with_numbers():
    assert answer("GRADE in (3, 4)", {"GRADE": 4}) is True
    assert answer("GRADE in (3, 4)", {"GRADE": 2}) is False


EVERY_RELATION = [
    "X == 1", "X != 1", "X < 1", "X <= 1", "X > 1", "X >= 1", "1 < X", "X == 'a'", "X != 'a'",
    "X == Y", "Y != X", "X < Y", "X in (1, 2)", "X in ('a', 'b')", "X not in (1, 2)",
    "X not in ('a', 'b')", "X between 1 and 2", "not X == 1", "not X between 1 and 2",
]  # fmt: skip


@pytest.mark.parametrize("text", EVERY_RELATION)
@pytest.mark.parametrize("state", [{"X": None}, {"X": NAN}, {}], ids=["None", "NaN", "absent"])
def test_a_missing_value_makes_every_relation_unknown(text, state):
    assert answer(text, {**state, "Y": 1}) is None
    assert unknown_names(parse(text), {**state, "Y": 1}) == ("X",)


@pytest.mark.parametrize(
    "state, missing",
    [
        ({"X": None}, True),
        ({"X": NAN}, True),
        ({}, True),
        ({"X": 0}, False),
        ({"X": ""}, False),
        ({"X": "not done"}, False),
        ({"X": False}, False),
        ({"X": date(2012, 12, 19)}, False),
    ],
)
def test_is_missing_is_never_unknown(state, missing):
    assert answer("X is missing", state) is missing
    assert answer("X is not missing", state) is not missing


def test_a_decimal_that_is_not_a_number_is_missing():
    for value in (Decimal("NaN"), Decimal("sNaN")):
        assert holds(parse("X is missing"), {"X": value}) is True
        assert holds(parse("X > 1"), {"X": value}) is None


@pytest.mark.parametrize(
    "text, value",
    [
        ("X > 1", "2"),
        ("X == 1", "1"),
        ("X in (1, 2)", "1"),
        ("X between 1 and 2", "1"),
        ("X == '1'", 1),
        ("X != '1'", 1),
        ("X in ('1', '2')", 1),
        ("X == 1", True),
        ("X == 1", date(2012, 12, 19)),
        ("X == '2012-12-19'", date(2012, 12, 19)),
        ("X < 'b'", "a"),
        ("X < Y", "a"),
    ],
)
def test_a_value_of_the_wrong_type_is_unknown_but_not_missing(text, value):
    state = {"X": value, "Y": "b"}
    assert answer(text, state) is None
    assert answer("X is missing", state) is False
    assert "X" in unknown_names(parse(text), state)


def test_numbers_are_equal_whatever_their_python_or_polars_type():
    for value in (1, 1.0, Decimal("1")):
        assert answer("X == 1", {"X": value}) is True
    for kind in (pl.Int8, pl.UInt64, pl.Float32, pl.Float64, pl.Decimal(10, 2)):
        frame = pl.DataFrame({"X": [1, None]}, schema={"X": kind})
        assert frame.with_columns(r=columns(parse("X == 1")))["r"].to_list() == [True, None]


def test_texts_are_equal_whatever_their_polars_type():
    for kind in (pl.String, pl.Categorical, pl.Enum(["CR", "NR"])):
        frame = pl.DataFrame({"X": ["CR", "NR", None]}, schema={"X": kind})
        answers = frame.with_columns(r=columns(parse("X == 'CR'")))["r"].to_list()
        assert answers == [True, False, None]


def test_a_whole_number_beyond_every_float_is_still_compared():
    assert holds(parse("X > 1"), {"X": 10**400}) is True
    assert holds(parse("X > 1"), {"X": -(10**400)}) is False


def test_a_column_that_the_frame_does_not_have_is_missing_in_every_row():
    frame = pl.DataFrame({"USUBJID": ["S01", "S02"]})
    answers = frame.with_columns(a=columns(parse("NEUT < 1")), b=columns(parse("NEUT is missing")))
    assert answers["a"].to_list() == [None, None]
    assert answers["b"].to_list() == [True, True]
    assert frame.filter(columns(parse("NEUT < 1"))).height == 0


WITHOUT_VALUES = pl.DataFrame(
    {"Y": [1, 2, 3], "NULLS": [None] * 3, "NANS": [NAN] * 3, "NO_TEXT": [None] * 3},
    schema={"Y": pl.Int64, "NULLS": pl.Float64, "NANS": pl.Float64, "NO_TEXT": pl.String},
)


@pytest.mark.parametrize("name", ["NULLS", "NANS", "NO_TEXT", "ABSENT"])
@pytest.mark.parametrize("text", [*EVERY_RELATION, "X == NULLS", "NULLS < X", "ABSENT != X"])
def test_every_row_of_a_frame_has_its_answer_when_a_column_has_no_value(text, name):
    answers = columns(parse(text.replace("X", name))).alias("answer")
    assert WITHOUT_VALUES.with_columns(answers)["answer"].to_list() == [None] * 3
    assert WITHOUT_VALUES.select(answers)["answer"].to_list() == [None] * 3
    assert WITHOUT_VALUES.filter(answers).height == 0
    missing = (
        columns(parse(f"{name} is missing or {text.replace('X', name)}")).sum().over(pl.lit(1))
    )
    assert WITHOUT_VALUES.select(n=missing)["n"].to_list() == [3, 3, 3]


def test_names_with_dots_are_columns_with_dots():
    frame = pl.DataFrame({"SCORE": [0, 8], "SCORE.PCHG": [-100.0, -20.0]})
    chosen = frame.filter(columns(parse("SCORE > 0 and SCORE.PCHG > -50")))
    assert chosen["SCORE"].to_list() == [8]


def test_a_column_of_answers_is_named_by_its_condition():
    frame = pl.DataFrame({"SCORE": [0, 8]})
    assert frame.select(columns(parse("SCORE<4")), columns(parse("SCORE>4"))).columns == [
        "SCORE < 4",
        "SCORE > 4",
    ]


def test_the_same_expression_serves_lazy_frames_and_groups():
    frame = pl.LazyFrame({"USUBJID": ["S01", "S01", "S02"], "SCORE": [0, 5, None]})
    grouped = frame.group_by("USUBJID").agg(n=columns(parse("SCORE < 4")).sum()).collect()
    assert dict(grouped.sort("USUBJID").iter_rows()) == {"S01": 1, "S02": 0}


# -- which names keep the answer unknown ----------------------------------------------------------


@pytest.mark.parametrize(
    "text, state, names",
    [
        ("A == 1 and B == 1", {"A": 1}, ("B",)),
        ("A == 1 and B == 1", {"A": 0}, ()),
        ("A == 1 and B == 1", {}, ("A", "B")),
        ("A == 1 or B == 1", {"A": 1}, ()),
        ("A == 1 or B == 1", {"A": 0}, ("B",)),
        ("A == 1 and (B == 1 or C == 1)", {"A": 1, "B": 0}, ("C",)),
        ("(A == 1 or B == 1) and (C == 1 or D == 1)", {"A": 1}, ("C", "D")),
        ("not (A == 1 and B == 1)", {"B": 1}, ("A",)),
        ("A is missing", {}, ()),
        ("A == B", {"A": 1}, ("B",)),
        ("A == B", {"A": 1, "B": "x"}, ("A", "B")),
        ("A == 1 or A == 2", {}, ("A",)),
    ],
)
def test_unknown_names_are_those_that_keep_the_answer_unknown(text, state, names):
    assert unknown_names(parse(text), state) == names


def test_names_stand_in_the_order_of_their_first_use():
    text = "B.X > A or not (C in (1, 2) and D is missing) or A between 1 and 2 or 1 == E"
    assert names_in(parse(text)) == ("B.X", "A", "C", "D", "E")
