"""Baseline, change from baseline."""

import polars as pl

KEYS = ["USUBJID", "PARAMCD"]


def with_baseline(findings: pl.DataFrame) -> pl.DataFrame:
    """Add ABLFL ('Y' on one record a subject and parameter at most) and BASE.

    Baseline is the last known AVAL on or before the day of the first dose; on the same day the
    later time, then the higher sequence number. Where another value may be the later one, because
    a date is not complete, baseline cannot be known and stays missing. Needs AVAL, DATE_FIRST,
    DATE_LAST, TIME, SEQ, POST.
    """
    indexed = findings.lazy().with_row_index("ROW")
    possible = indexed.filter(pl.col("AVAL").is_not_null() & ~pl.col("POST").fill_null(False))
    last = (
        possible.filter(~pl.col("POST"))
        .sort("DATE_LAST", "DATE_FIRST", "TIME", "SEQ", nulls_last=False)
        .group_by(KEYS)
        .agg(pl.col("ROW", "AVAL", "DATE_FIRST", "DATE_LAST").last())
    )
    doubtful = (
        pl.col("POST").is_null()
        | (pl.col("DATE_FIRST") != pl.col("DATE_LAST"))
        | (pl.col("DATE_FIRST_CHOSEN") != pl.col("DATE_LAST_CHOSEN"))
    )
    perhaps_later = pl.col("DATE_LAST").is_null() | (
        pl.col("DATE_LAST") >= pl.col("DATE_FIRST_CHOSEN")
    )
    undecided = (
        possible.join(last, on=KEYS, suffix="_CHOSEN")
        .filter(pl.col("ROW") != pl.col("ROW_CHOSEN"))
        .filter(doubtful & perhaps_later)
        .select(KEYS)
        .unique()
    )
    chosen = last.join(undecided, on=KEYS, how="anti").select(*KEYS, "ROW", BASE="AVAL")
    return (
        indexed.join(chosen.select(*KEYS, "BASE"), on=KEYS, how="left", maintain_order="left")
        .join(chosen.select("ROW", ABLFL=pl.lit("Y")), on="ROW", how="left", maintain_order="left")
        .drop("ROW")
        .collect(engine="in-memory")
    )


def with_change(findings: pl.DataFrame) -> pl.DataFrame:
    """Add CHG (unit of AVAL) and PCHG (per cent of BASE).

    Both are missing where BASE is missing; PCHG also where BASE is 0.

    Source: CDISC ADaM IG, BDS variables CHG and PCHG.
    """
    change = pl.col("AVAL") - pl.col("BASE")
    percent = pl.when(pl.col("BASE") != 0).then(100 * change / pl.col("BASE"))
    return findings.with_columns(CHG=change, PCHG=percent)
