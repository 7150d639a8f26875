"""ADAE: every adverse event, with its study days and whether it emerged under treatment."""

import polars as pl

from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import remark
from pilotage.datasets.study_day import complete, missing_part, study_day
from pilotage.datasets.timing import with_cycle
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Protocol

TREATMENT_BOUNDS = ("TRTSDT_MIN", "TRTSDT_MAX", "TRTEDT_MIN", "TRTEDT_MAX")


def adverse_events(
    ae: pl.DataFrame, exposure: Exposure, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Every row of AE with ASTDT, ASTDTF, ASTDY, AENDT, AENDY, TRTEMFL. Returns rows, findings."""
    dated = with_interval(with_interval(ae, "AESTDTC"), "AEENDTC").join(
        exposure.subjects.select("USUBJID", "DOSED", "TRTSDT", *TREATMENT_BOUNDS),
        on="USUBJID",
        how="left",
        maintain_order="left",
    )
    rows = (
        dated.with_columns(
            ASTDT=complete("AESTDTC_FIRST", "AESTDTC_LAST"),
            ASTDTF=missing_part("AESTDTC_FIRST", "AESTDTC_LAST"),
            AENDT=complete("AEENDTC_FIRST", "AEENDTC_LAST"),
            TRTEMFL=treatment_emergent(protocol.adverse_events.days_after_last_dose),
            SRCDOM=pl.lit("AE"),
            SRCSEQ=pl.col("AESEQ"),
        )
        .with_columns(ASTDY=study_day("ASTDT"), AENDY=study_day("AENDT"))
        .pipe(with_cycle, exposure.cycles, date="ASTDT")
    )
    treated = pl.col("DOSED").fill_null(False)
    no_date = treated & pl.col("AESTDTC").is_null()
    findings = [
        remark(
            rows,
            when=pl.col("ASTDTF").is_not_null() & (pl.col("TRTEMFL") == "Y"),
            message=pl.format(
                "AESTDTC '{}' is not complete: treatment-emergent, since its known part does "
                "not exclude it",
                "AESTDTC",
            ),
            file=file,
        ),
        remark(
            rows,
            when=no_date,
            message=pl.lit(
                "AESTDTC is missing: whether the event is treatment-emergent is not known"
            ),
            file=file,
        ),
    ]
    return rows, findings


def treatment_emergent(days_after_last_dose: int) -> pl.Expr:
    """TRTEMFL: Y where the event began on or after the first dose and at most some days after the
    last dose day of the last cycle (time between cycles counts), else N.

    An incomplete date is Y unless its known part excludes it. Missing for a wholly missing date,
    for a subject never treated, and where the dates of treatment leave the answer open.

    Source: ICH E9; CDISC ADaM OCCDS, TRTEMFL.
    """
    margin = pl.duration(days=days_after_last_dose)
    first, last = pl.col("AESTDTC_FIRST"), pl.col("AESTDTC_LAST")
    outside = (last < pl.col("TRTSDT_MIN")) | (first > pl.col("TRTEDT_MAX") + margin)
    inside = (last >= pl.col("TRTSDT_MAX")) & (first <= pl.col("TRTEDT_MIN") + margin)
    # a null condition falls through to the next branch: here that is what is meant
    return (
        pl.when(first.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(outside)
        .then(pl.lit("N"))
        .when(inside)
        .then(pl.lit("Y"))
    )
