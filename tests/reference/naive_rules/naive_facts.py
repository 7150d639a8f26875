"""What the rows of one subject say, read without any care for speed.

Part of a second, deliberately naive implementation of dosing and stopping of the built-in study:
plain Python over the rows of one subject, written from the study's definitions and open questions
and not from the package, so that an agreement of the two means something. All dates are complete
here; `naive_worlds` deals with those that are not. A missing cell is "".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

Row = dict[str, str]
History = dict[str, list[Row]]  # the tables of one subject
Dose = tuple[Fraction, str]  # amount and frequency; (0, "") without drug

ONE_DAY = timedelta(days=1)
NOTHING: Dose = (Fraction(0), "")
LADDER = {
    "stop": NOTHING,
    "5 mg TIW": (Fraction(5), "TIW"),
    "5 mg QOD": (Fraction(5), "QOD"),
    "5 mg QD": (Fraction(5), "QD"),
    "10 mg QD": (Fraction(10), "QD"),
}
STEP_OF = {dose: step for step, dose in LADDER.items()}
SHARE_OF_DAYS = {"QD": Fraction(1), "QOD": Fraction(1, 2), "TIW": Fraction(3, 7), "": Fraction(0)}
DAYS_WITHOUT_DRUG_IN_A_CYCLE = 14

ERYTHEMA_AND_SCALE = tuple(
    kind + area
    for kind in ("ERY", "SCL")
    for area in (
        *("SCALP", "EARS", "NOSE", "FACE", "VNECK", "PNECK", "CHEST"),
        *("ABDOM", "BACK", "ARMS", "HANDS", "LEGS", "FEET"),
    )
)
ACTIVITY_ITEMS = (*ERYTHEMA_AND_SCALE, "MUCOSA", "HAIRLOSS", "ALOPECIA")

CELLS = {"10*9/L": 1, "10*3/uL": 1, "/uL": Fraction(1, 1000), "/mm3": Fraction(1, 1000)}
UNITS = {"NEUT": CELLS, "WBC": CELLS, "PLAT": CELLS, "HGB": {"g/L": 1, "g/dL": 10}}
# CTC 3.0: below the number begins the grade. A value on the number has the milder grade.
GRADES = {
    "NEUT": ((Fraction(1, 2), 4), (1, 3), (Fraction(3, 2), 2)),
    "WBC": ((1, 4), (2, 3), (3, 2)),
    "PLAT": ((25, 4), (50, 3), (75, 2)),
    "HGB": ((65, 4), (80, 3), (100, 2)),
}


@cache
def day_of(text: str) -> date:
    return date.fromisoformat(text[:10])


@cache
def number(text: str) -> Fraction | int | None:
    """A number in plain decimals, and nothing else."""
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()):
        return None
    value = Fraction(text)
    return value.numerator if value.denominator == 1 else value


def in_order(rows: list[Row], table: str) -> list[Row]:
    """By day, then by time, then by number."""
    name = table.upper()
    return sorted(rows, key=lambda row: (row[f"{name}DTC"], int(row[f"{name}SEQ"])))


def may_be_last(times: list[str]) -> list[int]:
    """Of the records of one day the places of those that may be the last one. The later time is
    later; of a record without a time, and of two with the same time, that cannot be known."""
    return [place for place, time in enumerate(times) if time in ("", max(times))]


def agreed(values: list[Any]) -> Any:
    """What records of which any may be the last one say together: what all say, else nothing."""
    return values[0] if all(value == values[0] for value in values) else None


# -- scores ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    day: date
    value: Fraction | int | None
    time: str = ""


def scores(history: History, code: str) -> list[Score]:
    """The assessments of CLASI activity or of SLEDAI, in order. Items win over a stated total."""
    items: dict[date, dict[str, Fraction | int | None]] = defaultdict(dict)
    for row in history["qs"]:
        if row["QSTESTCD"] in ACTIVITY_ITEMS and code == "CLASIACT":
            items[day_of(row["QSDTC"])][row["QSTESTCD"]] = number(row["QSORRES"])
    found = []
    for row in history["qs"]:
        if row["QSTESTCD"] == code and row["QSSTAT"] != "NOT DONE":
            day = day_of(row["QSDTC"])
            value = number(row["QSSTRESN"])
            value = number(row["QSORRES"]) if value is None else value
            value = added_up(items[day]) if day in items else value
            found.append((row["QSDTC"], int(row["QSSEQ"]), Score(day, value, row["QSDTC"][10:])))
    stated = {score.day for _, _, score in found}
    for day in items.keys() - stated:
        found.append((str(day), 0, Score(day, added_up(items[day]))))
    return [score for _, _, score in sorted(found, key=lambda each: each[:2])]


def of_last_day(seen: list[Score]) -> list[Score]:
    return [each for each in seen if each.day == seen[-1].day]


def possibly_last(seen: list[Score]) -> list[Score]:
    """The assessments that may be the last one; in order."""
    day = of_last_day(seen)
    return [day[place] for place in may_be_last([each.time for each in day])]


def added_up(items: dict[str, Fraction | int | None]) -> Fraction | int | None:
    values = [items.get(item) for item in ACTIVITY_ITEMS]
    return None if None in values else sum(value for value in values if value is not None)


def baseline(course: list[Score], first_dose: date) -> Fraction | int | None:
    known = [each.value for each in course if each.day <= first_dose and each.value is not None]
    return known[-1] if known else None


# -- laboratory ------------------------------------------------------------------------------------


def grade(row: Row) -> int | None:
    """The toxicity grade of one blood count; None where it cannot be graded."""
    test = row["LBTESTCD"]
    value, low, high = (
        standard(test, row[column], row["LBORRESU"])
        for column in ("LBORRES", "LBORNRLO", "LBORNRHI")
    )
    if value is None:
        return None
    for bound, severity in GRADES[test]:
        if value < bound:
            return severity
    if low is None or (high is not None and low > high):
        return None
    return 1 if value < low else 0


def standard(test: str, text: str, unit: str) -> Fraction | int | None:
    """The number in the study's unit. In single cells a point may mark thousands."""
    value = number(text)
    if value is None or unit not in UNITS[test]:
        return None
    thousands = text.partition(".")[2]
    if unit in ("/uL", "/mm3") and len(thousands) == 3 and len(text) <= 7:
        return None
    return value * UNITS[test][unit]


