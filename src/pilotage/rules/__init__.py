"""Decisions: one interpreter of the decision tables of a study, and the state that they ask."""

from pilotage.rules.decide import UNKNOWN, Decision, State, Value, decide, decide_any
from pilotage.rules.eligibility import CriterionAnswer, check_eligibility, eligible
from pilotage.rules.state import Standing

__all__ = [
    "UNKNOWN",
    "CriterionAnswer",
    "Decision",
    "Standing",
    "State",
    "Value",
    "check_eligibility",
    "decide",
    "decide_any",
    "eligible",
]
