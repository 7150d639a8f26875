"""Why a claim and the data differ: one cause, of a closed list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "not recorded", "arithmetic", "other claims", "built otherwise", "rounding", "limit", "spread",
    "centre", "denominator", "population", "subjects", "time", "definition", "test", "one subject",
]  # fmt: skip

KINDS: tuple[Kind, ...] = get_args(Kind)

LOOKED_FOR: Mapping[Kind, str] = {
    "not recorded": "what the data do not hold",
    "arithmetic": "whether any data could give the number",
    "other claims": "other claims of the paper that exclude it",
    "built otherwise": "what the invented subjects were knowingly not built to meet",
    "rounding": "another rounding",
    "limit": "a limit in place of a number",
    "spread": "another measure of spread",
    "centre": "a mean for a median, or a median for a mean",
    "denominator": "another denominator",
    "population": "another population",
    "subjects": "another choice of values",
    "time": "another time",
    "definition": "another definition that the paper or the plan has",
    "test": "another test",
    "one subject": "one subject more or less",
}
"""What is looked for under each name, in a list of what was tried."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing by which the difference would come about, or why there is no number of ours.

    `words` is one sentence, `evidence` lines to check it by. `claims` are the ids of other claims
    of the paper, `results` RESULTIDs and `subjects` the USUBJIDs that it rests on.
    """

    kind: Kind
    words: str
    evidence: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
