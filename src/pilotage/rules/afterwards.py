"""What is recorded of a subject after death, or after the end of participation: nothing of it is
judged, all of it is asked about."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from pilotage.rules.query_row import Asked
from pilotage.rules.reasons import supply_days
from pilotage.rules.record import Record
from pilotage.rules.standing import End, deaths, ends_quoted
from pilotage.snapshot.dates import with_interval


def afterwards(record: Record, *, at: date) -> list[Asked]:
    """What to ask: doses and supplies after the end of participation, and visits after death. Of a
    date that is not complete the last possible day of the end and the first one of the row count:
    what is asked about lies surely after it."""
    dead = deaths(record.snapshot, at=at)
    left = ends_quoted(record.study, record.snapshot, at=at)
    return [
        *_doses(record, dead, left, at),
        *_supplies(record, dead, left, at),
        *_visits(record, dead, at),
    ]


def _after(subject: str, dead: dict[str, End], left: dict[str, End]) -> str:
    """`after the death of 2010-02-15`, with the date as it was recorded."""
    if subject in dead:
        return f"after the death of {dead[subject].quoted}"
    return f"after the end of participation on {left[subject].quoted}"


def _doses(record: Record, dead: dict[str, End], left: dict[str, End], at: date) -> Iterator[Asked]:
    over = {**left, **dead}
    ex = record.snapshot.tables["ex"].filter(
        (pl.col("EXDOSE") > 0) & pl.col("USUBJID").cast(pl.String).is_in(list(over))
    )
    rows = with_interval(with_interval(ex, "EXSTDTC"), "EXENDTC")
    for row in rows.sort("USUBJID", "EXSEQ").to_dicts():
        subject = row["USUBJID"]
        begins, ends = row["EXSTDTC_FIRST"], row["EXENDTC_FIRST"]
        if begins is not None and begins > at:
            continue
        when = _after(subject, dead, left)
        if begins is not None and begins > over[subject].last:
            said, day = f"a dose of {row['EXSTDTC']} is recorded {when}", begins
        elif ends is not None and over[subject].last < ends <= at:
            said = f"the dose of {row['EXSTDTC']} is recorded up to {row['EXENDTC']}, {when}"
            day = ends
        elif row["EXENDTC"] is None:
            said, day = f"the dose of {row['EXSTDTC']} has no last day, but goes on {when}", None
        else:
            continue
        yield subject, day, "EX", row["EXSEQ"], said, "Y"


def _supplies(
    record: Record, dead: dict[str, End], left: dict[str, End], at: date
) -> Iterator[Asked]:
    over = {**left, **dead}
    days = supply_days(record, at=at)
    for subject, day in () if days is None else days.rows():
        if subject in over and day > over[subject].last:
            said = f"drug was handed out on {day}, {_after(subject, dead, left)}"
            yield subject, day, "DA", None, said, "Y"


def _visits(record: Record, dead: dict[str, End], at: date) -> Iterator[Asked]:
    sv = record.snapshot.tables.get("sv")
    if sv is None or "SVSTDTC" not in sv.columns:
        return
    number = "SVSEQ" if "SVSEQ" in sv.columns else pl.lit(None, pl.Int64)
    rows = with_interval(sv, "SVSTDTC").select(
        pl.col("USUBJID").cast(pl.String), "SVSTDTC", DAY="SVSTDTC_FIRST", SEQ=number
    )
    for row in rows.filter(pl.col("DAY") <= at).sort("USUBJID", "DAY").to_dicts():
        if row["USUBJID"] in dead and row["DAY"] > dead[row["USUBJID"]].last:
            said = f"a visit of {row['SVSTDTC']} is recorded {_after(row['USUBJID'], dead, {})}"
            yield row["USUBJID"], row["DAY"], "SV", row["SEQ"], said, "Y"
