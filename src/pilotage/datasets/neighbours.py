"""What the rows before say, of the same subject. The rows of a subject stand together.

Polars works out `….over("USUBJID")` subject by subject where it cannot add up, and that costs more
than all else in data of many subjects; a look over the border of a subject costs nothing.
"""

from datetime import date

import polars as pl

_ROW = pl.int_range(pl.len())
IS_FIRST = pl.col("USUBJID").ne_missing(pl.col("USUBJID").shift())
"""The first row of its subject."""
_FIRST_ROW = pl.when(IS_FIRST).then(_ROW).forward_fill()
NUMBER_OF_ROW = 1 + _ROW - _FIRST_ROW
"""The rows of each subject, counted from 1."""

_DAY_0 = date(1899, 12, 31)
_MORE_DAYS = 1_000_000
"""More than there are after day 0 in any date that a snapshot may name."""


def latest_before(days: pl.Expr) -> pl.Expr:
    """The latest of these days in the rows before; null where none of them has one."""
    # one number for both, so that every day of a subject is above all days of those before it
    border = pl.col("USUBJID").rle_id().cast(pl.Int64) * _MORE_DAYS
    since = (days - _DAY_0).dt.total_days().fill_null(0)
    latest = (border + since).cum_max().shift(1) - border
    return pl.when(latest > 0).then(pl.lit(_DAY_0) + pl.duration(days=latest))


def last_before(values: pl.Expr) -> pl.Expr:
    """The last known value in the rows before; null where there is none."""
    known = pl.when(values.is_not_null()).then(_ROW).forward_fill().shift(1)
    return pl.when(known >= _FIRST_ROW).then(values.forward_fill().shift(1))


def counted(happened: pl.Expr) -> pl.Expr:
    """How often it happened in the rows up to this one; it happened in the first row of each
    subject."""
    so_far = happened.cast(pl.Int64).cum_sum()
    return 1 + so_far - pl.when(IS_FIRST).then(so_far).forward_fill()
