"""Small snapshots written as text tables, derived by the package and by the reference derivation.

A cell `D99` is study day 99 of a subject whose first dose is on 1 January 2020 (`D-1` is the day
before it). What is not written is filled in: one subject S01, row numbers as --SEQ, 5 mg QD, the
skin activity score, and a treatment from D1 to D84 where a test says nothing about doses.
"""

from __future__ import annotations

import csv
import functools
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "reference" / "rederivation"))

import oracle
from oracle_items import ACTIVITY_ITEMS
from random_snapshots import COLUMNS

Row = dict[str, object]
Cells = dict[str, str]

DAY_1 = date(2020, 1, 1)
WRITTEN_DAY = re.compile(r"D(-?\d+)(T.*)?")
USUAL: Mapping[str, Cells] = {
    "dm": {"AGE": "44", "SEX": "F", "RFICDTC": "2019-11-01"},
    "ex": {"EXTRT": "STUDY DRUG", "EXDOSE": "5", "EXDOSU": "mg", "EXDOSFRQ": "QD"},
    "qs": {"QSTESTCD": "CLASIACT"},
    "lb": {"LBTESTCD": "NEUT", "LBORRESU": "10*9/L", "LBDTC": "2020-01-01"},
    "ae": {"AETERM": "Nausea", "AESEV": "MILD", "AESER": "N"},
    "ds": {"DSDECOD": "COMPLETED"},
}
USUAL_DOSES = "EXSTDTC | EXENDTC\nD1 | D84"


def day(number: int) -> date:
    """The date of a study day when day 1 is 1 January 2020."""
    return DAY_1 + timedelta(days=number - 1 if number > 0 else number)


def cell(text: str) -> str:
    written = WRITTEN_DAY.fullmatch(text)
    return f"{day(int(written[1]))}{written[2] or ''}" if written else text


def read_table(name: str, text: str) -> list[Cells]:
    """The rows of a text table: a heading, perhaps a ruler, and a row per line."""
    lines = [line.strip() for line in text.strip().splitlines()]
    heading, *body = [
        [cell(part.strip()) for part in line.split("|")] for line in lines if set(line) - set("-+")
    ]
    rows = []
    for number, cells in enumerate(body, start=1):
        row = dict.fromkeys(COLUMNS[name].split(), "") | USUAL[name]
        row |= {"STUDYID": "EXAMPLE", "DOMAIN": name.upper(), "USUBJID": "S01"}
        if name != "dm":
            row[f"{name.upper()}SEQ"] = str(number)
        row |= dict(zip(heading, cells, strict=True))
        if name == "qs":
            row["QSCAT"] = "SLEDAI-2K" if row["QSTESTCD"] == "SLEDAI" else "CLASI"
        rows.append(row)
    return rows


def beside(text: str) -> tuple[str, list[str]]:
    """A text table without its last column, and the last column: what is expected beside it."""
    lines = [line.strip() for line in text.strip().splitlines()]
    parts = [line.rpartition("|") for line in lines if set(line) - set("-+")]
    return "\n".join(left for left, _, _ in parts), [right.strip() for _, _, right in parts[1:]]


def read_tables(**texts: str) -> dict[str, list[Cells]]:
    """The tables of an example; the demographics are those of every subject named in it."""
    texts = {"ex": USUAL_DOSES, "qs": "QSDTC | QSORRES"} | texts
    tables = {name: read_table(name, text) for name, text in texts.items()}
    subjects = {row["USUBJID"] for rows in tables.values() for row in rows} or {"S01"}
    tables["dm"] = read_table("dm", "\n".join(["USUBJID", *sorted(subjects)]))
    return tables


def clasi_items(when: str, **scores: object) -> tuple[str, ...]:
    """A line QSTESTCD | QSDTC | QSORRES for each item of CLASI activity; 0 if not named."""
    values = dict.fromkeys(ACTIVITY_ITEMS, 0) | scores
    return tuple(f"{item} | {when} | {value}" for item, value in values.items())


class Derived:
    """The datasets of an example as rows."""

    def __init__(self, datasets: Mapping[str, list[Row]]) -> None:
        self.datasets = datasets

    def rows(self, dataset: str, **where: object) -> list[Row]:
        """The rows that hold these values, in the order of the source rows, then of dates."""
        found = [
            row
            for row in self.datasets[dataset]
            if all(row[name] == value for name, value in where.items())
        ]
        keys = ("EXSEQ", "QSSEQ", "LBSEQ", "AESEQ", "SRCSEQ")
        return sorted(found, key=lambda row: next((row[key] for key in keys if row.get(key)), 0))

    def column(self, dataset: str, name: str, **where: object) -> list[object]:
        return [row[name] for row in self.rows(dataset, **where)]

    def one(self, dataset: str, **where: object) -> Row:
        (row,) = self.rows(dataset, **where)
        return row

    def flagged(self, dataset: str, flag: str, **where: object) -> list[object]:
        """The source row numbers that carry the flag."""
        key = {"adqs": "QSSEQ", "adlb": "LBSEQ"}[dataset]
        return self.column(dataset, key, **{flag: "Y"}, **where)


Derive = Callable[..., Derived]


@functools.cache
def study() -> object:
    from pilotage.study import load_study

    return load_study("lenalidomide_cle")


def derive_snapshot(tables: Mapping[str, list[Cells]]) -> object:
    """What the package derives from the tables, read from a folder without a manifest."""
    from pilotage.datasets import derive
    from pilotage.snapshot import read_snapshot

    with tempfile.TemporaryDirectory() as folder:
        for name, rows in tables.items():
            with (Path(folder) / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
                columns = dict.fromkeys([*COLUMNS[name].split(), *(c for r in rows for c in r)])
                writer = csv.DictWriter(out, list(columns), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return derive(study(), read_snapshot(Path(folder)))


def by_package(**texts: str) -> Derived:
    datasets = derive_snapshot(read_tables(**texts))
    return Derived({name: getattr(datasets, name).to_dicts() for name in oracle.NAMES})


def by_reference(**texts: str) -> Derived:
    return Derived(oracle.derive(read_tables(**texts)))


both = pytest.mark.parametrize("derive", [by_package, by_reference], ids=["package", "reference"])
