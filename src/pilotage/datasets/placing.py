"""The place of each measured value: its order, its day, visit and cycle, its baseline and change,
and the records that stand for a visit. The values of QS and LB take this road together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from pilotage.datasets.baseline import baselines_lost, with_baseline, with_change
from pilotage.datasets.exposure import Exposure
from pilotage.datasets.remarks import Check, remark, remarks
from pilotage.datasets.timing import with_cycle, with_timing
from pilotage.datasets.windows import (
    with_record_after_course,
    with_record_for_analysis,
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
    domains: Sequence[Measured], subjects: pl.DataFrame, exposure: Exposure, protocol: Protocol
) -> list[pl.DataFrame]:
    """The rows of each domain in the order of subject, test, date, time and sequence number, with
    their days (see `with_timing`, `with_visit`, `with_cycle`), BASE, ABLFL, CHG, PCHG, ANL01FL and
    ANL02FL."""
    rows = _on_their_days(_together(domains), subjects, exposure, protocol)
    windows = protocol.analysis_windows
    judged = with_record_for_analysis(with_change(with_baseline(rows)))
    judged = with_record_after_course(judged, exposure.cycles, windows)
    found, begin = [], 0
    for each in domains:
        own = judged.slice(begin, each.rows.height)
        begin += each.rows.height
        beside = [name for name in each.rows.columns if name not in own]
        found.append(own.hstack(each.rows.select(beside)[own["PLACE"]]).drop(_HELPERS))
    return found


_DAY = pl.struct("USUBJID", "DTC").rle_id().alias("DAY")
_HELPERS = ("PLACE", "TEST", "SERIES", "DAY")


def _together(domains: Sequence[Measured]) -> pl.DataFrame:
    """The values of all domains; TEST and SERIES are now numbers of the domain and subject too, and
    PLACE is the number of the row in its domain."""
    subject = pl.col("USUBJID").to_physical().cast(pl.Int64)
    highest = pl.concat(
        each.rows.select(pl.max_horizontal("CODE", "SERIES").max(), SUBJECT=subject.max())
        for each in domains
    )
    width, subjects = (1 + (number or 0) for number in highest.max().row(0))
    return pl.concat(
        each.rows.select(
            *("USUBJID", "DTC", "AVAL", "SEQ"),
            PLACE=pl.int_range(pl.len(), dtype=pl.UInt32),
            TEST=(subject + number * subjects) * width + pl.col("CODE"),
            SERIES=(subject + number * subjects) * width + pl.col("SERIES"),
        )
        for number, each in enumerate(domains)
    )


def _on_their_days(
    rows: pl.DataFrame, subjects: pl.DataFrame, exposure: Exposure, protocol: Protocol
) -> pl.DataFrame:
    """The rows in their order, with all that depends on subject and date alone. Of rows that stand
    together with the same subject and date, as those of a visit do, this is found once."""
    rows = rows.with_columns(_DAY)
    first = rows["DAY"].ne_missing(rows["DAY"].shift())
    days = rows.select("USUBJID", "DTC").filter(first)
    timed = with_visit(with_timing(days, "DTC", subjects), protocol.analysis_windows)
    placed = with_cycle(timed, exposure).drop("USUBJID", "DTC")
    found = placed.collect(engine="in-memory")
    times = ["TIME"] if found["TIME"].null_count() < found.height else []
    keys = rows.select("TEST", "SEQ", "DAY").hstack(found.select("DATE_FIRST", *times)[rows["DAY"]])
    order = keys.select(pl.arg_sort_by("TEST", "DATE_FIRST", *times, "SEQ", nulls_last=False))
    ordered = rows[order.to_series()]
    return ordered.hstack(found[ordered["DAY"]])


def unplaced(
    rows: pl.DataFrame, own: Collection[str], column: str, file: str
) -> list[pl.LazyFrame]:
    """Findings: known values of parameters (PARAMCD among `own`) whose date is not complete, and
    subjects whose baseline is lost to one. `column` is the name of the date in the source."""
    undated = pl.col("AVAL").is_not_null() & pl.col("ADT").is_null()
    if not rows.select(undated.any()).item():
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
