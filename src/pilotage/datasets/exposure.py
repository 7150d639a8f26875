"""What the dose rows say of each subject: first and last dose, cycles, mean daily dose."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from pilotage.datasets.cycles import bounded_counts, counts_of, cycles_of, with_cycle_number
from pilotage.datasets.dose_changes import dose_changes
from pilotage.datasets.neighbours import latest_before
from pilotage.datasets.remarks import Check, remark, remarks
from pilotage.datasets.small_plans import as_written
from pilotage.datasets.study_day import complete
from pilotage.instruments.division import quotient
from pilotage.snapshot.dates import with_interval
from pilotage.study.doses import DOSES_PER_DAY


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the EX rows say of each subject.

    rows: every EX row with ASTDT AENDT ONGOING MDD CYCLE. subjects, one row per subject, in the
    order of their numbers in the enumeration USUBJID: IN_EX where it has EX rows, DOSED (null where
    only a missing dose could make it so), TRTSDT TRTEDT and their bounds _MIN _MAX, ONGOING NCYCLES
    CYC1DAYS (bounds _LEAST _MOST) TRTDURD. cycles: USUBJID CYCLE CYCSTDT CYCENDT ONGOING; periods,
    beside the subjects: BEGIN0 END0 BEGIN1… of the same; changes: USUBJID DATE BEFORE AFTER.
    Subjects with a dose of incomplete date have no cycles and no changes.
    """

    rows: pl.DataFrame
    subjects: pl.DataFrame
    cycles: pl.DataFrame
    periods: pl.DataFrame
    changes: pl.DataFrame
    findings: list[pl.LazyFrame]

    def of(self, who: pl.Series, *columns: str) -> pl.DataFrame:
        """What `subjects` say of each of these subjects, in the columns named."""
        return self.subjects[list(columns)][who.to_physical()]

    def periods_of(self, who: pl.Series) -> pl.DataFrame:
        return self.periods[who.to_physical()] if self.periods.width else self.periods


_DOSED, _NONE = pl.col("EXDOSE") > 0, pl.col("EXDOSE") == 0
_PERHAPS = _DOSED | pl.col("EXDOSE").is_null()
_INCOMPLETE = pl.col("ASTDT").is_null() | pl.col("AENDT").is_null()
_DOUBTFUL = _PERHAPS & (_INCOMPLETE | pl.col("EXDOSE").is_null())
_CERTAIN = (~_DOUBTFUL.any().over("USUBJID")).alias("CERTAIN")
_BOUNDS_OF_FIRST = [pl.col("CYC1DAYS").alias(f"CYC1DAYS_{bound}") for bound in ("LEAST", "MOST")]


def exposure(ex: pl.DataFrame, *, cut: date, unit: str, gap: int, file: str) -> Exposure:
    """Read the EX rows as periods of treatment.

    A blank end is ongoing at the data cut. A cycle is a run of rows with a dose above 0 and at most
    `gap` days without drug between them; changes of dose stay inside it.
    """
    rows = _with_dates(ex, cut).with_columns(_mean_daily_dose(), _CERTAIN).pipe(as_written)
    sure = rows["CERTAIN"]
    rows = rows.drop("CERTAIN")
    certain = rows if sure.all() else rows.filter(sure)
    numbered = with_cycle_number(certain.filter(_DOSED), gap)
    cycles = cycles_of(numbered)
    counts = counts_of(cycles).with_columns(_BOUNDS_OF_FIRST)
    if certain.height < rows.height:
        perhaps = rows.filter(~sure).filter(_PERHAPS)
        counts = pl.concat([counts, bounded_counts(perhaps, gap)])
    periods = _periods(cycles)
    of_subjects = _of_every_subject(ex["USUBJID"], [_subjects(rows), counts, periods.lazy()])
    days_of_cycles = [column for column in periods.columns if column != "USUBJID"]
    return Exposure(
        rows=rows.join(
            numbered[["USUBJID", "EXSEQ", "CYCLE"]], on=["USUBJID", "EXSEQ"], how="left"
        ),
        subjects=of_subjects.drop(days_of_cycles),
        cycles=cycles,
        periods=of_subjects.select(days_of_cycles),
        changes=dose_changes(certain),
        findings=_remarks(rows, file, unit),
    )


