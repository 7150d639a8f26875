"""Relapses: the return of the disease after a response."""

from dataclasses import dataclass

import polars as pl

from pilotage.conditions import columns
from pilotage.datasets.response import stands_in
from pilotage.study.protocol import Relapse

ROW = ["USUBJID", "ADT", "DATE_FIRST", "DATE_LAST", "TIME", "SEQ", "SRCSEQ", "SRCITEMS"]


@dataclass(frozen=True, slots=True)
class Responses:
    """The responses of the subjects, and what was seen of relapse, after the first dose.

    first: USUBJID, RESP_FIRST, RESP_LAST, the days between which the first response lies. rows: the
    assessments with the response. seen: every assessment with a known value, in the order of the
    dates; IS_RELAPSE where it meets the condition of relapse, IS_CLEAR where it clears one. Rows
    with an incomplete date are among them.
    """

    first: pl.DataFrame
    rows: pl.DataFrame
    seen: pl.DataFrame


def responses_and_relapses(
    assessed: pl.DataFrame, classified: pl.DataFrame, parameter: str, relapse: Relapse
) -> Responses:
    """Needs the post-baseline assessments of the parameter, and their categories."""
    responded = classified.filter(pl.col("AVALC") == relapse.after).select(ROW)
    first = responded.group_by("USUBJID").agg(
        RESP_FIRST=pl.col("DATE_FIRST").min(), RESP_LAST=pl.col("DATE_LAST").min()
    )
    known = assessed.filter(pl.col("AVAL").is_not_null())
    names, schema = stands_in(parameter), known.schema
    seen = known.with_columns(
        IS_RELAPSE=columns(relapse.when, schema, stands_in=names).fill_null(False),
        IS_CLEAR=columns(relapse.cleared, schema, stands_in=names).fill_null(False),
    ).sort("USUBJID", "DATE_FIRST", "TIME", "SEQ", nulls_last=False)
    return Responses(first, responded, seen)


def relapses(found: Responses) -> pl.DataFrame:
    """One row (PARAMCD RELAPSE) for each relapse: the first after the response, and each further
    one after the score was clear again. AVAL numbers them from 1.

    A relapse on an incomplete date counts where it is the only one, and certainly lies after the
    response; whether it is a further one cannot be known.
    """
    after = found.seen.join(found.first, on="USUBJID", maintain_order="left").filter(
        (pl.col("DATE_FIRST") > pl.col("RESP_LAST")) & (pl.col("IS_RELAPSE") | pl.col("IS_CLEAR"))
    )
    dated = after.filter(pl.col("ADT").is_not_null())
    already = pl.col("IS_RELAPSE").shift(1, fill_value=False).over("USUBJID")
    events = dated.filter(pl.col("IS_RELAPSE") & ~already)
    undated = after.filter(pl.col("ADT").is_null() & pl.col("IS_RELAPSE"))
    if undated.height:
        only = undated.join(events, on="USUBJID", how="anti", maintain_order="left")
        events = pl.concat([events, only.unique("USUBJID", keep="first", maintain_order=True)])
    return events.with_columns(
        PARAMCD=pl.lit("RELAPSE"),
        PARAM=pl.lit("Relapse after response"),
        AVALC=pl.lit("RELAPSE"),
        AVAL=pl.int_range(1, pl.len() + 1).over("USUBJID").cast(pl.Float64),
    )
