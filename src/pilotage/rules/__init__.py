"""Decisions: one interpreter of the decision tables of a study, and the state that they ask."""

from pilotage.conditions import Value
from pilotage.rules.advice import (
    Advice,
    DoseComparison,
    MissingTest,
    advise,
    compare_dose,
    missing_tests,
)
from pilotage.rules.columns import decide_columns, eligibility_columns
from pilotage.rules.decide import UNKNOWN, Decision, State, decide, decide_any
from pilotage.rules.eligibility import CriterionAnswer, check_eligibility, eligible
from pilotage.rules.inputs import Input, Problem, maximum_age, names_of_tables, rows_of_tables
from pilotage.rules.record import Record, record
from pilotage.rules.state import Standing
from pilotage.rules.states import inputs, states

__all__ = [
    "UNKNOWN",
    "Advice",
    "CriterionAnswer",
    "Decision",
    "DoseComparison",
    "Input",
    "MissingTest",
    "Problem",
    "Record",
    "Standing",
    "State",
    "Value",
    "advise",
    "check_eligibility",
    "compare_dose",
    "decide",
    "decide_any",
    "decide_columns",
    "eligibility_columns",
    "eligible",
    "inputs",
    "maximum_age",
    "missing_tests",
    "names_of_tables",
    "record",
    "rows_of_tables",
    "states",
]
