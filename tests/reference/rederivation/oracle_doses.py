"""Treatment cycles and mean daily doses of the reference derivation (standard library only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from oracle_dates import read_when

Row = Mapping[str, str]

SHARE_OF_DAYS = {"QD": Fraction(1), "QOD": Fraction(1, 2), "TIW": Fraction(3, 7)}
LONGEST_GAP = 14  # days without drug inside one cycle
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One EX row: from `start` to `end`, both included; an ongoing row ends at the data cut."""

    seq: int
    start: date
    end: date
    ongoing: bool
    dose: Fraction
    mean_daily_dose: Fraction


@dataclass(frozen=True, slots=True)
class Cycle:
    """A run of doses with no more than 14 days without drug between two of them."""

    number: int
    start: date
    end: date
    ongoing: bool
    rows: tuple[int, ...]

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Treatment:
    exposures: tuple[Exposure, ...]
    cycles: tuple[Cycle, ...]

    @property
    def first_dose(self) -> date | None:
        return self.cycles[0].start if self.cycles else None

    @property
    def last_dose(self) -> date | None:
        return self.cycles[-1].end if self.cycles else None

    @property
    def ongoing(self) -> bool:
        return bool(self.cycles) and self.cycles[-1].ongoing

    def dose_on(self, day: date) -> Fraction:
        """The mean daily dose on one day; a day without drug counts 0."""
        covering = (row.mean_daily_dose for row in self.exposures if row.start <= day <= row.end)
        return sum(covering, Fraction(0))

    def first_reduction_after(self, day: date) -> date | None:
        """The first day after `day` with a lower mean daily dose than on the day before it."""
        if self.last_dose is None:
            return None
        # Of an ongoing row nothing is known after the data cut.
        last = self.last_dose if self.ongoing else self.last_dose + ONE_DAY
        current = day + ONE_DAY
        while current <= last:
            if self.dose_on(current) < self.dose_on(current - ONE_DAY):
                return current
            current += ONE_DAY
        return None


def mean_daily_dose(row: Row) -> Fraction:
    dose = Fraction(row["EXDOSE"])
    return dose * SHARE_OF_DAYS[row["EXDOSFRQ"].upper()] if dose else Fraction(0)


def read_exposure(row: Row, cut: date) -> Exposure:
    start, end = read_when(row["EXSTDTC"]), read_when(row["EXENDTC"])
    return Exposure(
        seq=int(row["EXSEQ"]),
        start=start.first,
        end=end.first if end else cut,
        ongoing=end is None,
        dose=Fraction(row["EXDOSE"]),
        mean_daily_dose=mean_daily_dose(row),
    )


def read_treatment(rows: Sequence[Row], cut: date) -> Treatment:
    """The exposures and cycles of one subject."""
    exposures = sorted((read_exposure(row, cut) for row in rows), key=lambda each: each.start)
    runs: list[list[Exposure]] = []
    for exposure in exposures:
        if exposure.dose <= 0:
            continue
        latest = max(each.end for each in runs[-1]) if runs else None
        without_drug = (exposure.start - latest).days - 1 if latest else None
        if without_drug is not None and without_drug <= LONGEST_GAP:
            runs[-1].append(exposure)
        else:
            runs.append([exposure])
    cycles = tuple(
        Cycle(
            number,
            start=run[0].start,
            end=max(each.end for each in run),
            ongoing=any(each.ongoing for each in run),
            rows=tuple(each.seq for each in run),
        )
        for number, run in enumerate(runs, start=1)
    )
    return Treatment(tuple(exposures), cycles)
