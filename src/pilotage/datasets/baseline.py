"""Baseline, change from baseline."""

import polars as pl

from pilotage.datasets.flags import flagged

_JUDGED = ["SERIES", "AVAL", "POST", "DATE_FIRST", "DATE_LAST"]


_DIFFERENCE = pl.col("AVAL") - pl.col("BASE")
_PER_CENT = pl.when(pl.col("BASE") != 0).then(100 * _DIFFERENCE / pl.col("BASE"))
CHANGE = [_DIFFERENCE.alias("CHG"), _PER_CENT.alias("PCHG")]
"""CHG (unit of AVAL) and PCHG (per cent of BASE). Both are missing where BASE is missing; PCHG also
where BASE is 0.

Source: CDISC ADaM IG, BDS variables CHG and PCHG.
"""


def with_baseline(findings: pl.DataFrame) -> pl.DataFrame:
    """Add ABLFL ('Y' on one record of a series at most) and BASE, for rows in the order of their
    dates, times and sequence numbers. A SERIES is the number of the comparable values of one
    subject.

    Baseline is the last known AVAL on or before the day of the first dose; on the same day the
    later time, then the higher sequence number. Where another value may be the later one, because
    a date is not complete, baseline cannot be known and stays missing. Needs AVAL, DATE_FIRST,
    DATE_LAST, POST.
    """
    chosen = _last_before_treatment(findings)
    flags = flagged("ABLFL", chosen["ROW"], findings.height)
    return findings.hstack([_of_series(chosen, findings["SERIES"]), flags])


def _of_series(chosen: pl.DataFrame, series: pl.Series) -> pl.Series:
    """BASE of each of these series. Their numbers say where it stands in a column of all."""
    highest = series.max()
    places = 1 + highest if isinstance(highest, int) else 0
    bases = pl.Series("BASE", [None], dtype=pl.Float64).new_from_index(0, places)
    return bases.scatter(chosen["SERIES"], chosen["AVAL"])[series]


_BEFORE = ~pl.col("POST")
_POSSIBLE = pl.col("AVAL").is_not_null() & _BEFORE.fill_null(True)
_IS_COMPLETE = pl.col("DATE_FIRST") == pl.col("DATE_LAST")
_IS_OPEN = ~(_IS_COMPLETE & pl.col("POST").is_not_null()).fill_null(False)


def _last_before_treatment(findings: pl.DataFrame) -> pl.DataFrame:
    """ROW (its number), SERIES and AVAL of the baseline records."""
    possible = findings[_JUDGED].with_row_index("ROW").filter(_POSSIBLE)
    last = possible.filter(_BEFORE).unique("SERIES", keep="last", maintain_order=True)
    undecided = _undecided(possible, last)
    return last.join(undecided, on="SERIES", how="anti") if undecided.height else last


def _undecided(possible: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """The series with another value that may be the later one."""
    if not possible.select(_IS_OPEN.any()).item():
        return possible[["SERIES"]].clear()
    doubtful = _IS_OPEN | (pl.col("DATE_FIRST_CHOSEN") != pl.col("DATE_LAST_CHOSEN"))
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
