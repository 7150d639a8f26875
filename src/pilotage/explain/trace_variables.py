"""A variable of a dataset, traced: a column of ADSL, a parameter, a column of events or doses."""

from collections.abc import Iterator, Mapping

import polars as pl

from pilotage.explain.case import Case, Row
from pilotage.explain.trace import (
    Found,
    Trace,
    cells_of,
    dataset_row,
    dataset_rows,
    line_of,
    snapshot_rows,
    written,
)
from pilotage.explain.variables import ADSL, POPULATIONS
from pilotage.rules.tracing import source_rows
from pilotage.snapshot.tables import LINE, is_date
from pilotage.study.protocol import SubjectFact

WITH_PARAMETERS = ("adrs", "adtte", "adqs", "adlb")
"""Datasets whose rows are told apart by PARAMCD, in the order in which a bare name is looked up."""

BY_ROW = ("adae", "adex")


def variables(case: Case) -> dict[str, tuple[str, str]]:
    """Every name that can be asked for (`ADSL.TRTSDT`, `TRTSDT`), as dataset and variable."""
    named = case.datasets.named()
    found: dict[str, tuple[str, str]] = {}
    for column in named["adsl"].columns:
        found[f"ADSL.{column}"] = found[column] = ("adsl", column)
    for dataset in WITH_PARAMETERS:
        for code in _codes(case, dataset):
            found[f"{dataset.upper()}.{code}"] = (dataset, code)
            found.setdefault(code, (dataset, code))
    for dataset in BY_ROW:
        for column in named[dataset].columns:
            found[f"{dataset.upper()}.{column}"] = (dataset, column)
    return found


def _codes(case: Case, dataset: str) -> list[str]:
    """The parameters of the subject, and those that the study declares."""
    protocol = case.protocol
    present = case.datasets.named()[dataset]["PARAMCD"].cast(pl.String).unique().sort().to_list()
    summaries = [code for each in protocol.classifications.values() for code in each.summaries]
    declared: Mapping[str, list[str]] = {
        "adrs": [*protocol.classifications, *summaries, *(["RELAPSE"] if protocol.relapse else [])],
        "adtte": list(protocol.time_to_event),
    }
    return list(dict.fromkeys([*declared.get(dataset, []), *present]))


def trace_variable(case: Case, dataset: str, variable: str) -> Trace:
    if dataset == "adsl":
        return _of_subject(case, variable)
    if dataset in BY_ROW:
        return _of_rows(case, dataset, variable)
    return _of_parameter(case, dataset, variable)


# -- ADSL ------------------------------------------------------------------------------------------


def _of_subject(case: Case, column: str) -> Trace:
    value = case.adsl[column]
    fact = case.protocol.subject_facts.get(column)
    population = case.study.sap.populations.get(column)
    how, table = ADSL.get(column, ("as in DM", "dm"))
    label = column
    if population is not None:
        how, table = POPULATIONS[population.rule]
        label = case.text(population.label)
    lines = _lines(case, column, table)
    if fact is not None:
        label, how = case.text(fact.label), _fact(fact)
        lines = tuple(_of_fact(case, fact))
    return Trace(
        f"ADSL.{column}",
        label,
        "missing" if value is None else written(value),
        "unknown" if value is None else "",
        how=(how,),
        datasets=(Found(f"ADSL {case.subject}.1", cells_of(case.adsl, [column])),),
        snapshot=lines,
    )


def _fact(fact: SubjectFact) -> str:
    if fact.baseline:
        return f"the baseline of {fact.baseline}"
    if fact.ever:
        return f"whether {fact.item} was ever answered {fact.ever} after the first dose"
    return f"the last answer to {fact.item} up to the first dose; without one, the last answer"


