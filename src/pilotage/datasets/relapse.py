"""Relapses: the return of the disease after a response."""

import polars as pl

from pilotage.conditions import columns
from pilotage.datasets.response import named_values
from pilotage.study.protocol import Protocol


def relapse_facts(adqs: pl.LazyFrame, protocol: Protocol) -> pl.LazyFrame:
    """For each post-baseline assessment with a known value and a complete date: does it meet the
    condition of relapse (IS_RELAPSE), does it clear one (IS_CLEAR)?"""
    relapse = protocol.relapse
    assert relapse is not None
    parameter = protocol.classifications[relapse.classification].parameter
    known = adqs.filter(
        (pl.col("PARAMCD") == parameter)
        & pl.col("POST")
        & pl.col("AVAL").is_not_null()
        & pl.col("ADT").is_not_null()
    )
    named = named_values(parameter)
    return (
        known.with_columns(**named)
        .with_columns(
            IS_RELAPSE=columns(relapse.when).fill_null(False),
            IS_CLEAR=columns(relapse.cleared).fill_null(False),
        )
        .drop(*named)
        .sort("USUBJID", "ADT", "TIME", "SEQ", nulls_last=False)
    )


def first_responses(assessed: pl.LazyFrame, category: str) -> pl.LazyFrame:
    """USUBJID, RESPDT: the first complete date with the category of response."""
    return (
        assessed.filter((pl.col("AVALC") == category) & pl.col("ADT").is_not_null())
        .group_by("USUBJID")
        .agg(RESPDT=pl.col("ADT").min())
    )


def relapses(adqs: pl.LazyFrame, assessed: pl.LazyFrame, protocol: Protocol) -> pl.LazyFrame:
    """One row (PARAMCD RELAPSE) for each relapse: the first after the response, and each further
    one after the score was clear again. AVAL numbers them from 1."""
    assert protocol.relapse is not None
    response = first_responses(assessed, protocol.relapse.after)
    after = (
        relapse_facts(adqs, protocol)
        .join(response, on="USUBJID", maintain_order="left")
        .filter(pl.col("ADT") > pl.col("RESPDT"))
        .filter(pl.col("IS_RELAPSE") | pl.col("IS_CLEAR"))
    )
    already = pl.col("IS_RELAPSE").shift(1, fill_value=False).over("USUBJID")
    events = after.filter(pl.col("IS_RELAPSE") & ~already)
    return events.with_columns(
        PARAMCD=pl.lit("RELAPSE"),
        PARAM=pl.lit("Relapse after response"),
        AVALC=pl.lit("RELAPSE"),
        AVAL=pl.int_range(1, pl.len() + 1).over("USUBJID").cast(pl.Float64),
    )
