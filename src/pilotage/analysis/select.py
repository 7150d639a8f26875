"""Which rows an analysis reads: its population, its condition, the groups it compares."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pilotage.conditions import columns
from pilotage.datasets import Datasets
from pilotage.study.sap import Analysis

SOURCE_TABLE = {"ADLB": "lb", "ADAE": "ae"}
"""Datasets whose SDTM table may be absent: then nothing is known, and zero is not an answer."""

NO_LEVEL = "not known"


@dataclass(frozen=True, slots=True)
class Selection:
    """The subjects of a population (rows of ADSL) and the chosen rows of the dataset, with the
    columns of ADSL beside their own; `level` is the group they belong to, if any."""

    subjects: pl.DataFrame
    rows: pl.DataFrame
    level: str | None = None

    @property
    def n(self) -> int:
        return self.subjects.height


def collected(datasets: Datasets, dataset: str) -> bool:
    """Was the table behind the dataset part of the snapshot?"""
    table = SOURCE_TABLE.get(dataset)
    return table is None or table in datasets.collected


def select(datasets: Datasets, analysis: Analysis, population: str) -> Iterator[Selection]:
    """The selection of an analysis in a population; one for each level of `by` where it is
    given."""
    subjects = datasets.adsl.filter(pl.col(population) == "Y")
    rows = _rows(datasets, analysis).filter(pl.col("USUBJID").is_in(subjects["USUBJID"].to_list()))
    if analysis.by is None:
        yield Selection(subjects, rows)
        return
    by = pl.col(analysis.by).cast(pl.String).fill_null(NO_LEVEL)
    for level in subjects.select(by).to_series().unique().sort().to_list():
        yield Selection(subjects.filter(by == level), rows.filter(by == level), level)


def _rows(datasets: Datasets, analysis: Analysis) -> pl.DataFrame:
    frame = datasets.named()[analysis.dataset.lower()]
    if analysis.dataset != "ADSL":
        own = set(frame.columns)
        added = [c for c in datasets.adsl.columns if c == "USUBJID" or c not in own]
        frame = frame.join(
            datasets.adsl.select(added), on="USUBJID", how="left", maintain_order="left"
        )
    if analysis.where is not None:
        frame = frame.filter(columns(analysis.where))
    return frame


def sources(rows: pl.DataFrame) -> str | None:
    """The rows behind a number: USUBJID.ASEQ, in order."""
    if rows.is_empty():
        return None
    return " ".join(rows.select(pl.format("{}.{}", "USUBJID", "ASEQ")).to_series().to_list())


def parameter(rows: pl.DataFrame) -> str | None:
    """The parameter of the rows, where they have one and only one."""
    if "PARAMCD" not in rows.columns:
        return None
    codes = rows["PARAMCD"].unique().to_list()
    return codes[0] if len(codes) == 1 else None
