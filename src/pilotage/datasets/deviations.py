"""Protocol deviations as they were recorded, for the listing. Source: CDISC SDTM IG, DV."""

import polars as pl

from pilotage.datasets.small_plans import as_written
from pilotage.datasets.study_day import complete, study_day
from pilotage.snapshot.dates import with_interval

_SUBJECT = pl.col("USUBJID").cast(pl.String)
COLUMNS = ("DVCAT", "DVSCAT", "DVDECOD", "DVTERM", "DVSTDTC")


def deviations(dv: pl.DataFrame | None, adsl: pl.DataFrame) -> pl.DataFrame | None:
    """USUBJID, ASEQ, the columns of DV named above (missing ones empty), ASTDT and ASTDY of the
    start, in the order of the dates. None where DV is absent: then nobody knows of any.
    """
    if dv is None:
        return None
    absent = [pl.lit(None, dtype=pl.String).alias(c) for c in COLUMNS if c not in dv.columns]
    first_doses = adsl.lazy().select(_SUBJECT, "TRTSDT")
    dated = with_interval(dv.with_columns(absent) if absent else dv, "DVSTDTC")
    order = ["USUBJID", "DVSTDTC_FIRST", *(["DVSEQ"] if "DVSEQ" in dv.columns else [])]
    return (
        dated.lazy()
        .with_columns(_SUBJECT, ASTDT=complete("DVSTDTC_FIRST", "DVSTDTC_LAST"))
        .join(first_doses, on="USUBJID", how="left", maintain_order="left")
        .with_columns(ASTDY=study_day("ASTDT"))
        .sort(order, nulls_last=True, maintain_order=True)
        .with_columns(ASEQ=pl.int_range(1, pl.len() + 1).over("USUBJID").cast(pl.Int64))
        .select("USUBJID", "ASEQ", *COLUMNS, "ASTDT", "ASTDY")
        .pipe(as_written)
    )
