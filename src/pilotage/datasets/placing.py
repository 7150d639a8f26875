"""The place of each measured value: its order, its day, visit and cycle, its baseline and change,
and the records that stand for a visit. The values of QS and LB take this road together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.datasets.baseline import CHANGE, baselines_lost, with_baseline
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import Check, remark, remarks
from pilotage.datasets.small_plans import as_written, improved
from pilotage.datasets.timing import FIRST_DOSE, in_cycles, with_timing
from pilotage.datasets.windows import (
    BASELINE_IS_FOR_ANALYSIS,
    after_course,
    for_analysis,
    with_visit,
)
from pilotage.study.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of one SDTM domain.

    rows: USUBJID, DTC (the date as written), AVAL, SEQ, CODE (a number in the alphabetical order of
    the tests), SERIES (a number for values of a subject that share a baseline), ROW (of the
    source), and what else the domain needs. source: the columns that the dataset keeps.
    """

    rows: pl.DataFrame
    source: pl.DataFrame


def placed(
    domains: Sequence[Measured], exposure: Exposure, protocol: Protocol
) -> list[pl.DataFrame]:
    """The rows of each domain in the order of subject, test, date, time and sequence number, with
    their days (see `with_timing`, `with_visit`, `with_cycle`), BASE, ABLFL, CHG, PCHG, ANL01FL and
    ANL02FL."""
    rows = _on_their_days(_together(domains), exposure, protocol)
    based = with_baseline(rows)
    flags = [for_analysis(based), after_course(based, protocol.analysis_windows)]
    judged = based.hstack(flags).with_columns(*CHANGE, BASELINE_IS_FOR_ANALYSIS)
    kept = [name for name in judged.columns if name not in _HELPERS]
    found, begin = [], 0
    for each in domains:
        own = judged.slice(begin, each.rows.height)
        begin += each.rows.height
        beside = [name for name in each.rows.columns if name not in judged.columns]
        found.append(own[kept].hstack(each.rows[beside][own["PLACE"]]))
    return found


_DAY = pl.struct("USUBJID", "DTC").rle_id().alias("DAY")
_ANOTHER_DAY = pl.col("DAY").ne_missing(pl.col("DAY").shift())
_HELPERS = ("PLACE", "TEST", "SERIES", "DAY", "COURSEEND")
_SUBJECT = pl.col("USUBJID").to_physical().cast(pl.Int64)


def _together(domains: Sequence[Measured]) -> pl.DataFrame:
    """The values of all domains; TEST and SERIES are now numbers of the domain and subject too,
    PLACE is the number of the row in its domain, and DAY that of a run of rows with the same
    subject and date."""
    width = 1 + max(_highest(each.rows[name]) for each in domains for name in ("CODE", "SERIES"))
    subjects = 1 + max(_highest(each.rows["USUBJID"].to_physical()) for each in domains)
    of_subject = [(_SUBJECT + number * subjects) * width for number, _ in enumerate(domains)]
    parts = [
        each.rows.lazy().select(
            *("USUBJID", "DTC", "AVAL", "SEQ"),
            PLACE=pl.int_range(pl.len(), dtype=pl.UInt32),
            TEST=own + pl.col("CODE"),
            SERIES=own + pl.col("SERIES"),
        )
        for each, own in zip(domains, of_subject, strict=True)
    ]
    rows = pl.concat(parts).with_columns(_DAY)
    return rows.pipe(as_written).rechunk()


def _highest(numbers: pl.Series) -> int:
    highest = numbers.max()
    return highest if isinstance(highest, int) else 0


def _on_their_days(rows: pl.DataFrame, exposure: Exposure, protocol: Protocol) -> pl.DataFrame:
    """The rows in their order, with all that depends on subject and date alone. Of rows that stand
    together with the same subject and date, as those of a visit do, this is found once."""
    days = rows[["USUBJID", "DTC", "DAY"]].filter(_ANOTHER_DAY)
    who = days["USUBJID"]
    known = [*exposure.of(who, *FIRST_DOSE), *exposure.periods_of(who)]
    course_end = pl.col("END0") if exposure.periods.width else pl.lit(None, pl.Date)
    timed = with_visit(with_timing(days.hstack(known), "DTC"), protocol.analysis_windows)
    placed = timed.with_columns(in_cycles(exposure)).select(*_OF_DAYS, COURSEEND=course_end)
    found = placed.pipe(improved)
    ordered = rows[_order(rows, found)]
    return ordered.hstack(found[ordered["DAY"]])


_OF_DAYS = [
    *("DATE_FIRST", "DATE_LAST", "TIME", "TRTSDT", "TRTSDT_MIN", "TRTSDT_MAX"),
    *("ADT", "ADTF", "POST", "ADY", "AVISITN", "AVISIT", "CYCLE", "ONTRTFL"),
]
_SINCE_1899 = (pl.col("DATE_FIRST") - date(1899, 12, 31)).dt.total_days().fill_null(0)
_LARGEST = 2**62
_DAYS = 100_000
"""More than there are between the first and the last day that a snapshot may name."""


def _order(rows: pl.DataFrame, days: pl.DataFrame) -> pl.Series:
    """The order by test, date, time and sequence number. Where there are no times, all is one
    number: Polars takes its time to sort by many keys."""
    since = days.select(_SINCE_1899).to_series()
    test_and_day, most = pl.col("TEST") * _DAYS + pl.lit(since).gather("DAY"), rows["SEQ"].max()
    if days["TIME"].null_count() < days.height:
        keys = [test_and_day, pl.lit(days["TIME"]).gather("DAY"), pl.col("SEQ")]
    elif not isinstance(most, int) or _highest(rows["TEST"]) * _DAYS * (1 + most) > _LARGEST:
        keys = [test_and_day, pl.col("SEQ")]
    else:
        keys = [test_and_day * (1 + most) + pl.col("SEQ").fill_null(-1)]
    return rows.select(pl.arg_sort_by(*keys, nulls_last=False)).to_series()


def unplaced(
    rows: pl.DataFrame, own: Collection[str], column: str, file: str
) -> list[pl.LazyFrame]:
    """Findings: known values of parameters (PARAMCD among `own`) whose date is not complete, and
    subjects whose baseline is lost to one. `column` is the name of the date in the source."""
    undated = pl.col("AVAL").is_not_null() & pl.col("ADT").is_null()
    if not rows["ADT"].null_count() or not rows.select(undated.any()).item():
        return []
    of_study = rows.filter(pl.col("PARAMCD").is_in(list(own)))
    text, before = pl.col("DTC").fill_null(""), ~pl.col("POST")
    checks = [
        Check(
            undated & before,
            pl.format(f"{column} '{{}}' is not complete: the value is from before treatment", text),
        ),
        Check(
            undated & ~before.fill_null(False),
            pl.format(
                f"{column} '{{}}' is not complete: the value enters no visit, and what it shows "
                "has no day",
                text,
            ),
        ),
    ]
    found = remarks(of_study, checks, file=file)
    if not found:
        return []
    words = pl.format(
        "{} has no baseline: which of its values is the last before treatment is not known",
        "PARAMCD",
    )
    lost = remark(baselines_lost(of_study), words, file=file)
    return [*found, lost.with_columns(WHERE=pl.lit(file))]
