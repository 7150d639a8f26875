"""At which dose was a subject when something was found? The dose step on the day before."""

import polars as pl

from pilotage.study.protocol import Protocol

_DAY_BEFORE = pl.col("ADT") - pl.duration(days=1)
_GOES_ON = pl.col("ONGOFL") == "Y"
_UNCLEAR = pl.col("ASTDT").is_null() | (pl.col("AENDT").is_null() & ~_GOES_ON)
_COVERED = pl.col("KNOWN") & (_GOES_ON | (pl.col("AENDT") >= pl.col("DAY")))
_TAKEN = pl.when(_COVERED.fill_null(False))


def with_dose_before(
    assessed: pl.DataFrame, doses: pl.DataFrame, protocol: Protocol
) -> pl.DataFrame:
    """Add DOSEBEF: the step of the ladder that was taken on the day before ADT, since on the day
    itself the dose may have been changed because of what was found.

    Without drug on that day it is the step of dose 0. Missing where ADT is, where the dose is no
    step of the ladder, and for subjects with a dose row whose days are not known.
    """
    none = next((step.step for step in protocol.treatment.ladder if not step.dose), None)
    dated = (
        doses.lazy()
        .filter(pl.col("ASTDT").is_not_null())
        .select("USUBJID", "DOSESTEP", "AENDT", "ONGOFL", DAY="ASTDT", KNOWN=True)
    )
    rows = assessed.lazy().with_row_index("PLACE")
    rows = rows.with_columns(DAY=_DAY_BEFORE)
    found = (
        rows.select("PLACE", "USUBJID", "DAY")
        .drop_nulls()
        .sort("USUBJID", "DAY")
        .join_asof(
            dated.sort("DAY"),
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
    return (
        rows.join(step, on="PLACE", how="left", maintain_order="left")
        .drop("PLACE", "DAY")
        .collect(engine="in-memory")
    )
