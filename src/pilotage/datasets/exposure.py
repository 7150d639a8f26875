"""What the dose rows say of each subject: first and last dose, cycles, mean daily dose."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from pilotage.datasets.cycles import bounded_counts, counts_of, cycles_of, with_cycle_number
from pilotage.datasets.dose_changes import dose_changes
from pilotage.datasets.remarks import Check, remark, remarks
from pilotage.datasets.study_day import complete
from pilotage.instruments.division import quotient
from pilotage.snapshot.dates import with_interval
from pilotage.study.doses import DOSES_PER_DAY


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the EX rows say of each subject.

    rows: every EX row with ASTDT AENDT ONGOING MDD CYCLE. subjects, one row per subject with EX
    rows: DOSED (null where only a missing dose could make it so), TRTSDT TRTEDT and their bounds
    _MIN _MAX, ONGOING NCYCLES CYC1DAYS (bounds _LEAST _MOST) TRTDURD. cycles: USUBJID CYCLE
    CYCSTDT CYCENDT ONGOING; periods: USUBJID BEGIN0 END0 BEGIN1… of the same; changes: USUBJID
    DATE BEFORE AFTER. Subjects with a dose of incomplete date have no cycles and no changes.
    """

    rows: pl.DataFrame
    subjects: pl.DataFrame
    cycles: pl.DataFrame
    periods: pl.DataFrame
    changes: pl.DataFrame
    findings: list[pl.LazyFrame]


def exposure(ex: pl.DataFrame, *, cut: date, unit: str, gap: int, file: str) -> Exposure:
    """Read the EX rows as periods of treatment.

    A blank end is ongoing at the data cut. A cycle is a run of rows with a dose above 0 and at most
    `gap` days without drug between them; changes of dose stay inside it.
    """
    rows = _with_mean_daily_dose(_with_dates(ex, cut)).collect(engine="in-memory")
    incomplete = pl.col("ASTDT").is_null() | pl.col("AENDT").is_null()
    dosed = pl.col("EXDOSE") > 0
    perhaps = dosed | pl.col("EXDOSE").is_null()
    doubtful = perhaps & (incomplete | pl.col("EXDOSE").is_null())
    uncertain = rows["USUBJID"].filter(rows.select(doubtful).to_series()).unique()
    certain = ~pl.col("USUBJID").is_in(uncertain.implode()) if uncertain.len() else pl.lit(True)
    numbered = with_cycle_number(rows.filter(dosed & certain), gap)
    cycles = cycles_of(numbered)
    counts = counts_of(cycles).with_columns(
        CYC1DAYS_LEAST=pl.col("CYC1DAYS"), CYC1DAYS_MOST=pl.col("CYC1DAYS")
    )
    if uncertain.len():
        counts = pl.concat([counts, bounded_counts(rows.filter(perhaps & ~certain), gap)])
    return Exposure(
        rows=rows.join(
            numbered.select("USUBJID", "EXSEQ", "CYCLE"), on=["USUBJID", "EXSEQ"], how="left"
        ),
        subjects=_subjects(rows).join(counts, on="USUBJID", how="left").collect(engine="in-memory"),
        cycles=cycles,
        periods=_periods(cycles),
        changes=dose_changes(rows.filter(certain & ~incomplete)),
        findings=_remarks(rows, file, unit),
    )


def _periods(cycles: pl.DataFrame) -> pl.DataFrame:
    """One row per subject with the first and the last day of each cycle, a column each."""
    number = cycles["CYCLE"].max() or 0
    assert isinstance(number, int)
    of = [pl.col("CYCLE") == cycle for cycle in range(1, number + 1)]
    return cycles.group_by("USUBJID").agg(
        *(pl.col("CYCSTDT").filter(own).first().alias(f"BEGIN{n}") for n, own in enumerate(of)),
        *(pl.col("CYCENDT").filter(own).first().alias(f"END{n}") for n, own in enumerate(of)),
    )


