"""What a decision carries besides its action: the step or form, the row, the missing names."""

from typing import Any

import pytest

from pilotage.rules import UNKNOWN, Decision, decide, decide_any
from pilotage.study.protocol import DispensingTable, DosingTable, StoppingTable

RAISE = {"when": "A > 1", "do": "raise", "to": "20 mg QD", "why": "high", "source": "P-2"}


def told(decision: Decision) -> tuple[Any, ...]:
    """All that a decision says, as it is: None is not False."""
    return decision.action, decision.to, decision.row, decision.missing


@pytest.mark.parametrize(
    "when, state, expected",
    [
        ("A > 1", {"A": 2}, ("raise", "20 mg QD", 0, ())),
        ("A > 1", {}, (UNKNOWN, None, 0, ("A",))),
        ("A > 1", {"A": 1}, (UNKNOWN, None, None, ())),
        ("not stated", {"A": 2}, (UNKNOWN, None, 0, ())),
    ],
)
def test_an_ordered_table_names_a_step_only_where_its_row_holds(
    when: str, state: dict[str, int], expected: tuple[Any, ...]
) -> None:
    table = DosingTable.model_validate({"rows": [{**RAISE, "when": when}]})
    decision = decide(table, state)
    assert told(decision) == expected
    assert (decision.to is None, decision.row is None) == (expected[1] is None, expected[2] is None)


def test_the_rest_of_a_table_has_no_row_no_step_no_source_and_no_inputs() -> None:
    table = DosingTable.model_validate({"rows": [RAISE], "otherwise": "hold"})
    decision = decide(table, {"A": 1})
    assert told(decision) == ("hold", None, None, ())
    assert decision.row is None
    assert (decision.source, decision.inputs, decision.known) == ((), {}, True)


@pytest.mark.parametrize("kind", [StoppingTable, DispensingTable])
def test_a_stop_and_a_block_name_no_form(
    kind: type[StoppingTable] | type[DispensingTable],
) -> None:
    rows = [{"when": when, "why": "so", "source": "P-9"} for when in ("A > 1", "B > 1")]
    found = decide_any(kind.model_validate({"rows": rows}), {"A": 0, "B": 2})
    assert [(decision.to, decision.row) for decision in found] == [(None, 1)]
    unknown = decide_any(kind.model_validate({"rows": rows}), {"A": 0})
    assert [(decision.to, decision.row) for decision in unknown] == [(None, 1)]
