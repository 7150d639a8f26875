"""Was the drug still being taken when an adverse event ended? A column beside those of ADAE."""

import polars as pl

from pilotage.conditions import Variable
from pilotage.study import Study
from pilotage.study.columns import Columns, dataset_columns
from pilotage.study.sap import Dataset

AT_END = "AENTRTFL"
"""Y where the last day of the event lies in a treatment cycle, N where it lies in none; missing
where the last day or the cycles are unknown."""

UNKNOWN = "UNKNOWN"
"""The code with which an event's form says that something is not known: no answer."""


def columns_of(dataset: Dataset, study: Study) -> Columns:
    """The columns that groups and variables of a paper may use: those of the plan, and ours."""
    columns = dataset_columns(dataset, study.protocol, study.sap)
    if dataset != "ADAE":
        return columns
    return {**columns, AT_END: Variable(type="text", choices=("Y", "N"))}


def with_treatment_at_end(adae: pl.DataFrame, adex: pl.DataFrame) -> pl.DataFrame:
    """Add AENTRTFL, and take the code UNKNOWN for what it says: a missing value.

    A pause that is too short to end a cycle is no withdrawal. Of a subject without cycles it is
    unknown.
    """
    rows = adae.with_columns(pl.col(pl.String).replace(UNKNOWN, None))
    if "AENDT" not in rows.columns or not {"CYCLE", "ASTDT", "AENDT"} <= set(adex.columns):
        return rows.with_columns(pl.lit(None, pl.String).alias(AT_END))
    cycles = (
        adex.filter(pl.col("CYCLE").is_not_null())
        .group_by("USUBJID", "CYCLE")
        .agg(BEGIN=pl.col("ASTDT").min(), END=pl.col("AENDT").max())
    )
    found = (
        rows.with_row_index("ROW")
        .select("ROW", "USUBJID", LAST="AENDT")
        .join(cycles, on="USUBJID", how="inner")
        .group_by("ROW")
        .agg(INSIDE=pl.col("LAST").is_between("BEGIN", "END").any(ignore_nulls=False))
    )
    flag = pl.when("INSIDE").then(pl.lit("Y")).when(~pl.col("INSIDE")).then(pl.lit("N"))
    return (
        rows.with_row_index("ROW")
        .join(found, on="ROW", how="left", maintain_order="left")
        .with_columns(flag.alias(AT_END))
        .drop("ROW", "INSIDE")
    )
