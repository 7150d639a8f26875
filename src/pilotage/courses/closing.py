"""What is written when the course of a synthetic subject is over: doses, events, disposition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pilotage.courses.chance import between
from pilotage.courses.endings import ADVERSE_EVENT
from pilotage.courses.nature import SyntheticEvent
from pilotage.courses.records import Records
from pilotage.study.protocol import Treatment


@dataclass(frozen=True, slots=True)
class Dose:
    """A stretch of one step of the ladder; `last` is None while it goes on."""

    step: int
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The early end of treatment: its day, the reason (DSDECOD) and the reason in words."""

    day: int
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class StoppingEvent:
    """An adverse event that ends treatment on a day."""

    event: SyntheticEvent
    day: int

    @property
    def end(self) -> End:
        return End(self.day, ADVERSE_EVENT, self.event.term)


def write_doses(
    records: Records, treatment: Treatment, doses: Iterable[Dose], *, last_day: int | None
) -> None:
    """A row of EX for each dose; one that goes on ends on the last day, or is still taken where
    that is None."""
    for dose in doses:
        rung, last = treatment.ladder[dose.step], dose.last or last_day
        values = {
            "EXTRT": treatment.term,
            "EXDOSE": rung.dose,
            "EXDOSU": treatment.unit,
            "EXDOSFRQ": rung.frequency,
            "EXENDTC": None if last is None else records.date_of(last).isoformat(),
        }
        records.add("ex", records.date_of(dose.first), values)


def write_events(
    records: Records,
    events: Iterable[SyntheticEvent],
    doses: Sequence[Dose],
    random: np.random.Generator,
    *,
    last_day: int,
) -> None:
    """A row of AE for each of the events that happens, on a day under drug."""
    for event in events:
        day = between(event.days, random)
        happens = random.random() < event.true_probability
        if happens and any(dose.first <= day <= (dose.last or last_day) for dose in doses):
            write_event(records, event, day, "DOSE NOT CHANGED", random, last_day=last_day)


def write_event(
    records: Records,
    event: SyntheticEvent,
    day: int,
    action: str,
    random: np.random.Generator,
    *,
    last_day: int,
) -> None:
    """A row of AE; an event that lasts beyond the last day has no end."""
    end = day + between(event.lasts_days, random)
    over = end <= last_day
    values = {
        "AETERM": event.term,
        "AEDECOD": event.term,
        "AESEV": event.severity,
        "AESER": "Y" if event.serious else "N",
        "AEREL": event.related,
        "AEACN": action,
        "AEOUT": "RECOVERED/RESOLVED" if over else "NOT RECOVERED/NOT RESOLVED",
        "AEENDTC": records.date_of(end).isoformat() if over else None,
    }
    records.add("ae", records.date_of(day), values)


def write_disposition(records: Records, end: End) -> None:
    values = {"DSDECOD": end.reason, "DSTERM": end.words}
    records.add("ds", records.date_of(end.day), values)
