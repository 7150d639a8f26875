"""Which doses were taken, as EX has them: stretches of days, each with its step of the ladder."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from pilotage.rules.fold import no_drug
from pilotage.rules.record import Record
from pilotage.rules.rulings import Ruling, rulings

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A dose from its first to its last day (None: it goes on). `step` is the step of the ladder,
    None where it is none of them; `written` is the dose as it was recorded, and `problem` says why
    it cannot be judged."""

    first: date
    last: date | None
    step: str | None
    written: str
    problem: str | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


Taken = list[Stretch]


@dataclass(frozen=True, slots=True)
class Dosed:
    """The doses of every subject begun up to a day. The ladder of a day is that of the version of
    the protocol in force on it: `ladders` has the stretches under each of the `rulings`."""

    rulings: tuple[Ruling, ...]
    ladders: tuple[dict[str, Taken], ...]

    @property
    def taken(self) -> dict[str, Taken]:
        """The stretches of each subject who had a dose, under the last version."""
        return self.ladders[-1]

    def _place(self, day: date) -> int:
        return sum(1 for ruling in self.rulings if ruling.since is not None and ruling.since <= day)

    def on(self, subject: str, day: date) -> Stretch | None:
        """The dose taken on a day, the one that began last; None without drug."""
        own = self.ladders[self._place(day)][subject]
        return next((each for each in reversed(own) if each.covers(day)), None)

    def none(self, day: date) -> str:
        """The step without drug."""
        treatment = self.rulings[self._place(day)].record.protocol.treatment
        return treatment.ladder[no_drug(treatment) or 0].step

    def step(self, subject: str, day: date) -> str | None:
        """The step taken on a day; None where the dose is no step of the ladder."""
        stretch = self.on(subject, day)
        return self.none(day) if stretch is None else stretch.step


def dosed(record: Record, *, at: date) -> Dosed:
    known = rulings(record, at=at)
    return Dosed(known, tuple(doses_taken(ruling.record, at=at) for ruling in known))


def doses_taken(record: Record, *, at: date) -> dict[str, Taken]:
    """For each subject the stretches of dose begun up to a day, in order."""
    ex = record.datasets.adex.filter((pl.col("EXDOSE") > 0) & (pl.col("ASTDT") <= at))
    goes_on = (pl.col("ONGOFL") == "Y") | (pl.col("AENDT") >= at)
    rows = ex.sort("USUBJID", "ASTDT", "EXSEQ").select(
        pl.col("USUBJID").cast(pl.String), "ASTDT", pl.when(~goes_on).then("AENDT"), "DOSESTEP",
        "EXDOSE", "EXDOSU", "EXDOSFRQ",
    )  # fmt: skip
    found: dict[str, Taken] = {}
    for subject, first, last, step, dose, unit, often in rows.rows():
        written = " ".join(part for part in (f"{dose:g}", unit, often) if part)
        problem = unit_missing(first) if unit is None else None
        if problem is None and often is None:
            problem = frequency_missing(first)
        found.setdefault(subject, []).append(Stretch(first, last, step, written, problem))
    return found


def unit_missing(day: date) -> str:
    """Why a dose cannot be judged."""
    return f"the unit of the dose of {day} is missing"


def frequency_missing(day: date) -> str:
    return f"how often the dose of {day} was taken is missing"
