"""Which values the variables of the paper have, in the datasets and in the answers to forms."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from pilotage.conditions import Condition, names_in
from pilotage.publication.groups import DaysTo, Values, Variable
from pilotage.publication.items import answers
from pilotage.publication.reproduce.facts import Facts
from pilotage.publication.withdrawal import columns_of
from pilotage.snapshot.dates import partial_date

Row = dict[str, Any]

SAME = ("ADT", "AVALU")
"""A value can be a share of another of the same day, in the same unit."""


def values_of_variable(
    variable: Variable, facts: Facts, *, week: int | None = None
) -> dict[str, list[object]]:
    """The values of each subject that has any. With a week: of the record that the analysis of that
    week takes, 0 being baseline."""
    if variable.days_to is not None:
        return _days_to(variable.days_to, facts)
    source = variable.values
    assert source is not None
    rows = _valued(source, source.where, facts, [] if week is None else list(_OF_A_WEEK))
    if week is not None:
        at_week = (pl.col("AVISITN") == week) & (pl.col("ANL01FL") == "Y")
        rows = rows.filter(pl.col("ABLFL") == "Y" if week == 0 else at_week)
    found: dict[str, list[Row]] = {}
    for row in rows.sort("USUBJID", "ASEQ").iter_rows(named=True):
        found.setdefault(row["USUBJID"], []).append(row)
    taken = {s: _taken(own, source.take, source.column) for s, own in found.items()}
    if source.share_of is not None:
        return _shares(source, source.share_of, taken, facts)
    return {s: [row[source.column] for row in own] for s, own in taken.items()}


_OF_A_WEEK = ("ABLFL", "ANL01FL", "AVISITN")


def unit_of_variable(variable: Variable, facts: Facts) -> str | None:
    """The unit in which `values_of_variable` gives them."""
    if variable.days_to is not None:
        return "days"
    source = variable.values
    assert source is not None
    if source.share_of is not None:
        return "%"
    column = columns_of(source.dataset, facts.study).get(source.column)
    return source.unit or (column.unit if column else None) or variable.unit


def _valued(
    source: Values, where: Condition | None, facts: Facts, added: list[str]
) -> pl.DataFrame:
    """The rows for which the condition holds, and that have a value."""
    used = [source.column, *(names_in(where) if where is not None else ()), *added]
    rows = facts.chosen(source.dataset, where, used)
    return rows.filter(pl.col("WHERE"), pl.col(source.column).is_not_null())


def _taken(rows: list[Row], take: str | None, column: str) -> list[Row]:
    match take:
        case "minimum":
            return [min(rows, key=lambda row: row[column])]
        case "maximum":
            return [max(rows, key=lambda row: row[column])]
        case "first":
            return rows[:1]
        case "last":
            return rows[-1:]
    return rows


def _shares(
    source: Values, of: Condition, taken: Mapping[str, list[Row]], facts: Facts
) -> dict[str, list[object]]:
    """Each value in per cent of the one of the same subject, day and unit. A subject is left out
    where that is missing or zero, or stands there twice with different values."""
    wholes: dict[tuple[object, ...], set[float]] = {}
    for row in _valued(source, of, facts, list(SAME)).iter_rows(named=True):
        if row["ADT"] is not None:
            key = (row["USUBJID"], *(row[name] for name in SAME))
            wholes.setdefault(key, set()).add(row[source.column])
    found: dict[str, list[object]] = {}
    for subject, rows in taken.items():
        each = [wholes.get((subject, *(row.get(name) for name in SAME)), set()) for row in rows]
        if all(len(whole) == 1 and min(whole) > 0 for whole in each):
            pairs = zip(rows, each, strict=True)
            found[subject] = [100 * row[source.column] / min(whole) for row, whole in pairs]
    return found


def _days_to(source: DaysTo, facts: Facts) -> dict[str, list[object]]:
    """Days from the first dose; a date that is not complete is left out."""
    starts = dict(facts.datasets.adsl.select("USUBJID", "TRTSDT").rows())
    found: dict[str, list[int]] = {}
    for subject, text in answers(source.item, facts.study, facts.tables, None):
        day, start = partial_date(text), starts.get(subject)
        if day.first is not None and day.first == day.last and start is not None:
            found.setdefault(subject, []).append((day.first - start).days)
    take = min if source.take == "first" else max
    return {subject: [take(days)] for subject, days in found.items()}
