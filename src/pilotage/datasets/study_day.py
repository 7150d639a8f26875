"""Study days: the day of the first dose is 1, the day before it -1; there is no day 0."""

from functools import cache

import polars as pl


@cache
def study_day(date: str, first_dose: str = "TRTSDT") -> pl.Expr:
    """Days of `date` counted from the first dose; missing where either date is missing.

    Source: CDISC SDTM IG, --DY variables.
    """
    elapsed = (pl.col(date) - pl.col(first_dose)).dt.total_days()
    return elapsed + (elapsed >= 0).cast(pl.Int64)


@cache
def after_first_dose() -> pl.Expr:
    """Is a finding made after the day of the first dose? Its date lies between DATE_FIRST and
    DATE_LAST, the first dose between TRTSDT_MIN and TRTSDT_MAX; null where the answer depends on a
    missing part of either."""
    return (
        pl.when(pl.col("DATE_FIRST") > pl.col("TRTSDT_MAX"))
        .then(True)
        .when(pl.col("DATE_LAST") <= pl.col("TRTSDT_MIN"))
        .then(False)
    )


@cache
def complete(first: str, last: str) -> pl.Expr:
    """The date where it is complete, else missing."""
    return pl.when(pl.col(first) == pl.col(last)).then(pl.col(first))


@cache
def missing_part(first: str, last: str) -> pl.Expr:
    """ADaM date flag: D where the day is missing, M where the month is, null where complete."""
    days = (pl.col(last) - pl.col(first)).dt.total_days()
    return pl.when(days > 31).then(pl.lit("M")).when(days > 0).then(pl.lit("D"))
