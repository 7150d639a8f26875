"""What the page for handing out the treatment makes of the protocol's rules."""

from types import SimpleNamespace
from typing import Any

import pytest

from pilotage.capture.views.release import verdict_of
from pilotage.rules import UNKNOWN, Decision

NOTHING, NOT_KNOWN = Decision(None), Decision(UNKNOWN, missing=("review.asked",))
STOP, BLOCK, START, HOLD = (Decision(act) for act in ("stop", "block", "start", "hold"))


@pytest.mark.parametrize(
    "phase, dose, dispensing, stopping, expected",
    [
        ("before start", START, NOTHING, NOTHING, "allowed"),
        ("before start", START, BLOCK, NOTHING, "blocked"),
        ("before start", START, NOT_KNOWN, NOTHING, "not known"),
        ("before start", START, NOTHING, NOT_KNOWN, "allowed"),  # nothing to stop yet
        ("before start", START, NOTHING, STOP, "blocked"),
        ("treatment", HOLD, NOTHING, NOT_KNOWN, "not known"),
        ("treatment", HOLD, BLOCK, NOT_KNOWN, "blocked"),
        ("treatment", STOP, NOTHING, NOTHING, "blocked"),
        ("off treatment", HOLD, NOTHING, NOTHING, "blocked"),
    ],
)
def test_the_treatment_is_handed_out_where_every_rule_that_applies_is_known_and_none_is_against(
    phase: str, dose: Decision, dispensing: Decision, stopping: Decision, expected: str
) -> None:
    advice: Any = SimpleNamespace(
        phase=phase, dosing=dose, dispensing=[dispensing], stopping=[stopping]
    )
    assert verdict_of(advice) == expected


def test_where_nothing_was_entered_nothing_is_known() -> None:
    assert verdict_of(None) == "not known"
