"""Which lines of the snapshot a row of ADSL rests on, column by column: a subject's row gathers
what was written down in many places.

Pure: a kept snapshot is enough.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from pilotage.analysis.origin import named
from pilotage.datasets import Datasets
from pilotage.datasets.facts import read_target
from pilotage.rules.tracing import source_rows
from pilotage.snapshot import Snapshot
from pilotage.snapshot.tables import sequence_of
from pilotage.study import Study
from pilotage.study.protocol import SubjectFact

Place = tuple[str, int]
"""A line of the snapshot: its table (upper case) and --SEQ; 0 in DM, which has none."""

OF_DM: Final = ("DM", 0)


def columns_named(
    study: Study, analysis: str, population: str, adsl: pl.DataFrame
) -> frozenset[str]:
    """The columns of ADSL that decide about a subject in an analysis of the plan: whether it counts
    (the population, at risk), how it is split, and what is counted."""
    found = {population}
    for each in study.sap.analyses:
        if each.id == analysis:
            found |= set(named(each))
    return frozenset(found & set(adsl.columns))


def lines_of_adsl(
    study: Study,
    snapshot: Snapshot,
    datasets: Datasets,
    row: Mapping[str, Any],
    columns: frozenset[str] | None,
) -> list[Place]:
    """The lines behind some columns of a subject's row (None: behind all of them), DM first."""
    wanted = columns if columns is not None else frozenset(datasets.adsl.columns)
    found = [OF_DM]
    for name in datasets.adsl.columns:
        if name in wanted:
            found += _of_column(study, snapshot, datasets, row, name)
    return list(dict.fromkeys(found))


def _of_column(
    study: Study, snapshot: Snapshot, datasets: Datasets, row: Mapping[str, Any], name: str
) -> list[Place]:
    subject = row["USUBJID"]
    fact = study.protocol.subject_facts.get(name)
    if fact is not None:
        if fact.baseline:
            return list(_of_baseline(datasets, subject, fact.baseline))
        return _of_answer(study, snapshot, row, fact, row[name])
    population = study.sap.populations.get(name)
    if population is not None:
        return [] if population.rule == "screened" else _of_table(snapshot, "ex", subject)
    if name.startswith("DCS") or name == "EOSSTT":
        return _of_table(snapshot, "ds", subject)
    if name in snapshot.tables["dm"].columns or name in _OF_NOTHING:
        return []
    return _of_table(snapshot, "ex", subject)


_OF_NOTHING: Final = frozenset({"ASEQ", "SRCDOM", "SRCSEQ", "DATACUT", "FAILED", "RFICDT"})
"""Columns beside those of DM that DM alone says, or nobody entered."""


def _of_table(snapshot: Snapshot, table: str, subject: str) -> list[Place]:
    """Every line of a subject in a table."""
    frame = snapshot.tables.get(table)
    if frame is None:
        return []
    own = frame.filter(pl.col("USUBJID") == subject)
    return [(table.upper(), int(number)) for number in own[sequence_of(table)]]


def _of_baseline(datasets: Datasets, subject: str, parameter: str) -> Iterator[Place]:
    """The lines behind the baseline of a parameter."""
    for name in ("adqs", "adlb"):
        frame = datasets.named()[name]
        if {"ABLFL", "PARAMCD", "SRCDOM"} <= set(frame.columns):
            chosen = frame.filter(
                (pl.col("USUBJID") == subject)
                & (pl.col("PARAMCD") == parameter)
                & (pl.col("ABLFL") == "Y")
            )
            for row in chosen.to_dicts():
                yield from source_rows(row)


def _of_answer(
    study: Study, snapshot: Snapshot, row: Mapping[str, Any], fact: SubjectFact, value: object
) -> list[Place]:
    """The lines of the answer that a fact keeps; every answer where it asks whether one was ever
    given."""
    form, _, item = (fact.item or "").partition(".")
    target = read_target(study.protocol.forms[form].items[item].target)
    frame = snapshot.tables.get(target.domain)
    needed = {target.variable, *(column for column, _ in target.where)}
    if frame is None or not needed <= set(frame.columns) or target.domain == "dm":
        return []
    of_subject = pl.col("USUBJID") == row["USUBJID"]
    own = frame.filter(of_subject & pl.col(target.variable).is_not_null())
    for column, wanted in target.where:
        own = own.filter(pl.col(column).cast(pl.String) == wanted)
    lines = sorted(own.to_dicts(), key=lambda line: _when(line, target.domain))
    if fact.ever is None:
        first = row.get("TRTSDT")
        lines = _last(lines, target.domain, first if isinstance(first, date) else None)
    return [(target.domain.upper(), int(line[sequence_of(target.domain)])) for line in lines]


def _last(
    lines: list[dict[str, Any]], domain: str, first_dose: date | None
) -> list[dict[str, Any]]:
    """The last line up to the first dose; the last of all where none is dated before it."""
    before = [
        line for line in lines
        if first_dose is None or _when(line, domain)[0][:10] <= first_dose.isoformat()
    ]  # fmt: skip
    return (before or lines)[-1:]


def _when(line: Mapping[str, Any], domain: str) -> tuple[str, int]:
    number = int(line[sequence_of(domain)])
    return str(line.get(f"{domain.upper()}DTC") or ""), number
