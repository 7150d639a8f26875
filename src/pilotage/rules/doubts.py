"""What one value of a name cannot say: that its day has several values, and that nobody knows
whether anything is recorded at all.

A state and a frame of states hold one value for each name. Beside it they may hold, under a name
that no study can declare, what a decision must not overlook: each value of the latest day
(`#1 NEUT`, `#2 NEUT`), which a reason to stop asks one by one; and a mark (`? NAME`) for rules that
ask whether it is missing, where that cannot be said: an incomplete date leaves open whether there
is a record yet, the records of the latest day differ, or one is there that no rule can read. Of a
date that is surely there, and not complete, `! NAME` says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, product

import polars as pl

from pilotage.conditions import (
    Condition,
    IsMissing,
    Logical,
    Not,
    Value,
    columns,
    holds,
    names_in,
)

Schema = Mapping[str, pl.DataType]
State = Mapping[str, Value]
Answer = tuple[bool | None, Mapping[str, Value]]

RECORDED = date.min
"""Stands for a value that is recorded, and of which no more is known: it is not missing, and every
comparison with a date is unknown. Alone it says that nobody knows whether there is a record yet."""
DIFFERING, UNREADABLE = date(1, 1, 2), date(1, 1, 3)
"""The same where the records of the latest day differ, and where no rule can read what is there."""

Doubts = frozenset[date]
DOUBTS: Doubts = frozenset((RECORDED, DIFFERING, UNREADABLE))
OF_DATES_AND_DAYS: Doubts = frozenset((RECORDED, DIFFERING))
"""What counts where a value that can be used is asked for: one that cannot be read is none."""


def nth(name: str, number: int) -> str:
    """The name under which the n-th value of the latest day stands."""
    return f"#{number} {name}"


def perhaps(name: str) -> str:
    """The name of the mark of what may, or may not, be recorded yet."""
    return f"? {name}"


def surely(name: str) -> str:
    """The name under which a date stands, complete or not, that is surely recorded."""
    return f"! {name}"


def asked_whether_missing(condition: Condition) -> tuple[str, ...]:
    """The names of which a condition asks whether they are missing."""
    return tuple(dict.fromkeys(_missing(condition)))


def _missing(condition: Condition) -> Iterator[str]:
    match condition:
        case IsMissing(name):
            yield name.name
        case Not(part):
            yield from _missing(part)
        case Logical(_, parts):
            for part in parts:
                yield from _missing(part)


# -- every value of a day --------------------------------------------------------------------------


def _chosen(condition: Condition, known: Mapping[str, object]) -> Iterator[dict[str, str]]:
    """For each way to take one value of each name, the name under which each stands."""
    several: dict[str, list[str]] = {}
    for name in names_in(condition):
        number = 1
        while nth(name, number) in known:
            several.setdefault(name, []).append(nth(name, number))
            number += 1
    for choice in product(*several.values()):
        yield dict(zip(several, choice, strict=True))


def holds_for_any(condition: Condition, state: State, doubts: Doubts = DOUBTS) -> Answer:
    """Does a condition hold with any of the values of the latest day, whether or not what may be
    recorded is? And the values with which it does; where it does not, those of the state."""
    if not isinstance(state, dict):  # the states of a simulation hold no more than one value
        return holds(condition, state), state
    answers: list[bool | None] = []
    for choice in _chosen(condition, state):
        own = {**state, **{name: state[stands] for name, stands in choice.items()}}
        answers.append(holds_recorded_or_not(condition, own, doubts))
        if answers[-1]:
            return True, own if choice else state
    return (None if None in answers else False), state


def columns_for_any(condition: Condition, schema: Schema, doubts: Doubts = DOUBTS) -> pl.Expr:
    """The same for every row of a frame."""
    chosen = _chosen(condition, schema)
    each = [columns_recorded_or_not(condition, schema, doubts, choice) for choice in chosen]
    return each[0] if len(each) == 1 else pl.any_horizontal(each)


# -- what may be recorded, or not ------------------------------------------------------------------


def _marked(condition: Condition, known: Mapping[str, object]) -> Sequence[tuple[str, ...]]:
    """Every choice of names that may be recorded, of those of which it is asked."""
    open_ = [name for name in asked_whether_missing(condition) if perhaps(name) in known]
    return [some for n in range(1, len(open_) + 1) for some in combinations(open_, n)]


def _sure(condition: Condition, known: Mapping[str, object]) -> dict[str, str]:
    """The dates of which it is asked whether they are missing, and where they surely stand."""
    names = asked_whether_missing(condition)
    return {name: surely(name) for name in names if surely(name) in known}


def holds_recorded_or_not(
    condition: Condition, state: State, doubts: Doubts = DOUBTS
) -> bool | None:
    """Does a condition hold whether or not what may be recorded is? None where that matters. Of the
    marks those of `doubts` count, and none of a name that has a value."""
    if not isinstance(state, dict):
        return holds(condition, state)
    state = {**state, **{name: state[there] for name, there in _sure(condition, state).items()}}
    answer = holds(condition, state)
    for names in _marked(condition, state):
        marks = [state[perhaps(name)] for name in names if state.get(name) is None]
        if len(marks) == len(names) and doubts.issuperset(marks):
            also = holds(condition, {**state, **dict(zip(names, marks, strict=True))})
            answer = answer if answer is also else None
    return answer


def may_be_recorded(condition: Condition, state: State, doubts: Doubts = DOUBTS) -> tuple[str, ...]:
    """The names of which a condition asks whether they are missing, and nobody knows."""
    if not isinstance(state, dict):
        return ()
    names = asked_whether_missing(condition)
    return tuple(name for name in names if state.get(perhaps(name)) in doubts)


def columns_recorded_or_not(
    condition: Condition,
    schema: Schema,
    doubts: Doubts = DOUBTS,
    choice: Mapping[str, str] | None = None,
) -> pl.Expr:
    """The same for every row of a frame, with the `choice` of one value of a day."""
    stands = {**(choice or {}), **_sure(condition, schema)}
    answer = columns(condition, schema, stands_in=stands)
    for names in _marked(condition, schema):
        marks = {name: perhaps(name) for name in names}
        also = columns(condition, schema, stands_in=stands | marks)
        without = [stands.get(name, name) for name in names if name in schema]
        open_ = pl.all_horizontal(
            *(pl.col(mark).is_in(sorted(doubts)).fill_null(False) for mark in marks.values()),
            *(pl.col(value).is_null() for value in without),
        )
        differs = open_ & also.ne_missing(answer)
        answer = pl.when(differs).then(None).otherwise(answer)
    return answer
