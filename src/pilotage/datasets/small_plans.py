"""How plans are carried out.

A plan that is collected alone hands its steps over to the threads of Polars one by one; with
`collect_all` it is handed over once, as a whole. In a small snapshot these exchanges are a tenth
of the time.
"""

import polars as pl

AS_WRITTEN = pl.QueryOptFlags.none(simplify_expression=True)


def as_written(plan: pl.LazyFrame) -> pl.DataFrame:
    """The rows of a plan that is small, or in which there is nothing to improve: to look for a
    better way takes longer than to go. Not for plans with a row for each value whose expressions
    share a part: that is then done twice."""
    return pl.collect_all([plan], engine="in-memory", optimizations=AS_WRITTEN)[0]


def improved(plan: pl.LazyFrame) -> pl.DataFrame:
    """The rows of a plan that Polars may improve."""
    return pl.collect_all([plan], engine="in-memory")[0]
