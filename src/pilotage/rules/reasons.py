"""Treatment after a reason to stop, supplies, and breaches of the rules, beside the protocol."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pilotage.rules.advice import Advice
from pilotage.rules.decide import UNKNOWN, Decision
from pilotage.rules.dosed import ONE_DAY, Taken, doses_taken
from pilotage.rules.prescriptions import advices_on, missing_words
from pilotage.rules.record import Record
from pilotage.rules.rulings import rulings
from pilotage.rules.standing import last_days
from pilotage.rules.states import inputs
from pilotage.rules.wording import not_known
from pilotage.snapshot.dates import with_interval

STOPS: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "REASON": pl.String(), "WENTON": pl.String(),
    "LASTDOSE": pl.Date(), "SOURCE": pl.String(),
}  # fmt: skip
UNJUDGED: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "REASON": pl.String(), "FROM": pl.Date(), "DAYS": pl.Int64(),
    "MISSING": pl.String(), "SOURCE": pl.String(),
}  # fmt: skip
SUPPLIES: Mapping[str, pl.DataType] = {
    "USUBJID": pl.String(), "DATE": pl.Date(), "VERDICT": pl.String(), "REASON": pl.String(),
    "MISSING": pl.String(), "SOURCE": pl.String(),
}  # fmt: skip


def stops(record: Record, days: pl.DataFrame, *, at: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every reason to stop that held under treatment: the first day on which it did, and whether
    drug was taken after the day that follows it (WENTON); and the reasons that cannot be judged.
    `days`: USUBJID, DATE of the days on which something was recorded.

    Those that cannot be judged: the first day (FROM), on how many days (DAYS), and what is MISSING;
    one row without a reason for a subject of whom nothing was recorded under treatment.
    """
    taken = doses_taken(record, at=at)
    moments = [
        (subject, day)
        for subject, day in days.select("USUBJID", "DATE").unique().sort("USUBJID", "DATE").rows()
        if subject in taken and taken[subject][0].first < day <= at
    ]
    advices = list(zip(moments, advices_on(record, moments), strict=True))
    rows, before = [], set[tuple[str, str]]()
    for (subject, day), advice in advices:
        held = [decision for decision in advice.stopping if decision.known]
        now = {(subject, decision.reason) for decision in held}
        for decision in held:
            if (subject, decision.reason) not in before and _treated(taken[subject], day - ONE_DAY):
                rows.append(_stop_row(subject, day, decision, taken[subject], at))
        before = {each for each in before if each[0] != subject} | now
    found = pl.DataFrame(rows, schema=STOPS, orient="row")
    return found, _unjudged(record, advices, taken, at)


def _unjudged(
    record: Record,
    advices: list[tuple[tuple[str, date], Advice]],
    taken: dict[str, Taken],
    at: date,
) -> pl.DataFrame:
    known = rulings(record, at=at)
    if not any(ruling.record.protocol.stopping.rows for ruling in known):
        return pl.DataFrame(schema=UNJUDGED)
    open_: dict[tuple[str, str], tuple[date, int, Decision]] = {}
    for (subject, day), advice in advices:
        if not _treated(taken[subject], day - ONE_DAY):
            continue
        for decision in advice.stopping:
            if not decision.known:
                first, number, of = open_.get((subject, decision.reason), (day, 0, decision))
                open_[subject, decision.reason] = (first, number + 1, of)
    rows: list[tuple[object, ...]] = [
        (subject, reason, first, number, missing_words(record, subject, first, decision.missing),
         _joined(decision))
        for (subject, reason), (first, number, decision) in open_.items()
    ]  # fmt: skip
    seen = {subject for (subject, _), _ in advices}
    nothing = "nothing was recorded under treatment"
    rows += [
        (subject, None, own[0].first, 0, nothing, None)
        for subject, own in taken.items()
        if subject not in seen and own[0].first < at
    ]
    return pl.DataFrame(rows, schema=UNJUDGED, orient="row").sort("USUBJID", maintain_order=True)


