"""The interpreter of decision tables, on small tables."""

from typing import Any

import pytest

from pilotage.rules import UNKNOWN, Decision, decide, decide_any
from pilotage.rules.decide import AnyTable, row_holds
from pilotage.rules.doubts import RECORDED, nth, perhaps
from pilotage.study.protocol import (
    ActivityTable,
    DeviationTable,
    DispensingTable,
    DosingTable,
    StoppingTable,
)

RAISE = {"when": "SCORE >= 4", "do": "raise", "to": "20 mg QD", "why": "high", "source": "P-2"}
HOLD = {"when": "SCORE < 4", "do": "hold", "why": "low", "source": ["P-3", "P-4"]}


def dosing(*rows: dict[str, Any], otherwise: str = "not stated") -> DosingTable:
    return DosingTable.model_validate({"rows": rows, "otherwise": otherwise})


def stopping(*conditions: str) -> StoppingTable:
    rows = [{"when": when, "why": f"why {n}", "source": "P-9"} for n, when in enumerate(conditions)]
    return StoppingTable.model_validate({"rows": rows})


# -- the first row that holds, where every row before it is known not to hold ----------------------


@pytest.mark.parametrize(
    "score, action, to",
    [(3.999, "hold", None), (4, "raise", "20 mg QD"), (70, "raise", "20 mg QD")],
)
def test_the_first_true_row_answers(score: float, action: str, to: str | None) -> None:
    decision = decide(dosing(HOLD, RAISE), {"SCORE": score})
    assert (decision.action, decision.to, decision.known) == (action, to, True)


def test_of_two_true_rows_the_first_answers() -> None:
    both = dosing({**HOLD, "when": "SCORE >= 1"}, RAISE)
    assert decide(both, {"SCORE": 5}).action == "hold"


def test_a_true_row_after_an_unknown_one_does_not_answer() -> None:
    decision = decide(dosing({**HOLD, "when": "NEUT < 1"}, RAISE), {"SCORE": 5})
    assert decision.action == UNKNOWN
    assert not decision.known
    assert decision.missing == ("NEUT",)


def test_an_unknown_row_after_the_true_one_does_not_matter() -> None:
    assert decide(dosing(RAISE, {**HOLD, "when": "NEUT < 1"}), {"SCORE": 5}).action == "raise"


def test_a_row_that_is_false_whatever_is_missing_does_not_stop_the_search() -> None:
    closed = {**HOLD, "when": "SCORE < 4 and NEUT < 1"}
    assert decide(dosing(closed, RAISE), {"SCORE": 5}).action == "raise"


@pytest.mark.parametrize("score", [None, float("nan")])
def test_missing_and_nan_are_unknown(score: float | None) -> None:
    assert decide(dosing(RAISE), {"SCORE": score}).missing == ("SCORE",)


def test_only_the_names_that_keep_the_answer_unknown_are_missing() -> None:
    table = dosing({**HOLD, "when": "(SCORE < 4 or NEUT < 1) and WEEK >= 4 and AGE > 1"})
    assert decide(table, {"SCORE": 2, "AGE": 30}).missing == ("WEEK",)


@pytest.mark.parametrize("otherwise, action", [("hold", "hold"), ("not stated", UNKNOWN)])
def test_when_no_row_holds_the_table_says_what_to_do(otherwise: str, action: str) -> None:
    decision = decide(dosing(RAISE, otherwise=otherwise), {"SCORE": 1})
    assert decision.action == action
    assert decision.reason
    assert decision.missing == ()


def test_a_row_that_is_not_stated_makes_the_answer_unknown() -> None:
    table = dosing({**HOLD, "when": "not stated"}, RAISE)
    decision = decide(table, {"SCORE": 5})
    assert decision.action == UNKNOWN
    assert decision.source == ("P-3", "P-4")
    assert "low" in decision.reason


def test_a_row_that_is_not_stated_matters_only_where_it_is_reached() -> None:
    assert decide(dosing(RAISE, {**HOLD, "when": "not stated"}), {"SCORE": 5}).action == "raise"


def test_a_decision_carries_reason_source_and_inputs() -> None:
    table = dosing({**HOLD, "when": "SCORE < 4 and (NEUT is missing or WEEK >= 1)"})
    assert decide(table, {"SCORE": 2, "WEEK": 0, "OTHER": 1}) == Decision(
        "hold", "low", ("P-3", "P-4"), None, {"SCORE": 2, "NEUT": None, "WEEK": 0}
    )


def test_an_unknown_decision_carries_reason_source_and_inputs_of_its_row() -> None:
    assert decide(dosing(RAISE), {"WEEK": 3}) == Decision(
        UNKNOWN, "high", ("P-2",), None, {"SCORE": None}, ("SCORE",)
    )


# -- every row that is true, whatever else is unknown ---------------------------------------------


def answers(table: StoppingTable, **state: float | str | None) -> list[tuple[str | None, str]]:
    return [(d.action, d.reason) for d in decide_any(table, state)]


