"""The doses of a planned subject: stretches of the ladder, and what they become in SDTM."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pilotage.courses.plan import Stop, Wording
from pilotage.courses.records import Records
from pilotage.study.doses import DOSES_PER_DAY
from pilotage.study.protocol import Treatment


@dataclass(frozen=True, slots=True)
class DoseRow:
    """A stretch of one step of the ladder, and the action that began it."""

    step: int
    first: int
    action: str
    last: int | None = None


def dose_on(doses: Sequence[DoseRow], day: int) -> DoseRow | None:
    """The stretch in which a day lies."""
    for dose in doses:
        if dose.first <= day and (dose.last is None or day <= dose.last):
            return dose
    return None


def taken_on(doses: Sequence[DoseRow], treatment: Treatment, day: int) -> float:
    """The amount of drug that the doses ask for on a day: 5 mg three times a week are taken on the
    first, third and fifth day of each seven."""
    dose = dose_on(doses, day)
    if dose is None:
        return 0
    rung = treatment.ladder[dose.step]
    times, days = DOSES_PER_DAY[rung.frequency or "QD"]
    since = day - dose.first
    return rung.dose * (_up(times * (since + 1), days) - _up(times * since, days))


def _up(times: int, days: int) -> int:
    return -(-times // days)


def known_at(doses: Sequence[DoseRow], cut_day: int) -> list[DoseRow]:
    """The stretches that have begun by the data cut; one that ends on or after it goes on there."""
    return [
        replace(dose, last=None if dose.last is None or dose.last >= cut_day else dose.last)
        for dose in doses
        if dose.first <= cut_day
    ]


def write_doses(
    records: Records, treatment: Treatment, doses: Sequence[DoseRow], wording: Wording
) -> None:
    """A row of EX for each stretch; the one that goes on at the data cut has no end."""
    for dose in doses:
        rung = treatment.ladder[dose.step]
        values = {
            "EXTRT": treatment.term,
            "EXDOSE": rung.dose,
            "EXDOSU": treatment.unit,
            "EXDOSFRQ": rung.frequency,
            "EXROUTE": treatment.route,
            "EXENDTC": None if dose.last is None else records.date_of(dose.last).isoformat(),
            "EXADJ": wording.dose_reasons.get(dose.action),
        }
        records.add("ex", records.date_of(dose.first), values)


def write_end(
    records: Records, doses: Sequence[DoseRow], stop: Stop | None, wording: Wording
) -> None:
    """Why treatment ended, for a subject without drug at the data cut."""
    last = doses[-1].last
    if last is None:
        return
    for_good = stop if stop and stop.for_good else None
    values = {
        "DSCAT": "DISPOSITION EVENT",
        "DSSCAT": "TREATMENT",
        "DSDECOD": for_good.reason if for_good else wording.withdrawn,
        "DSTERM": for_good.words if for_good else wording.withdrawn,
    }
    records.add("ds", records.date_of(last + 1), values)