def _of_every_subject(who: pl.Series, known: list[pl.LazyFrame]) -> pl.DataFrame:
    """One row for each subject of the enumeration, in its order, with what is known of it."""
    kind = who.dtype
    assert isinstance(kind, pl.Enum)
    everyone = pl.DataFrame([kind.categories.cast(kind).alias("USUBJID")]).lazy()
    for each in known:
        everyone = everyone.join(each, on="USUBJID", how="left", maintain_order="left")
    return everyone.pipe(as_written)


def _periods(cycles: pl.DataFrame) -> pl.DataFrame:
    """One row per subject with the first and the last day of each cycle, a column each."""
    number = cycles["CYCLE"].max() or 0
    assert isinstance(number, int)
    return cycles.group_by("USUBJID").agg(_days_of_cycles(number))


@cache
def _days_of_cycles(number: int) -> list[pl.Expr]:
    of = [pl.col("CYCLE") == cycle for cycle in range(1, number + 1)]
    return [
        *(pl.col("CYCSTDT").filter(own).first().alias(f"BEGIN{n}") for n, own in enumerate(of)),
        *(pl.col("CYCENDT").filter(own).first().alias(f"END{n}") for n, own in enumerate(of)),
    ]


def _with_dates(ex: pl.DataFrame, cut: date) -> pl.LazyFrame:
    """ASTDT, AENDT where complete, ONGOING, and END_FIRST, END_LAST as the end allows."""
    both = with_interval(ex, "EXSTDTC", "EXENDTC").lazy()
    goes_on_to = pl.when(_ONGOING).then(pl.max_horizontal(pl.lit(cut), "EXSTDTC_LAST"))
    return both.with_columns(
        complete("EXSTDTC_FIRST", "EXSTDTC_LAST").alias("ASTDT"),
        goes_on_to.otherwise("EXENDTC_FIRST").alias("END_FIRST"),
        goes_on_to.otherwise("EXENDTC_LAST").alias("END_LAST"),
        _ONGOING,
    ).with_columns(_COMPLETE_END)


_ONGOING = pl.col("EXENDTC").is_null().alias("ONGOING")
_COMPLETE_END = complete("END_FIRST", "END_LAST").alias("AENDT")


@cache
def _mean_daily_dose() -> pl.Expr:
    """MDD in the study's dose unit: dose 0 is 0, otherwise the dose times its frequency; missing
    where the frequency or the unit is missing."""
    frequency = dosing_frequency()
    doses = frequency.replace_strict(
        {code: float(n) for code, (n, _) in DOSES_PER_DAY.items()}, default=None
    )
    days = frequency.replace_strict(
        {code: float(d) for code, (_, d) in DOSES_PER_DAY.items()}, default=None
    )
    in_unit = pl.when(pl.col("EXDOSU").is_not_null()).then(pl.col("EXDOSE"))
    mean = pl.when(pl.col("EXDOSE") == 0).then(0.0).otherwise(quotient(in_unit * doses, days))
    return mean.alias("MDD")


@cache
def dosing_frequency() -> pl.Expr:
    """EXDOSFRQ in capital letters, as the codes are written: qd is QD."""
    return pl.col("EXDOSFRQ").str.to_uppercase()


def _remarks(rows: pl.DataFrame, file: str, unit: str) -> list[pl.LazyFrame]:
    return [
        *remarks(rows, _checks(unit), file=file),
        *_spellings(rows, file, unit),
        *_overlaps(rows, file),
    ]


@cache
def _checks(unit: str) -> list[Check]:
    frequency, dose_unit, dosed = pl.col("EXDOSFRQ"), pl.col("EXDOSU"), _DOSED
    known_frequency = dosing_frequency().is_in(list(DOSES_PER_DAY))
    known = ", ".join(DOSES_PER_DAY)
    return [
        Check(
            dosed & ~known_frequency,
            pl.format("EXDOSFRQ '{}' is not a dosing frequency; known are " + known, frequency),
            severity="error",
        ),
        Check(
            dosed & (dose_unit.str.to_lowercase() != unit.lower()),
            pl.format(
                "EXDOSU '{}' is not the dose unit of the study; doses are given in " + unit,
                dose_unit,
            ),
            severity="error",
        ),
        Check(
            dosed & frequency.is_null(),
            pl.lit("EXDOSFRQ is missing: the mean daily dose is not known"),
        ),
        Check(
            dosed & dose_unit.is_null(),
            pl.lit("EXDOSU is missing: the mean daily dose is not known"),
        ),
        Check(
            pl.col("EXDOSE").is_null(),
            pl.lit("EXDOSE is missing: whether drug was taken is not known"),
        ),
        Check(
            dosed & _INCOMPLETE,
            pl.lit(
                "the dates of this dose are not complete: the cycles of the subject are not known"
            ),
        ),
    ]


