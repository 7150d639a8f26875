"""Scores and laboratory values of the reference derivation: baseline, change and windows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import oracle_labs as labs
from oracle_dates import (
    When,
    on_or_before,
    planned_week,
    read_when,
    study_day,
    surely_earlier,
    visit_name,
)
from oracle_items import TOTALS, total

Row = dict[str, str]
Out = dict[str, object]


@dataclass(slots=True)
class Record:
    """One finding of one subject: a questionnaire score or a laboratory value."""

    seq: int | None  # None: a total of items, without a row of its own
    code: str
    when: When | None
    value: Fraction | None
    unit: str | None = None  # values in different units are never compared
    base: Fraction | None = None
    is_baseline: bool = False
    is_analysed: bool = False
    extra: Out = field(default_factory=dict)

    @property
    def day(self) -> date | None:
        return self.when.day if self.when else None


def read_score(row: Row) -> Record:
    number = labs.read_number(row["QSSTRESN"])
    if number is None:
        number = labs.read_number(row["QSORRES"])
    return Record(int(row["QSSEQ"]), row["QSTESTCD"], read_when(row["QSDTC"]), number)


def with_item_totals(records: list[Record]) -> list[Record]:
    """Items of a date win: its stated total takes their sum, or a total without source row."""
    for code, (items, _) in TOTALS.items():
        by_date: dict[tuple[date, date], dict[str, Fraction | None]] = defaultdict(dict)
        for record in records:
            if record.code in items and record.when:
                by_date[record.when.first, record.when.last][record.code] = record.value
        for (first, last), values in by_date.items():
            stated = [
                each
                for each in records
                if each.code == code
                and each.when
                and (each.when.first, each.when.last) == (first, last)
            ]
            for record in stated or [Record(None, code, When(first, last, ""), None)]:
                record.value = total(code, values)
                records += [] if stated else [record]
    return records


def read_lab(row: Row) -> Record:
    test, unit = row["LBTESTCD"], row["LBORRESU"]
    result = labs.read_result(row["LBORRES"], unit)
    value = labs.in_standard_unit(test, result, unit)
    lower, upper = labs.limits(
        *(
            labs.in_standard_unit(test, labs.read_result(row[name], unit), unit)
            for name in ("LBORNRLO", "LBORNRHI")
        )
    )
    kept = labs.kept_unit(test, unit)
    record = Record(int(row["LBSEQ"]), test, read_when(row["LBDTC"]), value, kept)
    record.extra = {
        "ANRLO": as_number(lower),
        "ANRHI": as_number(upper),
        "ATOXGR": labs.grade(test, value, lower, upper),
    }
    if value is not None:
        record.extra["AVALU"] = kept
    return record


def analysed(records: list[Record], first_dose: date | None) -> list[Record]:
    """Mark the baseline and the analysed record of each window, parameter by parameter, and among
    the values of one parameter unit by unit."""
    if first_dose is None:
        return records
    for series in {(record.code, record.unit) for record in records}:
        own = [record for record in records if (record.code, record.unit) == series]
        baseline = find_baseline(own, first_dose)
        if baseline:
            baseline.is_baseline = baseline.is_analysed = True
            for record in own:
                record.base = baseline.value
        mark_nearest(own, first_dose)
    return records


def find_baseline(records: Sequence[Record], first_dose: date) -> Record | None:
    """The last known value by the day of the first dose; None where that is not certain."""
    possible = [
        record
        for record in records
        if record.value is not None and on_or_before(record.when, first_dose) is not False
    ]
    for record in possible:
        others = [other for other in possible if other is not record]
        if on_or_before(record.when, first_dose) and all(
            other.when
            and surely_earlier((other.when, other.seq or 0), (record.when, record.seq or 0))
            for other in others
        ):
            return record
    return None


def mark_nearest(records: Sequence[Record], first_dose: date) -> None:
    """In each post-baseline window the known value nearest its target; the later on a tie."""
    windows: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        week = planned_week(study_day(record.day, first_dose))
        if week and record.value is not None:
            windows[week].append(record)
    for week, candidates in windows.items():
        target = first_dose + timedelta(weeks=week)
        best = max(
            candidates,
            key=lambda each: (
                -abs((each.day - target).days),
                each.day,
                each.when.time,
                each.seq or 0,
            ),
        )
        best.is_analysed = True


def finding_row(key: str, record: Record, first_dose: date | None) -> Out:
    day = study_day(record.day, first_dose)
    week = planned_week(day)
    known = record.value is not None and record.base is not None
    change = record.value - record.base if known else None
    percent = 100 * change / record.base if known and record.base else None
    row: Out = {
        key: record.seq,
        "PARAMCD": record.code,
        "AVAL": as_number(record.value),
        "ADT": record.day,
        "ADY": day,
        "ABLFL": "Y" if record.is_baseline else None,
        "BASE": as_number(record.base),
        "CHG": as_number(change),
        "PCHG": as_number(percent),
        "AVISIT": visit_name(week),
        "AVISITN": week,
        "ANL01FL": "Y" if record.is_analysed else None,
    }
    if record.when:
        row["ADTF"] = record.when.missing_part
    if record.is_baseline and record.day is None:
        # A baseline with a partial date: whether it stands in the by-visit tables is left open.
        del row["ANL01FL"]
    return row | record.extra


def as_number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
