"""Protocol deviations that the record shows, in the shape of SDTM DV; and the whole review of a
data cut from which they follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.datasets import Datasets
from pilotage.datasets.facts import read_target
from pilotage.plural import counted
from pilotage.rules.calendar import contacts
from pilotage.rules.consent import before_consent
from pilotage.rules.events import queries, serious_events
from pilotage.rules.prescriptions import doses
from pilotage.rules.reasons import breaches, stops, supplies
from pilotage.rules.record import record
from pilotage.rules.screening import screening_log
from pilotage.rules.standing import last_days
from pilotage.rules.status import MAY_NOT_APPLY
from pilotage.rules.stopped import recorded_days, until
from pilotage.snapshot import Snapshot
from pilotage.study import Study
from pilotage.study.protocol import Protocol

VISIT_MISSED, VISIT_OUT = "VISIT MISSED", "VISIT OUT OF WINDOW"
TEST_MISSED, TEST_OUT = "ASSESSMENT MISSED", "ASSESSMENT OUT OF WINDOW"
OFF_DOSE, OFF_SUPPLY = "DOSE NOT AS PLANNED", "SUPPLY NOT AS PLANNED"
NOT_STOPPED, BREACH, NOT_ELIGIBLE = "TREATMENT NOT STOPPED", "BREACH", "ENTERED NOT ELIGIBLE"
NO_CONSENT = "BEFORE CONSENT"
CATEGORY = {
    VISIT_MISSED: "SCHEDULE", VISIT_OUT: "SCHEDULE", TEST_MISSED: "SCHEDULE",
    TEST_OUT: "SCHEDULE", OFF_DOSE: "TREATMENT", OFF_SUPPLY: "TREATMENT",
    NOT_STOPPED: "TREATMENT", BREACH: "RULE", NOT_ELIGIBLE: "ELIGIBILITY",
    NO_CONSENT: "ELIGIBILITY",
}  # fmt: skip
DV = {
    "STUDYID": pl.String, "DOMAIN": pl.String, "USUBJID": pl.String, "DVSEQ": pl.Int64,
    "DVTERM": pl.String, "DVDECOD": pl.String, "DVCAT": pl.String, "DVSTDTC": pl.String,
}  # fmt: skip
NEEDED = {"supplies": ("da",), "serious_events": ("ae",), "queries": ("ae", "lb")}
"""The tables of a snapshot without which nothing is known of a matter."""
Deviation = tuple[str, str, str, date | None]
"""USUBJID, DVTERM, DVDECOD and the day."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a data cut shows on a day, a frame per matter; see the functions that make them.

    `collected` says of each matter for which the snapshot may have no table whether it has: MATTER,
    COLLECTED (Y, N) and ABSENT, the tables that are not there. `stops_unknown` are the reasons to
    stop that cannot be judged.
    """

    at: date
    collected: pl.DataFrame
    screening_log: pl.DataFrame
    contacts: pl.DataFrame
    doses: pl.DataFrame
    stops: pl.DataFrame
    stops_unknown: pl.DataFrame
    supplies: pl.DataFrame
    serious_events: pl.DataFrame
    queries: pl.DataFrame
    dv: pl.DataFrame


def review(study: Study, snapshot: Snapshot, datasets: Datasets, at: date) -> Review:
    """Hold everything that was recorded up to a day against the protocol."""
    known = record(study, snapshot, datasets)
    planned = contacts(study, snapshot, datasets, at)
    made = planned.filter(pl.col("DONE").is_not_null())
    seen = made.filter(pl.col("KIND").is_in(["visit", "unscheduled"])).select(
        "USUBJID", DATE="DONE"
    )
    over = last_days(study, snapshot, at=at)
    seen = until(seen.unique(), over)
    days = recorded_days(seen, datasets.adlb, at=at, over=over)
    log = screening_log(known, at=at)
    reasons, unjudged = stops(known, days, at=at)
    taken = doses(known, seen, at=at, stops=reasons)
    supplied = supplies(known, at=at)
    broken = breaches(known, seen)
    found = [
        *_of_contacts(planned, over),
        *_of_doses(taken, reasons),
        *_of_stops(taken, reasons),
        *_of_supplies(supplied),
        *_of_breaches(broken),
        *_of_entry(log),
        *_of_consent(before_consent(known, at=at)),
    ]
    return Review(
        at=at,
        collected=_collected(study.protocol, datasets.collected),
        screening_log=log,
        contacts=planned,
        doses=taken,
        stops=reasons,
        stops_unknown=unjudged,
        supplies=supplied,
        serious_events=serious_events(known, at=at),
        queries=queries(known, at=at),
        dv=_as_dv(found, study.protocol.study.id),
    )


def _collected(protocol: Protocol, tables: frozenset[str]) -> pl.DataFrame:
    """A study that measures nothing in a laboratory misses no table of it."""
    there = tables if _has_laboratory(protocol) else tables | {"lb"}
    rows = []
    for matter, needed in NEEDED.items():
        absent = [table for table in needed if table not in there]
        rows.append((matter, "N" if absent else "Y", ", ".join(absent) or None))
    schema = {"MATTER": pl.String, "COLLECTED": pl.String, "ABSENT": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _has_laboratory(protocol: Protocol) -> bool:
    items = (item for form in protocol.forms.values() for item in form.items.values())
    measured = {parameter.domain.lower() for parameter in protocol.parameters.values()}
    return "lb" in measured | {read_target(item.target).domain for item in items}


def _of_contacts(planned: pl.DataFrame, over: dict[str, date]) -> Iterator[Deviation]:
    """Missed visits and tests, and those outside their windows. What may not apply to the subject
    departs from nothing, nor does what was done after the end of participation."""
    for row in planned.filter(pl.col("KIND").is_in(["visit", "test"])).to_dicts():
        visit = row["KIND"] == "visit"
        where = f"{row['LABEL']}, planned for {row['TARGET']}"
        after = row["DONE"] is not None and row["DONE"] > over.get(row["USUBJID"], row["DONE"])
        if row["STATUS"] == "missed":
            yield row["USUBJID"], f"{where}: missed", _either(visit, "MISSED"), row["TARGET"]
        elif row["DAYSOFF"] and not after and row["REMARK"] != MAY_NOT_APPLY:
            days, side = abs(row["DAYSOFF"]), "before" if row["DAYSOFF"] < 0 else "after"
            words = f"{where}: {counted(days, 'day')} {side} its window"
            yield row["USUBJID"], words, _either(visit, "OUT"), row["DONE"]


def _either(visit: bool, what: str) -> str:
    if what == "MISSED":
        return VISIT_MISSED if visit else TEST_MISSED
    return VISIT_OUT if visit else TEST_OUT


Off = tuple[str, date, str, str, date | None]
"""USUBJID, DATE, ENTERED and REASON of a dose off protocol, and the day of a reason to stop that it
goes on after."""


def _of_doses(taken: pl.DataFrame, reasons: pl.DataFrame) -> Iterator[Deviation]:
    """Doses off protocol. One after a reason to stop is told with the treatment that went on: it is
    the same departure."""
    for subject, day, entered, reason, stopped in _off(taken, reasons):
        if stopped is None:
            yield subject, f"Dose {entered}: {reason}", OFF_DOSE, day


def _of_stops(taken: pl.DataFrame, reasons: pl.DataFrame) -> Iterator[Deviation]:
    """Treatment that went on after a reason to stop, with the doses by which it did."""
    given: dict[tuple[str, date], list[str]] = {}
    for subject, day, entered, _, stopped in _off(taken, reasons):
        if stopped is not None:
            given.setdefault((subject, stopped), []).append(f"{entered} on {day}")
    for row in reasons.filter(pl.col("WENTON") == "Y").to_dicts():
        doses = given.get((row["USUBJID"], row["DATE"]), [])
        by = f" (dose {', '.join(doses)})" if doses else ""
        words = f"Treatment went on after a reason to stop: {row['REASON']}{by}"
        yield row["USUBJID"], words, NOT_STOPPED, row["DATE"]


def _off(taken: pl.DataFrame, reasons: pl.DataFrame) -> Iterator[Off]:
    """Doses off protocol, each at the first of the days on which it was kept. What a dose departs
    from is the reason to stop after its day, and on its day where that is what is said of it."""
    went_on: dict[tuple[str, date], list[str]] = {}
    for row in reasons.filter(pl.col("WENTON") == "Y").to_dicts():
        went_on.setdefault((row["USUBJID"], row["DATE"]), []).append(row["REASON"])
    before: dict[str, tuple[str, date | None] | None] = {}
    for row in taken.sort("USUBJID", "DATE").to_dicts():
        subject, day, stopped = row["USUBJID"], row["DATE"], row["STOPPED"]
        known = went_on.get((subject, stopped), [])
        after = bool(known) and (day > stopped or any(each in row["REASON"] for each in known))
        off = (row["ENTERED"], stopped if after else None) if row["VERDICT"] == "deviates" else None
        if off is not None and before.get(subject) != off:
            yield subject, day, row["ENTERED"], row["REASON"], off[1]
        before[subject] = off


def _of_supplies(supplied: pl.DataFrame) -> Iterator[Deviation]:
    for row in supplied.filter(pl.col("VERDICT") == "deviates").to_dicts():
        yield row["USUBJID"], f"Supplied although: {row['REASON']}", OFF_SUPPLY, row["DATE"]


def _of_breaches(broken: pl.DataFrame) -> Iterator[Deviation]:
    for row in broken.to_dicts():
        yield row["USUBJID"], f"Breach of: {row['REASON']}", BREACH, row["DATE"]


def _of_entry(log: pl.DataFrame) -> Iterator[Deviation]:
    entered = pl.col("STATUS").is_in(["treated", "entered"]) & (pl.col("ELIGIBLE") == "no")
    for row in log.filter(entered).to_dicts():
        yield row["USUBJID"], f"Entered although: {row['FAILED']}", NOT_ELIGIBLE, row["JUDGED"]


def _of_consent(early: pl.DataFrame) -> Iterator[Deviation]:
    for row in early.to_dicts():
        words = f"Before informed consent of {row['WRITTEN']}: {row['WHAT']}"
        yield row["USUBJID"], words, NO_CONSENT, row["DATE"]


def _as_dv(found: list[Deviation], study: str) -> pl.DataFrame:
    rows, numbers = [], dict[str, int]()
    for subject, term, code, day in sorted(found, key=lambda d: (d[0], d[3] or date.max, *d[1:3])):
        numbers[subject] = numbers.get(subject, 0) + 1
        when = None if day is None else day.isoformat()
        rows.append((study, "DV", subject, numbers[subject], term, code, CATEGORY[code], when))
    return pl.DataFrame(rows, schema=DV, orient="row")
