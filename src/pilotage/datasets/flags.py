"""Flags of single records."""

import polars as pl


def flagged(name: str, rows: pl.Series, height: int) -> pl.Series:
    """A column of `height` rows with 'Y' in the rows with these numbers, null in the others."""
    is_flagged = pl.Series([False]).new_from_index(0, height)
    if rows.len():
        is_flagged = is_flagged.scatter(rows, True)
    return pl.select(pl.when(is_flagged).then(pl.lit("Y")).alias(name)).to_series()
