"""Study days: the day of the first dose is 1, the day before it -1; there is no day 0."""

import polars as pl


def study_day(date: str, first_dose: str = "TRTSDT") -> pl.Expr:
    """Days of `date` counted from the first dose; missing where either date is missing.

    Source: CDISC SDTM IG, --DY variables.
    """
    elapsed = (pl.col(date) - pl.col(first_dose)).dt.total_days()
    return elapsed + (elapsed >= 0).cast(pl.Int64)


def after_first_dose(first: str, last: str, first_dose: str = "TRTSDT") -> pl.Expr:
    """Is a date after the day of the first dose? `first` and `last` are its first and last possible
    day; unknown (null) where the answer depends on a missing part of the date."""
    return (
        pl.when(pl.col(first) > pl.col(first_dose))
        .then(True)
        .when(pl.col(last) <= pl.col(first_dose))
        .then(False)
    )


def complete(first: str, last: str) -> pl.Expr:
    """The date where it is complete, else missing."""
    return pl.when(pl.col(first) == pl.col(last)).then(pl.col(first))


def missing_part(first: str, last: str) -> pl.Expr:
    """ADaM date flag: D where the day is missing, M where the month is, null where complete."""
    days = (pl.col(last) - pl.col(first)).dt.total_days()
    return pl.when(days > 31).then(pl.lit("M")).when(days > 0).then(pl.lit("D"))