def _treated(taken: Taken, day: date) -> bool:
    return any(each.covers(day) for each in taken)


def _stop_row(
    subject: str, day: date, decision: Decision, taken: Taken, at: date
) -> tuple[object, ...]:
    ends = [each.last for each in taken]
    last = None if None in ends else max(end for end in ends if end is not None)
    went_on = last is None or last > day
    known = "N" if last is not None and last <= day else ("Y" if at > day else None)
    return subject, day, decision.reason, known if went_on else "N", last, _joined(decision)


def _joined(decision: Decision) -> str:
    return ", ".join(decision.source)


def supplies(record: Record, *, at: date) -> pl.DataFrame:
    """Every day on which drug was handed out, beside the dispensing table: conforms, deviates or
    CANNOT ADVISE. Empty where the snapshot has no DA, or the study no such table; nothing is judged
    after the end of participation."""
    known = rulings(record, at=at)
    tables = [ruling.record.protocol.dispensing for ruling in known]
    days = supply_days(record, at=at)
    if days is None or all(table is None for table in tables):
        return pl.DataFrame(schema=SUPPLIES)
    over = last_days(record.study, record.snapshot, at=at)
    moments = [(who, day) for who, day in days.rows() if day <= over.get(who, day)]
    rows = []
    for (subject, day), advice in zip(moments, advices_on(record, moments), strict=True):
        ruling = record.under_version_on(day)
        if ruling is not None and ruling.protocol.dispensing is None:
            continue
        blocks = [decision for decision in advice.dispensing if decision.known]
        unknown = [decision for decision in advice.dispensing if not decision.known]
        verdict = "deviates" if blocks else UNKNOWN if unknown else "conforms"
        said = blocks or unknown
        names = () if blocks else tuple(name for each in unknown for name in each.missing)
        sources = dict.fromkeys(source for each in said for source in each.source)
        reason = "; ".join(dict.fromkeys(each.reason for each in said))
        if verdict == UNKNOWN and names:
            reason = not_known(reason)
        missing = missing_words(record, subject, day, names)
        rows.append((subject, day, verdict, reason, missing, ", ".join(sources)))
    return pl.DataFrame(rows, schema=SUPPLIES, orient="row")


def supply_days(record: Record, *, at: date) -> pl.DataFrame | None:
    """USUBJID, DATE: the days up to a day on which drug was handed out; None without DA."""
    da = record.snapshot.tables.get("da")
    if da is None or "DADTC" not in da.columns:
        return None
    if "DATESTCD" in da.columns:
        da = da.filter(pl.col("DATESTCD").fill_null("") != "RETAMT")
    dated = with_interval(da, "DADTC").filter(pl.col("DADTC_FIRST") == pl.col("DADTC_LAST"))
    days = dated.filter(pl.col("DADTC_FIRST") <= at).select("USUBJID", DATE="DADTC_FIRST")
    return days.unique().sort("USUBJID", "DATE")


def breaches(record: Record, days: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, DATE, REASON, SOURCE: the rows of the table of deviations that hold, each on the day
    on which it began to hold or was answered anew."""
    moments = days.select("USUBJID", "DATE").unique().sort("USUBJID", "DATE").rows()
    rows = []
    for (subject, day), advice in zip(moments, advices_on(record, moments), strict=True):
        for decision in advice.deviations:
            if decision.known and _answered_on(record, subject, day, decision):
                rows.append((subject, day, decision.reason, _joined(decision)))
    schema = {k: STOPS[k] for k in ("USUBJID", "DATE", "REASON", "SOURCE")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _answered_on(record: Record, subject: str, day: date, decision: Decision) -> bool:
    """Was one of the values on which a decision rests recorded on its day?"""
    ruling = record.under_version_on(day) or record
    known = inputs(ruling, subject, day, list(decision.inputs))
    return any(found.on == day for found in known.values())
