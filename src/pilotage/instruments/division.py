"""Division of a column, to the last bit as Python divides."""

import polars as pl


def quotient(numerator: pl.Expr, divisor: float | pl.Expr) -> pl.Expr:
    """`numerator / divisor` as Float64 for finite numerators; null stays null.

    Polars divides by a literal, and by any column that it knows to be constant, by multiplying with
    the reciprocal: 22.1 / 5 becomes 4.420000000000001. It divides by a column that it has computed.
    """
    column = numerator.cast(pl.Float64)
    return column / (column * 0 + divisor)
