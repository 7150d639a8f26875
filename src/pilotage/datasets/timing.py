"""When a finding was made: its date, study day, and the treatment cycle it falls in."""

from functools import cache

import polars as pl

from pilotage.datasets.exposure import Exposure
from pilotage.datasets.study_day import after_first_dose, complete, missing_part, study_day
from pilotage.snapshot.dates import with_interval

FIRST_DOSE = ("TRTSDT", "TRTSDT_MIN", "TRTSDT_MAX")
"""The columns of a subject that say when treatment began."""


def with_timing(rows: pl.DataFrame, column: str) -> pl.LazyFrame:
    """Add ADT (complete dates only), ADTF, ADY, and for the derivations DATE_FIRST, DATE_LAST,
    TIME and POST (after the day of the first dose; null where that cannot be known). Needs the
    columns FIRST_DOSE of the subjects."""
    dated = with_interval(rows, column).rename(
        {f"{column}_FIRST": "DATE_FIRST", f"{column}_LAST": "DATE_LAST", f"{column}_TIME": "TIME"}
    )
    return dated.lazy().with_columns(_placed(column)).with_columns(ADY=study_day("ADT"))


@cache
def _placed(column: str) -> tuple[pl.Expr, ...]:
    no_year = pl.col(column).is_not_null() & pl.col("DATE_FIRST").is_null()
    partial = missing_part("DATE_FIRST", "DATE_LAST")
    return (
        complete("DATE_FIRST", "DATE_LAST").alias("ADT"),
        pl.when(no_year).then(pl.lit("Y")).otherwise(partial).alias("ADTF"),
        after_first_dose().alias("POST"),
    )


def in_cycles(exposure: Exposure, *, date: str = "ADT") -> tuple[pl.Expr, ...]:
    """CYCLE, the last treatment cycle begun on or before `date`, and ONTRTFL: 'Y' where the date
    lies in a cycle, 'N' where it lies in none, null where date or cycles are unknown. Needs the
    `periods` of the subjects."""
    return _in_cycles(date, exposure.periods.width // 2)


@cache
def _in_cycles(date: str, number: int) -> tuple[pl.Expr, ...]:
    """CYCLE and ONTRTFL of subjects with at most this number of cycles."""
    when, none = pl.col(date), pl.lit(0, dtype=pl.Int64)
    begun, inside, known = none, pl.lit(False), pl.lit(False)
    if number:
        begins = [pl.col(f"BEGIN{n}") for n in range(number)]
        ends = [pl.col(f"END{n}") for n in range(number)]
        begun = pl.sum_horizontal(none, *((when >= begin).cast(pl.Int64) for begin in begins))
        within = map(when.is_between, begins, ends)
        inside = pl.any_horizontal(each.fill_null(False) for each in within)
        known = when.is_not_null() & begins[0].is_not_null()
    return (
        pl.when(begun > 0).then(begun).alias("CYCLE"),
        pl.when(inside).then(pl.lit("Y")).when(known).then(pl.lit("N")).alias("ONTRTFL"),
    )
