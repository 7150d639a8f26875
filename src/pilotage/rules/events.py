"""Adverse events that need an answer: serious ones with their reporting clock, and laboratory
values that no event explains."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.rules.record import Record
from pilotage.snapshot.dates import with_interval
from pilotage.study.protocol import text_of

SERIOUS: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "AESEQ": pl.Int64(), "AETERM": pl.String(), "AESTDTC": pl.String(),
    "AESER": pl.String(), "CRITERIA": pl.String(), "LEARNT": pl.String(), "REPORTED": pl.String(),
    "STATUS": pl.String(), "HOURS": pl.Float64(), "REMARK": pl.String(),
}  # fmt: skip
QUERIES: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "DOMAIN": pl.String(), "SEQ": pl.Int64(),
    "QUERY": pl.String(), "CERTAIN": pl.String(),
}  # fmt: skip
Row = dict[str, object]


def serious_events(record: Record, *, at: date) -> pl.DataFrame:
    """The adverse events of which a criterion of seriousness is ticked, or that are called serious,
    begun up to a day.

    STATUS is reported in time, reported late, due, overdue or unknown; HOURS are the hours that the
    report took, or those left until it is due at the end of the day (negative: over). The clock
    runs from the moment at which the site learnt of the event; of a day without a time, from its
    beginning.
    """
    rows = record.datasets.adae
    if "ae" not in record.datasets.collected:
        return pl.DataFrame(schema=SERIOUS)
    events = record.protocol.adverse_events
    criteria = {c: text_of(label) for c, label in events.serious_criteria.items()}
    present = {column: label for column, label in criteria.items() if column in rows.columns}
    dated = with_interval(rows, "AESTDTC").sort("USUBJID", "AESEQ")
    learnt, reported = (_moments(record, item) for item in (events.learnt, events.reported))
    found = []
    for row in dated.to_dicts():
        ticked = [label for column, label in present.items() if row[column] == "Y"]
        begun = row["AESTDTC_FIRST"] is None or row["AESTDTC_FIRST"] <= at
        if begun and (ticked or row["AESER"] == "Y"):
            key = (row["USUBJID"], row["AESEQ"])
            clock = _clock(record, learnt.get(key), reported.get(key), at)
            found.append(
                {**{name: row.get(name) for name in SERIOUS}, **clock,
                 "CRITERIA": "; ".join(ticked) or None, "REMARK": _remark(row, ticked, clock)}
            )  # fmt: skip
    return pl.DataFrame(found, schema=SERIOUS)


def _remark(row: Row, ticked: list[str], clock: Row) -> str | None:
    said = []
    if ticked and row["AESER"] != "Y":
        said.append("a criterion is ticked, but the event is not called serious")
    if not ticked:
        said.append("called serious, but no criterion is ticked")
    if clock["REMARK"]:
        said.append(str(clock["REMARK"]))
    return "; ".join(said) or None


def _clock(record: Record, learnt: str | None, reported: str | None, at: date) -> Row:
    """LEARNT, REPORTED, STATUS, HOURS, REMARK of an event."""
    hours = record.protocol.adverse_events.reporting_hours
    known: Row = {"LEARNT": learnt, "REPORTED": reported, "STATUS": "unknown", "HOURS": None}
    start, end = _time(learnt), _time(reported)
    if isinstance(hours, str):
        return {**known, "REMARK": "the protocol does not state when it is to be reported"}
    if start is None or start.date() > at:
        return {**known, "REMARK": "when the site learnt of it is not recorded"}
    if end is not None and end.date() <= at:
        took = (end - start) / timedelta(hours=1)
        status = "reported in time" if took <= hours else "reported late"
        return {**known, "STATUS": status, "HOURS": took, "REMARK": None}
    now = datetime.combine(at + timedelta(days=1), time())
    left = hours - (now - start) / timedelta(hours=1)
    status = "due" if left >= 0 else "overdue"
    return {**known, "STATUS": status, "HOURS": left, "REMARK": None}


def _time(text: str | None) -> datetime | None:
    """A moment as it is written, without its zone; None for an incomplete date."""
    if text is None or len(text) < 10:
        return None
    written = text[:16] if len(text) >= 16 else text[:10]
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _moments(record: Record, item: str | None) -> dict[tuple[str, int], str]:
    """The answers to an item of the form of adverse events, by subject and AESEQ."""
    if item is None:
        return {}
    form, _, name = item.partition(".")
    target = read_target(record.protocol.forms[form].items[name].target)
    rows = record.snapshot.tables.get(target.domain)
    wanted = {target.variable, *(column for column, _ in target.where)}
    number = "IDVARVAL" if target.domain.startswith("supp") else "AESEQ"
    if rows is None or not {*wanted, number} <= set(rows.columns):
        return {}
    for column, value in target.where:
        rows = rows.filter(pl.col(column) == value)
    found = rows.select(
        "USUBJID", pl.col(number).cast(pl.Int64, strict=False), target.variable
    ).drop_nulls()
    return {(subject, seq): text for subject, seq, text in found.rows()}


def queries(record: Record, *, at: date) -> pl.DataFrame:
    """What should be asked: laboratory values after the first dose from the grade that the study
    names, worse than at baseline, while no adverse event was going on; and events whose criteria
    and whose seriousness do not agree. CERTAIN is N where an event of unknown dates may explain the
    value, or where adverse events were not collected."""
    found = [*_of_laboratory(record, at), *_of_events(record, at)]
    return pl.DataFrame(found, schema=QUERIES, orient="row")


def _of_events(record: Record, at: date) -> Iterator[tuple[object, ...]]:
    for row in serious_events(record, at=at).to_dicts():
        agree = bool(row["CRITERIA"]) and row["AESER"] == "Y"
        if not agree:
            words = f"{row['AETERM']}: {row['REMARK'].split(';')[0]}"
            yield row["USUBJID"], None, "AE", row["AESEQ"], words, "Y"


def _of_laboratory(record: Record, at: date) -> Iterator[tuple[object, ...]]:
    least = record.protocol.adverse_events.query_laboratory_grade_from
    if isinstance(least, str):
        return
    lb = record.datasets.adlb
    baseline = lb.filter(pl.col("ABLFL") == "Y").select("USUBJID", "PARAMCD", BEFORE="ATOXGR")
    grave = lb.filter(
        (pl.col("ATOXGR") >= least) & (pl.col("ADY") > 1) & (pl.col("ADT") <= at)
    ).join(baseline, on=["USUBJID", "PARAMCD"], how="left")
    worse = grave.filter((pl.col("ATOXGR") > pl.col("BEFORE")).fill_null(True))
    periods = _periods(record)
    for row in worse.sort("USUBJID", "ADT", "PARAMCD", "LBSEQ").to_dicts():
        own = periods.get(row["USUBJID"], [])
        if any(_during(row["ADT"], *period) for period in own):
            continue
        doubt = "ae" not in record.datasets.collected or any(
            _during(row["ADT"], *period, surely=False) for period in own
        )
        words = f"{row['PARAM']} {row['AVAL']:g} {row['AVALU']} is grade {row['ATOXGR']}"
        asked = f"{words}, and no adverse event is recorded for that day"
        if doubt:
            asked = f"{words}; whether an adverse event goes with it is not known"
        certain = "N" if doubt else "Y"
        yield row["USUBJID"], row["ADT"], "LB", row["LBSEQ"], asked, certain


Period = tuple[date | None, date | None, date | None, date | None]


def _periods(record: Record) -> dict[str, list[Period]]:
    """For each subject the possible first and last days of each adverse event."""
    rows = with_interval(with_interval(record.datasets.adae, "AESTDTC"), "AEENDTC")
    found: dict[str, list[Period]] = {}
    for subject, *days, end in rows.select(
        "USUBJID", "AESTDTC_FIRST", "AESTDTC_LAST", "AEENDTC_FIRST", "AEENDTC_LAST", "AEENDTC"
    ).rows():
        first, last, end_first, end_last = days
        if end is None:  # it goes on
            end_first = end_last = date(2100, 12, 31)
        found.setdefault(subject, []).append((first, last, end_first, end_last))
    return found


def _during(
    day: date, first: date | None, last: date | None, end_first: date | None,
    end_last: date | None, *, surely: bool = True,
) -> bool:  # fmt: skip
    """Was an event going on, whatever its dates leave open; or may it have been?"""
    begins, ends = (last, end_first) if surely else (first, end_last)
    if begins is None or ends is None:
        return not surely
    return begins <= day <= ends
