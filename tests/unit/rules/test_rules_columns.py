"""The interpreter of decision tables over a frame of states: each row by hand, on small tables."""

from typing import Any

import polars as pl
import pytest

from pilotage.rules import UNKNOWN, decide_columns, eligibility_columns
from pilotage.rules.columns import answer_number
from pilotage.study.protocol import (
    ActivityTable,
    DeviationTable,
    DispensingTable,
    DosingTable,
    Eligibility,
    StoppingTable,
)

Settled = type[StoppingTable] | type[DispensingTable]

STATES = pl.DataFrame(
    [(2, 2), (2, 1), (2, None), (1, 2), (1, 1), (1, None), (None, 2), (None, 1), (None, None)],
    schema={"A": pl.Int64, "B": pl.Int64},
    orient="row",
)
"""Every answer of `A > 1` beside every answer of `B > 1`."""

HOLD = {"when": "A > 1", "do": "hold", "why": "low", "source": "P-2"}
RAISE = {"when": "B > 1", "do": "raise", "to": "20 mg QD", "why": "high", "source": "P-3"}


def dosing(*rows: dict[str, Any], otherwise: str = "not stated") -> DosingTable:
    return DosingTable.model_validate({"rows": rows, "otherwise": otherwise})


def of_rows(kind: type[Any], *conditions: str) -> Any:
    form = {"form": "blood_count"} if kind is ActivityTable else {}
    rows = [{"when": when, "why": "so", "source": "P-9", **form} for when in conditions]
    return kind.model_validate({"rows": rows})


def answers(table: Any, states: pl.DataFrame = STATES) -> dict[str, list[Any]]:
    return states.select(decide_columns(table, states.schema)).to_dict(as_series=False)


# -- ordered tables --------------------------------------------------------------------------------


def test_the_first_row_that_is_not_known_to_be_false_answers() -> None:
    found = answers(dosing(HOLD, RAISE, otherwise="hold"))
    assert found["ACTION"] == [
        *("hold", "hold", "hold"),
        *("raise", "hold", UNKNOWN),
        *(UNKNOWN, UNKNOWN, UNKNOWN),
    ]
    assert found["ROW"] == [0, 0, 0, 1, None, 1, 0, 0, 0]
    assert found["TO"] == [None, None, None, "20 mg QD", None, None, None, None, None]


def test_an_unknown_row_names_no_step_though_it_would_if_it_held() -> None:
    found = answers(dosing(RAISE))
    assert found["TO"] == ["20 mg QD", None, None] * 3
    assert found["ROW"] == [0, None, 0] * 3


def test_the_last_answer_is_the_one_that_the_table_names() -> None:
    none_holds = STATES.filter(A=1, B=1)
    assert answers(dosing(HOLD, RAISE), none_holds)["ACTION"] == [UNKNOWN]
    assert answers(dosing(HOLD, RAISE, otherwise="hold"), none_holds)["ACTION"] == ["hold"]


def test_a_row_that_the_protocol_does_not_state_is_unknown_in_every_state() -> None:
    found = answers(dosing({**HOLD, "when": "not stated"}, RAISE))
    assert found["ACTION"] == [UNKNOWN] * STATES.height
    assert found["ROW"] == [0] * STATES.height
    after_a_true_one = answers(dosing(HOLD, {**RAISE, "when": "not stated"}))
    assert after_a_true_one["ROW"] == [0, 0, 0, 1, 1, 1, 0, 0, 0]


def test_one_number_tells_the_row_and_whether_it_holds() -> None:
    number = answer_number(dosing(HOLD, RAISE), STATES.schema)
    assert STATES.select(n=number)["n"].to_list() == [1, 1, 1, 3, -1, 2, 0, 0, 0]
    assert STATES.select(n=number).schema["n"] == pl.Int64


def test_the_columns_have_their_types_where_no_row_has_a_step_and_no_state_is_given() -> None:
    none = STATES.clear()
    found = none.select(decide_columns(dosing(HOLD), none.schema))
    assert found.schema == {"ACTION": pl.String, "ROW": pl.Int64, "TO": pl.String}


