"""Analyses on datasets written as text tables: a subject or a record a line, and what comes out.

An empty cell is missing. What a table does not write is filled in: ASEQ counts the rows of a
subject, and ADSL has every subject with SAFFL 'Y'.
"""

import functools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl
from pydantic import TypeAdapter

from pilotage.analysis import analyse
from pilotage.datasets import NAMES, Datasets
from pilotage.study import Study, load_study
from pilotage.study.sap import AnyAnalysis

TYPES = {"AVISITN": pl.Int64, "CNSR": pl.Int64, "AVAL": pl.Float64, "BASE": pl.Float64}
TYPES |= {"AVALWK": pl.Float64, "CHG": pl.Float64, "AGE": pl.Float64, "NCYCLES": pl.Int64}
DATES = ("STARTDT", "DCSDT")
COLUMNS = [
    *("USUBJID", "ASEQ", "PARAMCD", "AVALC", "AVAL", "AVALU", "BASE", "CHG", "AVISITN", "AVISIT"),
    *("ANL01FL", "ANL02FL", "ABLFL", "CNSR", "AVALWK", "TRTEMFL", "AETERM", "AESER"),
    "STARTDT",
]
EVERY_TABLE = frozenset(["dm", "ex", "qs", "lb", "ae", "ds", "fa", "mh", "cm"])


@functools.cache
def study() -> Study:
    return load_study("lenalidomide_cle")


def table(text: str) -> pl.DataFrame:
    """A text table as a frame."""
    lines = [line for line in text.strip().splitlines() if set(line) - set("-+ ")]
    heading, *body = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    assert all(len(cells) == len(heading) for cells in body), text
    names = [str(name) for name in heading]
    columns = {name: [cells[at] for cells in body] for at, name in enumerate(names)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    frame = frame.cast({name: TYPES[name] for name in names if name in TYPES})
    frame = frame.with_columns(pl.col(c).str.to_date() for c in DATES if c in names)
    if "ASEQ" not in names:
        number = pl.int_range(1, pl.len() + 1).over("USUBJID").cast(pl.Int64)
        frame = frame.with_columns(ASEQ=number)
    return frame


def subjects(number: int) -> str:
    """ADSL of so many treated subjects, S1 and on."""
    return "USUBJID | SAFFL\n" + "\n".join(f"S{at} | Y" for at in range(1, number + 1))


def made(
    collected: frozenset[str] = EVERY_TABLE,
    columns: Mapping[str, frozenset[str]] = MappingProxyType({}),
    **tables: str,
) -> Datasets:
    """Datasets of the tables given; the others have their columns and no row. `columns` are those
    of the snapshot's tables, where a test is about them."""
    empty = pl.DataFrame(schema={name: _type(name) for name in COLUMNS})
    frames = dict.fromkeys(NAMES, empty) | {name: table(text) for name, text in tables.items()}
    for name, frame in frames.items():
        missing = [column for column in COLUMNS if column not in frame.columns]
        if name != "adsl":
            added = [pl.lit(None, dtype=_type(c)).alias(c) for c in missing]
            frames[name] = frame.with_columns(added)
    return Datasets(
        **frames,
        findings=pl.DataFrame(),
        collected=collected,
        data_cut=date(2020, 12, 31),
        synthetic=False,
        columns=columns,
    )


def _type(name: str) -> Any:
    return pl.Date if name in DATES else TYPES.get(name, pl.String)


def run(analysis: dict[str, Any], datasets: Datasets) -> pl.DataFrame:
    """The results of one analysis."""
    plan = {"id": "X", "label": "x", "populations": ["SAFFL"], "source": "P-1", **analysis}
    one = TypeAdapter(AnyAnalysis).validate_python(plan)
    changed = study().sap.model_copy(update={"analyses": (one,)})
    return analyse(replace(study(), sap=changed), datasets)


def value(results: pl.DataFrame, statistic: str, **where: object) -> Any:
    """The number of a statistic, or of the one level or visit that is named."""
    return one(results, statistic, **where)["VALUE"]


def one(results: pl.DataFrame, statistic: str, **where: object) -> dict[str, Any]:
    found = results.filter(pl.col("STATISTIC") == statistic)
    for column, wanted in where.items():
        found = found.filter(pl.col(column).eq_missing(pl.lit(wanted)))
    assert found.height == 1, found
    return found.row(0, named=True)
