"""At which dose was a subject when something was found? The dose step on the day before."""

import polars as pl

from pilotage.datasets.small_plans import as_written
from pilotage.study.protocol import Protocol

_DAY_BEFORE = pl.col("ADT") - pl.duration(days=1)
_GOES_ON = pl.col("ONGOFL") == "Y"
_UNCLEAR = pl.col("ASTDT").is_null() | (pl.col("AENDT").is_null() & ~_GOES_ON)
_COVERED = pl.col("KNOWN") & (_GOES_ON | (pl.col("AENDT") >= pl.col("DAY")))
_OF_DOSE = [
    *(pl.col(name) for name in ("USUBJID", "DOSESTEP", "AENDT", "ONGOFL")),
    pl.col("ASTDT").alias("DAY"),
    pl.lit(True).alias("KNOWN"),
]
_TAKEN = pl.when(_COVERED.fill_null(False))


def with_dose_before(
    assessed: pl.DataFrame, doses: pl.DataFrame, protocol: Protocol
) -> pl.DataFrame:
    """Add DOSEBEF (see `dose_before`)."""
    return assessed.with_columns(dose_before(assessed, doses, protocol))


def dose_before(assessed: pl.DataFrame, doses: pl.DataFrame, protocol: Protocol) -> pl.Series:
    """DOSEBEF: the step of the ladder that was taken on the day before ADT, since on the day
    itself the dose may have been changed because of what was found.

    Without drug on that day it is the step of dose 0. Missing where ADT is, where the dose is no
    step of the ladder, and for subjects with a dose row whose days are not known.
    """
    none = next((step.step for step in protocol.treatment.ladder if not step.dose), None)
    dated = doses.lazy().filter(pl.col("ASTDT").is_not_null()).select(_OF_DOSE).sort("DAY")
    found = (
        assessed[["USUBJID", "ADT"]]
        .lazy()
        .with_row_index("PLACE")
        .select("PLACE", "USUBJID", DAY=_DAY_BEFORE)
        .drop_nulls()
        .sort("USUBJID", "DAY")
        .join_asof(
            dated,
            on="DAY",
            by="USUBJID",
            strategy="backward",
            check_sortedness=False,
        )
    )
    not_known = doses["USUBJID"].filter(doses.select(_UNCLEAR).to_series())
    if not_known.len():
        found = found.filter(~pl.col("USUBJID").is_in(not_known.implode()))
    step = found.select("PLACE", DOSEBEF=_TAKEN.then("DOSESTEP").otherwise(pl.lit(none)))
    steps = step.pipe(as_written)
    unknown = pl.Series("DOSEBEF", [None], dtype=pl.String).new_from_index(0, assessed.height)
    return unknown.scatter(steps["PLACE"], steps["DOSEBEF"]) if steps.height else unknown