def _spellings(rows: pl.DataFrame, file: str, unit: str) -> list[pl.LazyFrame]:
    """A note for each frequency and unit that is known but for small and capital letters."""
    notes = []
    for column, meant in (("EXDOSFRQ", dosing_frequency()), ("EXDOSU", pl.lit(unit))):
        known = (*DOSES_PER_DAY, unit)
        if {*rows[column].to_list()}.issubset((*known, None, "")):
            continue
        spelt = rows.filter(_DOSED & (pl.col(column) != meant)).unique(column)
        words = pl.format(column + " '{}' is read as {}", pl.col(column), meant)
        note = remark(spelt, words, file=file, severity="note")
        notes.append(note.with_columns(WHERE=pl.lit(file), USUBJID=pl.lit(None, pl.String)))
    return notes


def _overlaps(rows: pl.DataFrame, file: str) -> list[pl.LazyFrame]:
    """Doses that begin before an earlier one has ended, and days that one row calls days without
    drug and another days with."""
    judged = (
        rows.lazy()
        .select("USUBJID", "ASTDT", "AENDT", "EXSEQ", "EXDOSE", "SRCLINE")
        .sort("USUBJID", "ASTDT", "EXSEQ", nulls_last=True)
        .with_columns(_EARLIER_ENDS)
    )
    return remarks(judged, _OVERLAPPING, file=file)


def _earlier_end(of: pl.Expr) -> pl.Expr:
    return latest_before(pl.when(of).then("AENDT"))


_EARLIER_ENDS = [_earlier_end(_DOSED).alias("DOSED_TO"), _earlier_end(_NONE).alias("NONE_TO")]
_OVERLAPPING = (
    Check(
        _DOSED & (pl.col("ASTDT") <= pl.col("DOSED_TO")),
        pl.lit(
            "this dose begins before an earlier one has ended: doses of a day add up, but for "
            "the last day of one that is the first of the next: it counts for the next"
        ),
    ),
    Check(
        (_NONE & (pl.col("ASTDT") < pl.col("DOSED_TO")))
        | (_DOSED & (pl.col("ASTDT") < pl.col("NONE_TO"))),
        pl.lit(
            "one row says no drug on days on which another says a dose: the dose counts; end "
            "the dose before the pause, or correct the pause"
        ),
    ),
)


def _subjects(rows: pl.DataFrame) -> pl.LazyFrame:
    """DOSED, and the first and last dose: known where the earliest and the latest possible day are
    one and the same. A row whose dose is missing may be a dose. IN_EX is true."""
    bounds = rows.lazy().group_by("USUBJID").agg(_FIRST_AND_LAST)
    return bounds.with_columns(_WHERE_KNOWN)


_START_KNOWN = pl.when(pl.col("EXSTDTC_FIRST").filter(_PERHAPS).is_not_null().all())
_END_KNOWN = pl.when(pl.col("END_FIRST").filter(_PERHAPS).is_not_null().all())
_FIRST_AND_LAST = [
    _DOSED.any(ignore_nulls=False).alias("DOSED"),
    _START_KNOWN.then(pl.col("EXSTDTC_FIRST").filter(_PERHAPS).min()).alias("TRTSDT_MIN"),
    _START_KNOWN.then(pl.col("EXSTDTC_LAST").filter(_DOSED).min()).alias("TRTSDT_MAX"),
    _END_KNOWN.then(pl.col("END_FIRST").filter(_DOSED).max()).alias("TRTEDT_MIN"),
    _END_KNOWN.then(pl.col("END_LAST").filter(_PERHAPS).max()).alias("TRTEDT_MAX"),
]
_WHERE_KNOWN = [
    complete("TRTSDT_MIN", "TRTSDT_MAX").alias("TRTSDT"),
    complete("TRTEDT_MIN", "TRTEDT_MAX").alias("TRTEDT"),
    pl.lit(True).alias("IN_EX"),
]
