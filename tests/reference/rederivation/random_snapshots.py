"""Random snapshots that are valid and unpleasant: the smallest tables, the largest trouble.

`random_snapshot(seed)` gives the tables as lists of rows of text, always the same for one seed.
Numbers sit on the borders of the rules: first and last days of windows, gaps of 14 and 15 days,
halves of the baseline, bounds of grades. Only what the rules settle is generated: doses never
overlap and have complete dates, and times are written on all records of a day or on none.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import StringIO
from random import Random

from oracle_items import ACTIVITY_ITEMS, DAMAGE_ITEMS, WEIGHTS
from random_labs import lab_cells

Row = dict[str, str]

COLUMNS = {
    "dm": "STUDYID DOMAIN USUBJID AGE SEX RFICDTC",
    "ex": "STUDYID DOMAIN USUBJID EXSEQ EXTRT EXDOSE EXDOSU EXDOSFRQ EXSTDTC EXENDTC",
    "qs": "STUDYID DOMAIN USUBJID QSSEQ QSCAT QSTESTCD QSORRES QSSTRESN VISITNUM VISIT QSDTC",
    "lb": "STUDYID DOMAIN USUBJID LBSEQ LBTESTCD LBORRES LBORRESU LBORNRLO LBORNRHI"
    " VISITNUM VISIT LBDTC",
    "ae": "STUDYID DOMAIN USUBJID AESEQ AETERM AESEV AESER AESTDTC AEENDTC",
    "ds": "STUDYID DOMAIN USUBJID DSSEQ DSDECOD DSSTDTC",
}
STEPS = (("10", "QD"), ("5", "QD"), ("5.0", "QD"), ("5", "QOD"), ("2.5", "QD"), ("5", "TIW"))
LENGTHS = (1, 7, 13, 14, 26, 27, 28, 29, 56, 84, 120)
GAPS = (0, 0, 0, 1, 13, 14, 15, 16, 40, 120)
BORDERS = (2, 3, 22, 23, 43, 44, 71, 72, 98, 99, 100, 101, 127, 128, 155, 156, 211, 212, 295)
BORDERS += (296, 379, 380, 463, 464, 547)
TARGETS = (15, 29, 57, 85, 113, 141, 169, 253, 337, 421)
SCALES = (("CLASI", "CLASIACT", 70), ("CLASI", "CLASIDAM", 56), ("SLEDAI-2K", "SLEDAI", 105))
VISITS = ("Week 12", "WEEK 4", "Baseline", "UNSCHEDULED", "", "visite 3", "Month 6")
EVENTS = ("Rash", "Nausea", "Insomnia", "Neutropenia")
SPELLINGS = (str, str, str.lower, str.title, " {} ".format, "{}?".format, "".format)


@dataclass
class RandomSnapshot:
    tables: dict[str, list[Row]]
    cut: date | None  # None: no manifest, the latest date of the snapshot


@dataclass
class Course:
    """What is being written for one subject."""

    rng: Random
    subject: str
    first: date  # the day that study days count from, also of subjects never treated
    rows: dict[str, list[Row]]
    last_dose: date | None = None
    seq: Counter[str] = field(default_factory=Counter)

    def on(self, study_day: int) -> date:
        return self.first + timedelta(days=study_day - 1 if study_day > 0 else study_day)

    def add(self, table: str, **cells: str) -> None:
        self.seq[table] += self.rng.choice((1, 1, 3))
        row = dict.fromkeys(COLUMNS[table].split(), "")
        row |= {"STUDYID": "ANY", "DOMAIN": table.upper(), "USUBJID": self.subject}
        if table != "dm":
            row[f"{table.upper()}SEQ"] = str(self.seq[table])
        self.rows[table].append(row | cells)


def random_snapshot(seed: int, *, subjects: int = 8) -> RandomSnapshot:
    """A snapshot of a few subjects, always the same for one seed."""
    rng = Random(seed)
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for number in range(1, subjects + 1):
        first = date(rng.randint(2015, 2019), rng.randint(1, 12), rng.choice((1, 2, 15, 27, 28)))
        course = Course(rng, f"R{seed}-{number:02d}", first, tables)
        course.add("dm", AGE=str(rng.randint(19, 80)), SEX="F", RFICDTC=str(course.on(-20)))
        add_doses(course)
        add_scores(course)
        add_items(course)
        add_labs(course)
        add_events(course)
        if rng.random() < 0.5:
            course.add("ds", DSDECOD="COMPLETED", DSSTDTC=str(course.on(rng.choice((10, 400)))))
    for name in ("lb", "ae", "ds"):
        if rng.random() < 0.15:
            del tables[name]
    for rows in tables.values():
        rng.shuffle(rows)
    return RandomSnapshot(tables, _cut(rng, tables))


def _cut(rng: Random, tables: dict[str, list[Row]]) -> date | None:
    written = [
        row[name] for rows in tables.values() for row in rows for name in row if "DTC" in name
    ]
    # A partial date stands for its last day: where it may be the latest, a manifest says the cut.
    latest, partial = max(
        (f"{each}-12-31"[:7] + "-31", 1) if len(each) < 10 else (each[:10], 0)
        for each in written
        if each
    )
    if not partial and rng.random() < 0.5:
        return None
    return date(int(latest[:4]) + 1, rng.randint(1, 12), 17)


def add_doses(course: Course) -> None:
    """No drug at all, only doses of 0, or one to six stretches with gaps of every kind."""
    rng = course.rng
    if rng.random() < 0.3:
        _dose(course, course.on(-9), course.on(-5), "0", rng.choice(("", "QD")))
    if rng.random() < 0.08:
        return
    start = course.first
    stretches = rng.choice((1, 1, 2, 3, 4, 6))
    for number in range(stretches):
        end = start + timedelta(days=rng.choice(LENGTHS) - 1)
        ongoing = number == stretches - 1 and rng.random() < 0.3
        _dose(course, start, None if ongoing else end, *rng.choice(STEPS))
        course.last_dose = None if ongoing else end
        gap = rng.choice(GAPS)
        start = end + timedelta(days=1 + gap)
        if gap and not ongoing and rng.random() < 0.4:
            _dose(course, end + timedelta(days=1), start - timedelta(days=1), "0", "")
        elif number == stretches - 1 and not ongoing and rng.random() < 0.1:
            _dose(course, end + timedelta(days=1), None, "0", "")


def _dose(course: Course, start: date, end: date | None, dose: str, frequency: str) -> None:
    course.add(
        "ex",
        EXTRT="STUDY DRUG",
        EXDOSE=dose,
        EXDOSU="mg",
        EXDOSFRQ=frequency,
        EXSTDTC=f"{start}{course.rng.choice(('', '', 'T08:00'))}",
        EXENDTC=str(end) if end else "",
    )


def add_scores(course: Course) -> None:
    rng = course.rng
    for category, code, highest in SCALES:
        base = rng.choice((0, 1, 2, 4, 5, 8, 11, 12, 20, 22, 41, highest))
        for when in _baseline_days(course) + _later_days(course):
            value = rng.choice((base, base, rng.randint(0, highest)))
            if when > str(course.on(1)) + "Z":
                value = _later_value(rng, base, highest)
            _score(course, category, code, when, value)
        if rng.random() < 0.15:
            _undated_or_partial(course, category, code)


def _baseline_days(course: Course) -> list[str]:
    """None, one, several, or several on one day, with times or in the order of --SEQ only."""
    rng = course.rng
    day, before = str(course.on(1)), str(course.on(-rng.choice((1, 2, 14))))
    return rng.choice(
        (
            [],
            [day],
            [before],
            [before, day],
            [day, before, day],
            [f"{day}T09:30", f"{day}T15:05", f"{day}T09:30"],
            [f"{before}T23:00", f"{before}T01:00"],
        )
    )


def _later_days(course: Course) -> list[str]:
    rng = course.rng
    days = rng.sample(BORDERS, rng.choice((0, 1, 3, 5)))
    days += [rng.randint(2, 600) for _ in range(rng.choice((0, 1, 4)))]
    for target in rng.sample(TARGETS, rng.choice((0, 1, 2, 4))):
        distance = rng.choice((0, 1, 6))
        days += [target - distance, target + distance]
    written = [str(course.on(day)) for day in days]
    if written and rng.random() < 0.3:
        twice = str(course.on(640))
        written += rng.choice(([twice, twice], [f"{twice}T10:00", f"{twice}T08:15"]))
    return written


def _later_value(rng: Random, base: int, highest: int) -> int:
    near = (0, 0, 0, 1, 3, 4, 5, base, base // 2, base // 2 + 1, base - 1, base + 1, base + 4)
    near += (base + 3, base + 12, base + 13, rng.randint(0, highest))
    return min(max(rng.choice(near), 0), highest)


def _score(course: Course, category: str, code: str, when: str, value: int) -> None:
    """The value as written, as standardised, as both, or not at all."""
    rng = course.rng
    original, standard = rng.choice(
        (
            (str(value), str(value)),
            (str(value), ""),
            (f"{value}.0", ""),
            ("see note", str(value)),
            ("", f"{value}.0"),
            ("", "") if rng.random() < 0.7 else ("NOT DONE", ""),
        )
    )
    course.add(
        "qs",
        QSCAT=category,
        QSTESTCD=code,
        QSORRES=original,
        QSSTRESN=standard,
        VISITNUM=rng.choice(("", "1", "2", "99.01")),
        VISIT=rng.choice(VISITS),
        QSDTC=when,
    )


def add_items(course: Course) -> None:
    """A few assessments item by item, some with an open item, some with a stated total."""
    rng = course.rng
    if rng.random() > 0.12:
        return
    for code, items in (
        ("CLASIACT", ACTIVITY_ITEMS),
        ("CLASIDAM", DAMAGE_ITEMS),
        ("SLEDAI", dict.fromkeys(WEIGHTS, 1)),
    ):
        taken = {
            row["QSDTC"][:10]
            for row in course.rows["qs"]
            if (row["USUBJID"], row["QSTESTCD"]) == (course.subject, code)
        }
        for study_day in rng.sample((1, 34, 61, 117, 260), 3):
            if str(course.on(study_day)) not in taken:
                _assessment(course, code, items, str(course.on(study_day)))


def _assessment(course: Course, code: str, items: Mapping[str, int], when: str) -> None:
    rng = course.rng
    zeros = rng.choice((0, 0.5, 0.9, 1))
    # An open duration of dyspigmentation is left to the instrument's own tests.
    opened = ""
    if rng.random() < 0.3:
        opened = rng.choice([item for item in items if item != "DYSDUR"])
    for item, highest in items.items():
        value = 0 if rng.random() < zeros else highest
        if item != opened:
            _item(course, item, when, str(value))
        elif rng.random() < 0.5:
            _item(course, item, when, "")
    if rng.random() < 0.4:
        _item(course, code, when, rng.choice(("7", "")))


def _item(course: Course, code: str, when: str, value: str) -> None:
    category = "SLEDAI-2K" if code in WEIGHTS or code == "SLEDAI" else "CLASI"
    course.add("qs", QSCAT=category, QSTESTCD=code, QSORRES=value, QSSTRESN=value, QSDTC=when)


def _undated_or_partial(course: Course, category: str, code: str) -> None:
    """A record without a day, placed where the missing part changes nothing else."""
    later = course.on(course.rng.choice((70, 200)))
    if course.rng.random() < 0.5 or code == "CLASIACT":
        course.add("qs", QSCAT=category, QSTESTCD=code, QSORRES="", QSDTC="")
    else:
        course.add("qs", QSCAT=category, QSTESTCD=code, QSORRES="3", QSDTC=str(later)[:7])


def add_labs(course: Course) -> None:
    rng = course.rng
    for _ in range(rng.choice((0, 4, 12, 25))):
        day = rng.choice((-14, -1, 1, 1, 8, 15, 22, 23, 57, 85, 99, 100, rng.randint(2, 500)))
        course.add(
            "lb",
            **lab_cells(rng),
            VISITNUM=rng.choice(("", "3")),
            VISIT=rng.choice(VISITS),
            LBDTC=str(course.on(day)) if rng.random() < 0.97 else str(course.on(130))[:7],
        )


def add_events(course: Course) -> None:
    """Starts around the first dose and 30 days after the last; partial and missing dates."""
    rng = course.rng
    spelling = Random(str(course.on(1)))
    days = [course.on(-30), course.on(-1), course.on(1), course.on(2), course.on(60)]
    if course.last_dose:
        days += [course.last_dose + timedelta(days=more) for more in (0, 29, 30, 31, 32, 90)]
    for _ in range(rng.choice((0, 1, 3, 6))):
        day = rng.choice(days)
        written = str(day)
        no_year = (f"--{written[5:]}", f"--{written[5:7]}", f"----{written[8:]}")
        start = rng.choice(
            (written, written, f"{day}T07:45", written[:7], written[:4], "", rng.choice(no_year))
        )
        end = str(day + timedelta(days=rng.choice((0, 5, 40))))
        course.add(
            "ae",
            AETERM=rng.choice(EVENTS),
            AESEV=spelling.choice(SPELLINGS)(rng.choice(("MILD", "MODERATE", "SEVERE"))),
            AESER=spelling.choice(SPELLINGS)(rng.choice(("Y", "N"))),
            AESTDTC=start,
            AEENDTC=rng.choice((end, end[:7], "")),
        )


def csv_text(table: str, rows: list[Row]) -> str:
    """One table as CSV text."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS[table].split(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
