"""When a finding was made: its date, study day, and the treatment cycle it falls in."""

import polars as pl

from pilotage.datasets.exposure import Exposure
from pilotage.datasets.study_day import after_first_dose, complete, missing_part, study_day
from pilotage.snapshot.dates import with_interval


def with_timing(rows: pl.DataFrame, column: str, subjects: pl.DataFrame) -> pl.DataFrame:
    """Add ADT (complete dates only), ADTF, ADY, and for the derivations DATE_FIRST, DATE_LAST,
    TIME, TRTSDT and POST (after the day of the first dose; null where that cannot be known)."""
    dated = with_interval(rows, column).rename(
        {f"{column}_FIRST": "DATE_FIRST", f"{column}_LAST": "DATE_LAST", f"{column}_TIME": "TIME"}
    )
    first_doses = subjects.select("USUBJID", "TRTSDT", "TRTSDT_MIN", "TRTSDT_MAX")
    timed = dated.join(first_doses, on="USUBJID", how="left", maintain_order="left")
    no_year = pl.col(column).is_not_null() & pl.col("DATE_FIRST").is_null()
    adt = complete("DATE_FIRST", "DATE_LAST")
    return timed.with_columns(
        ADT=adt,
        ADTF=pl.when(no_year).then(pl.lit("Y")).otherwise(missing_part("DATE_FIRST", "DATE_LAST")),
        POST=after_first_dose(),
        ADY=study_day(adt),
    )


def with_cycle(rows: pl.DataFrame, exposure: Exposure, *, date: str = "ADT") -> pl.DataFrame:
    """Add CYCLE, the last treatment cycle begun on or before `date`, and ONTRTFL: 'Y' where the
    date lies in a cycle, 'N' where it lies in none, null where date or cycles are unknown."""
    number = (exposure.periods.width - 1) // 2
    when = pl.col(date)
    begins = [f"BEGIN{n}" for n in range(number)]
    ends = [f"END{n}" for n in range(number)]
    begun = pl.sum_horizontal(
        pl.lit(0, dtype=pl.Int64), *[(when >= pl.col(begin)).cast(pl.Int64) for begin in begins]
    )
    inside = pl.any_horizontal(
        pl.lit(False),
        *[
            when.is_between(pl.col(begin), pl.col(end)).fill_null(False)
            for begin, end in zip(begins, ends, strict=True)
        ],
    )
    known = when.is_not_null() & (pl.col("BEGIN0").is_not_null() if number else pl.lit(False))
    return (
        rows.lazy()
        .join(exposure.periods.lazy(), on="USUBJID", how="left", maintain_order="left")
        .with_columns(
            CYCLE=pl.when(begun > 0).then(begun),
            ONTRTFL=pl.when(inside).then(pl.lit("Y")).when(known).then(pl.lit("N")),
        )
        .drop(*begins, *ends)
        .collect(engine="in-memory")
    )
