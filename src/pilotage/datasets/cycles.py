"""Treatment cycles: runs of doses without a long gap."""

import polars as pl

from pilotage.datasets.neighbours import counted, latest_before
from pilotage.datasets.small_plans import as_written, improved

EXACT = ("ASTDT", "AENDT")
LONGEST = ("EXSTDTC_FIRST", "END_LAST")
SHORTEST = ("EXSTDTC_LAST", "END_FIRST")
"""Columns of the first and last day of a dose: where known, and as the parts of the date allow."""


def with_cycle_number(
    dosed: pl.DataFrame, gap: int, *, days: tuple[str, str] = EXACT
) -> pl.DataFrame:
    """Number the cycles of each subject from 1, in the order of the dates: a new one begins after
    more than `gap` days without drug."""
    start, end = days
    ordered = dosed.lazy().sort("USUBJID", start, "EXSEQ")
    # after a dose whose end is not known, another cycle begins
    last_day = pl.when(pl.col(end).shift(1).is_not_null()).then(latest_before(pl.col(end)))
    without_drug = (pl.col(start) - last_day).dt.total_days() - 1
    starts = (without_drug > gap).fill_null(True)
    return ordered.with_columns(CYCLE=counted(starts)).pipe(improved)


def cycles_of(numbered: pl.DataFrame, *, days: tuple[str, str] = EXACT) -> pl.DataFrame:
    """USUBJID, CYCLE, CYCSTDT, CYCENDT, ONGOING, one row per cycle."""
    start, end = days
    return (
        numbered.lazy()
        .group_by("USUBJID", "CYCLE")
        .agg(
            CYCSTDT=pl.col(start).min(),
            CYCENDT=pl.col(end).max(),
            ONGOING=pl.col("ONGOING").any(),
        )
        .sort("USUBJID", "CYCLE")
        .pipe(as_written)
    )


def counts_of(cycles: pl.DataFrame) -> pl.LazyFrame:
    """USUBJID, ONGOING, NCYCLES, CYC1DAYS (of the first cycle), TRTDURD (of all cycles)."""
    days = (pl.col("CYCENDT") - pl.col("CYCSTDT")).dt.total_days() + 1
    return (
        cycles.lazy()
        .group_by("USUBJID")
        .agg(
            ONGOING=pl.col("ONGOING").any(),
            NCYCLES=pl.col("CYCLE").max(),
            CYC1DAYS=days.filter(pl.col("CYCLE") == 1).first(),
            TRTDURD=days.sum(),
        )
    )


def bounded_counts(perhaps: pl.DataFrame, gap: int) -> pl.LazyFrame:
    """The same for subjects with doses of incomplete dates or missing dose: NCYCLES, CYC1DAYS and
    TRTDURD where the longest and the shortest treatment that the rows allow agree, and the bounds
    of CYC1DAYS. Which dose came first must be known; else only the upper bound is."""
    start_known = (pl.col("EXSTDTC_FIRST") == pl.col("EXSTDTC_LAST")).fill_null(False)
    surely = perhaps.filter(pl.col("EXDOSE") > 0).with_columns(
        pl.max_horizontal(*SHORTEST).alias(SHORTEST[1])
    )
    most = counts_of(cycles_of(with_cycle_number(perhaps, gap, days=LONGEST), days=LONGEST))
    least = counts_of(cycles_of(with_cycle_number(surely, gap, days=SHORTEST), days=SHORTEST))
    order = (
        perhaps.lazy()
        .group_by("USUBJID")
        .agg(
            ORDERED=(start_known.all() | (pl.len() == 1)),
            SURE=(pl.col("EXDOSE").is_not_null() & start_known).all(),
            POSSIBLE=pl.col("EXSTDTC_FIRST").is_not_null().all()
            & pl.col("END_LAST").is_not_null().all(),
        )
    )
    both = most.join(least, on="USUBJID", how="left", suffix="_LEAST").join(order, on="USUBJID")
    agreed = [
        pl.when(pl.col("SURE") & (pl.col(name) == pl.col(f"{name}_LEAST")))
        .then(pl.col(name))
        .alias(name)
        for name in ("NCYCLES", "CYC1DAYS", "TRTDURD")
    ]
    return both.select(
        "USUBJID",
        "ONGOING",
        *agreed,
        CYC1DAYS_LEAST=pl.when("ORDERED").then(pl.col("CYC1DAYS_LEAST")),
        CYC1DAYS_MOST=pl.when("POSSIBLE").then(pl.col("CYC1DAYS")),
    )
