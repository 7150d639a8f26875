"""Which dose a subject had on a day, since when, and in which cycle, of all subjects at once."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pilotage.datasets import Datasets
from pilotage.datasets.cycles import with_cycle_number
from pilotage.rules.moments import (
    ALWAYS,
    NEVER,
    NOT_COMPUTED,
    UNDATED,
    Found,
    Moments,
    Records,
    Truth,
    Whole,
    last_on_or_before,
    records,
)
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Treatment


@dataclass(frozen=True)
class Doses:
    """The doses of every subject. Days are days since 1970.

    `changes`: each day on which the dose differs from the day before, with STEP (the place in the
    ladder; null where the dose is none of its steps, or doses overlap) and MDD (mean daily dose).
    `cycles`: the first day of each cycle, with CYCLE. By subject `begun` is the first day on which
    a dose may have begun, `started` the last one on which the first may, and `known_to` the last
    moment at which all doses begun before are known; `why` is the problem after it.
    """

    changes: Records
    cycles: Records
    begun: Whole
    started: Whole
    known_to: Whole
    why: Whole

    def change_before(self, at: Moments) -> Found:
        """The last change before each day (row -1: no dose was begun yet), and whether the doses
        are known."""
        row, _ = last_on_or_before(self.changes, at.earlier(1))
        return Found(row, self._doubt(at))

    def cycle_before(self, at: Moments) -> Found:
        """The last cycle begun before each day."""
        row, _ = last_on_or_before(self.cycles, at.earlier(1))
        return Found(row, self._doubt(at))

    def begun_before(self, at: Moments) -> Truth:
        """May a dose have begun before each day?"""
        known: Truth = (self.begun[at.subject] < at.day) & (at.subject >= 0)
        return known

    def _doubt(self, at: Moments) -> Whole:
        place = np.maximum(at.subject, 0)
        doubtful = (at.day > self.known_to[place]) | (at.subject < 0)
        return np.where(doubtful, self.why[place], 0)


_ENDS_FROM = pl.max_horizontal("EXENDTC_FIRST", "ASTDT")


def doses_of(datasets: Datasets, subjects: pl.Series, treatment: Treatment) -> Doses:
    """Read the dose rows. Rows without drug only say what the absence of rows says."""
    rows = _rows(datasets.adex, treatment)
    perhaps = rows.filter((pl.col("EXDOSE") > 0) | pl.col("EXDOSE").is_null())
    doubtful = perhaps.filter(
        pl.col("EXDOSE").is_null() | pl.col("ASTDT").is_null() | pl.col("AENDT").is_null()
    )
    # A dose of unknown last day surely went on up to the first day that this can be.
    sure = perhaps.filter(pl.col("EXDOSE").is_not_null() & pl.col("ASTDT").is_not_null())
    sure = sure.with_columns(
        CLOSED=pl.col("AENDT").is_not_null(), AENDT=pl.coalesce("AENDT", _ENDS_FROM)
    )
    numbered = with_cycle_number(sure, treatment.days_without_drug_within_cycle)
    cycles = numbered.sort("ASTDT", "EXSEQ").unique(["USUBJID", "CYCLE"], keep="first")
    place = pl.col("USUBJID").cast(pl.Enum(subjects), strict=False).to_physical().cast(pl.Int64)
    begun = np.full(len(subjects), ALWAYS, dtype=np.int64)
    started = begun.copy()
    known_to, why = begun.copy(), np.full(len(subjects), UNDATED, dtype=np.int64)
    first = perhaps.group_by(place.alias("SUBJECT")).agg(
        pl.col("EXSTDTC_FIRST").to_physical().cast(pl.Int64).fill_null(NEVER).min(),
        pl.col("EXSTDTC_LAST").to_physical().cast(pl.Int64).fill_null(ALWAYS).min(),
    )
    begun[first["SUBJECT"].to_numpy()] = first["EXSTDTC_FIRST"].to_numpy()
    started[first["SUBJECT"].to_numpy()] = first["EXSTDTC_LAST"].to_numpy()
    since = (
        pl.when(pl.col("EXDOSE").is_null() | pl.col("ASTDT").is_null())
        .then(pl.col("EXSTDTC_FIRST"))
        .otherwise(_ENDS_FROM)
    )
    doubt = doubtful.group_by(place.alias("SUBJECT")).agg(
        SINCE=since.to_physical().cast(pl.Int64).fill_null(NEVER).min(),
        NO_DOSE=pl.col("EXDOSE").is_null().any(),
    )
    known_to[doubt["SUBJECT"].to_numpy()] = doubt["SINCE"].to_numpy()
    unread = doubt.filter("NO_DOSE")["SUBJECT"].to_numpy()
    why[unread] = NOT_COMPUTED
    return Doses(
        changes=records(_changes(sure, treatment), subjects),
        cycles=records(_dated(cycles, "ASTDT"), subjects),
        begun=begun,
        started=started,
        known_to=known_to,
        why=why,
    )


def _rows(adex: pl.DataFrame, treatment: Treatment) -> pl.DataFrame:
    """The dose rows with STEP, and with no end where the dose goes on."""
    steps = {step.step: at for at, step in enumerate(treatment.ladder)}
    step = pl.col("DOSESTEP").replace_strict(steps, default=None, return_dtype=pl.Int64)
    goes_on = pl.col("ONGOFL") == "Y"
    far = pl.lit(ALWAYS // 2**15, pl.Int32).cast(pl.Date)
    dated = with_interval(with_interval(adex, "EXSTDTC"), "EXENDTC")
    return dated.with_columns(
        STEP=pl.when(pl.col("AVAL").is_not_null()).then(step),
        AENDT=pl.when(goes_on).then(far).otherwise("AENDT"),
        FAR=far,
        GOES_ON=goes_on,
    )


def _changes(sure: pl.DataFrame, treatment: Treatment) -> pl.DataFrame:
    """The days on which the step changes. Where a dose begins although an earlier one has not
    ended (other than on its last day), which dose was taken is not known."""
    none = next((at for at, step in enumerate(treatment.ladder) if not step.dose), None)
    following = pl.col("ASTDT").shift(-1).over("USUBJID")
    before = pl.col("AENDT").cum_max().shift(1).over("USUBJID")
    earlier_start = pl.col("ASTDT").shift(1).over("USUBJID")
    crossed = ((pl.col("ASTDT") < before) | (pl.col("ASTDT") == earlier_start)).fill_null(False)
    one = pl.duration(days=1)
    stretches = (
        sure.sort("USUBJID", "ASTDT", "EXSEQ")
        .with_columns(CROSSED=crossed, FOLLOWING=following)
        .with_columns(
            END=pl.min_horizontal(pl.col("AENDT"), pl.col("FOLLOWING") - one),
            STEP=pl.when(~pl.col("CROSSED")).then("STEP"),
            MDD=pl.when(~pl.col("CROSSED")).then("AVAL"),
        )
        .filter(pl.col("END") >= pl.col("ASTDT"))
    )
    starts = stretches.select("USUBJID", "EXSEQ", "STEP", "MDD", DATE="ASTDT")
    gap = pl.col("FOLLOWING").is_null() | (pl.col("FOLLOWING") > pl.col("END") + one)
    over = pl.col("CLOSED") & (pl.col("END") < pl.col("FAR"))
    ends = stretches.filter(gap & over).select(
        "USUBJID",
        "EXSEQ",
        pl.lit(none, pl.Int64).alias("STEP"),
        pl.lit(0.0).alias("MDD"),
        DATE=pl.col("END") + one,
    )
    both = pl.concat([starts, ends]).sort("USUBJID", "DATE", "EXSEQ")
    # Two rows of a dose that is none of the steps are one stretch as well.
    again = (
        pl.col("STEP").eq_missing(pl.col("STEP").shift(1).over("USUBJID"))
        & (pl.col("MDD") == pl.col("MDD").shift(1).over("USUBJID"))
    ).fill_null(False)
    return _dated(both.filter(~again), "DATE")


def _dated(rows: pl.DataFrame, day: str) -> pl.DataFrame:
    return rows.with_columns(
        DTC=pl.col(day).dt.to_string("%Y-%m-%d"),
        ORDER=pl.col("EXSEQ").cast(pl.Int64),
        SRCDOM=pl.lit("EX"),
        SRCSEQ=pl.col("EXSEQ").cast(pl.Int64),
    )
