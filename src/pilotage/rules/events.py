"""Adverse events that need an answer: serious ones with their reporting clock, and laboratory
values that no event explains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.datasets.facts import read_target
from pilotage.rules.afterwards import afterwards
from pilotage.rules.ages import ages_asked
from pilotage.rules.clocks import BEFORE, Clock, clock
from pilotage.rules.endings import ends_asked
from pilotage.rules.event_checks import events_checked
from pilotage.rules.naming import names_it
from pilotage.rules.record import Record
from pilotage.rules.rulings import Ruling, only_of, rulings
from pilotage.snapshot.dates import partial_date, with_interval
from pilotage.study.protocol import text_of

SERIOUS: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "AESEQ": pl.Int64(), "AETERM": pl.String(), "AESTDTC": pl.String(),
    "AESER": pl.String(), "CRITERIA": pl.String(), "LEARNT": pl.String(), "REPORTED": pl.String(),
    "STATUS": pl.String(), "HOURS": pl.Float64(), "HOURSTO": pl.Float64(),
    "REMARK": pl.String(),
}  # fmt: skip
QUERIES: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "DOMAIN": pl.String(), "SEQ": pl.Int64(),
    "QUERY": pl.String(), "CERTAIN": pl.String(),
}  # fmt: skip
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Event:
    """A serious event: its row, and what should be asked about it, with CERTAIN."""

    row: Row
    questions: tuple[tuple[str, str], ...]


def serious_events(record: Record, *, at: date) -> pl.DataFrame:
    """The adverse events of which a criterion of seriousness is ticked, or that are called serious,
    begun up to a day.

    Criteria and hours are those of the version of the protocol in force on the day on which the
    site learnt of the event, else on that on which it began.

    STATUS is reported in time, reported late, due, overdue or unknown. HOURS to HOURSTO are the
    hours that the report took, or those left until it is due at the end of the day (negative:
    over): the least and the most that what is written allows. The clock runs from the moment at
    which the site learnt of the event.
    """
    return pl.DataFrame([event.row for event in _serious(record, at)], schema=SERIOUS)


def _serious(record: Record, at: date) -> Iterator[_Event]:
    if "ae" not in record.datasets.collected:
        return
    known = rulings(record, at=at)
    parts = [_Reporting.of(ruling.record) for ruling in known]
    dated = with_interval(record.datasets.adae, "AESTDTC").sort("USUBJID", "AESEQ")
    for row in dated.to_dicts():
        key = (row["USUBJID"], row["AESEQ"])
        told = parts[-1].learnt.get(key)
        yield from _serious_event(row, parts[_place(known, _learnt_on(told, row))], at)


@dataclass(frozen=True, slots=True)
class _Reporting:
    """What a version of the protocol asks of serious events, and the answers."""

    criteria: Mapping[str, str]
    hours: int | str
    learnt: Mapping[tuple[str, int], str]
    reported: Mapping[tuple[str, int], str]

    @classmethod
    def of(cls, record: Record) -> "_Reporting":
        events = record.protocol.adverse_events
        criteria = {column: text_of(label) for column, label in events.serious_criteria.items()}
        answers = [_moments(record, item) for item in (events.learnt, events.reported)]
        return cls(criteria, events.reporting_hours, *answers)


def _learnt_on(told: str | None, row: Row) -> date | None:
    """The day on which the site learnt of an event, else that on which it began."""
    day = None if told is None else _first_day(told)
    began = row["AESTDTC_FIRST"]
    return day or (began if isinstance(began, date) else None)


def _first_day(text: str) -> date | None:
    try:
        return partial_date(text).first
    except ValueError:
        return None


def _place(known: tuple[Ruling, ...], day: date | None) -> int:
    """The place of the version in force on a day; the last one where the day is unknown."""
    if day is None:
        return len(known) - 1
    return sum(1 for ruling in known if ruling.since is not None and ruling.since <= day)


def _serious_event(row: Row, asked: _Reporting, at: date) -> Iterator[_Event]:
    ticked = [label for column, label in asked.criteria.items() if row.get(column) == "Y"]
    blank = [column for column in asked.criteria if row.get(column) not in ("Y", "N")]
    began = row["AESTDTC_FIRST"]
    begun = not isinstance(began, date) or began <= at
    if not begun or not (ticked or row["AESER"] == "Y"):
        return
    number = row["AESEQ"]
    assert isinstance(number, int)
    key = (str(row["USUBJID"]), number)
    said = {"LEARNT": asked.learnt.get(key), "REPORTED": asked.reported.get(key)}
    found = clock(said["LEARNT"], said["REPORTED"], asked.hours, at)
    questions = tuple(_questions(row, ticked, blank, found))
    remarks = [words for words, _ in questions]
    if found.remark and found.remark not in remarks:
        remarks.append(found.remark)
    times = {"STATUS": found.status, "HOURS": found.least, "HOURSTO": found.most}
    yield _Event(
        {**{name: row.get(name) for name in SERIOUS}, **said, **times,
         "CRITERIA": "; ".join(ticked) or None, "REMARK": "; ".join(remarks) or None},
        questions,
    )  # fmt: skip


def _questions(
    row: Row, ticked: list[str], blank: list[str], found: Clock
) -> Iterator[tuple[str, str]]:
    if ticked and row["AESER"] == "N":
        yield "a criterion is ticked, but the event is not called serious", "Y"
    elif ticked and row["AESER"] != "Y":
        yield "a criterion is ticked, but whether the event is serious is not recorded", "Y"
    if not ticked and blank:
        yield f"called serious, and not all criteria are answered ({', '.join(blank)})", "N"
    elif not ticked:
        yield "called serious, but no criterion is ticked", "Y"
    if found.remark == BEFORE:
        yield BEFORE, "Y"


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
    names, worse than at baseline, while no adverse event that names it was going on; and events
    whose criteria and whose seriousness do not agree. CERTAIN is N where an event of unknown dates
    may explain the value, or where adverse events were not collected. Events that the edit checks
    of their form do not find in the other forms. Ages that cannot be, or that are not those of the
    date of birth, and ends without a reason that the study knows. And what is recorded after the
    subject had died or left."""
    found = [
        *_of_laboratory(record, at),
        *_of_events(record, at),
        *events_checked(record, at=at),
        *ends_asked(record, at=at),
        *ages_asked(record.doubtful_ages, at=at),
        *afterwards(record, at=at),
    ]
    return pl.DataFrame(found, schema=QUERIES, orient="row")