def _of_fact(case: Case, fact: SubjectFact) -> Iterator[Found]:
    """The lines that say a fact: the baseline, the answer that counts, or all answers."""
    rows = case.record.records(fact.baseline or fact.item or "").rows
    if fact.baseline:
        rows = rows.filter(pl.col("ABLFL") == "Y")
    elif not fact.ever:
        start = case.first_dose
        early = rows if start is None else rows.filter(pl.col("DTC").str.slice(0, 10) <= f"{start}")
        rows = (early if early.height else rows).tail(1)
    for row in rows.iter_rows(named=True):
        yield from snapshot_rows(case, source_rows(row))


def _lines(case: Case, column: str, table: str) -> tuple[Found, ...]:
    if column == "LSTCNTDT":
        return tuple(_last_contact(case))
    if table == "ex":
        rows = [row for row in case.rows("ex") if row["EXDOSE"] is None or row["EXDOSE"] > 0]
        rows.sort(key=lambda row: row["EXSTDTC"] or "")
        if column in ("TRTSDT", "SAFFL"):
            rows = rows[:1]
        return tuple(line_of(case, "ex", row) for row in rows)
    if table == "ds":
        wanted = case.adsl.get("DCSREAS")
        rows = [row for row in case.rows("ds") if row["DSDECOD"] == wanted or column not in ADSL]
        return tuple(line_of(case, "ds", row) for row in rows)
    return tuple(line_of(case, table, row) for row in case.rows(table)) if table else ()


def _last_contact(case: Case) -> Iterator[Found]:
    """The lines that hold the latest date."""
    last = case.adsl["LSTCNTDT"]
    for table, frame in case.snapshot.tables.items():
        dates = [column for column in frame.columns if is_date(column)]
        for row in frame.to_dicts():
            held = {c: row[c] for c in dates if str(row[c] or "").startswith(str(last))}
            if last is not None and held:
                yield Found(line_of(case, table, row).where, cells_of(held, [*held]))


# -- other datasets --------------------------------------------------------------------------------


def _of_parameter(case: Case, dataset: str, code: str) -> Trace:
    """The rows of a parameter; of the last one also the lines of the snapshot."""
    rows = dataset_rows(case, dataset, code)
    last = rows[-1] if rows else None
    label = str(last["PARAM"]) if last else code
    more = f"; the lines are those of the last of {len(rows)} rows" if len(rows) > 1 else ""
    how = {
        "adrs": "the category of each assessment; of a summary, the best one",
        "adtte": "days from the start to the first event, else to the last assessment",
        "adqs": "each value as it was recorded, or the items added by the rule of the instrument",
        "adlb": "each value in the unit of the study",
    }[dataset]
    return Trace(
        f"{dataset.upper()}.{code}",
        label,
        _last_value(last) if last else "no row of the subject",
        "" if last and last["AVAL"] is not None else "unknown",
        how=(f"{how}{more}",),
        datasets=tuple(dataset_row(dataset, row) for row in rows),
        snapshot=snapshot_rows(case, source_rows(last)) if last and last["SRCDOM"] else (),
    )


def _last_value(row: Row) -> str:
    value = row.get("AVALC") or row["AVAL"]
    said = "missing" if value is None else written(value)
    unit = f" {row['AVALU']}" if row.get("AVALU") and value is not None else ""
    return f"{said}{unit}, of {row['ADT']}" if row.get("ADT") else f"{said}{unit}"


def _of_rows(case: Case, dataset: str, column: str) -> Trace:
    """A column of events or doses, row by row."""
    rows = case.datasets.named()[dataset].to_dicts()
    sources = [source for row in rows for source in source_rows(row)]
    values = [written(row[column]) for row in rows if row[column] is not None]
    return Trace(
        f"{dataset.upper()}.{column}",
        column,
        "; ".join(values) or "missing",
        "" if values else "unknown",
        how=("a row of the dataset for each row of the table",),
        datasets=tuple(dataset_row(dataset, row, column) for row in rows if column != LINE),
        snapshot=snapshot_rows(case, sources),
    )
