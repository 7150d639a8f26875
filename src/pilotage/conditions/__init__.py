"""The one small language of study files: `SCORE.BASE > 0 and SCORE.PCHG <= -50`.

Comparisons over declared names, joined by `and`, `or`, `not`; a value that is missing makes the
answer unknown, never "no". Read for one subject (`holds`), for all rows of a frame (`columns`), in
words (`describe`), and against the names that a study declares (`check`).
"""

from pilotage.conditions.check import check
from pilotage.conditions.columns import columns
from pilotage.conditions.describe import describe
from pilotage.conditions.holds import State, Value, holds, unknown_names
from pilotage.conditions.namespace import Namespace, Variable
from pilotage.conditions.nodes import (
    Between,
    Comparison,
    Condition,
    IsMissing,
    Literal,
    Logical,
    Name,
    Not,
    OneOf,
    Operand,
    Operator,
    names_in,
)
from pilotage.conditions.parse import parse
from pilotage.conditions.tokens import ConditionSyntaxError

__all__ = [
    "Between",
    "Comparison",
    "Condition",
    "ConditionSyntaxError",
    "IsMissing",
    "Literal",
    "Logical",
    "Name",
    "Namespace",
    "Not",
    "OneOf",
    "Operand",
    "Operator",
    "State",
    "Value",
    "Variable",
    "check",
    "columns",
    "describe",
    "holds",
    "names_in",
    "parse",
    "unknown_names",
]
