"""How plans with a row for each subject are carried out."""

import polars as pl

AS_WRITTEN = pl.QueryOptFlags.none(simplify_expression=True)
"""Such plans are done as they are written: to look for a better way takes longer than to go."""
