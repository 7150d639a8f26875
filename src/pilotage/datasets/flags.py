"""Flags of single records."""

import polars as pl


def flagged(name: str, rows: pl.Series, height: int) -> pl.Series:
    """A column of `height` rows with 'Y' in the rows with these numbers, null in the others."""
    flags = pl.Series(name, [None], dtype=pl.String).new_from_index(0, height)
    return flags.scatter(rows, "Y") if rows.len() else flags
