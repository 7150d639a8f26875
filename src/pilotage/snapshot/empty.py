"""Tables without rows: what the road reads where a snapshot has no such table."""

import polars as pl

from pilotage.snapshot.tables import LINE, NUMBERS, required_columns, sequence_of


def empty_table(table: str) -> pl.DataFrame:
    """The required columns of a table and SRCLINE, with the types of a table that was read."""
    kinds: dict[str, type[pl.DataType]] = {
        column: pl.Float64
        if column in NUMBERS
        else pl.Int64
        if column == sequence_of(table)
        else pl.String
        for column in required_columns(table)
    }
    return pl.DataFrame(schema={**kinds, LINE: pl.Int64})
