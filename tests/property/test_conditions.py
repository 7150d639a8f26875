"""All readers of a condition agree, on random conditions and random data with missing values."""

import random
from datetime import date

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

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
    Variable,
    check,
    columns,
    describe,
    holds,
    names_in,
    parse,
    unknown_names,
)
from pilotage.conditions.nodes import OPERATORS

# -- random data: few values, so that comparisons meet them ----------------------------------------

WORDS = ["", "a", "b", "B", "it's", "ñ", "12"]
COLUMNS = {
    "F": (pl.Float64, [-50.0, -0.0, 0.0, 0.5, 1.0, 2.0, float("inf"), float("nan"), None]),
    "F.BASE": (pl.Float32, [0.5, 1.0, 2.0, float("nan"), None]),
    "I": (pl.Int64, [-1, 0, 1, 2, None]),
    "T": (pl.String, [*WORDS, None]),
    "T.CODE": (pl.Enum(["a", "b", "12"]), ["a", "b", "12", None]),
    "T.OLD": (pl.Categorical, ["a", "b", None]),
    "D": (pl.Date, [date(2012, 12, 19), None]),
    "YES": (pl.Boolean, [True, False, None]),
    "NOTHING": (pl.Null, [None]),
}
ABSENT = "ABSENT"
NUMBERS = [-50, -1, 0, 0.5, 1, 2, 1e20, 1e-7]
SCHEMA = {name: kind for name, (kind, _) in COLUMNS.items()}
ROW = st.fixed_dictionaries({name: st.sampled_from(known) for name, (_, known) in COLUMNS.items()})

NAMESPACE = {
    "F": Variable("number", "%", -100, None, label="first number"),
    "F.BASE": Variable("number", "%", 0, 1),
    "I": Variable("number", "10*9/L", None, 2, label="{whole} number"),
    "T": Variable("text", label="text"),
    "T.CODE": Variable("text", choices=("a", "b", "12"), label="code"),
    "D": Variable("date", label="day"),
}


# -- random conditions -----------------------------------------------------------------------------


def conditions(names, *, numbers, texts):
    """Conditions over these names; every literal is compared with any of them."""
    name = st.sampled_from(names).map(Name)
    number = st.sampled_from(numbers).map(Literal)
    text = st.sampled_from(texts).map(Literal) if texts else st.nothing()
    operand = name | number | text
    comparison = st.builds(Comparison, name, st.sampled_from(OPERATORS), operand) | st.builds(
        Comparison, number | text, st.sampled_from(OPERATORS), name
    )
    choices = (number | text).flatmap(
        lambda first: st.lists(text if isinstance(first.value, str) else number, max_size=2).map(
            lambda others: (first, *others)
        )
    )
    relation = (
        comparison
        | st.builds(Between, name, number, number)
        | st.builds(OneOf, name, choices)
        | st.builds(IsMissing, name)
    )

    def joined(part):
        parts = st.lists(part, min_size=2, max_size=4).map(tuple)
        return st.builds(Not, part) | st.builds(Logical, st.sampled_from(["and", "or"]), parts)

    return st.recursive(relation, joined, max_leaves=8)


CONDITION = conditions([*COLUMNS, ABSENT], numbers=NUMBERS, texts=WORDS)
NUMBER_CONDITION = conditions(["F", "F.BASE", "I", ABSENT], numbers=NUMBERS, texts=[])


@settings(max_examples=250, deadline=None)
@given(CONDITION, st.lists(ROW, min_size=0, max_size=8))
def test_one_subject_and_all_subjects_get_the_same_answer(condition, rows):
    frame = pl.DataFrame(rows, schema=SCHEMA)
    answers = frame.with_columns(answer=columns(condition))["answer"]
    typed = frame.with_columns(answer=columns(condition, frame.schema))["answer"]
    assert answers.dtype == pl.Boolean
    assert typed.equals(answers)
    assert answers.to_list() == [holds(condition, row) for row in frame.iter_rows(named=True)]
    assert frame.filter(columns(condition)).height == answers.sum()


@settings(max_examples=150, deadline=None)
@given(CONDITION)
def test_the_canonical_text_reads_back_as_an_equal_condition(condition):
    text = str(condition)
    assert parse(text) == condition
    assert str(parse(text)) == text


@settings(max_examples=150, deadline=None)
@given(CONDITION, ROW)
def test_names_stand_in_the_way_exactly_when_the_answer_is_unknown(condition, state):
    unknown = unknown_names(condition, state)
    assert (unknown == ()) == (holds(condition, state) is not None)
    assert set(unknown) <= set(names_in(condition))


@settings(max_examples=150, deadline=None)
@given(CONDITION, ROW, st.data())
def test_learning_a_missing_value_never_changes_a_known_answer(condition, state, data):
    before = holds(condition, state)
    known = {
        name: data.draw(st.sampled_from(COLUMNS[name][1])) if value is None else value
        for name, value in state.items()
        if not names_asked_whether_missing(condition) & {name}
    }
    if before is not None:
        assert holds(condition, {**state, **known}) is before


