"""One subject and all subjects get the same answers, on 10,000 states drawn at random: every word
that a name can be, every number with which a table compares it, its neighbours, and nothing; beside
it several values of a day, and records of which nobody knows whether they are there."""

import functools
import random
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pilotage.conditions import Between, Comparison, Condition, Literal, Name, OneOf, names_in
from pilotage.conditions.nodes import Logical, Not
from pilotage.rules import (
    UNKNOWN,
    check_eligibility,
    decide,
    decide_any,
    decide_columns,
    eligibility_columns,
    eligible,
    names_of_tables,
    rows_of_tables,
)
from pilotage.rules.doubts import (
    DIFFERING,
    RECORDED,
    UNREADABLE,
    asked_whether_missing,
    nth,
    perhaps,
    surely,
)
from pilotage.study import Study, load_study
from pilotage.study.new import TEMPLATE

STATES = 10_000
ANY_ROW = ("stopping", "dispensing", "activities", "deviations")
"""The tables in which any row answers. The template has none of deviations."""
STUDIES = ("lenalidomide_cle", str(TEMPLATE))
of_each_study = pytest.mark.parametrize("name", STUDIES, ids=lambda name: Path(name).name)


@functools.cache
def study(name: str) -> Study:
    return load_study(name)


def numbers(condition: Condition, name: str) -> set[float]:
    """The numbers with which a condition compares a name."""
    match condition:
        case Comparison(Name(left), _, Literal(float(value))) if left == name:
            return {value}
        case Comparison(Literal(float(value)), _, Name(right)) if right == name:
            return {value}
        case Between(Name(each), low, high) if each == name:
            return {float(low.value), float(high.value)}
        case OneOf(Name(each), choices) if each == name:
            return {choice.value for choice in choices if isinstance(choice.value, float)}
        case Not(part):
            return numbers(part, name)
        case Logical(_, parts):
            return set().union(*(numbers(part, name) for part in parts))
    return set()


def values(of: Study, name: str) -> list[Any]:
    """What a name may be: its words, or the numbers around every boundary."""
    variable = of.namespace[name]
    if variable.type == "date":
        return [date(2020, 1, 1)]
    if variable.choices:
        return list(variable.choices)
    conditions = [row.when for row in rows_of_tables(of.protocol)]
    met = {n for c in conditions if isinstance(c, Condition) for n in numbers(c, name)}
    near = {n + step for n in met or {0.0} for step in (-1.0, -1e-9, 0.0, 1e-9, 1.0)}
    return sorted(near)


@functools.cache
def states(name: str) -> pl.DataFrame:
    of, chance = study(name), random.Random(1408199)
    schema: dict[str, Any] = {}
    columns: dict[str, list[Any]] = {}
    for each in names_of_tables(of.protocol):
        possible = values(of, each)
        missing = chance.choice((0.05, 0.3))
        columns[each] = [
            None if chance.random() < missing else chance.choice(possible) for _ in range(STATES)
        ]
        kind = type(possible[0])
        schema[each] = {str: pl.String, date: pl.Date}.get(kind, pl.Float64)
    doubts = {**marks(of, columns, schema, chance), **days_with_several(of, columns, chance)}
    for each in doubts:
        own = each.partition(" ")[2]
        schema[each] = schema[own] if each.startswith("#") else pl.Date
    return pl.DataFrame(columns | doubts, schema=schema)


def marks(
    of: Study, columns: Mapping[str, list[Any]], schema: Mapping[str, Any], chance: random.Random
) -> dict[str, list[Any]]:
    """For each name of which is asked whether it is missing what nobody knows, in every third state
    without a value; and of dates, in every tenth, that one is surely there."""
    rows = rows_of_tables(of.protocol)
    asked = dict.fromkeys(
        name
        for row in rows
        if isinstance(row.when, Condition)
        for name in asked_whether_missing(row.when)
    )
    found: dict[str, list[Any]] = {}
    for name in asked:
        found[perhaps(name)] = [
            chance.choice((RECORDED, DIFFERING, UNREADABLE))
            if value is None and chance.random() < 1 / 3
            else None
            for value in columns[name]
        ]
        if schema[name] == pl.Date:
            found[surely(name)] = [
                RECORDED if value is None and chance.random() < 0.1 else value
                for value in columns[name]
            ]
    return found


def days_with_several(
    of: Study, columns: Mapping[str, list[Any]], chance: random.Random
) -> dict[str, list[Any]]:
    """For two of the names of each reason to stop, in every tenth state, two values of a day."""
    conditions = [row.when for row in of.protocol.stopping.rows]
    some = [list(names_in(when))[:2] for when in conditions if isinstance(when, Condition)]
    found: dict[str, list[Any]] = {}
    for name in dict.fromkeys(name for names in some for name in names):
        possible = [*values(of, name), None]
        pairs = [
            (chance.choice(possible), chance.choice(possible))
            if chance.random() < 0.1
            else (value, value)
            for value in columns[name]
        ]
        found[nth(name, 1)], found[nth(name, 2)] = (list(each) for each in zip(*pairs, strict=True))
    return found


@functools.cache
def rows(name: str) -> list[dict[str, Any]]:
    return states(name).to_dicts()


