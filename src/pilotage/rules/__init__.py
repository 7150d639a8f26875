"""Decisions: one interpreter of the decision tables of a study."""

from pilotage.rules.decide import UNKNOWN, Decision, State, decide, decide_any

__all__ = ["UNKNOWN", "Decision", "State", "decide", "decide_any"]
