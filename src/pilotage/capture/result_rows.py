"""From a result to every row that it depends on, those that it counts first, and to the lines of
the snapshot behind them.

Pure: a kept snapshot is enough.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import polars as pl

from pilotage.analysis import analyse
from pilotage.analysis.naming import ALL, named_rows
from pilotage.capture.adsl_rows import columns_named, lines_of_adsl
from pilotage.datasets import Datasets, derive
from pilotage.explain.trace import Found, cells_of, dataset_row, written
from pilotage.findings import InputErrors, error
from pilotage.rules.tracing import source_rows
from pilotage.snapshot import Snapshot
from pilotage.snapshot.tables import LINE, sequence_of
from pilotage.study import Study
from pilotage.study.names import did_you_mean

Part = Literal["counted", "considered", "subjects"]
"""What a row is to a result: counted, looked at and not counted, or the row of ADSL of a subject
whom it could have counted or leaves out."""

COLUMNS: Final[Mapping[Part, str]] = {
    "counted": "SOURCES",
    "considered": "CONSIDERED",
    "subjects": "SUBJECTS",
}
"""The column of results that names the rows of each part, in the order in which they are told."""

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
    """A row of a dataset that a result rests on, with the lines of the snapshot behind it. `part`
    is empty where the row is shown as it is, without a result."""

    row: Found
    subject: str
    behind: tuple[SnapshotRow, ...]
    part: Part | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class ResultTrace:
    """A result with all that the results frame says of it, and its rows. `named` has the names of
    all rows of each part, `rows` those that were followed; `untold` says why there are none where
    the frame does not name them."""

    result: Mapping[str, Any]
    rows: tuple[DatasetRow, ...]
    named: Mapping[Part, tuple[str, ...]]
    untold: str = ""


def trace_result(
    study: Study,
    snapshot: Snapshot,
    result_id: str,
    *,
    subject: str | None = None,
    most: int | None = None,
) -> ResultTrace:
    """Follow a result back, for one subject or for all behind it; of each part the first `most`
    rows, or (None) all that are named.

    Raises InputErrors for a result that the analysis plan does not give, and for a subject that is
    not behind it.
    """
    datasets = derive(study, snapshot)
    result = _result(study, datasets, result_id, every_row=subject is not None)
    named: dict[Part, tuple[str, ...]] = {}
    untold = []
    for part, column in COLUMNS.items():
        names = named_rows(result[column])
        if names is None:
            untold.append(f"{_UNTOLD[part]}: {result[column]}, too many to name")
        named[part] = tuple(n for n in names or () if subject in (None, n.rpartition(".")[0]))
    if subject is not None and not any(named.values()):
        raise InputErrors([error(str(subject), f"no row of this subject is behind {result_id}")])
    if not untold and not any(named.values()):
        untold.append("no row is behind it")
    columns = columns_named(study, result["ANALYSIS"], result["POPULATION"], datasets.adsl)
    rows = [
        replace(row, part=part)
        for part, names in named.items()
        for row in rows_behind(
            study,
            snapshot,
            datasets,
            "adsl" if part == "subjects" else result["DATASET"].lower(),
            list(names[:most]),
            columns=columns,
        )
    ]
    return ResultTrace(result, tuple(rows), named, "; ".join(untold))


_UNTOLD: Final[Mapping[Part, str]] = {
    "counted": "counted",
    "considered": "looked at and not counted",
    "subjects": "subjects behind it",
}


def _result(
    study: Study, datasets: Datasets, result_id: str, *, every_row: bool
) -> Mapping[str, Any]:
    """The row of the results frame; with `every_row` it names its rows however many they are."""
    own = tuple(a for a in study.sap.analyses if a.id == result_id.partition("/")[0])
    alone = replace(study, sap=study.sap.model_copy(update={"analyses": own}))
    results = analyse(alone, datasets, listed=ALL if every_row else None)
    found = results.filter(pl.col("RESULTID") == result_id)
    if found.is_empty():
        known = analyse(study, datasets)["RESULTID"].to_list()
        hint = did_you_mean(result_id, known)
        raise InputErrors([error(result_id, f"the plan has no such result{hint}")])
    return found.row(0, named=True)


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
        more = [column for column in frame.columns if name == "adsl" and column in (columns or ())]
        yield DatasetRow(
            dataset_row(name, row, *more), row["USUBJID"], tuple(line for line in lines if line)
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
