"""Each row of each decision table of the built-in study is taken away in turn: a proof or a worked
example notices that it is gone."""

from dataclasses import replace
from functools import cache

import pytest
from pydantic import BaseModel

from pilotage.check import TOPICS
from pilotage.check.examination import Examination
from pilotage.check.worked_examples import worked_example_findings
from pilotage.study import Study, load_study
from pilotage.study.protocol import Row, text_of

Table = tuple[str, ...]

TABLES: tuple[Table, ...] = (
    ("eligibility", "inclusion"),
    ("eligibility", "exclusion"),
    ("dosing", "rows"),
    ("stopping", "rows"),
    ("dispensing", "rows"),
    ("deviations", "rows"),
    ("schedule", "activities", "rows"),
)

PROVEN = ("dispensing",)
"""Tables of which a proof alone notices each row: no worked example is needed."""


@cache
def study() -> Study:
    return load_study("lenalidomide_cle")


def rows_of(table: Table) -> tuple[Row, ...]:
    part: object = study().protocol
    for step in table:
        part = getattr(part, step)
    assert isinstance(part, tuple)
    return part


def without(part: BaseModel, table: Table, at: int) -> BaseModel:
    """The part of the protocol without one row of a table inside it."""
    step, *rest = table
    inside = getattr(part, step)
    left = without(inside, tuple(rest), at) if rest else (*inside[:at], *inside[at + 1 :])
    return part.model_copy(update={step: left})


def proven(of: Study) -> set[str]:
    """The words of the findings of the proofs that no open question answers."""
    examination = Examination(of)
    for examine in TOPICS.values():
        examine(examination)
    return {finding.key for finding in examination.findings if not finding.answered}


@cache
def proven_of_all() -> frozenset[str]:
    return frozenset(proven(study()))


def test_with_every_row_the_worked_examples_come_out_as_they_say():
    assert worked_example_findings(study()) == []


@pytest.mark.parametrize("table", TABLES, ids=".".join)
def test_a_row_that_is_gone_is_noticed(table):
    missed, proofs_missed = list[str](), list[str]()
    for at, row in enumerate(rows_of(table)):
        damaged = replace(study(), protocol=without(study().protocol, table, at))
        if proven(damaged) - proven_of_all():
            continue
        proofs_missed.append(text_of(row.why))
        if not worked_example_findings(damaged):
            missed.append(text_of(row.why))
    assert missed == []
    if table[0] in PROVEN:
        assert proofs_missed == []