# -- doses -----------------------------------------------------------------------------------------


@cache
def mean_daily_dose(dose: Dose) -> Fraction:
    return dose[0] * SHARE_OF_DAYS[dose[1]]


def dose_of(row: Row) -> Dose:
    amount = number(row["EXDOSE"])
    return (Fraction(amount), row["EXDOSFRQ"]) if amount else NOTHING


def last_day(row: Row) -> date:
    return day_of(row["EXENDTC"]) if row["EXENDTC"] else date.max


def dose_on(rows: list[Row], day: date) -> Dose:
    """The dose of one day: of two rows that meet on it the one that begins there. A row without
    drug says no more than the absence of rows."""
    taken = [
        row for row in rows if dose_of(row)[0] and day_of(row["EXSTDTC"]) <= day <= last_day(row)
    ]
    return dose_of(max(taken, key=lambda row: row["EXSTDTC"])) if taken else NOTHING


@dataclass(frozen=True, slots=True)
class Doses:
    """Every change of dose as its first day and the dose from then on."""

    changes: list[tuple[date, Dose]]
    taken: list[tuple[date, date]]  # rows with drug: first and last day
    first: date | None

    def before(self, day: date) -> Dose:
        """The dose of the day before: what begins on the day is what is being decided."""
        return next((dose for first, dose in reversed(self.changes) if first < day), NOTHING)

    def from_day(self, day: date) -> Dose:
        return self.before(day + ONE_DAY)

    def weeks_at_step(self, day: date) -> int:
        """To the nearest whole week; 3 days make no week and 4 do."""
        if not self.begun(day):
            return 0
        since = next(first for first, _ in reversed(self.changes) if first < day)
        return ((day - since).days + 3) // 7

    def begun(self, day: date) -> bool:
        return self.first is not None and self.first < day

    def cycle(self, day: date) -> tuple[int, int]:
        """The number of the cycle and its day."""
        if not self.begun(day):
            return 0, 0
        cycles, start, end = 0, date.min, None
        for first, last in self.taken:
            if first >= day:
                break
            if end is None or (first - end).days - 1 > DAYS_WITHOUT_DRUG_IN_A_CYCLE:
                cycles, start = cycles + 1, first
            end = last if end is None else max(end, last)
        return cycles, (day - start).days + 1


def read_doses(history: History) -> Doses:
    rows = history["ex"]
    days = {day_of(row["EXSTDTC"]) for row in rows}
    days |= {last_day(row) + ONE_DAY for row in rows if row["EXENDTC"]}
    taken = sorted((day_of(row["EXSTDTC"]), last_day(row)) for row in rows if dose_of(row)[0])
    first = taken[0][0] if taken else None
    changes: list[tuple[date, Dose]] = []
    for day in sorted(days):
        dose = dose_on(rows, day)
        if dose != (changes[-1][1] if changes else NOTHING):
            changes.append((day, dose))
    return Doses(changes, taken, first)