def _with_dates(ex: pl.DataFrame, cut: date) -> pl.LazyFrame:
    """ASTDT, AENDT where complete, ONGOING, and END_FIRST, END_LAST as the end allows."""
    both = with_interval(ex, "EXSTDTC", "EXENDTC").lazy()
    ongoing = pl.col("EXENDTC").is_null()
    start = complete("EXSTDTC_FIRST", "EXSTDTC_LAST")
    goes_on_to = pl.max_horizontal(pl.lit(cut), "EXSTDTC_LAST")
    return both.with_columns(
        ASTDT=start,
        END_FIRST=pl.when(ongoing).then(goes_on_to).otherwise("EXENDTC_FIRST"),
        END_LAST=pl.when(ongoing).then(goes_on_to).otherwise("EXENDTC_LAST"),
        ONGOING=ongoing,
    ).with_columns(AENDT=complete("END_FIRST", "END_LAST"))


def _with_mean_daily_dose(rows: pl.LazyFrame) -> pl.LazyFrame:
    """MDD in the study's dose unit: dose 0 is 0, otherwise the dose times its frequency; missing
    where the frequency or the unit is missing."""
    return rows.with_columns(MDD=_mean_daily_dose())


@cache
def _mean_daily_dose() -> pl.Expr:
    frequency = dosing_frequency()
    doses = frequency.replace_strict(
        {code: float(n) for code, (n, _) in DOSES_PER_DAY.items()}, default=None
    )
    days = frequency.replace_strict(
        {code: float(d) for code, (_, d) in DOSES_PER_DAY.items()}, default=None
    )
    in_unit = pl.when(pl.col("EXDOSU").is_not_null()).then(pl.col("EXDOSE"))
    return pl.when(pl.col("EXDOSE") == 0).then(0.0).otherwise(quotient(in_unit * doses, days))


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
    frequency, dose_unit, dosed = pl.col("EXDOSFRQ"), pl.col("EXDOSU"), pl.col("EXDOSE") > 0
    known_frequency = dosing_frequency().is_in(list(DOSES_PER_DAY))
    known = ", ".join(DOSES_PER_DAY)
    incomplete = pl.col("ASTDT").is_null() | pl.col("AENDT").is_null()
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
            dosed & incomplete,
            pl.lit(
                "the dates of this dose are not complete: the cycles of the subject are not known"
            ),
        ),
    ]


def _spellings(rows: pl.DataFrame, file: str, unit: str) -> list[pl.LazyFrame]:
    """A note for each frequency and unit that is known but for small and capital letters."""
    notes = []
    dosed = pl.col("EXDOSE") > 0
    for column, meant in (("EXDOSFRQ", dosing_frequency()), ("EXDOSU", pl.lit(unit))):
        known = (*DOSES_PER_DAY, unit)
        if all(spelling in known for spelling in rows[column].unique() if spelling):
            continue
        spelt = rows.filter(dosed & (pl.col(column) != meant)).unique(column)
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
        .with_columns(DOSED_TO=_earlier_end(_DOSED), NONE_TO=_earlier_end(_NONE))
    )
    return remarks(judged.collect(engine="in-memory"), _OVERLAPPING, file=file)


def _earlier_end(of: pl.Expr) -> pl.Expr:
    ends = pl.when(of).then("AENDT")
    return ends.cum_max().forward_fill().shift(1).over("USUBJID")


_DOSED, _NONE = pl.col("EXDOSE") > 0, pl.col("EXDOSE") == 0
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
    one and the same. A row whose dose is missing may be a dose."""
    dosed = pl.col("EXDOSE") > 0
    perhaps = dosed | pl.col("EXDOSE").is_null()
    start_known = pl.col("EXSTDTC_FIRST").filter(perhaps).is_not_null().all()
    end_known = pl.col("END_FIRST").filter(perhaps).is_not_null().all()

    bounds = (
        rows.lazy()
        .group_by("USUBJID")
        .agg(
            DOSED=dosed.any(ignore_nulls=False),
            TRTSDT_MIN=pl.when(start_known).then(pl.col("EXSTDTC_FIRST").filter(perhaps).min()),
            TRTSDT_MAX=pl.when(start_known).then(pl.col("EXSTDTC_LAST").filter(dosed).min()),
            TRTEDT_MIN=pl.when(end_known).then(pl.col("END_FIRST").filter(dosed).max()),
            TRTEDT_MAX=pl.when(end_known).then(pl.col("END_LAST").filter(perhaps).max()),
        )
    )
    return bounds.with_columns(
        TRTSDT=complete("TRTSDT_MIN", "TRTSDT_MAX"), TRTEDT=complete("TRTEDT_MIN", "TRTEDT_MAX")
    )