def test_every_true_row_answers() -> None:
    table = stopping("A > 1", "B > 1", "C > 1")
    assert answers(table, A=2, B=0, C=2) == [("stop", "why 0"), ("stop", "why 2")]


def test_a_known_reason_outweighs_every_unknown_before_and_after_it() -> None:
    assert answers(stopping("A > 1", "B > 1", "C > 1"), B=2) == [("stop", "why 1")]


def test_when_none_is_true_the_unknown_rows_answer() -> None:
    table = stopping("A > 1", "B > 1", "C > 1")
    assert answers(table, B=0) == [(UNKNOWN, "why 0"), (UNKNOWN, "why 2")]
    assert [d.missing for d in decide_any(table, {"B": 0})] == [("A",), ("C",)]


def test_no_row_answers_where_every_row_is_known_not_to_hold() -> None:
    assert answers(stopping("A > 1", "B > 1"), A=1, B=1) == []


def test_a_row_that_is_not_stated_is_unknown_and_outweighed_by_a_known_reason() -> None:
    table = stopping("not stated", "A > 1")
    assert answers(table, A=1) == [(UNKNOWN, "the protocol does not state when this holds: why 0")]
    assert answers(table, A=2) == [("stop", "why 1")]


def test_a_stop_carries_source_and_inputs() -> None:
    (decision,) = decide_any(stopping("A > 1 and B is missing"), {"A": 2})
    assert (decision.source, decision.inputs) == (("P-9",), {"A": 2, "B": None})


def test_an_activity_names_its_form() -> None:
    row = {"when": "A > 1", "form": "blood_count", "why": "due", "source": "P-9"}
    table = ActivityTable.model_validate({"rows": [row]})
    assert [(d.action, d.to) for d in decide_any(table, {"A": 2})] == [("perform", "blood_count")]
    assert [(d.action, d.to) for d in decide_any(table, {})] == [(UNKNOWN, None)]


@pytest.mark.parametrize(
    "table, expected",
    [
        (StoppingTable, ["stop"]),
        (DispensingTable, ["block"]),
        (DeviationTable, [UNKNOWN, "record", UNKNOWN]),
    ],
)
def test_a_known_reason_settles_a_stop_or_a_block_and_hides_no_other_deviation(
    table: type[StoppingTable] | type[DispensingTable] | type[DeviationTable], expected: list[str]
) -> None:
    conditions = ("A > 1", "B > 1", "not stated", "C > 1")
    rows = [{"when": when, "why": "so", "source": "P-9"} for when in conditions]
    made = table.model_validate({"rows": rows})
    assert [d.action for d in decide_any(made, {"B": 2, "C": 0})] == expected


def test_an_activity_that_is_due_hides_no_activity_of_which_nothing_is_known() -> None:
    rows = [
        {"when": f"{name} > 1", "form": form, "why": f"why {name}", "source": "P-9"}
        for name, form in (("A", "symptoms"), ("B", "blood_count"), ("C", "history"))
    ]
    found = decide_any(ActivityTable.model_validate({"rows": rows}), {"A": 0, "B": 2})
    assert [(d.action, d.reason, d.missing) for d in found] == [
        ("perform", "why B", ()),
        (UNKNOWN, "why C", ("C",)),
    ]


@pytest.mark.parametrize("table, action", [(DispensingTable, "block"), (DeviationTable, "record")])
def test_each_table_has_its_own_action(
    table: type[DispensingTable] | type[DeviationTable], action: str
) -> None:
    made = table.model_validate({"rows": [{"when": "A > 1", "why": "so", "source": "P-9"}]})
    assert [d.action for d in decide_any(made, {"A": 2})] == [action]


# -- one row ---------------------------------------------------------------------------------------

SEVERAL = {"SCORE": None, nth("SCORE", 1): 3, nth("SCORE", 2): 5}
DOUBTFUL = {"SCORE": None, perhaps("SCORE"): RECORDED}
BLOCK = {"when": "SCORE == 5", "do": "block", "why": "why", "source": "P-9"}


@pytest.mark.parametrize(
    "table, state, answer, used",
    [
        (stopping("SCORE == 5"), {"SCORE": 5}, True, 5),
        (stopping("SCORE == 5"), {"SCORE": 4}, False, 4),
        (stopping("SCORE == 5"), SEVERAL, True, 5),  # any value of the day
        (DispensingTable.model_validate({"rows": [BLOCK]}), SEVERAL, None, None),
        (dosing({**HOLD, "when": "SCORE == 5"}), SEVERAL, None, None),
        (dosing({**HOLD, "when": "SCORE is missing"}), {"SCORE": None}, True, None),
        (dosing({**HOLD, "when": "SCORE is missing"}), DOUBTFUL, None, None),
        (stopping("SCORE is missing"), DOUBTFUL, None, None),
        (stopping("not stated"), {"SCORE": 5}, None, 5),
    ],
)
def test_a_row_says_whether_it_holds_and_with_which_value(
    table: DosingTable | AnyTable, state: dict[str, Any], answer: bool | None, used: object
) -> None:
    found, values = row_holds(table, table.rows[0], state)
    assert (found, values["SCORE"]) == (answer, used)
