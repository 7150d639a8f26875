"""ADAE: every adverse event, with its study days and whether it emerged under treatment."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl

from pilotage.datasets.event_codes import with_codes
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import Check, remarks
from pilotage.datasets.small_plans import as_written
from pilotage.datasets.study_day import complete, missing_part, study_day
from pilotage.datasets.timing import in_cycles
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import Protocol

TREATMENT_BOUNDS = ("TRTSDT_MIN", "TRTSDT_MAX", "TRTEDT_MIN", "TRTEDT_MAX")
NO_YEAR = pl.col("AESTDTC").is_not_null() & pl.col("AESTDTC_FIRST").is_null()
"""The year of the start is unknown: `--03-15`, `--03`, `----15`."""
_DAY_WITHOUT_YEAR = re.compile(r"-(?:-(?P<month>[0-9]{2})|--)(?:-(?P<day>[0-9]{2}))?")


def adverse_events(
    ae: pl.DataFrame, exposure: Exposure, protocol: Protocol, *, file: str
) -> tuple[pl.DataFrame, list[pl.LazyFrame]]:
    """Every row of AE with ASTDT, ASTDTF, ASTDY, AENDT, AENDY, TRTEMFL, and codes of the study in
    AESER and AESEV. Returns rows, findings."""
    margin = timedelta(days=protocol.adverse_events.days_after_last_dose)
    coded, code_findings = with_codes(ae, protocol, file=file)
    treated = exposure.of(coded["USUBJID"], "DOSED", "TRTSDT", *TREATMENT_BOUNDS)
    periods = exposure.periods_of(coded["USUBJID"])
    dated = (
        with_interval(coded, "AESTDTC", "AEENDTC")
        .hstack([*treated, *periods])
        .lazy()
        .with_columns(_placed(margin))
        .with_columns(ASTDY=study_day("ASTDT"), AENDY=study_day("AENDT"))
        .with_columns(in_cycles(exposure, date="ASTDT"))
        .drop(periods.columns)
    )
    rows = _with_unknown_years(dated.pipe(as_written), margin)
    return rows, [*code_findings, *remarks(rows, _CHECKS, file=file)]


@cache
def _placed(margin: timedelta) -> tuple[pl.Expr, ...]:
    partial = missing_part("AESTDTC_FIRST", "AESTDTC_LAST")
    return (
        complete("AESTDTC_FIRST", "AESTDTC_LAST").alias("ASTDT"),
        pl.when(NO_YEAR).then(pl.lit("Y")).otherwise(partial).alias("ASTDTF"),
        complete("AEENDTC_FIRST", "AEENDTC_LAST").alias("AENDT"),
        treatment_emergent(margin).alias("TRTEMFL"),
        pl.lit("AE").alias("SRCDOM"),
        pl.col("AESEQ").alias("SRCSEQ"),
    )


def treatment_emergent(margin: timedelta) -> pl.Expr:
    """TRTEMFL: Y where the event began on or after the first dose and at most `margin` after the
    last dose day of the last cycle (time between cycles counts), else N.

    An incomplete date is Y unless its known part excludes it. Missing for a date that is missing or
    has no year, for a subject never treated, and where the dates of treatment leave the answer
    open.

    Source: ICH E9; CDISC ADaM OCCDS, TRTEMFL.
    """
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


def _with_unknown_years(rows: pl.DataFrame, margin: timedelta) -> pl.DataFrame:
    """The rows with TRTEMFL also where the year of the start is unknown, which is rare: N where the
    known month and day never come in the time that counts, Y where they do."""
    if not (rows["ASTDTF"] == "Y").any():
        return rows
    some = rows.with_row_index("ROW").filter(NO_YEAR, pl.col("DOSED"))
    flags = pl.Series([_emergent(row, margin) for row in some.to_dicts()], dtype=pl.String)
    return rows.with_columns(rows["TRTEMFL"].scatter(some["ROW"], flags))


def _emergent(row: Mapping[str, Any], margin: timedelta) -> str | None:
    """TRTEMFL of a date without a year; null where the dates of treatment leave it open."""
    bounds = [row[name] for name in TREATMENT_BOUNDS]
    if None in bounds:
        return None
    first_least, first_most, last_least, last_most = bounds
    days = _DAY_WITHOUT_YEAR.fullmatch(row["AESTDTC"])
    assert days is not None  # the snapshot has refused every other form
    if not _comes(days, first_least, last_most + margin):
        return "N"
    return "Y" if _comes(days, first_most, last_least + margin) else None


def _comes(days: re.Match[str], first: date, last: date) -> bool:
    """Does a day with this month, this day of the month, or both, come between two days?"""
    months = [int(days["month"])] if days["month"] else range(1, 13)
    for year in range(first.year, last.year + 1):
        for month in months:
            length = monthrange(year, month)[1]
            start, end = int(days["day"] or 1), int(days["day"] or length)
            if end > length:
                continue
            if date(year, month, start) <= last and date(year, month, end) >= first:
                return True
    return False


_CHECKS = (
    Check(
        pl.col("ASTDTF").is_not_null() & (pl.col("TRTEMFL") == "Y"),
        pl.format(
            "AESTDTC '{}' is not complete: treatment-emergent, since its known part does not "
            "exclude it",
            "AESTDTC",
        ),
    ),
    Check(
        pl.col("DOSED").fill_null(False) & pl.col("AESTDTC").is_null(),
        pl.lit("AESTDTC is missing: whether the event is treatment-emergent is not known"),
    ),
)
