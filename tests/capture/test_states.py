"""What may follow upon what."""

import pytest

from pilotage.capture.states import (
    ENTRY,
    ENTRY_STATES,
    OPEN_QUERIES,
    QUERY,
    QUERY_STATES,
    SIGNED,
    STUDY,
    SUBJECT,
    TABLES,
    acts_in,
    after,
    states_of,
)


def test_every_state_can_be_reached() -> None:
    for name, table in TABLES.items():
        reached = {"open"} if name == "study" else {""}
        for _ in table:
            reached |= {to for (before, _), to in table.items() if before in reached}
        assert set(states_of(table)) <= reached, name


@pytest.mark.parametrize("state", ["", *ENTRY_STATES])
def test_an_entry_can_be_saved_in_every_state(state: str) -> None:
    """Entering data is never blocked by what was done before; locks stand beside the states."""
    assert after(ENTRY, state, "save complete") == "complete"
    assert after(ENTRY, state, "save with open items") == "started"


def test_nothing_is_signed_or_verified_before_it_is_complete() -> None:
    for act in ("sign", "verify"):
        assert after(ENTRY, "", act) is None
        assert after(ENTRY, "started", act) is None


def test_nobody_is_enrolled_before_the_eligibility_is_signed() -> None:
    before = {state for (state, _act), to in SUBJECT.items() if to == "enrolled"}
    assert before - {"enrolled"} == {"eligible", "completed", "withdrawn"}
    assert [state for (state, act) in SUBJECT if act == "enrol"] == ["eligible"]


def test_a_closed_query_is_only_opened_again() -> None:
    assert acts_in(QUERY, "closed") == ("reopen",)


def test_the_study_is_open_or_locked() -> None:
    assert states_of(STUDY) == ("open", "locked")


def test_the_lists_of_states_are_those_of_the_tables() -> None:
    assert set(ENTRY_STATES) == set(states_of(ENTRY))
    assert set(SIGNED) <= set(ENTRY_STATES)
    assert set(OPEN_QUERIES) < set(QUERY_STATES)
