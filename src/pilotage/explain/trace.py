"""A value or a decision traced to its rows: how it is derived, the rows of the datasets that say
it, and the lines of the snapshot that these come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pilotage.explain.case import Case, Row
from pilotage.explain.model import Mark, Part, Rows
from pilotage.rules.tracing import source_rows
from pilotage.snapshot.tables import LINE, sequence_of

KEYS = ("STUDYID", "DOMAIN", "RDOMAIN", "USUBJID", LINE)
"""Columns that say where a row belongs, and nothing of what it holds."""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "adqs": ("PARAMCD", "AVAL", "AVALU", "BASE", "CHG", "PCHG", "ADT", "ADY", "ABLFL"),
    "adlb": ("PARAMCD", "AVAL", "AVALU", "ANRLO", "ANRHI", "ATOXGR", "BASE", "ADT", "ADY"),
    "adrs": ("PARAMCD", "AVALC", "AVAL", "ADT", "ADY", "AVISIT"),
    "adtte": ("PARAMCD", "AVAL", "AVALWK", "STARTDT", "ADT", "CNSR", "EVNTDESC"),
    "adae": ("AETERM", "AESEV", "AETOXGR", "AESER", "ASTDT", "AENDT", "TRTEMFL"),
    "adex": ("DOSESTEP", "AVAL", "AVALU", "ASTDT", "AENDT", "ONGOFL", "CYCLE"),
}
"""The columns of a dataset that say what a row holds."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row: where it stands (`qs.csv:185`, `ADRS SYN-01.12`), and its cells."""

    where: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a name stands for on a day, how it comes about, and what it rests on; `behind` are the
    values that it is computed from, each traced in turn."""

    name: str
    label: str
    answer: str
    mark: Mark = ""
    how: tuple[str, ...] = ()
    steps: tuple[Part, ...] = ()
    datasets: tuple[Found, ...] = ()
    snapshot: tuple[Found, ...] = ()
    behind: tuple["Trace", ...] = field(default=())


def snapshot_rows(case: Case, rows: Iterable[tuple[str, int]]) -> tuple[Found, ...]:
    """The lines of the snapshot that are named by table and --SEQ; a row of DM has none."""
    found: list[Found] = []
    for domain, number in dict.fromkeys(rows):
        table = domain.lower()
        frame = case.snapshot.tables.get(table)
        if frame is None:
            continue
        sequence = sequence_of(table)
        if table != "dm" and sequence in frame.columns:
            frame = frame.filter(pl.col(sequence) == number)
        found += [line_of(case, table, row) for row in frame.to_dicts()]
    return tuple(found)


def line_of(case: Case, table: str, row: Row) -> Found:
    line = row.get(LINE)
    where = f"{case.snapshot.file(table)}{'' if line is None else f':{line}'}"
    return Found(where, cells_of(row, [column for column in row if column not in KEYS]))


def cells_of(row: Row, columns: Sequence[str]) -> dict[str, str]:
    """The cells that are not empty, as they are written."""
    return {c: written(row[c]) for c in columns if row.get(c) is not None}


def written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def dataset_row(name: str, row: Row, *more: str) -> Found:
    """A row of a dataset, by what it holds."""
    columns = dict.fromkeys([*SHOWN.get(name, ()), *more])
    return Found(f"{name.upper()} {row['USUBJID']}.{row['ASEQ']}", cells_of(row, [*columns]))


def dataset_rows(case: Case, name: str, parameter: str) -> list[Row]:
    """The rows of a parameter, in the order of the dataset."""
    frame = case.datasets.named()[name]
    if "PARAMCD" not in frame.columns:
        return []
    return frame.filter(pl.col("PARAMCD").cast(pl.String) == parameter).to_dicts()


def saying(case: Case, name: str, parameter: str, rows: Rows) -> tuple[Found, ...]:
    """The rows of a parameter that come from the same lines of the snapshot."""
    wanted = set(rows)
    return tuple(
        dataset_row(name, row)
        for row in dataset_rows(case, name, parameter)
        if wanted and row.get("SRCDOM") and set(source_rows(row)) == wanted
    )
