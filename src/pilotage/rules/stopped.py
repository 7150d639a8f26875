"""Doses after a reason to stop: until drug is taken again as the dosing table asks for it, every
dose deviates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pilotage.rules.advice import Advice, DoseComparison
from pilotage.rules.dosed import ONE_DAY, Dosed
from pilotage.study.protocol import Protocol

BEGINS = ("start", "reintroduce", "maintain")
"""Actions with which drug may be taken again after a reason to stop."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A reason to stop, from the day on which it was known."""

    day: date
    reason: str
    source: str


def stops_by_subject(stops: pl.DataFrame | None) -> dict[str, list[Stop]]:
    """The reasons that `reasons.stops` finds, of each subject in order of their days."""
    found: dict[str, list[Stop]] = {}
    if stops is not None:
        for row in stops.sort("USUBJID", "DATE", maintain_order=True).to_dicts():
            stop = Stop(row["DATE"], row["REASON"], row["SOURCE"])
            found.setdefault(row["USUBJID"], []).append(stop)
    return found


def recorded_days(
    visits: pl.DataFrame, measured: pl.DataFrame, *, at: date, over: Mapping[str, date]
) -> pl.DataFrame:
    """USUBJID, DATE: the days on which `reasons.stops` looks for reasons: those of `visits`
    (USUBJID, DATE) and of laboratory values (`measured` is ADLB) up to a day, and no later than
    the last day of participation of a subject (`over`)."""
    laboratory = measured.select(pl.col("USUBJID").cast(pl.String), DATE="ADT").drop_nulls()
    days = [visits.select("USUBJID", "DATE"), laboratory.filter(pl.col("DATE") <= at)]
    return until(pl.concat(days).unique(), over)


def until(days: pl.DataFrame, over: Mapping[str, date]) -> pl.DataFrame:
    """The days (USUBJID, DATE) up to the end of participation."""
    last = pl.col("USUBJID").replace_strict(dict(over), default=None, return_dtype=pl.Date)
    return days.filter((pl.col("DATE") <= last).fill_null(True))


def begins_again(taken: Dosed, subject: str, day: date, step: str | None, advice: Advice) -> bool:
    """Is drug taken again, as the dosing table asks for it and with no reason to stop? `step` is
    the dose that was decided on the day."""
    drug = step != taken.none(day)
    without = taken.on(subject, day - ONE_DAY) is None
    asked = advice.dosing.known and advice.dosing.action in BEGINS
    return drug and without and asked and not any(stop.known for stop in advice.stopping)


def left_after(stops: Iterable[Stop], day: date) -> list[Stop]:
    """What is left of reasons to stop where drug is taken again from a day on."""
    return [stop for stop in stops if stop.day > day]


def in_force(stops: Sequence[Stop], day: date) -> Stop | None:
    """The first of the reasons known on a day."""
    return next((stop for stop in stops if stop.day <= day), None)


def against_stop(
    stop: Stop | None, day: date, step: str | None, *, none: str, protocol: Protocol
) -> DoseComparison | None:
    """The verdict on a dose decided on a day, where a reason to stop settles it; `none` is the step
    without drug. On the day of the reason itself a dose with drug is the dosing table's matter."""
    if stop is None or (step != none and stop.day >= day):
        return None
    source = tuple(stop.source.split(", "))
    if step == none:
        return DoseComparison("conforms", stop.reason, source)
    why = f"no drug after the reason to stop of {stop.day}: {stop.reason}"
    expected = none if protocol.dose_proposals else None
    return DoseComparison("deviates", why, source, expected)
