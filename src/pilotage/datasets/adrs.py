"""ADRS: what an assessment counts as (response, flare), and the summary of each subject."""

import polars as pl

from pilotage.datasets.relapse import relapses
from pilotage.datasets.response import classified
from pilotage.study.protocol import Protocol, text_of

KEPT = [
    "USUBJID",
    "PARAMCD",
    "PARAM",
    "AVALC",
    "AVAL",
    "ADT",
    "ADTF",
    "ADY",
    "AVISITN",
    "AVISIT",
    "ONTRTFL",
    "CYCLE",
    "SRCDOM",
    "SRCSEQ",
    "SRCITEMS",
    "TIME",
    "SEQ",
]


def responses(adqs: pl.DataFrame, subjects: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """Every classification of the study at every post-baseline assessment, its summaries with one
    row per treated subject, and one row per relapse."""
    treated = subjects.lazy().filter(pl.col("DOSED")).select("USUBJID", "TRTSDT")
    findings = adqs.lazy()
    parts = []
    for code, classification in protocol.classifications.items():
        assessed = classified(findings, code, classification)
        parts.append(assessed.select(KEPT))
        for name, summary in classification.summaries.items():
            label = text_of(summary.label)
            best = best_of(assessed, treated, until_day=summary.until_day)
            parts.append(best.with_columns(PARAMCD=pl.lit(name), PARAM=pl.lit(label)).select(KEPT))
        if protocol.relapse and protocol.relapse.classification == code:
            parts.append(relapses(findings, assessed, protocol).select(KEPT))
    return pl.concat(parts, how="vertical_relaxed").collect(engine="in-memory")


def best_of(
    assessed: pl.LazyFrame, treated: pl.LazyFrame, *, until_day: int | None
) -> pl.LazyFrame:
    """One row per treated subject: the category with the best rank among the assessments (those
    on or before study day `until_day`), at the first date on which it was reached. AVALC is missing
    where no assessment has a category, and where the best one may lie after that day."""
    rows = assessed.filter(pl.col("AVAL").is_not_null()).with_columns(DOUBTFUL=pl.lit(False))
    if until_day is not None:
        days = pl.duration(days=until_day - 1)
        rows = rows.filter(pl.col("DATE_FIRST") <= pl.col("TRTSDT_MAX") + days).with_columns(
            DOUBTFUL=pl.col("DATE_LAST") > pl.col("TRTSDT_MIN") + days
        )
    order = ["AVAL", "DOUBTFUL", "ADT", "TIME", "SEQ"]
    answer = [name for name in KEPT if name not in ("USUBJID", "PARAMCD", "PARAM")]
    best = (
        rows.sort(order, nulls_last=[False, False, True, False, False])
        .unique("USUBJID", keep="first", maintain_order=True)
        .with_columns(
            pl.when(~pl.col("DOUBTFUL")).then(pl.col(name)).alias(name) for name in answer
        )
    )
    return treated.select("USUBJID").join(best, on="USUBJID", how="left", maintain_order="left")