@of_each_study
@pytest.mark.requirement("P-30", "P-31", "P-32", "P-33", "P-35")
def test_the_dosing_table_answers_one_subject_as_it_answers_all(name: str) -> None:
    table, frame = study(name).protocol.dosing, states(name)
    columns = frame.select(decide_columns(table, frame.schema))
    single = [decide(table, state) for state in rows(name)]
    assert columns["ACTION"].to_list() == [decision.action for decision in single]
    assert columns["ROW"].to_list() == [decision.row for decision in single]
    assert columns["TO"].to_list() == [decision.to for decision in single]
    assert len({decision.action for decision in single}) >= 4


@pytest.mark.parametrize(
    ("name", "part"),
    [
        *(("lenalidomide_cle", part) for part in ANY_ROW),
        *((str(TEMPLATE), part) for part in ("stopping", "dispensing", "activities")),
    ],
    ids=lambda value: Path(value).name,
)
@pytest.mark.requirement("P-20", "P-34", "P-36", "P-43", "P-45")
def test_a_table_in_which_any_row_answers_says_the_same_of_one_and_of_all(
    name: str, part: str
) -> None:
    protocol, frame = study(name).protocol, states(name)
    table = protocol.schedule.activities if part == "activities" else getattr(protocol, part)
    assert table is not None
    columns = frame.select(decide_columns(table, frame.schema)).to_dicts()
    for state, found in zip(rows(name), columns, strict=True):
        decisions = decide_any(table, state)
        assert found["ROWS"] == [d.row for d in decisions if d.known]
        assert found["OPEN"] == [d.row for d in decisions if not d.known]
        known = [d.action for d in decisions if d.known]
        assert found["ACTION"] == (known[0] if known else UNKNOWN if decisions else None)
        assert found["ROW"] == next((d.row for d in sorted(decisions, key=_unknown_last)), None)


@pytest.mark.parametrize("part", ["dosing", "stopping", "dispensing"])
def test_what_may_be_recorded_leaves_answers_of_the_generated_states_open(part: str) -> None:
    """Without such states the equality of one and of all would say nothing of them."""
    table = getattr(study(STUDIES[0]).protocol, part)
    opened = 0
    for state in rows(STUDIES[0])[:3000]:
        plain = {name: value for name, value in state.items() if name[0] not in "?!#"}
        answers = [
            [decide(table, of)] if part == "dosing" else list(decide_any(table, of))
            for of in (state, plain)
        ]
        opened += answers[0] != answers[1]
    assert opened > 50


def _unknown_last(decision: Any) -> bool:
    return not decision.known


@of_each_study
@pytest.mark.requirement("P-10", "P-11", "P-12", "P-13", "P-14", "P-15", "P-16", "P-17")
def test_eligibility_is_the_same_for_one_and_for_all(name: str) -> None:
    table, frame = study(name).protocol.eligibility, states(name)
    columns = frame.select(eligibility_columns(table, frame.schema)).to_dicts()
    for state, found in zip(rows(name), columns, strict=True):
        answers = check_eligibility(table, state)
        assert {a.criterion.id: a.passed for a in answers} == {
            criterion: passed for criterion, passed in found.items() if criterion != "ELIGIBLE"
        }
        assert found["ELIGIBLE"] is eligible(answers)


@of_each_study
def test_no_table_answers_otherwise_because_of_the_rows_around_it(name: str) -> None:
    table, frame = study(name).protocol.dosing, states(name).with_row_index("PLACE")
    columns = decide_columns(table, frame.schema)
    whole = frame.select("PLACE", *columns)
    mixed = frame.sample(fraction=1, shuffle=True, seed=1).select("PLACE", *columns)
    assert mixed.sort("PLACE").equals(whole)
    few = frame.head(7).select("PLACE", *columns)
    assert few.equals(whole.head(7))


@of_each_study
def test_an_unknown_dose_decision_names_what_is_missing_and_never_a_dose(name: str) -> None:
    table = study(name).protocol.dosing
    for state in rows(name):
        decision = decide(table, state)
        if not decision.known:
            assert decision.to is None
            assert decision.row is None or decision.missing
            assert all(state[missing] is None for missing in decision.missing)


@of_each_study
def test_more_knowledge_never_changes_a_known_answer(name: str) -> None:
    """A state with holes that is answered all the same gets the same answer when they are filled,
    but for those about which the table asks whether they are there."""
    of, chance = study(name), random.Random(7)
    table = of.protocol.dosing
    conditions = [row.when for row in table.rows if isinstance(row.when, Condition)]
    asked = dict.fromkeys(each for c in conditions for each in names_in(c))
    texts = " ".join(str(condition) for condition in conditions)
    filled_in = [n for n in asked if not re.search(rf"{re.escape(n)} is (not )?missing", texts)]
    answered = 0
    for state in rows(name)[:3000]:
        decision = decide(table, state)
        holes = [each for each in filled_in if state[each] is None]
        if decision.known and holes:
            answered += 1
            more = {each: chance.choice(values(of, each)) for each in holes}
            assert decide(table, {**state, **more}).row == decision.row
    assert answered > 20