# -- tables in which any row answers ---------------------------------------------------------------

BOTH = ("A > 1", "B > 1")


@pytest.mark.parametrize("kind, action", [(StoppingTable, "stop"), (DispensingTable, "block")])
def test_a_known_reason_to_stop_or_to_block_outweighs_what_is_unknown(
    kind: Settled, action: str
) -> None:
    found = answers(of_rows(kind, *BOTH))
    assert found["ACTION"] == [
        *(action, action, action),
        *(action, None, UNKNOWN),
        *(action, UNKNOWN, UNKNOWN),
    ]
    assert found["ROW"] == [0, 0, 0, 1, None, 1, 1, 0, 0]
    assert found["ROWS"] == [[0, 1], [0], [0], [1], [], [], [1], [], []]
    assert found["OPEN"] == [[], [], [], [], [], [1], [], [0], [0, 1]]


@pytest.mark.parametrize("kind, action", [(DeviationTable, "record"), (ActivityTable, "perform")])
def test_a_known_deviation_or_activity_leaves_the_unknown_ones_open(
    kind: type[DeviationTable] | type[ActivityTable], action: str
) -> None:
    found = answers(of_rows(kind, *BOTH))
    assert found["ACTION"] == [
        *(action, action, action),
        *(action, None, UNKNOWN),
        *(action, UNKNOWN, UNKNOWN),
    ]
    assert found["ROW"] == [0, 0, 0, 1, None, 1, 1, 0, 0]
    assert found["ROWS"] == [[0, 1], [0], [0], [1], [], [], [1], [], []]
    assert found["OPEN"] == [[], [], [1], [], [], [1], [0], [0], [0, 1]]


@pytest.mark.parametrize("kind", [StoppingTable, DispensingTable, DeviationTable, ActivityTable])
def test_a_table_without_rows_answers_nothing_in_any_state(kind: type[Any]) -> None:
    found = STATES.select(decide_columns(of_rows(kind), STATES.schema))
    assert found["ACTION"].to_list() == found["ROW"].to_list() == [None] * STATES.height
    assert found["ROWS"].to_list() == found["OPEN"].to_list() == [[]] * STATES.height
    numbers = pl.List(pl.Int64)
    types = {"ACTION": pl.String, "ROW": pl.Int64, "ROWS": numbers, "OPEN": numbers}
    assert found.schema == types


def test_a_table_of_a_single_row_answers_by_it() -> None:
    found = answers(of_rows(StoppingTable, "B > 1"), STATES.head(3))
    assert found["ACTION"] == ["stop", None, UNKNOWN]
    assert found["ROW"] == [0, None, 0]


def test_any_row_that_the_protocol_does_not_state_is_unknown_in_every_state() -> None:
    found = answers(of_rows(StoppingTable, "not stated", "B > 1"), STATES.head(3))
    assert found["ACTION"] == ["stop", UNKNOWN, UNKNOWN]
    assert found["OPEN"] == [[], [0], [0, 1]]


# -- eligibility -----------------------------------------------------------------------------------


def test_a_subject_passes_what_holds_of_inclusion_and_what_does_not_of_exclusion() -> None:
    criteria = {
        part: [{"id": code, "when": when, "why": "so", "source": "P-1"}]
        for part, code, when in (("inclusion", "IN01", "A > 1"), ("exclusion", "EX01", "B > 1"))
    }
    table = Eligibility.model_validate(criteria)
    found = STATES.select(eligibility_columns(table, STATES.schema)).to_dict(as_series=False)
    assert list(found) == ["IN01", "EX01", "ELIGIBLE"]
    assert found["IN01"] == [True] * 3 + [False] * 3 + [None] * 3
    assert found["EX01"] == [False, True, None] * 3
    assert found["ELIGIBLE"] == [
        *(False, True, None),
        *(False, False, False),
        *(False, None, None),
    ]
