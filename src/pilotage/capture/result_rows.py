"""From a result to the rows that it counts, and to the lines of the snapshot behind them.

Pure: a kept snapshot is enough.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pilotage.analysis import analyse
from pilotage.capture.adsl_rows import columns_named, lines_of_adsl
from pilotage.datasets import Datasets, derive
from pilotage.explain.trace import Found, cells_of, dataset_row, written
from pilotage.findings import InputErrors, error
from pilotage.rules.tracing import source_rows
from pilotage.snapshot import Snapshot
from pilotage.snapshot.tables import LINE, sequence_of
from pilotage.study import Study
from pilotage.study.names import did_you_mean

LEFT_OUT = ("STUDYID", "DOMAIN", "USUBJID", "VISITNUM", LINE)


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A line of the snapshot: its table (upper case), --SEQ (None in DM), where and what it is."""

    domain: str
    subject: str
    number: int | None
    line: Found
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A row of a dataset that a result rests on, with the lines of the snapshot behind it."""

    row: Found
    subject: str
    behind: tuple[SnapshotRow, ...]


@dataclass(frozen=True, slots=True)
class ResultTrace:
    """A result with all that the results frame says of it, and its rows; `untold` says why there
    are none where the frame does not name them."""

    result: Mapping[str, Any]
    rows: tuple[DatasetRow, ...]
    untold: str = ""


def trace_result(
    study: Study, snapshot: Snapshot, result_id: str, *, subject: str | None = None
) -> ResultTrace:
    """Follow a result back, for one subject or for all behind it.

    Raises InputErrors for a result that the analysis plan does not give, and for a subject that is
    not behind it.
    """
    datasets = derive(study, snapshot)
    results = analyse(study, datasets)
    found = results.filter(pl.col("RESULTID") == result_id)
    if found.is_empty():
        hint = did_you_mean(result_id, results["RESULTID"].to_list())
        raise InputErrors([error(result_id, f"the plan has no such result{hint}")])
    result = found.row(0, named=True)
    sources = (result["SOURCES"] or "").split()
    if not sources or "." not in sources[0]:
        why = f"too many rows to name: {result['SOURCES']}" if sources else "no row is behind it"
        return ResultTrace(result, (), why)
    chosen = [each for each in sources if subject in (None, each.rpartition(".")[0])]
    if not chosen:
        raise InputErrors([error(str(subject), f"no row of this subject is behind {result_id}")])
    name = result["DATASET"].lower()
    named = columns_named(study, result["ANALYSIS"], datasets.adsl)
    rows = rows_behind(study, snapshot, datasets, name, chosen, columns=named)
    return ResultTrace(result, tuple(rows))


def rows_behind(
    study: Study,
    snapshot: Snapshot,
    datasets: Datasets,
    name: str,
    sources: list[str],
    *,
    columns: frozenset[str] | None = None,
) -> Iterator[DatasetRow]:
    """Rows of a dataset, named as results name them (USUBJID.ASEQ), with what is behind each; of a
    row of ADSL what is behind some of its `columns`, or (None) behind all."""
    frame = datasets.named()[name]
    wanted = pl.DataFrame(
        [(who, int(number)) for who, _, number in (each.rpartition(".") for each in sources)],
        schema={"USUBJID": pl.String, "ASEQ": pl.Int64},
        orient="row",
    )
    for row in wanted.join(frame, on=["USUBJID", "ASEQ"], how="left").to_dicts():
        behind: Iterable[tuple[str, int]]
        if name == "adsl":
            behind = lines_of_adsl(study, snapshot, datasets, row, columns)
        else:
            behind = dict.fromkeys(source_rows(row) if row.get("SRCDOM") else ())
        lines = (_line(snapshot, row["USUBJID"], *each) for each in behind)
        yield DatasetRow(
            dataset_row(name, row), row["USUBJID"], tuple(line for line in lines if line)
        )


def _line(snapshot: Snapshot, subject: str, domain: str, number: int) -> SnapshotRow | None:
    table = domain.lower()
    frame = snapshot.tables.get(table)
    if frame is None:
        return None
    rows = frame.filter(pl.col("USUBJID") == subject)
    key = sequence_of(table)
    if key in rows.columns:
        rows = rows.filter(pl.col(key) == number)
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    where = f"{snapshot.file(table)}:{row[LINE]}"
    shown = cells_of(row, [column for column in row if column not in LEFT_OUT])
    cells = {name: written(value) for name, value in row.items() if value is not None}
    return SnapshotRow(
        domain, subject, number if key in rows.columns else None, Found(where, shown), cells
    )