def names_asked_whether_missing(condition):
    match condition:
        case IsMissing(name):
            return {name.name}
        case Not(part):
            return names_asked_whether_missing(part)
        case Logical(_, parts):
            return set().union(*map(names_asked_whether_missing, parts))
    return set()


@settings(max_examples=100, deadline=None)
@given(NUMBER_CONDITION, ROW)
@example(
    parse("-50 != F.BASE and (F.BASE is missing or ABSENT between -50 and -50)"),
    {"F": 1.0, "F.BASE": None, "I": 1},
)
def test_learning_the_unknown_names_ends_with_an_answer(condition, state):
    """A name that was missing may, once known, bring another into play: ask again."""
    for _ in names_in(condition):
        state = {**state, **dict.fromkeys(unknown_names(condition, state), 1)}
    assert holds(condition, state) is not None


@settings(max_examples=150, deadline=None)
@given(CONDITION, st.sampled_from(["en", "es", "es-ES", "fr", ""]))
def test_check_and_describe_answer_for_every_condition(condition, language):
    assert all(isinstance(message, str) and message for message in check(condition, NAMESPACE))
    words = describe(condition, NAMESPACE, language=language)
    assert words
    assert words == describe(Not(Not(condition)), NAMESPACE, language=language)
    for name in names_in(condition):
        variable = NAMESPACE.get(name)
        assert ((variable and variable.label) or name) in words


@settings(max_examples=100, deadline=None)
@given(CONDITION, ROW)
def test_a_condition_without_mistake_is_known_when_every_value_is_known(condition, state):
    whole = {**state, "F": 1.0, "F.BASE": 0.5, "I": 2, "T": "a", "T.CODE": "b"}
    if check(condition, NAMESPACE) == []:
        assert holds(condition, whole) is not None


# -- the words mean what the text means ------------------------------------------------------------


def written(text):
    """A text of plain comparisons is a text of Python too, and Python is the referee."""
    return eval(compile(text, "condition", "eval"), {"A": 1, "B": 2, "C": 3})  # noqa: S307


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_brackets_and_words_bind_as_in_python(data):
    parts = []
    level = 0
    for _ in range(data.draw(st.integers(1, 6))):
        opening = data.draw(st.sampled_from(["", "(", "not ", "not (", "((", "not not "]))
        level += opening.count("(")
        name = data.draw(st.sampled_from("ABC"))
        sign = data.draw(st.sampled_from(["==", "<", ">=", "!="]))
        closing = data.draw(st.integers(0, level))
        level -= closing
        parts.append(f"{opening}{name} {sign} 2{')' * closing}")
    text = parts[0]
    for part in parts[1:]:
        text += f" {data.draw(st.sampled_from(['and', 'or']))} {part}"
    text += ")" * level
    assert holds(parse(text), {"A": 1, "B": 2, "C": 3}) is written(text)


# -- no text whatever breaks the parser ------------------------------------------------------------

PIECES = [
    "SCORE", "SCORE.BASE", "A", "and", "or", "not", "in", "is", "missing", "between", "==", "!=",
    "<", "<=", ">", ">=", "=", "(", ")", ",", "'", '"', "'x'", '"y"', "0", "-1", "2.5", ".", "-",
    "007", "1e9", "null", "AND", "&&", "\n", "\x00", "é", "\ud800", "…", "9" * 400,
    "0." + "0" * 400,
]  # fmt: skip
VALID = [
    "SCORE == 0",
    "SCORE.BASE > 0 and SCORE.PCHG <= -50",
    "not (A in ('x', \"it's\") or 2.5 < B) and C is not missing",
    "A between 2 and 5 or B not in (1, 2, 3) or not not C != 'x'",
]


def survives(text):
    try:
        condition = parse(text)
    except ConditionSyntaxError as error:
        slip = error
    else:
        assert parse(str(condition)) == condition
        return
    assert slip.message
    assert 1 <= slip.column <= len(text) + 1


@settings(max_examples=250, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=15).map(" ".join))
def test_any_text_is_a_condition_or_a_syntax_error(text):
    survives(text)


@pytest.mark.parametrize("valid", VALID)
def test_a_mutated_condition_is_a_condition_or_a_syntax_error(valid):
    chance = random.Random(20121219)
    for _ in range(2_000):
        letters = list(valid)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(letters) + 1)
            match chance.randrange(3):
                case 0:
                    letters[place : place + chance.randint(1, 5)] = []
                case 1:
                    letters[place:place] = chance.choice(PIECES)
                case _:
                    letters[place : place + 1] = chance.choice(PIECES)
        survives("".join(letters))


@pytest.mark.parametrize("piece", ["(", "not ", "A == 1 and ", "'", "A.", "-", "9", "((((A", " "])
def test_an_endless_repetition_is_refused(piece):
    with pytest.raises(ConditionSyntaxError):
        parse(piece * 50_000)
