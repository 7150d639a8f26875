"""From which day the calendar of each subject counts, and on which day it ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.datasets import Datasets
from pilotage.datasets.adsl import NOT_A_DISPOSITION
from pilotage.datasets.facts import read_target
from pilotage.rules.evidence import answer_in
from pilotage.snapshot import Snapshot
from pilotage.snapshot.dates import with_interval
from pilotage.study import Study

LEAVING = ("DEATH", "LOST TO FOLLOW-UP", "SCREEN FAILURE", "STUDY TERMINATED BY SPONSOR")
"""Dispositions that end participation whatever else they are said of. Source: CDISC NCOMPLT."""

OF_THE_STUDY, OF_TREATMENT = "STUDY PARTICIPATION", "STUDY TREATMENT"
"""What a disposition is of (DSSCAT). Source: CDISC DSSCAT, C170443."""

ENDS = {"USUBJID": pl.String, "FROM": pl.Date, "TO": pl.Date, "WRITTEN": pl.String}


@dataclass(frozen=True, slots=True)
class End:
    """The last possible day of an end, and the day as it was recorded: `2010-03`."""

    last: date
    quoted: str


def first_doses(snapshot: Snapshot, datasets: Datasets, *, at: date) -> pl.DataFrame:
    """USUBJID, DOSED (may a dose have begun up to the day? One without a date may), START (the day
    of the first dose; null where its date is missing or incomplete)."""
    ex = with_interval(snapshot.tables["ex"].filter(pl.col("EXDOSE") > 0), "EXSTDTC")
    possible = (pl.col("EXSTDTC_FIRST") <= at).fill_null(True)
    begun = ex.filter(possible).select("USUBJID").unique()
    start = datasets.adsl.select(pl.col("USUBJID").cast(pl.String), START="TRTSDT")
    return start.join(
        begun.with_columns(DOSED=pl.lit(True)), on="USUBJID", how="left"
    ).with_columns(
        pl.col("DOSED").fill_null(False), START=pl.when(pl.col("START") <= at).then("START")
    )


def cycles(study: Study, snapshot: Snapshot, datasets: Datasets, *, at: date) -> pl.DataFrame:
    """USUBJID, CYCLE, BEGIN, END: the cycles of treatment begun up to the day. END is null while
    one goes on: its last dose has no end, or ends after the day, and treatment was not ended for
    good since it began."""
    known = pl.col("CYCLE").is_not_null() & (pl.col("EXDOSE") > 0) & (pl.col("ASTDT") <= at)
    goes_on = (pl.col("ONGOFL") == "Y") | (pl.col("AENDT") > at)
    begun = (
        datasets.adex.filter(known)
        .group_by("USUBJID", "CYCLE")
        .agg(
            BEGIN=pl.col("ASTDT").min(),
            LAST=pl.col("ASTDT").max(),
            END=pl.when(~goes_on.any()).then(pl.col("AENDT").max()),
        )
    )
    ended = _ended(study, study.protocol.schedule.ends.treatment, OF_TREATMENT, snapshot, at)
    stops = ended.group_by("USUBJID").agg(STOP=pl.col("TO").max())
    stopped = pl.when(pl.col("STOP") >= pl.col("LAST")).then("STOP")
    return begun.join(stops, on="USUBJID", how="left").select(
        "USUBJID", "CYCLE", "BEGIN", END=pl.coalesce("END", stopped)
    )


def ends_of_participation(study: Study, snapshot: Snapshot, *, at: date) -> pl.DataFrame:
    """USUBJID, FROM, TO: the first and last possible day on which a subject left the study, and
    WRITTEN, that day as it was recorded; only subjects who have, up to the day.

    Participation ends with the item that the study names for it, with a disposition of the study,
    with one that leaves no other reading (LEAVING), with the date of death; and with a disposition
    that does not say of what it is, unless a visit was made after it.
    """
    parts = [
        _ended(study, study.protocol.schedule.ends.study, OF_THE_STUDY, snapshot, at),
        *_by_disposition(snapshot, at),
    ]
    dm = snapshot.tables["dm"]
    if "DTHDTC" in dm.columns:
        parts.append(_dated(dm.filter(pl.col("DTHDTC").is_not_null()), "DTHDTC", at))
    earliest = pl.concat(parts).sort("FROM", "TO", nulls_last=True)
    return earliest.unique("USUBJID", keep="first", maintain_order=True)


def last_days(study: Study, snapshot: Snapshot, *, at: date) -> dict[str, date]:
    """The last possible day of participation of each subject who left up to the day."""
    return dict(ends_of_participation(study, snapshot, at=at).select("USUBJID", "TO").rows())


def ends_quoted(study: Study, snapshot: Snapshot, *, at: date) -> dict[str, End]:
    """The end of participation of each subject who left up to the day."""
    return _quoted(ends_of_participation(study, snapshot, at=at))


def deaths(snapshot: Snapshot, *, at: date) -> dict[str, End]:
    """The death of each subject who died up to the day; of several dates the last one."""
    parts = [pl.DataFrame(schema=ENDS)]
    dm, ds = snapshot.tables["dm"], snapshot.tables.get("ds")
    if "DTHDTC" in dm.columns:
        parts.append(_dated(dm.filter(pl.col("DTHDTC").is_not_null()), "DTHDTC", at))
    if ds is not None:
        parts.append(_dated(ds.filter(pl.col("DSDECOD") == LEAVING[0]), "DSSTDTC", at))
    latest = pl.concat(parts).sort("TO", descending=True)
    return _quoted(latest.unique("USUBJID", keep="first", maintain_order=True))


def _quoted(ends: pl.DataFrame) -> dict[str, End]:
    rows = ends.select("USUBJID", "TO", "WRITTEN").rows()
    return {who: End(last, quoted_day(written)) for who, last, written in rows}


def quoted_day(written: str | None) -> str:
    """`2010-03`, or `an unknown day`: a date as it was recorded."""
    return written or "an unknown day"


def _ended(
    study: Study, item: str | None, category: str, snapshot: Snapshot, at: date
) -> pl.DataFrame:
    """The days that an item of the study holds, and those of a category of dispositions."""
    found = [pl.DataFrame(schema=ENDS)]
    if item is not None:
        form, _, name = item.partition(".")
        target = read_target(study.protocol.forms[form].items[name].target)
        holds = answer_in(target, snapshot.tables, or_empty=True)
        if holds is not None:
            rows = snapshot.tables[target.domain].filter(holds)
            found.append(_dated(rows, target.variable, at))
    ds = snapshot.tables.get("ds")
    if ds is not None and "DSSCAT" in ds.columns:
        found.append(_dated(ds.filter(pl.col("DSSCAT") == category), "DSSTDTC", at))
    return pl.concat(found)


def _by_disposition(snapshot: Snapshot, at: date) -> Iterator[pl.DataFrame]:
    ds = snapshot.tables.get("ds")
    if ds is None:
        return
    yield _dated(ds.filter(pl.col("DSDECOD").is_in(LEAVING)), "DSSTDTC", at)
    said = pl.col("DSDECOD").is_not_null() & ~pl.col("DSDECOD").is_in(NOT_A_DISPOSITION)
    if "DSCAT" in ds.columns:
        said &= pl.col("DSCAT").fill_null("") != "PROTOCOL MILESTONE"
    if "DSSCAT" in ds.columns:
        said &= pl.col("DSSCAT").is_null()
    ends = _dated(ds.filter(said), "DSSTDTC", at)
    sv = snapshot.tables.get("sv")
    if sv is not None and "SVSTDTC" in sv.columns:
        seen = with_interval(sv, "SVSTDTC").filter(pl.col("SVSTDTC_LAST") <= at)
        last = seen.group_by("USUBJID").agg(SEEN=pl.col("SVSTDTC_FIRST").max())
        ends = ends.join(last, on="USUBJID", how="left").filter(
            (pl.col("SEEN") > pl.col("TO")).fill_null(False).not_()
        )
    yield ends.select(list(ENDS))


def _dated(rows: pl.DataFrame, column: str, at: date) -> pl.DataFrame:
    """The rows as ends, up to the day. One without a date, or without a year, may have been on any
    day up to it."""
    found = with_interval(rows, column).select(
        "USUBJID",
        FROM=pl.col(f"{column}_FIRST").fill_null(date(1900, 1, 1)),
        TO=pl.min_horizontal(pl.col(f"{column}_LAST").fill_null(at), pl.lit(at)),
        WRITTEN=column,
    )
    return found.filter(pl.col("FROM") <= at)
