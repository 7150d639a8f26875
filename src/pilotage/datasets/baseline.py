"""Baseline, change from baseline."""

import polars as pl

from pilotage.datasets.flags import flagged

_JUDGED = ["SERIES", "AVAL", "POST", "DATE_FIRST", "DATE_LAST"]


_DIFFERENCE = pl.col("AVAL") - pl.col("BASE")
_PER_CENT = pl.when(pl.col("BASE") != 0).then(100 * _DIFFERENCE / pl.col("BASE"))
CHANGE = [_DIFFERENCE.alias("CHG"), _PER_CENT.alias("PCHG")]


def with_baseline(findings: pl.DataFrame) -> pl.DataFrame:
    """Add ABLFL ('Y' on one record of a series at most) and BASE, for rows in the order of their
    dates, times and sequence numbers. A SERIES holds the comparable values of one subject.

    Baseline is the last known AVAL on or before the day of the first dose; on the same day the
    later time, then the higher sequence number. Where another value may be the later one, because
    a date is not complete, baseline cannot be known and stays missing. Needs AVAL, DATE_FIRST,
    DATE_LAST, POST.
    """
    chosen = _last_before_treatment(findings)
    based = findings.join(
        chosen.select("SERIES", BASE="AVAL"), on="SERIES", how="left", maintain_order="left"
    )
    return based.hstack([flagged("ABLFL", chosen["ROW"], findings.height)])


def with_change(findings: pl.DataFrame) -> pl.DataFrame:
    """Add CHG (unit of AVAL) and PCHG (per cent of BASE).

    Both are missing where BASE is missing; PCHG also where BASE is 0.

    Source: CDISC ADaM IG, BDS variables CHG and PCHG.
    """
    return findings.with_columns(CHANGE)


_BEFORE = ~pl.col("POST")


def _last_before_treatment(findings: pl.DataFrame) -> pl.DataFrame:
    """ROW (its number), SERIES and AVAL of the baseline records."""
    possible = (
        findings.lazy()
        .select(_JUDGED)
        .with_row_index("ROW")
        .filter(pl.col("AVAL").is_not_null() & _BEFORE.fill_null(True))
        .collect(engine="in-memory")
    )
    last = possible.filter(_BEFORE).unique("SERIES", keep="last", maintain_order=True)
    undecided = _undecided(possible, last)
    return last.join(undecided, on="SERIES", how="anti") if undecided.height else last


def _undecided(possible: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """The series with another value that may be the later one."""
    complete = pl.col("DATE_FIRST") == pl.col("DATE_LAST")
    open_rows = ~(complete & pl.col("POST").is_not_null()).fill_null(False)
    if not possible.select(open_rows.any()).item():
        return possible.select("SERIES").clear()
    doubtful = open_rows | (pl.col("DATE_FIRST_CHOSEN") != pl.col("DATE_LAST_CHOSEN"))
    perhaps_later = pl.col("DATE_LAST").is_null() | (
        pl.col("DATE_LAST") >= pl.col("DATE_FIRST_CHOSEN")
    )
    return (
        possible.join(last, on="SERIES", suffix="_CHOSEN")
        .filter(pl.col("ROW") != pl.col("ROW_CHOSEN"))
        .filter(doubtful & perhaps_later)
        .select("SERIES")
        .unique()
    )


def baselines_lost(findings: pl.DataFrame) -> pl.LazyFrame:
    """One row for each treated subject and parameter with a known value that is, or may be, from
    before the first dose, and yet without a baseline: it cannot be known which value is the
    last."""
    before = ~pl.col("POST").fill_null(False) & pl.col("TRTSDT_MAX").is_not_null()
    lost = findings.lazy().filter(pl.col("AVAL").is_not_null() & pl.col("BASE").is_null() & before)
    return lost.unique(["USUBJID", "PARAMCD"], keep="first", maintain_order=True)
