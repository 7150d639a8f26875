"""How plans are carried out that are small, or in which there is nothing to improve."""

import polars as pl

AS_WRITTEN = pl.QueryOptFlags.none(simplify_expression=True)
"""Such plans are done as they are written: to look for a better way takes longer than to go. Not
for plans with a row for each value whose expressions share a part: that is then done twice."""