def _of_events(record: Record, at: date) -> Iterator[tuple[object, ...]]:
    for event in _serious(record, at):
        row = event.row
        for words, certain in event.questions:
            asked = f"{row['AETERM']}: {words}"
            yield row["USUBJID"], None, "AE", row["AESEQ"], asked, certain


def _of_laboratory(record: Record, at: date) -> Iterator[tuple[object, ...]]:
    """Each value as the version in force on its day grades it, and from the grade it names."""
    known = rulings(record, at=at)
    for place, ruling in enumerate(known):
        rows = only_of(_grave(ruling.record, at), "ADT", place, known)
        yield from _unexplained(ruling.record, rows)


def _grave(record: Record, at: date) -> pl.DataFrame:
    """Values after the first dose from the grade that the protocol names, and worse than before."""
    least = record.protocol.adverse_events.query_laboratory_grade_from
    lb = record.datasets.adlb
    if isinstance(least, str):
        return lb.clear()
    baseline = lb.filter(pl.col("ABLFL") == "Y").select("USUBJID", "PARAMCD", BEFORE="ATOXGR")
    grave = lb.filter(
        (pl.col("ATOXGR") >= least) & (pl.col("ADY") > 1) & (pl.col("ADT") <= at)
    ).join(baseline, on=["USUBJID", "PARAMCD"], how="left")
    return grave.filter((pl.col("ATOXGR") > pl.col("BEFORE")).fill_null(True))


def _unexplained(record: Record, worse: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    periods = _periods(record)
    for row in worse.sort("USUBJID", "ADT", "PARAMCD", "LBSEQ").to_dicts():
        going_on = [
            (terms, _during(row["ADT"], *days))
            for terms, days in periods.get(row["USUBJID"], [])
            if _during(row["ADT"], *days) or _during(row["ADT"], *days, surely=False)
        ]
        named = [sure for terms, sure in going_on if names_it(terms, row["PARAMCD"], row["PARAM"])]
        if any(named):
            continue
        doubt = "ae" not in record.datasets.collected or bool(named)
        words = f"{row['PARAM']} {row['AVAL']:g} {row['AVALU']} is grade {row['ATOXGR']}"
        others = sorted({terms[0] or "without a term" for terms, _ in going_on})
        if doubt:
            asked = f"{words}; whether an adverse event goes with it is not known"
        elif others:
            asked = f"{words}, and no adverse event of that day names it ({', '.join(others)})"
        else:
            asked = f"{words}, and no adverse event is recorded for that day"
        certain = "N" if doubt else "Y"
        yield row["USUBJID"], row["ADT"], "LB", row["LBSEQ"], asked, certain


Period = tuple[date | None, date | None, date | None, date | None]


def _periods(record: Record) -> dict[str, list[tuple[list[str | None], Period]]]:
    """For each subject the terms of each adverse event, and its possible first and last days."""
    rows = with_interval(with_interval(record.datasets.adae, "AESTDTC"), "AEENDTC")
    found: dict[str, list[tuple[list[str | None], Period]]] = {}
    for row in rows.to_dicts():
        ends = (row["AEENDTC_FIRST"], row["AEENDTC_LAST"])
        if row["AEENDTC"] is None:  # it goes on
            ends = (date(2100, 12, 31), date(2100, 12, 31))
        terms = [row["AETERM"], row.get("AEDECOD")]
        days = (row["AESTDTC_FIRST"], row["AESTDTC_LAST"], *ends)
        found.setdefault(row["USUBJID"], []).append((terms, days))
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
