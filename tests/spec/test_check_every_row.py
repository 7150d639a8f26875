"""Each row of each decision table of the built-in study is taken away in turn: a proof or a worked
example notices that it is gone.

What is quickest is asked first: what the examples name, the proofs, the examples that need no
calendar, and all of them.
"""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from pilotage.check import TOPICS, worked_examples
from pilotage.check.examination import Examination
from pilotage.check.examples.mistakes import inconsistencies
from pilotage.check.examples.reading import read_examples
from pilotage.check.examples.subjects import Moment, moments_of
from pilotage.check.worked_examples import worked_example_findings
from pilotage.findings import Finding
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
OF_CALENDAR = ("deviations", "schedule")
"""Tables of which only the calendar shows what they say."""


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


def examples_name_what_is_gone(of: Study) -> bool:
    """Part of what `worked_example_findings` says."""
    read = read_examples(of)
    assert read is not None
    assert read.model is not None
    return bool(inconsistencies(of, read))


def found_without_calendar(of: Study) -> list[Finding]:
    """What the worked examples find on the days of which neither contacts nor deviations are
    expected; each day is asked by itself."""
    calendar = {"contacts", "deviations"}

    def of_them(*asked: Any) -> list[Moment]:
        every = moments_of(*asked)
        return [each for each in every if not calendar & each.expected.model_fields_set]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worked_examples, "moments_of", of_them)
        return worked_example_findings(of)


def test_with_every_row_the_worked_examples_come_out_as_they_say():
    assert worked_example_findings(study()) == []
    assert found_without_calendar(study()) == []
    assert not examples_name_what_is_gone(study())


@pytest.mark.parametrize("table", TABLES, ids=".".join)
def test_a_row_that_is_gone_is_noticed(table):
    missed, proofs_missed = list[str](), list[str]()
    for at, row in enumerate(rows_of(table)):
        damaged = replace(study(), protocol=without(study().protocol, table, at))
        if table[0] not in PROVEN and examples_name_what_is_gone(damaged):
            continue
        if proven(damaged) - proven_of_all():
            continue
        proofs_missed.append(text_of(row.why))
        if table[0] not in OF_CALENDAR and found_without_calendar(damaged):
            continue
        if not worked_example_findings(damaged):
            missed.append(text_of(row.why))
    assert missed == []
    if table[0] in PROVEN:
        assert proofs_missed == []
